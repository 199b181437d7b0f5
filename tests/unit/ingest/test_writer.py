from __future__ import annotations

import asyncio

import pytest

from raylens.errors import Overloaded, QueryTooLarge, StorageError, StorageFull, StorageTimeout, StorageUnavailable
from raylens.ingest import writer as writer_module
from raylens.ingest.buffer import WriteBuffer
from raylens.selfmetrics import SelfMetrics
from tests.unit.ingest.rig import LONG_S, FakeStore, document, write_path


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "_FIRST_PAUSE_S", 0.0)


def test_many_callers_share_one_insert_and_return_once_it_is_done() -> None:
    async def run() -> None:
        store = FakeStore()
        async with write_path(store) as path:
            await asyncio.gather(*(path.commit(number) for number in range(20)))
            assert store.ids == [list(range(20))]
            assert (path.metrics.batches_written, path.metrics.documents_written) == (1, 20)
            assert path.buffer.held_bytes == 0

    asyncio.run(run())


def test_a_caller_waits_until_its_batch_is_stored() -> None:
    async def run() -> None:
        store = FakeStore()
        store.gate.clear()
        async with write_path(store) as path:
            waiting = asyncio.create_task(path.commit(1))
            while not store.attempts:
                await asyncio.sleep(0)
            assert not waiting.done()
            store.gate.set()
            await waiting
        assert store.ids == [[1]]

    asyncio.run(run())


def test_a_batch_closes_at_its_size_before_its_age() -> None:
    async def run() -> None:
        store = FakeStore()
        async with write_path(store, max_age_s=LONG_S, max_batch_bytes=250) as path:
            waiting = [asyncio.create_task(path.commit(number)) for number in (1, 2)]
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert store.attempts == 0
            async with asyncio.timeout(10):
                await asyncio.gather(path.commit(3), *waiting)
        assert store.ids == [[1, 2, 3]]

    asyncio.run(run())


def test_a_batch_closes_at_its_age_before_its_size() -> None:
    async def run() -> None:
        store = FakeStore()
        async with write_path(store, max_age_s=0.001, max_batch_bytes=1 << 30) as path, asyncio.timeout(10):
            await path.commit(1)
        assert store.ids == [[1]]

    asyncio.run(run())


def test_while_two_batches_are_written_the_next_one_grows() -> None:
    async def run() -> None:
        store = FakeStore()
        store.gate.clear()
        async with write_path(store) as path:
            waiting = []
            for number in (1, 2):
                waiting.append(asyncio.create_task(path.commit(number)))
                while store.attempts < number:
                    await asyncio.sleep(0)
            waiting += [asyncio.create_task(path.commit(number)) for number in (3, 4, 5)]
            for _ in range(20):
                await asyncio.sleep(0)
            assert store.attempts == 2
            store.gate.set()
            await asyncio.gather(*waiting)
        assert sorted(store.ids) == [[1], [2], [3, 4, 5]]

    asyncio.run(run())


def test_a_full_buffer_refuses_counts_and_recovers() -> None:
    async def run() -> None:
        store = FakeStore()
        store.gate.clear()
        async with write_path(store, max_bytes=250) as path:
            first = asyncio.create_task(path.commit(1, 2))
            await asyncio.sleep(0)
            with pytest.raises(Overloaded, match="300 bytes are waiting to be stored, at most 250 are held"):
                await path.commit(3)
            assert path.metrics.documents_throttled == 1
            store.gate.set()
            await first
            await path.commit(3)
        assert store.ids == [[1, 2], [3]]

    asyncio.run(run())


def test_a_call_larger_than_the_buffer_is_let_in_when_it_is_alone() -> None:
    async def run() -> None:
        store = FakeStore()
        async with write_path(store, max_bytes=10) as path:
            await path.commit(1, size=1000)
        assert store.ids == [[1]]

    asyncio.run(run())


def test_spans_weigh_in_too() -> None:
    async def run() -> None:
        buffer = WriteBuffer(1 << 20, SelfMetrics())
        buffer.append([document(1, 50)], [None] * 3)  # type: ignore[list-item]
        assert (buffer.held_bytes, buffer.open_bytes) == (3050, 3050)
        batch = buffer.take_batch()
        assert batch is not None
        assert (buffer.held_bytes, buffer.open_bytes, buffer.take_batch()) == (3050, 0, None)
        buffer.release(batch)
        assert buffer.held_bytes == 0

    asyncio.run(run())


