"""The lab's DynamoDB door: every request is delayed, failed, throttled or charged here, and passed on.

Order of the checks: added latency, 500 share, throttle share, capacity. Calls that manage tables pass untouched.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from raylens.lab.dynamodb.charging import admit, charge_read, needs_answer
from raylens.lab.dynamodb.compaction import compact
from raylens.lab.dynamodb.journal import Change, Journal
from raylens.lab.dynamodb.switches import Tables
from raylens.lab.dynamodb.upstream import Upstream, encode_body, request_headers
from raylens.lab.dynamodb.wire import (
    READS,
    STATEMENTS,
    TABLE_CHANGES,
    WRITES,
    Answer,
    internal_error,
    json_answer,
    operation_of,
    table_name_of,
    tables_of,
    throughput_exceeded,
)

_log = logging.getLogger(__name__)
_LEFT_KEYS = {"BatchWriteItem": "UnprocessedItems", "BatchGetItem": "UnprocessedKeys"}
_COMPACT_AFTER_LINES = 20_000


class DynamoDbProxy:
    """Answers DynamoDB requests from `upstream` under the rules of `tables`; changes go to `journal` when given."""

    def __init__(
        self,
        upstream: Upstream,
        tables: Tables,
        *,
        region: str,
        journal: Journal | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._upstream = upstream
        self._tables = tables
        self._region = region
        self._journal = journal
        self._sleep = sleep
        # One change at a time: the journal's order must be the order in which the endpoint made the changes.
        self._changing = asyncio.Lock()
        self._kept_lines = 0

    async def handle(self, headers: Mapping[str, str], raw: bytes) -> Answer:
        """The answer to one request; `headers` with lower-case names."""
        operation = operation_of(headers.get("x-amz-target", ""))
        if operation not in READS | WRITES | STATEMENTS | TABLE_CHANGES:
            return await self._upstream.send(headers, raw)
        try:
            body = msgspec.json.decode(raw, type=dict[str, Any])
        except msgspec.DecodeError:
            return await self._upstream.send(headers, raw)  # let the endpoint say what is wrong with it
        if operation in TABLE_CHANGES:
            return await self._change(operation, headers, body, raw)
        refusal = await self._disturb(operation, body)
        if refusal is not None:
            return refusal
        for table in tables_of(operation, body):
            await self._learn(table)
        return await self._admitted(operation, headers, body, raw)

    async def call(self, operation: str, body: Mapping[str, Any]) -> Answer:
        """A call of the lab's own, by the same road, so that it is journalled too."""
        return await self.handle(request_headers(operation, self._region), encode_body(body))

    async def replay(self, changes: list[Change]) -> None:
        """Make `changes` again on an empty endpoint, without journalling them."""
        pending: list[Change] = []
        for change in changes:
            batchable = change.op == "PutItem" and set(change.body) == {"TableName", "Item"}
            if pending and (
                not batchable or len(pending) == 25 or change.body["TableName"] != pending[0].body["TableName"]
            ):
                await self._replay_puts(pending)
                pending = []
            if batchable:
                pending.append(change)
            else:
                await self._replay_one(change)
        if pending:
            await self._replay_puts(pending)
        self._kept_lines = len(changes)

    async def _disturb(self, operation: str, body: Mapping[str, Any]) -> Answer | None:
        tables = tables_of(operation, body)
        if (latency_s := self._tables.latency_s(tables, operation)) > 0:
            await self._sleep(latency_s)
        if self._tables.fails(tables):
            return internal_error()
        return throughput_exceeded() if self._tables.throttles(tables) else None

    async def _admitted(self, operation: str, headers: Mapping[str, str], body: dict[str, Any], raw: bytes) -> Answer:
        admission = admit(self._tables, operation, body)
        if admission.body is None:
            return throughput_exceeded()
        if admission.left:
            raw = encode_body(admission.body)
        if operation in READS:
            answer = await self._upstream.send(headers, raw)
        else:
            answer = await self._change(operation, headers, admission.body, raw)
        if answer.status != 200:
            return answer
        if needs_answer(self._tables, operation, body):
            charge_read(self._tables, operation, admission.body, answer.document())
        if admission.left:
            document = answer.document()
            key = _LEFT_KEYS[operation]
            return json_answer(200, {**document, key: {**(document.get(key) or {}), **admission.left}})
        return answer

    async def _change(self, operation: str, headers: Mapping[str, str], body: dict[str, Any], raw: bytes) -> Answer:
        async with self._changing:
            # Shielded: a client that hangs up must not part a change from its line in the journal.
            return await asyncio.shield(self._change_alone(operation, headers, body, raw))

    async def _change_alone(
        self, operation: str, headers: Mapping[str, str], body: dict[str, Any], raw: bytes
    ) -> Answer:
        answer = await self._upstream.send(headers, raw)
        if answer.status != 200:
            return answer
        self._declare(operation, body, answer)
        if self._journal is not None:
            try:
                self._journal.append(Change(operation, body))
                self._compact_when_long(self._journal)
            except OSError as error:
                _log.error("a change of the lab's tables was not journalled: %s", error)
                return internal_error()
        return answer

    def _compact_when_long(self, journal: Journal) -> None:
        if journal.lines > _COMPACT_AFTER_LINES + 2 * self._kept_lines:
            kept = compact(journal.load())
            journal.rewrite(kept)
            self._kept_lines = len(kept)

    def _declare(self, operation: str, body: Mapping[str, Any], answer: Answer) -> None:
        if operation in ("CreateTable", "UpdateTable"):
            description = answer.document().get("TableDescription") or {}
            self._tables.declare(table_name_of(body["TableName"]), capacity_of(description))
        elif operation == "DeleteTable":
            self._tables.forget(table_name_of(body["TableName"]))

    async def _learn(self, table: str) -> None:
        """Ask for the capacity of a table that was not created through this proxy since it started."""
        if table and not self._tables.known(table):
            raw = encode_body({"TableName": table})
            answer = await self._upstream.send(request_headers("DescribeTable", self._region), raw)
            if answer.status == 200:
                self._tables.declare(table, capacity_of(answer.document().get("Table") or {}))

    async def _replay_one(self, change: Change) -> None:
        raw = encode_body(change.body)
        answer = await self._upstream.send(request_headers(change.op, self._region), raw)
        if answer.status != 200:
            _log.warning("a journalled %s was refused: %s", change.op, answer.body.decode(errors="replace"))
            return
        self._declare(change.op, change.body, answer)

    async def _replay_puts(self, puts: list[Change]) -> None:
        requests = [{"PutRequest": {"Item": put.body["Item"]}} for put in puts]
        await self._replay_one(Change("BatchWriteItem", {"RequestItems": {puts[0].body["TableName"]: requests}}))


def capacity_of(description: Mapping[str, Any]) -> tuple[float, float] | None:
    """(read, write) units a second of a TableDescription; None when it is on-demand."""
    mode = (description.get("BillingModeSummary") or {}).get("BillingMode")
    declared = description.get("ProvisionedThroughput") or {}
    read, write = declared.get("ReadCapacityUnits") or 0, declared.get("WriteCapacityUnits") or 0
    return None if mode == "PAY_PER_REQUEST" or not (read and write) else (float(read), float(write))
