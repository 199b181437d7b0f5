from __future__ import annotations

from raylens.storage.clickhouse.deployment import Embedded
from raylens.storage.clickhouse.migrate import migrate
from raylens.storage.clickhouse.store import ClickHouseStore


def test_another_retention_reaches_tables_that_exist(embedded_store: ClickHouseStore) -> None:
    session, deployment = embedded_store._session, Embedded(":memory:")

    def definitions() -> list[str]:
        sql = "SELECT create_table_query FROM system.tables WHERE name IN ('spans', 'documents')"
        return [row[0] for row in session.query(sql)]

    migrate(session, deployment, retention_days=7)
    assert all("toIntervalDay(7)" in definition for definition in definitions())
    migrate(session, deployment, retention_days=30)
    assert all("toIntervalDay(30)" in definition for definition in definitions())
