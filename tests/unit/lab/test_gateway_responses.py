from __future__ import annotations

import json
from typing import Any

import pytest

from raylens.lab.gateway.responses import response_from_result
from raylens.lab.gateway.throttle import TokenBucket
from raylens.lab.http1 import Response, encode_response

JSON = ("Content-Type", "application/json")


def mapped(**result: Any) -> Response:
    return response_from_result(json.dumps(result).encode())


def test_a_proxy_response_is_answered_as_it_says() -> None:
    assert mapped(statusCode=201, headers={"X-A": "1"}, body="강남") == Response(
        status=201, headers=(JSON, ("X-A", "1")), body="강남".encode()
    )


def test_status_defaults_to_200_and_may_be_a_numeric_string() -> None:
    assert (mapped(body="x").status, mapped(statusCode="404").status) == (200, 404)


def test_single_and_multi_value_headers_are_merged_and_pairs_sent_once() -> None:
    response = mapped(
        headers={"X-A": "1", "content-type": "text/plain", "X-N": 3, "X-B": True},
        multiValueHeaders={"X-A": ["1", "2"]},
    )
    assert response.headers == (
        ("X-A", "1"),
        ("X-A", "2"),
        ("content-type", "text/plain"),
        ("X-N", "3"),
        ("X-B", "true"),
    )


@pytest.mark.parametrize(
    "payload",
    [
        b"not json",
        b"null",
        b'"text"',
        b"[1]",
        b'{"statusCode": 200, "surprise": 1}',
        b'{"statusCode": "abc"}',
        b'{"statusCode": -1}',
        b'{"statusCode": 0}',
        b'{"statusCode": true}',
        b'{"statusCode": 1000}',
        b'{"body": {"a": 1}}',
        b'{"headers": []}',
        b'{"headers": {"a": {}}}',
        b'{"multiValueHeaders": {"a": "b"}}',
        b"\xff",
    ],
)
def test_a_malformed_proxy_response_is_502(payload: bytes) -> None:
    response = response_from_result(payload)
    assert (response.status, response.body) == (502, b'{"message":"Internal server error"}')


def test_a_header_value_cannot_start_another_header() -> None:
    response = Response(status=200, headers=(("X-A", "1\r\nSet-Cookie: evil=1"), ("Content-Length", "99")), body=b"ok")
    assert encode_response(response, "GET", keep_alive=True).split(b"\r\n") == [
        b"HTTP/1.1 200 OK",
        b"X-A: 1Set-Cookie: evil=1",
        b"Content-Length: 2",
        b"Connection: keep-alive",
        b"",
        b"ok",
    ]


def test_head_and_204_are_answered_without_a_body() -> None:
    assert encode_response(Response(status=200, body=b"ok"), "HEAD", True).endswith(b"\r\n\r\n")
    assert b"Content-Length" not in encode_response(Response(status=204, body=b"ok"), "GET", True)


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    second = 1_000_000_000
    bucket = TokenBucket(rate_per_s=2, burst=3, now_ns=0)
    assert [bucket.take(0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(second) for _ in range(3)] == [True, True, False]
    assert bucket.take(0) is False  # a clock that goes back gives nothing
    assert [bucket.take(100 * second) for _ in range(4)] == [True, True, True, False]
