from __future__ import annotations

import asyncio
import json

import pytest

from raylens.clock import ManualClock
from raylens.errors import Overloaded, StorageFull
from raylens.ingest.buffer import WriteBuffer
from raylens.ingest.pipeline import AgeLimits, Ingestor
from raylens.ingest.refusal import Refusal
from raylens.selfmetrics import SelfMetrics
from tests.unit.ingest.rig import FakeStore, write_path
from tests.xray_documents import START_S, independent, segment, subsegment

DAY_S = 86400.0
NOW_NS = int(START_S) * 1_000_000_000
ANY_AGE = AgeLimits(None, None)


def codes(refusals: tuple[Refusal, ...]) -> list[tuple[int, str]]:
    return [(refusal.index, refusal.code) for refusal in refusals]


def offered(
    documents: list[str], limits: AgeLimits = ANY_AGE
) -> tuple[list[tuple[int, str]], SelfMetrics, WriteBuffer]:
    async def run() -> tuple[list[tuple[int, str]], SelfMetrics, WriteBuffer]:
        metrics = SelfMetrics()
        buffer = WriteBuffer(1 << 20, metrics)
        refusals = Ingestor(buffer, ManualClock(NOW_NS), metrics, limits).offer(documents)
        return codes(refusals), metrics, buffer

    return asyncio.run(run())


def test_the_good_documents_of_a_call_are_stored_and_the_others_named_by_position() -> None:
    async def run() -> None:
        store = FakeStore()
        async with write_path(store) as path:
            ingestor = Ingestor(path.buffer, ManualClock(NOW_NS), path.metrics, ANY_AGE)
            documents = [json.dumps(segment("shop", 0, 1, number=1)), "{", json.dumps(segment("a?", 0, 1, number=2))]
            assert codes(await ingestor.store(documents)) == [(1, "ParseError"), (2, "InvalidName")]
            assert (path.metrics.documents_received, path.metrics.documents_rejected) == (3, 2)
        assert store.ids == [[1]]
        (stored,) = store.batches[0].documents
        assert stored.document == documents[0]

    asyncio.run(run())


def test_a_call_without_a_good_document_stores_nothing() -> None:
    refusals, _, buffer = offered(["{", "5"])
    assert (refusals, buffer.held_bytes) == ([(0, "ParseError"), (1, "ParseError")], 0)


def test_a_stored_document_knows_between_which_times_its_spans_start() -> None:
    """Lambda's Initialization starts before its segment."""

    async def run() -> None:
        store = FakeStore()
        async with write_path(store) as path:
            ingestor = Ingestor(path.buffer, ManualClock(NOW_NS), path.metrics, ANY_AGE)
            children = [subsegment("init", -2, 0, number=2), subsegment("late", 3, 4, number=3)]
            await ingestor.store([json.dumps(segment("fn", 0, 1, number=1, subsegments=children))])
        (stored,) = store.batches[0].documents
        assert (stored.start_ns - NOW_NS, stored.last_start_ns - NOW_NS) == (-2_000_000_000, 3_000_000_000)

    asyncio.run(run())


def test_an_array_of_subsegments_is_stored_element_by_element() -> None:
    elements = [independent("a", 0, 1, number=2, parent=1), independent("b", 0, 1, number=3, parent=1)]
    refusals, metrics, buffer = offered([json.dumps(elements)])
    batch = buffer.take_batch()
    assert batch is not None
    assert (refusals, [d.document_id for d in batch.documents], metrics.documents_received) == ([], [2, 3], 1)


def test_a_bad_element_of_an_array_is_refused_and_those_before_it_are_kept() -> None:
    """Whether X-Ray refuses the whole array is unknown (inferred)."""
    elements = [independent("a", 0, 1, number=2, parent=1), {"id": 5}]
    refusals, _, buffer = offered([json.dumps(elements)])
    batch = buffer.take_batch()
    assert batch is not None
    assert (refusals, [d.document_id for d in batch.documents]) == ([(0, "MissingId")], [2])


@pytest.mark.parametrize(
    ("start", "accepted"),
    [(-DAY_S, True), (-DAY_S - 1, False), (7200, True), (7201, False), (0, True)],
)
def test_a_start_too_far_from_now_is_a_broken_clock(start: float, accepted: bool) -> None:
    document = json.dumps(segment("shop", start, start, number=1))
    refusals, _, _ = offered([document], AgeLimits(DAY_S, 7200))
    assert refusals == ([] if accepted else [(0, "InvalidStartTime")])
    assert offered([document])[0] == []


def test_a_store_that_fails_is_the_callers_to_know() -> None:
    async def run() -> None:
        async with write_path(FakeStore(StorageFull("no space"))) as path:
            ingestor = Ingestor(path.buffer, ManualClock(NOW_NS), path.metrics, ANY_AGE)
            with pytest.raises(StorageFull):
                await ingestor.store([json.dumps(segment("shop", 0, 1, number=1))])

    asyncio.run(run())


def test_a_full_buffer_takes_nothing_of_a_call() -> None:
    async def run() -> None:
        metrics = SelfMetrics()
        buffer = WriteBuffer(1500, metrics)
        ingestor = Ingestor(buffer, ManualClock(NOW_NS), metrics, ANY_AGE)
        document = json.dumps(segment("shop", 0, 1, number=1))
        ingestor.offer([document])
        held = buffer.held_bytes
        with pytest.raises(Overloaded):
            ingestor.offer([document, document])
        assert (buffer.held_bytes, metrics.documents_throttled) == (held, 2)

    asyncio.run(run())
