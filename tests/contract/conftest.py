from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from raylens.clock import ManualClock
from raylens.storage.clickhouse.store import ClickHouseStore, open_store

_SERVER = Path(__file__).with_name("clickhouse_http.py")


@pytest.fixture(scope="session")
def clock() -> ManualClock:
    """The time by which both stores stamp what they write; real at first, because rows expire by it."""
    return ManualClock(time.time_ns())


@pytest.fixture(scope="session")
def embedded_store(tmp_path_factory: pytest.TempPathFactory, clock: ManualClock) -> Iterator[ClickHouseStore]:
    """One embedded store for the whole run: chDB opens one path a process."""
    store = open_store(f"chdb://{tmp_path_factory.mktemp('embedded')}", clock=clock)
    yield store
    store.close()


@pytest.fixture(scope="session")
def served_store(tmp_path_factory: pytest.TempPathFactory, clock: ManualClock) -> Iterator[ClickHouseStore]:
    """The same engine behind ClickHouse's HTTP interface, in a process of its own, reached by a clickhouse:// DSN."""
    directory = tmp_path_factory.mktemp("served")
    process = subprocess.Popen(
        [sys.executable, str(_SERVER), str(directory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        port = int(process.stdout.readline())
        store = open_store(f"clickhouse://default:@127.0.0.1:{port}/traces", clock=clock)
        yield store
        store.close()
    finally:
        process.stdin.close()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


@pytest.fixture(params=["embedded", "served"])
def store(request: pytest.FixtureRequest) -> ClickHouseStore:
    """An empty store of either deployment."""
    opened: ClickHouseStore = request.getfixturevalue(f"{request.param}_store")
    opened.clear()
    return opened
