"""Function logs sent on to CloudWatch Logs at the endpoint, besides being kept by the lab itself."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from raylens.lab.function_logs import FunctionLogs, LogEvent

_log = logging.getLogger(__name__)
_MAX_WAITING_EVENTS = 20_000
_MAX_BATCH_EVENTS = 1_000
_PERIOD_S = 0.5


class ForwardedLogs:
    """A log sink: each event goes to `logs` at once and to the endpoint within a second.

    An endpoint that does not answer, or knows no logs, costs nothing: what cannot be sent is dropped there and stays
    readable here.
    """

    def __init__(
        self, logs: FunctionLogs, endpoint: str, *, region: str, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._logs = logs
        self._region = region
        self._client = httpx.AsyncClient(base_url=endpoint, timeout=5.0, trust_env=False, transport=transport)
        self._waiting: list[tuple[str, LogEvent]] = []
        self._known: set[tuple[str, str]] = set()
        self._failing = False

    def append(self, function: str, event: LogEvent) -> None:
        """Keep one event and have it sent."""
        self._logs.append(function, event)
        if len(self._waiting) < _MAX_WAITING_EVENTS:
            self._waiting.append((f"/aws/lambda/{function}", event))

    async def run(self) -> None:
        """Send what waits, until cancelled."""
        while True:
            await asyncio.sleep(_PERIOD_S)
            await self.flush()

    async def flush(self) -> None:
        """Send what waits now."""
        waiting, self._waiting = self._waiting, []
        batches: dict[tuple[str, str], list[LogEvent]] = defaultdict(list)
        for group, event in waiting:
            batches[group, event.stream].append(event)
        try:
            for (group, stream), events in batches.items():
                await self._send(group, stream, sorted(events, key=lambda each: each.time_ms))
            self._failing = False
        except httpx.HTTPError as error:
            if not self._failing:
                _log.warning("function logs are kept in the lab only: %s: %s", self._client.base_url, error)
            self._failing = True

    async def close(self) -> None:
        """Send the rest and close the connection."""
        await self.flush()
        await self._client.aclose()

    async def _send(self, group: str, stream: str, events: list[LogEvent]) -> None:
        names = {"logGroupName": group, "logStreamName": stream}
        if (group, stream) not in self._known:
            # Both may exist already: that answer is as good as a new one.
            await self._call("CreateLogGroup", {"logGroupName": group})
            await self._call("CreateLogStream", names)
            self._known.add((group, stream))
        for start in range(0, len(events), _MAX_BATCH_EVENTS):
            batch = events[start : start + _MAX_BATCH_EVENTS]
            sent = [{"timestamp": each.time_ms, "message": each.message} for each in batch if each.message]
            if not sent:
                continue
            answer = await self._call("PutLogEvents", {**names, "logEvents": sent})
            if answer.status_code >= 400:
                self._known.discard((group, stream))
                answer.raise_for_status()

    async def _call(self, operation: str, body: Mapping[str, Any]) -> httpx.Response:
        credential = f"lab/20240101/{self._region}/logs/aws4_request"
        return await self._client.post(
            "/",
            content=msgspec.json.encode(body),
            headers={
                "content-type": "application/x-amz-json-1.1",
                "x-amz-target": f"Logs_20140328.{operation}",
                "x-amz-date": "20240101T000000Z",
                "authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0",
            },
        )