@pytest.mark.parametrize("failures", [1, 2, 3])
def test_a_failing_store_is_tried_four_times(failures: int) -> None:
    async def run() -> None:
        store = FakeStore(*(StorageTimeout("slow") for _ in range(failures)))
        async with write_path(store) as path:
            await path.commit(1)
            assert (path.metrics.batches_failed, path.metrics.documents_lost) == (0, 0)
        assert (store.attempts, store.ids) == (failures + 1, [[1]])

    asyncio.run(run())


def outcome_of_failing(store: FakeStore) -> tuple[list[BaseException | None], int, int, int]:
    """What three callers of one batch got; attempts; documents lost; bytes still held."""

    async def run() -> tuple[list[BaseException | None], int, int, int]:
        async with write_path(store) as path:
            results = await asyncio.gather(*(path.commit(number) for number in (1, 2, 3)), return_exceptions=True)
            return results, store.attempts, path.metrics.documents_lost, path.buffer.held_bytes

    return asyncio.run(run())


def test_every_caller_of_a_lost_batch_gets_the_error_and_its_documents_are_counted() -> None:
    results, attempts, lost, held = outcome_of_failing(FakeStore(*(StorageTimeout(f"slow {n}") for n in range(4))))
    assert [repr(result) for result in results] == ["StorageTimeout('slow 3')"] * 3
    assert (attempts, lost, held) == (4, 3, 0)


def test_a_full_disk_is_not_tried_again() -> None:
    results, attempts, lost, held = outcome_of_failing(FakeStore(StorageFull("no space")))
    assert [type(result) for result in results] == [StorageFull] * 3
    assert (attempts, lost, held) == (1, 3, 0)


def test_a_fault_of_ours_reaches_callers_as_a_storage_error_and_is_not_tried_again() -> None:
    results, attempts, lost, _ = outcome_of_failing(FakeStore(ValueError("bug")))
    assert [type(result) for result in results] == [StorageUnavailable] * 3
    assert (attempts, lost) == (1, 3)


@pytest.mark.parametrize("failure", [StorageFull("no space"), ValueError("bug")])
def test_a_lost_batch_does_not_stop_the_next(failure: Exception) -> None:
    async def run() -> None:
        store = FakeStore(failure)
        async with write_path(store) as path:
            with pytest.raises(StorageError):
                await path.commit(1)
            await path.commit(2)
        assert store.ids == [[2]]

    asyncio.run(run())


def test_a_caller_that_gives_up_does_not_disturb_the_others() -> None:
    async def run() -> None:
        store = FakeStore()
        store.gate.clear()
        async with write_path(store) as path:
            leaving, staying = (asyncio.create_task(path.commit(number)) for number in (1, 2))
            while not store.attempts:
                await asyncio.sleep(0)
            leaving.cancel()
            await asyncio.gather(leaving, return_exceptions=True)
            store.gate.set()
            await staying
        assert store.ids == [[1, 2]]

    asyncio.run(run())


def test_draining_writes_what_is_gathered_and_what_is_in_flight() -> None:
    async def run() -> None:
        store = FakeStore()
        async with write_path(store, max_age_s=LONG_S) as path:
            waiting = asyncio.create_task(path.commit(1))
            await asyncio.sleep(0)
            path.buffer.append([document(2)], [])
            await path.writer.drain()
            assert store.ids == [[1, 2]]
            await waiting

    asyncio.run(run())


def test_draining_a_failing_store_ends_and_tells_the_callers() -> None:
    async def run() -> None:
        store = FakeStore(StorageFull("no space"))
        async with write_path(store, max_age_s=LONG_S) as path:
            waiting = asyncio.create_task(path.commit(1))
            await asyncio.sleep(0)
            await path.writer.drain()
            with pytest.raises(StorageFull):
                await waiting

    asyncio.run(run())


def test_a_batch_too_large_for_the_store_is_no_fault_of_its_senders() -> None:
    results, *_ = outcome_of_failing(FakeStore(*(QueryTooLarge("memory") for _ in range(4))))
    assert [type(result) for result in results] == [StorageUnavailable] * 3
