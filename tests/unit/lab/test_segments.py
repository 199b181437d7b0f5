from __future__ import annotations

import json

import pytest

from raylens.errors import ConfigError
from raylens.lab.segments import (
    MAX_DOCUMENT_BYTES,
    encode_document,
    microseconds,
    milliseconds_down,
    milliseconds_up,
    parse_address,
)

NS = 1_707_993_000_211_499_600


def document(frames: int, message: str) -> dict[str, object]:
    frame = {"label": "recurse", "path": "/var/task/create_reservation.py", "line": 45}
    exception = {"id": "f002609482a70fce", "type": "RecursionError", "message": message, "stack": [frame] * frames}
    return {"id": "0a736fc9ff86cf81", "name": "강남", "cause": {"exceptions": [exception], "paths": ["p"] * 5}}


def test_times_keep_the_precision_their_sender_has() -> None:
    assert (milliseconds_down(NS), milliseconds_up(NS)) == (1707993000.211, 1707993000.212)
    assert microseconds(NS) == 1707993000.2115


def test_a_document_that_fits_is_sent_as_it_is() -> None:
    small = document(50, "boom")
    assert json.loads(encode_document(small)) == small


def test_the_middle_of_a_long_stack_goes_first() -> None:
    encoded = json.loads(encode_document(document(1000, "boom")))
    (exception,) = encoded["cause"]["exceptions"]
    assert (len(exception["stack"]), exception["truncated"], exception["message"]) == (20, 980, "boom")


def test_a_long_message_is_cut_and_a_hopeless_cause_dropped() -> None:
    encoded = encode_document(document(1000, "강" * 100_000))
    assert len(encoded) <= MAX_DOCUMENT_BYTES
    assert len(json.loads(encoded)["cause"]["exceptions"][0]["message"]) == 2000
    many = document(1, "")
    many["cause"] = {"exceptions": [{"id": str(number), "message": "x" * 1000} for number in range(100)]}
    assert "cause" not in json.loads(encode_document(many))


def test_cropping_leaves_the_callers_document_alone() -> None:
    large = document(1000, "boom")
    before = json.dumps(large)
    encode_document(large)
    assert json.dumps(large) == before


def test_a_daemon_address_is_host_and_port() -> None:
    assert parse_address("127.0.0.1:2000") == ("127.0.0.1", 2000)


@pytest.mark.parametrize("text", ["", "2000", "host:", ":2000", "host:x", "host:0", "host:70000"])
def test_any_other_daemon_address_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="expected host:port"):
        parse_address(text)
