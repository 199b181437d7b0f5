"""A store that fails on demand and the write path in front of it."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from raylens.ingest.buffer import WriteBuffer
from raylens.ingest.writer import Writer
from raylens.selfmetrics import SelfMetrics
from raylens.storage.interface import Batch, StoredDocument

LONG_S = 3600.0


class FakeStore:
    """Keeps batches; raises `failures` first, one a call; holds every call while `gate` is closed."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.attempts = 0
        self.batches: list[Batch] = []
        self.gate = threading.Event()
        self.gate.set()

    def write(self, batch: Batch) -> None:
        self.attempts += 1
        self.gate.wait(10)
        if self.failures:
            raise self.failures.pop(0)
        self.batches.append(batch)

    @property
    def ids(self) -> list[list[int]]:
        """The document ids of each batch."""
        return [[document.document_id for document in batch.documents] for batch in self.batches]


def document(number: int, size: int = 100) -> StoredDocument:
    return StoredDocument(bytes(16), number, 1, 0, 0, "x" * size)


class WritePath:
    """Buffer, running writer and their counters."""

    def __init__(self, store: FakeStore, *, max_bytes: int, max_age_s: float, max_batch_bytes: int) -> None:
        self.store = store
        self.metrics = SelfMetrics()
        self.buffer = WriteBuffer(max_bytes, self.metrics)
        self.writer = Writer(self.buffer, store, self.metrics, max_age_s=max_age_s, max_batch_bytes=max_batch_bytes)

    def commit(self, *numbers: int, size: int = 100) -> Coroutine[Any, Any, None]:
        return self.buffer.commit([document(number, size) for number in numbers], [])


@asynccontextmanager
async def write_path(
    store: FakeStore, *, max_bytes: int = 1 << 20, max_age_s: float = 0.0, max_batch_bytes: int = 1 << 20
) -> AsyncIterator[WritePath]:
    """The path with its writer running, drained in the end."""
    path = WritePath(store, max_bytes=max_bytes, max_age_s=max_age_s, max_batch_bytes=max_batch_bytes)
    path.writer.start()
    try:
        yield path
    finally:
        store.gate.set()
        await path.writer.drain()
