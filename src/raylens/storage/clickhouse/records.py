"""Small mutable things in ClickHouse, which has no transactions: a version of a record can be written once.

Every write inserts the version after the newest one, with a deduplication token made of kind, key and version. Of
several inserts with one token the engine keeps the first and drops the others without a word, so each writer looks
afterwards whose row it is. One server decides this under its lock, replicas of a cluster through Keeper. See ADR 9.
"""

from __future__ import annotations

import hashlib
from uuid import uuid4

import pyarrow as pa

from raylens.errors import StorageUnavailable
from raylens.storage.clickhouse.session import Session
from raylens.storage.clickhouse.sql import read_sql
from raylens.storage.interface import Record

# A token without a row is left by a server that died between the two; more than one in a row was never seen.
_ATTEMPTS = 5


class ClickHouseRecords:
    """`RecordStore` on ClickHouse."""

    _session: Session

    def record(self, kind: str, key: str) -> Record | None:
        version, body = self._newest(kind, key)
        return None if body is None else Record(kind, key, version, body)

    def records(self, kind: str) -> tuple[Record, ...]:
        rows = self._session.query(read_sql("records"), {"kind": kind})
        return tuple(Record(kind, key, version, body) for key, version, deleted, body in rows if not deleted)

    def put_record(self, kind: str, key: str, body: str, after_version: int) -> Record | None:
        version = self._write(kind, key, body, after_version)
        return None if version is None else Record(kind, key, version, body)

    def delete_record(self, kind: str, key: str, after_version: int) -> bool:
        return self._write(kind, key, None, after_version) is not None

    def _newest(self, kind: str, key: str) -> tuple[int, str | None]:
        """Version and body; no body for a deleted record, version 0 for one that never was."""
        for version, deleted, body in self._session.query(read_sql("record"), {"kind": kind, "key": key}):
            return version, None if deleted else body
        return 0, None

    def _write(self, kind: str, key: str, body: str | None, after_version: int) -> int | None:
        """The version written, None when `after_version` is not the newest one any more."""
        writer = uuid4().hex
        for attempt in range(_ATTEMPTS):
            newest, present = self._newest(kind, key)
            if after_version != (0 if present is None else newest):
                return None
            version = newest + 1 + attempt
            self._insert(kind, key, version, body, writer)
            winner = self._writer_of(kind, key, version)
            if winner is not None:
                return version if winner == writer else None
        raise StorageUnavailable(f"the {kind} '{key[:60]}' could not be written: its version tokens are used up")

    def _insert(self, kind: str, key: str, version: int, body: str | None, writer: str) -> None:
        row = {
            "kind": [kind], "key": [key], "version": pa.array([version], pa.uint64()), "deleted": [body is None],
            "body": [body or ""], "writer": [writer],
        }  # fmt: skip
        settings = {
            "insert_deduplicate": 1,
            "insert_deduplication_token": hashlib.sha256(f"{kind}\0{key}\0{version}".encode()).hexdigest(),
            # a server that collects inserts before it writes them might drop another row than ours
            "async_insert": 0,
        }
        self._session.insert_arrow("records", pa.table(row), settings)

    def _writer_of(self, kind: str, key: str, version: int) -> str | None:
        parameters = {"kind": kind, "key": key, "version": version}
        rows = self._session.query(read_sql("record_writer"), parameters)
        if not rows:
            # another replica may have taken the token, and its row be on the way
            self._session.sync_replica("records")
            rows = self._session.query(read_sql("record_writer"), parameters)
        return rows[0][0] if rows else None
