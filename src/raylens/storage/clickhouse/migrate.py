"""Brings a database to this version's schema: files of `schema/` in order, each once."""

from __future__ import annotations

import re
from importlib import resources

from raylens.errors import SchemaTooNew
from raylens.storage.clickhouse.deployment import Deployment
from raylens.storage.clickhouse.session import Session

# table -> the time that it forgets by
_EXPIRING = {
    "spans": "received_at",
    "documents": "received_at",
    "traces": "indexed_at",
    "trace_links": "indexed_at",
    "graph_minutes": "computed_at",
    "graph_generations": "computed_at",
}
_FILE = re.compile(r"(\d{4})_\w+\.sql")


def migrate(session: Session, deployment: Deployment, retention_days: int) -> int:
    """Apply what is missing and return the schema version reached.

    Raises: SchemaTooNew when the database was written by a newer raylens.
    """
    session.command(
        f"CREATE TABLE IF NOT EXISTS schema_versions {deployment.on_cluster} "
        f"(version UInt32, name String, applied_at DateTime DEFAULT now()) "
        f"ENGINE = {deployment.replacing_engine}(applied_at) ORDER BY version"
    )
    present = session.query("SELECT max(version) FROM schema_versions")[0][0]
    files = sorted(
        (f for f in resources.files(__package__).joinpath("schema").iterdir() if _FILE.fullmatch(f.name)),
        key=lambda file: file.name,
    )
    newest = int(files[-1].name[:4])
    if present > newest:
        raise SchemaTooNew(
            f"the database has schema version {present}, this raylens knows {newest}: install a newer one"
        )
    for file in files:
        version = int(file.name[:4])
        if version <= present:
            continue
        text = file.read_text("utf-8")
        for statement in _statements(text):
            session.command(
                statement.replace("{on_cluster}", deployment.on_cluster)
                .replace("{replacing_engine}", deployment.replacing_engine)
                .replace("{retention_days}", str(retention_days))
                # a start that was cut off half way through a file is repeated
                .replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ")
            )
        session.command(f"INSERT INTO schema_versions (version, name) VALUES ({version}, '{file.name}')")
    _set_retention(session, deployment, retention_days)
    return newest


def _set_retention(session: Session, deployment: Deployment, retention_days: int) -> None:
    """Give tables that were made under another setting today's; parts that expired by it go with the next merges."""
    tables = session.query(
        "SELECT name, create_table_query FROM system.tables "
        "WHERE database = currentDatabase() AND name IN {names:Array(String)}",
        {"names": list(_EXPIRING)},
    )
    for name, definition in tables:
        column = _EXPIRING[name]
        if f"TTL {column} + toIntervalDay({retention_days})" not in definition:
            session.command(
                f"ALTER TABLE {name} {deployment.on_cluster} MODIFY TTL {column} + INTERVAL {retention_days} DAY"
            )


def _statements(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("--")]
    return [s.strip() for s in "\n".join(lines).split(";") if s.strip()]
