"""Embedded or cluster: the only place that knows which one runs."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import clickhouse_connect

from raylens.errors import ConfigError, StorageUnavailable

DATABASE = "raylens"
_LOCK_FILE = "raylens.lock"


class Deployment(Protocol):
    """How to reach a store and how its tables are made."""

    @property
    def replacing_engine(self) -> str: ...

    @property
    def on_cluster(self) -> str: ...

    @property
    def database(self) -> str: ...

    def connect(self) -> Any:
        """A new clickhouse-connect client with the database selected, made when missing."""

    def close(self) -> None:
        """Release what `connect` holds for the process."""


class Embedded:
    """chDB inside this process, one data directory a process."""

    replacing_engine = "ReplacingMergeTree"
    on_cluster = ""
    database = DATABASE

    def __init__(self, directory: str) -> None:
        """`directory` is a path or `:memory:`.

        Raises: StorageUnavailable when the directory cannot be written or another process holds it.
        """
        self._directory = directory
        self._lock: int | None = None
        if directory != ":memory:":
            self._lock = _lock_directory(Path(directory))

    def connect(self) -> Any:
        dsn = "chdb://:memory:" if self._directory == ":memory:" else f"chdb://{Path(self._directory).resolve()}/store"
        try:
            client = clickhouse_connect.get_client(dsn=dsn)
            client.command(f"CREATE DATABASE IF NOT EXISTS {DATABASE}")
            client.command(f"USE {DATABASE}")
        except Exception as error:
            raise StorageUnavailable(f"the store in {self._directory} cannot be opened: {error}") from error
        return client

    def close(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


class Cluster:
    """A ClickHouse server, or a cluster when the DSN names one."""

    def __init__(self, dsn: str) -> None:
        """`dsn` is `clickhouse://user:password@host:8123/database?cluster=NAME`."""
        parts = urlsplit(dsn)
        self._dsn = dsn.split("?", 1)[0]
        self.database = parts.path.strip("/") or DATABASE
        cluster = parse_qs(parts.query).get("cluster", [""])[0]
        self.on_cluster = f"ON CLUSTER `{cluster}`" if cluster else ""
        self.replacing_engine = "ReplicatedReplacingMergeTree" if cluster else "ReplacingMergeTree"
        self._address = f"{parts.hostname}:{parts.port or 8123}"

    def connect(self) -> Any:
        parts = urlsplit(self._dsn)
        try:
            client = clickhouse_connect.get_client(
                host=parts.hostname,
                port=parts.port or 8123,
                username=parts.username,
                password=parts.password or "",
                autogenerate_session_id=False,
            )
            client.command(f"CREATE DATABASE IF NOT EXISTS `{self.database}` {self.on_cluster}")
            client.database = self.database
        except Exception as error:
            raise StorageUnavailable(f"ClickHouse at {self._address} cannot be reached: {error}") from error
        return client

    def close(self) -> None:
        return


def deployment_from_dsn(dsn: str) -> Deployment:
    """The deployment that a DSN names.

    Raises: ConfigError for anything but `chdb:///path`, `chdb://:memory:` and `clickhouse://...`.
    """
    if dsn.startswith("chdb://"):
        return Embedded(dsn.removeprefix("chdb://") or ":memory:")
    if dsn.startswith("clickhouse://"):
        return Cluster(dsn)
    scheme = dsn.split("://", 1)[0]
    raise ConfigError(f"dsn starts with '{scheme}', expected chdb:///path or clickhouse://user:password@host:8123/db")


def _lock_directory(directory: Path) -> int:
    """Hold `directory` for this process; the kernel lets go when the process dies, however it dies."""
    if directory.is_file():
        raise StorageUnavailable(f"the data directory {directory} is a file, a directory was expected")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = os.open(directory / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StorageUnavailable(f"the data directory {directory} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.pread(lock, 32, 0).decode(errors="replace").strip() or "unknown"
        os.close(lock)
        message = (
            f"the data directory {directory} is in use by another raylens (process {holder}); stop it or use --data"
        )
        raise StorageUnavailable(message) from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock
