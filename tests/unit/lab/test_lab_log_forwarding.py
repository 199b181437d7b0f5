from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx

from raylens.lab.function_logs import FunctionLogs, LogEvent
from raylens.lab.log_forwarding import ForwardedLogs

LINE = LogEvent(time_ms=1_700_000_000_000, stream="2024/02/15/[$LATEST]a", message="START\n", request_id="r")


def forward(tmp_path: Path, status: int) -> tuple[list[tuple[str, dict[str, object]]], FunctionLogs]:
    calls: list[tuple[str, dict[str, object]]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append((request.headers["x-amz-target"].partition(".")[2], json.loads(request.content)))
        return httpx.Response(status, json={})

    async def run() -> FunctionLogs:
        kept = FunctionLogs(tmp_path)
        transport = httpx.MockTransport(answer)
        logs = ForwardedLogs(kept, "http://raylens", region="ap-northeast-2", transport=transport)
        logs.append("fn", LINE)
        await logs.flush()
        logs.append("fn", LINE)
        await logs.close()
        kept.close()
        return kept

    return calls, asyncio.run(run())


def test_lines_are_kept_and_sent_to_the_log_group_of_the_function(tmp_path: Path) -> None:
    calls, kept = forward(tmp_path, 200)
    names = {"logGroupName": "/aws/lambda/fn", "logStreamName": LINE.stream}
    put = {**names, "logEvents": [{"timestamp": LINE.time_ms, "message": "START\n"}]}
    assert calls == [
        ("CreateLogGroup", {"logGroupName": "/aws/lambda/fn"}),
        ("CreateLogStream", names),
        ("PutLogEvents", put),
        ("PutLogEvents", put),
    ]
    assert len(kept.read("fn")) == 2


def test_lines_stay_in_the_lab_when_the_endpoint_refuses_them(tmp_path: Path) -> None:
    _, kept = forward(tmp_path, 500)
    assert [event.message for event in kept.read("fn")] == ["START\n", "START\n"]
