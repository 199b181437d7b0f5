"""Runs SQL: handles for concurrent callers, parameters, deadlines, and driver errors in our own words."""

from __future__ import annotations

import queue
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from raylens.errors import QueryTooLarge, StorageError, StorageFull, StorageTimeout, StorageUnavailable
from raylens.storage.clickhouse.deployment import Deployment

_CODE = re.compile(r"Code: (\d+)")
# ClickHouse error codes, from its ErrorCodes.cpp
_TIMEOUT_CODES = {159, 160, 209}
_FULL_CODES = {243, 193}
_LARGE_CODES = {158, 191, 241, 396}
_MESSAGE_LENGTH = 400
# Do not look for copies inside one insert, merges will: over the sixty columns of the trace index that took 20 of the
# 28 us that a row costs.
UNMERGED = {"optimize_on_insert": 0}
_FULL_TEXT = ("No space left on device", "Read-only file system", "Permission denied")


class Session:
    """A fixed set of handles to one store; calls from several threads run side by side, more calls wait."""

    def __init__(
        self, deployment: Deployment, handles: int, query_deadline_s: float, query_memory_bytes: int, query_rows: int
    ) -> None:
        self._deployment = deployment
        self._settings = {
            "max_execution_time": query_deadline_s,
            "max_memory_usage": query_memory_bytes,
            "max_rows_to_read": query_rows,
            "timeout_before_checking_execution_speed": 0,
            # an expression of a thousand terms
            "max_query_size": 4 << 20,
        }
        self._closed = False
        self._idle: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._handles = [deployment.connect() for _ in range(handles)]
        for handle in self._handles:
            self._idle.put(handle)

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a SELECT, within the session's deadline and memory bound."""
        with self._handle() as handle:
            result = handle.query(sql, parameters=dict(parameters or {}), settings=self._settings)
            rows: list[tuple[Any, ...]] = result.result_rows
            return rows

    def query_arrow(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """The answer to a SELECT as an Arrow table, repeated texts as dictionaries."""
        settings = {**self._settings, "output_format_arrow_low_cardinality_as_dictionary": 1}
        with self._handle() as handle:
            return handle.query_arrow(sql, parameters=dict(parameters or {}), settings=settings)

    def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run a statement that returns nothing, within the session's deadline and memory bound."""
        with self._handle() as handle:
            handle.command(sql, parameters=dict(parameters or {}), settings=self._settings)

    def insert_arrow(self, table: str, arrow_table: Any, settings: Mapping[str, Any] | None = None) -> None:
        """Append an Arrow table; on return it is committed. `settings` are those of this insert alone."""
        with self._handle() as handle:
            handle.insert_arrow(
                table, arrow_table, database=self._deployment.database, settings=dict(settings or {}) or None
            )

    def sync_replica(self, table: str) -> None:
        """Wait until this server has what other replicas of `table` wrote before; nothing to do without replicas."""
        if self._deployment.on_cluster:
            self.command(f"SYSTEM SYNC REPLICA {table}")

    def close(self) -> None:
        """Wait for running statements and release the store. Idempotent."""
        if self._closed:
            return
        self._closed = True
        for _ in self._handles:
            self._idle.get().close()
        self._deployment.close()

    @contextmanager
    def _handle(self) -> Iterator[Any]:
        if self._closed:
            raise StorageUnavailable("the store is closed")
        handle = self._idle.get()
        try:
            yield handle
        except StorageError:
            raise
        except Exception as error:
            raise _translate(error) from error
        finally:
            self._idle.put(handle)


def _translate(error: Exception) -> StorageError:
    # the server repeats the statement in full; its first words are what people can search for
    text = str(error)[:_MESSAGE_LENGTH]
    found = _CODE.search(text)
    code = int(found.group(1)) if found else 0
    if code in _TIMEOUT_CODES:
        return StorageTimeout(text)
    if code in _LARGE_CODES:
        return QueryTooLarge(text)
    if code in _FULL_CODES or any(mark in text for mark in _FULL_TEXT):
        return StorageFull(text)
    return StorageUnavailable(text)
