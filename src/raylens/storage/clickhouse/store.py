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
        sql = "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase()"
        return int(self._session.query(sql)[0][0])

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
