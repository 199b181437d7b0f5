"""Group commit: many senders, one insert; bounded by bytes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from raylens.errors import Overloaded
from raylens.model.span import Span
from raylens.selfmetrics import SelfMetrics
from raylens.storage.interface import Batch, StoredDocument

# What a span costs in memory beside its document's text: the Span, its strings, and its share of the Arrow columns.
_BYTES_PER_SPAN = 1_000


class OpenBatch:
    """What is being gathered for the next commit; `stored` resolves when it is durable."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.documents: list[StoredDocument] = []
        self.spans: list[Span] = []
        self.size_bytes = 0
        self.stored: asyncio.Future[None] = loop.create_future()
        # Nobody may be waiting (datagrams only): a failure is then logged and counted by the writer alone.
        self.stored.add_done_callback(lambda future: future.cancelled() or future.exception())

    def closed(self) -> Batch:
        return Batch(self.documents, self.spans)


class WriteBuffer:
    """Gathers documents into batches for the writer; when full it refuses and counts, it never grows.

    Lives on one event loop. `max_bytes` bounds what is gathered and what is being written together.
    """

    def __init__(self, max_bytes: int, metrics: SelfMetrics) -> None:
        self._max_bytes = max_bytes
        self._metrics = metrics
        self._held_bytes = 0
        self._open: OpenBatch | None = None
        self._arrived = asyncio.Event()
        self._wanted_bytes = 0
        self._grown = asyncio.Event()

    @property
    def held_bytes(self) -> int:
        """Bytes taken in and not yet durable."""
        return self._held_bytes

    @property
    def open_bytes(self) -> int:
        """Bytes in the batch that is being gathered."""
        return 0 if self._open is None else self._open.size_bytes

    def append(self, documents: Sequence[StoredDocument], spans: Sequence[Span]) -> OpenBatch:
        """Put a call's documents into the open batch, whole or not at all.

        Raises: Overloaded.
        """
        size = sum(len(document.document) for document in documents) + _BYTES_PER_SPAN * len(spans)
        # A call larger than the whole buffer is let in when nothing else is held: refusing it for ever helps nobody.
        if self._held_bytes and self._held_bytes + size > self._max_bytes:
            self._metrics.documents_throttled += len(documents)
            raise Overloaded(
                f"{self._held_bytes + size} bytes are waiting to be stored, "
                f"at most {self._max_bytes} are held: slow down"
            )
        if self._open is None:
            self._open = OpenBatch(asyncio.get_running_loop())
            self._arrived.set()
        self._open.documents += documents
        self._open.spans += spans
        self._open.size_bytes += size
        self._held_bytes += size
        if self._open.size_bytes >= self._wanted_bytes:
            self._grown.set()
        return self._open

    async def commit(self, documents: Sequence[StoredDocument], spans: Sequence[Span]) -> None:
        """Append and wait until the batch that holds it is durable.

        Raises: Overloaded, or the writer's StorageError.
        """
        await asyncio.shield(self.append(documents, spans).stored)

    async def wait_for_batch(self) -> None:
        """Return as soon as something is waiting to be written."""
        await self._arrived.wait()

    async def wait_for_bytes(self, size: int, longest_s: float) -> None:
        """Return when the open batch holds `size` bytes, or after `longest_s` seconds."""
        if self.open_bytes >= size:
            return
        self._wanted_bytes = size
        self._grown.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(longest_s):
                await self._grown.wait()

    def take_batch(self) -> OpenBatch | None:
        """Close the open batch and return it; None when nothing is waiting."""
        batch, self._open = self._open, None
        self._arrived.clear()
        return batch

    def release(self, batch: OpenBatch) -> None:
        """Account for a batch that left memory, stored or failed."""
        self._held_bytes -= batch.size_bytes
