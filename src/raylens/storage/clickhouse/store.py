"""The ClickHouse store: one Protocol of `storage.interface` per part, put together here."""

from __future__ import annotations

from raylens.clock import Clock, SystemClock
from raylens.storage.clickhouse.analytics import ClickHouseAnalytics
from raylens.storage.clickhouse.deployment import deployment_from_dsn
from raylens.storage.clickhouse.migrate import migrate
from raylens.storage.clickhouse.records import ClickHouseRecords
from raylens.storage.clickhouse.session import Session
from raylens.storage.clickhouse.traces import ClickHouseTraces
from raylens.storage.clickhouse.writer import ClickHouseWriter
from raylens.storage.interface import StoredAmounts


class ClickHouseStore(ClickHouseWriter, ClickHouseTraces, ClickHouseAnalytics, ClickHouseRecords):
    """Everything `storage.interface.Store` promises, on chDB or a ClickHouse server."""

    def clear(self) -> None:
        """Forget every trace and record. For tests and benchmarks; nothing else calls it."""
        for table in (
            "documents", "spans", "traces", "trace_links", "trace_index_progress", "graph_minutes",
            "graph_generations", "graph_progress", "records",
        ):  # fmt: skip
            self._session.command(f"TRUNCATE TABLE {table}")
        self.forget_progress()

    def disk_bytes(self) -> int:
        """Compressed bytes of all tables, as the store counts its active parts."""
        return self.stored().disk_bytes

    def stored(self) -> StoredAmounts:
        parts = self._session.query(
            "SELECT table, sum(rows), sum(bytes_on_disk) FROM system.parts "
            "WHERE active AND database = currentDatabase() GROUP BY table"
        )
        rows = {table: count for table, count, _ in parts}
        oldest_ns, newest_ns = self._first_and_last_ns()
        return StoredAmounts(
            traces=rows.get("traces", 0),
            spans=rows.get("spans", 0),
            documents=rows.get("documents", 0),
            disk_bytes=sum(size for *_, size in parts),
            oldest_ns=oldest_ns,
            newest_ns=newest_ns,
        )

    def _first_and_last_ns(self) -> tuple[int | None, int | None]:
        """From the first and the last minute alone: the key knows these without being read."""
        first, last = self._session.query("SELECT min(minute), max(minute) FROM traces")[0]
        starts = self._session.query(
            "SELECT min(start_ns), max(start_ns), count() FROM traces "
            "WHERE minute IN ({first:UInt32}, {last:UInt32}) AND NOT deleted",
            {"first": first, "last": last},
        )
        oldest_ns, newest_ns, count = starts[0]
        return (oldest_ns, newest_ns) if count else (None, None)

    def close(self) -> None:
        self._session.close()


def open_store(
    dsn: str,
    *,
    handles: int = 6,
    retention_days: int = 30,
    query_deadline_s: float = 30.0,
    query_memory_bytes: int = 1 << 31,
    query_rows: int = 2_000_000_000,
    clock: Clock | None = None,
) -> ClickHouseStore:
    """Open the store that `dsn` names and bring its schema up to date.

    Raises: ConfigError for a DSN of another kind; StorageUnavailable when it cannot be opened or another process
    holds it; SchemaTooNew when a newer raylens wrote it.
    """
    deployment = deployment_from_dsn(dsn)
    try:
        session = Session(deployment, handles, query_deadline_s, query_memory_bytes, query_rows)
    except BaseException:
        deployment.close()
        raise
    try:
        migrate(session, deployment, retention_days)
    except BaseException:
        session.close()
        raise
    return ClickHouseStore(session, clock or SystemClock())
