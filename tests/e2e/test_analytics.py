"""One restaurant sends bad reservations, and the comparison of what failed with the rest names it, unasked."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import running
from tests.e2e.test_main_job import eventually

_RESTAURANT = "홍대 파스타"
_BAD = 20


def raylens(*arguments: str) -> str:
    """What a command prints."""
    done = subprocess.run(
        [sys.executable, "-m", "raylens", *arguments], capture_output=True, text=True, timeout=60, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that holds the lab's usual traffic over five restaurants, and bad reservations of one."""
    home = tmp_path_factory.mktemp("analytics")
    ports = ["--port", "0", "--udp-port", "0", "--tcp-port", "0"]
    with running("serve", "--data", str(home / "data"), *ports, ready=home / "s.json", log=home / "s.log") as server:
        flags = ["--port", "0", "--gateway-port", "0", "--sample-all", "--requests", "60", "--rate", "30"]
        doors = ["--daemon-address", server["udp"]]
        with running(
            "lab", "quicktable", "--data", str(home / "lab"), *flags, *doors, ready=home / "l.json", log=home / "l.log"
        ) as lab:
            fault = ["lab", "fault", "invalid-input", "--target", _RESTAURANT, "--lab", lab["control"]]
            raylens(*fault, "--amount", "50")
            errors = eventually(
                lambda: ask(server["http"], "overview", {"set": last_minutes()})["outcomes"]["error"],
                lambda seen: seen >= _BAD,
            )
            assert errors >= _BAD
            raylens(*fault, "--off")
        yield server["http"]


def last_minutes() -> dict[str, Any]:
    return {"start": time.time() - 600, "end": time.time() + 60}


def ask(endpoint: str, question: str, body: dict[str, Any]) -> Any:
    answer = httpx.post(f"{endpoint}/api/v1/{question}", json=body, trust_env=False, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_errors_against_the_rest_name_the_restaurant(endpoint: str) -> None:
    seen = ask(endpoint, "compare", {"a": {**last_minutes(), "filter": "error"}})

    assert seen["state"] == "different"
    assert {each["attribute"]["kind"] for each in seen["defining"]} == {"outcome", "status"}
    told = [(f["attribute"]["key"], None if f["value"] is None else f["value"]["value"]) for f in seen["findings"]]
    # Before it there is room for what a refused reservation does not do: reach the table, and take its time.
    assert ("restaurantName", _RESTAURANT) in told[:3], [finding["sentence"] for finding in seen["findings"]]
    # It is the first of what was known of the request before it failed.
    assert next(key for key, _ in told if key) == "restaurantName"
    (missing,) = (f for f in seen["path_findings"] if f["change"] == "missing" and "CreateReservation" in f["path"])
    assert missing["path"].endswith("> Reservations (AWS::DynamoDB::Table)")


def test_the_restaurant_is_the_first_grouping_shown_of_all_traces(endpoint: str) -> None:
    shown = raylens("analyze", "--endpoint", endpoint, "--width", "80")
    where = shown.partition("Where to look")[2]
    first_table = where.strip().split("\n\n")[1].splitlines()
    assert first_table[0].split() == ["restaurantName", "Traces", "Failed", "Share"]
    assert first_table[1].startswith(_RESTAURANT)


def test_the_restaurant_stands_out_in_a_table_of_both_sets(endpoint: str) -> None:
    arguments = ["analyze", "error", "--against", "rest", "--by", "annotation.restaurantName", "--endpoint", endpoint]
    rows = raylens(*arguments, "--width", "80").splitlines()
    assert rows[4].split()[:1] == ["restaurantName"]
    assert rows[5].startswith(_RESTAURANT) and "+" in rows[5]
    answer = json.loads(raylens(*arguments, "--json"))
    assert answer["b"]["set"]["filter"] == "!error"
