"""Drains the buffer into the store; the only retry policy."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from raylens.errors import QueryTooLarge, StorageError, StorageFull, StorageUnavailable
from raylens.ingest.buffer import OpenBatch, WriteBuffer
from raylens.selfmetrics import SelfMetrics
from raylens.storage.interface import SpanWriter

_log = logging.getLogger(__name__)

# Two batches in flight: while one is inserted (which lets go of the interpreter) the next becomes columns.
_IN_FLIGHT = 2
_ATTEMPTS = 4
_FIRST_PAUSE_S = 0.05


class Writer:
    """Closes batches by age or size and writes them, until told to drain.

    `max_age_s` is how long the first document of a batch waits for company; under load a batch gathers for as long
    as the writes before it take, which is what makes batches grow with the load.
    """

    def __init__(
        self, buffer: WriteBuffer, store: SpanWriter, metrics: SelfMetrics, *, max_age_s: float, max_batch_bytes: int
    ) -> None:
        self._buffer = buffer
        self._store = store
        self._metrics = metrics
        self._max_age_s = max_age_s
        self._max_batch_bytes = max_batch_bytes
        self._threads = ThreadPoolExecutor(_IN_FLIGHT, thread_name_prefix="writer")
        self._slots = asyncio.Semaphore(_IN_FLIGHT)
        self._writing: set[asyncio.Task[None]] = set()
        self._loop_task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin draining the buffer, on the running loop."""
        self._loop_task = asyncio.create_task(self._run(), name="writer")

    async def drain(self) -> None:
        """Write what is waiting and stop. Nothing may be appended meanwhile."""
        if self._loop_task is not None:
            self._loop_task.cancel()
            await asyncio.gather(self._loop_task, return_exceptions=True)
        batch = self._buffer.take_batch()
        if batch is not None:
            await self._write(batch)
        await asyncio.gather(*self._writing)
        self._threads.shutdown()

    async def _run(self) -> None:
        while True:
            await self._buffer.wait_for_batch()
            await self._buffer.wait_for_bytes(self._max_batch_bytes, self._max_age_s)
            await self._slots.acquire()
            batch = self._buffer.take_batch()
            if batch is None:
                self._slots.release()
                continue
            task = asyncio.create_task(self._write(batch))
            self._writing.add(task)
            task.add_done_callback(self._written)

    def _written(self, task: asyncio.Task[None]) -> None:
        self._writing.discard(task)
        self._slots.release()

    async def _write(self, batch: OpenBatch) -> None:
        loop = asyncio.get_running_loop()
        try:
            await self._write_with_retries(loop, batch)
        except Exception as error:  # one of the four doors: a failed batch must not end the loop
            self._metrics.batches_failed += 1
            self._metrics.documents_lost += len(batch.documents)
            _log.error("a batch of %d documents could not be stored: %s", len(batch.documents), error)
            # the sender cannot mend a batch that was too large for the store's memory: trying again is all there is
            is_told = isinstance(error, StorageError) and not isinstance(error, QueryTooLarge)
            failure = error if is_told else StorageUnavailable(f"the batch failed: {error!r}")
            batch.stored.set_exception(failure)
        else:
            self._metrics.batches_written += 1
            self._metrics.documents_written += len(batch.documents)
            self._metrics.spans_written += len(batch.spans)
            batch.stored.set_result(None)
        finally:
            self._buffer.release(batch)

    async def _write_with_retries(self, loop: asyncio.AbstractEventLoop, batch: OpenBatch) -> None:
        pause_s = _FIRST_PAUSE_S
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                await loop.run_in_executor(self._threads, self._store.write, batch.closed())
                return
            except StorageFull:
                # Waiting frees no disk; the senders learn at once and may keep what they have.
                raise
            except StorageError as error:
                if attempt == _ATTEMPTS:
                    raise
                _log.warning("attempt %d to store a batch failed, trying again in %.2f s: %s", attempt, pause_s, error)
                await asyncio.sleep(pause_s)
                pause_s *= 4
