from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from raylens.storage.clickhouse.store import ClickHouseStore, open_store


@pytest.fixture(scope="session")
def opened_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseStore]:
    """One store for the whole run: chDB opens one path a process."""
    directory: Path = tmp_path_factory.mktemp("store")
    store = open_store(f"chdb://{directory}")
    yield store
    store.close()


@pytest.fixture
def store(opened_store: ClickHouseStore) -> ClickHouseStore:
    """An empty store."""
    opened_store.clear()
    return opened_store
