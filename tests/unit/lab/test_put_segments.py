from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import httpx
import pytest

from raylens.errors import ConfigError, InvalidRequest
from raylens.lab.put_segments import SegmentUploader

Handler = Callable[[httpx.Request], httpx.Response]


def upload(handler: Handler, count: int) -> int:
    async def run() -> int:
        uploader = SegmentUploader("http://raylens:2080/", httpx.MockTransport(handler))
        try:
            return await uploader.upload(f"document {number}" for number in range(count))
        finally:
            await uploader.close()

    return asyncio.run(run())


def taken(request: httpx.Request) -> httpx.Response:
    assert str(request.url) == "http://raylens:2080/TraceSegments"
    return httpx.Response(200, json={"UnprocessedTraceSegments": []})


def test_every_document_is_sent_once_and_at_most_fifty_in_a_call() -> None:
    seen: list[list[str]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(json.loads(request.content)["TraceSegmentDocuments"])
        return taken(request)

    assert upload(handler, 123) == 123
    assert sorted(map(len, seen)) == [23, 50, 50]
    assert {each for call in seen for each in call} == {f"document {number}" for number in range(123)}


def test_nothing_to_send_is_sent_at_once() -> None:
    assert upload(taken, 0) == 0


def test_a_document_that_is_not_taken_is_told_with_its_reason() -> None:
    refused = {"Id": "a1", "ErrorCode": "InvalidStartTime", "Message": "too old"}
    with pytest.raises(InvalidRequest, match=r"1 of 3 documents were not taken: InvalidStartTime: too old"):
        upload(lambda _: httpx.Response(200, json={"UnprocessedTraceSegments": [refused]}), 3)


def test_a_throttled_call_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("raylens.lab.put_segments._PAUSE_S", 0)
    answers = iter([httpx.Response(429), httpx.Response(503)])
    assert upload(lambda request: next(answers, None) or taken(request), 10) == 10


@pytest.mark.parametrize("status", [404, 500])
def test_any_other_answer_ends_it(status: int) -> None:
    with pytest.raises(ConfigError, match=f"HTTP {status}: no such thing"):
        upload(lambda _: httpx.Response(status, text="no such thing"), 1)


def test_that_nobody_answers_is_said_plainly() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused", request=request)

    with pytest.raises(ConfigError, match="no raylens server answers at http://raylens:2080"):
        upload(handler, 1)
