"""SpanWriter and TraceReader: what is written is found, once, newest first, and comes back as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest

from raylens.errors import SchemaTooNew
from raylens.filterexpr import parse_filter
from raylens.model.span import Span
from raylens.model.time import NS_PER_MINUTE, NS_PER_S, TimeRange
from raylens.storage.clickhouse import traces as clickhouse_traces
from raylens.storage.clickhouse.deployment import Embedded
from raylens.storage.clickhouse.migrate import migrate
from raylens.storage.clickhouse.store import ClickHouseStore
from raylens.storage.interface import (
    Batch,
    RangeType,
    StoredAmounts,
    TraceFilter,
    TraceMatch,
    TraceOrder,
    TracePlace,
    TraceSet,
)
from tests.xray_documents import (
    RECEIVED_NS,
    START_S,
    id_bytes,
    independent,
    lambda_trace,
    segment,
    shop_trace,
    spans_of,
    stored,
    subsegment,
    trace_id_of,
)

START_NS = int(START_S) * NS_PER_S
DAY = TimeRange(START_NS - 43_200 * NS_PER_S, START_NS + 43_200 * NS_PER_S)
ANY_BYTES = 1 << 30


def put(store: ClickHouseStore, *documents: dict[str, Any], received_ns: int = RECEIVED_NS) -> None:
    store.write(Batch(stored(list(documents), received_ns), spans_of(list(documents), received_ns)))


def at(start: float, number: int, length: float = 1, **members: Any) -> dict[str, Any]:
    """A trace of one segment, `start` seconds after START_S."""
    return segment("shop", start, start + length, number=1, trace_id=trace_id_of(number), **members)


def between(start: float, end: float) -> TimeRange:
    return TimeRange(START_NS + round(start * NS_PER_S), START_NS + round(end * NS_PER_S))


def found(
    store: ClickHouseStore,
    window: TimeRange = DAY,
    by: RangeType = RangeType.TRACE_ID,
    limit: int = 100,
    before: tuple[int, bytes] | None = None,
) -> list[int]:
    """The numbers of the traces found."""
    return [int.from_bytes(match.trace_id[4:]) for match in store.find_traces(window, by, limit, before)]


def pages(store: ClickHouseStore, window: TimeRange, by: RangeType, limit: int) -> list[int]:
    numbers: list[int] = []
    before: tuple[int, bytes] | None = None
    while matches := store.find_traces(window, by, limit, before):
        numbers += [int.from_bytes(match.trace_id[4:]) for match in matches]
        before = (matches[-1].at_ns, matches[-1].trace_id)
    return numbers


def listed(
    store: ClickHouseStore, order: TraceOrder, limit: int = 100, after: TracePlace | None = None, text: str = ""
) -> list[TracePlace]:
    return store.list_traces(TraceSet(DAY, TraceFilter(parse_filter(text))), order, limit, after)


def listed_pages(store: ClickHouseStore, order: TraceOrder, limit: int, text: str = "") -> list[TracePlace]:
    places: list[TracePlace] = []
    while page := listed(store, order, limit, places[-1] if places else None, text):
        assert len(page) <= limit
        places += page
    return places


# find_traces


def test_an_empty_store_finds_nothing(store: ClickHouseStore) -> None:
    assert [found(store, by=by) for by in RangeType] == [[], [], []]
    assert (store.spans([id_bytes()]), store.documents([id_bytes()], ANY_BYTES)) == ([], {})
    assert (store.spans([]), store.documents([], ANY_BYTES)) == ([], {})


def test_writing_nothing_is_harmless(store: ClickHouseStore) -> None:
    store.write(Batch([], []))
    assert found(store) == []


def test_traces_come_newest_first_and_ties_by_descending_id(store: ClickHouseStore) -> None:
    put(store, at(5, 1), at(7, 2), at(5, 3), at(-4000, 4), at(9000, 5))
    assert found(store) == [5, 2, 3, 1, 4]
    assert store.find_traces(DAY, RangeType.TRACE_ID, 1, None) == [
        TraceMatch(id_bytes(trace_id_of(5)), START_NS + 9000 * NS_PER_S)
    ]


@pytest.mark.parametrize("by", list(RangeType))
@pytest.mark.parametrize("limit", [2, 5])
def test_pages_of_any_size_hold_every_trace_once(store: ClickHouseStore, by: RangeType, limit: int) -> None:
    for step in range(6):
        traces = (at((number // 3) * 200, number) for number in (2 * step, 2 * step + 1))
        put(store, *traces, received_ns=RECEIVED_NS + step)
    window = DAY if by is not RangeType.EVENT else TimeRange(RECEIVED_NS, RECEIVED_NS + NS_PER_S)
    assert pages(store, window, by, limit) == sorted(
        range(12), key=lambda n: (n // 2 if by is RangeType.EVENT else n // 3, n), reverse=True
    )


def test_traces_that_arrive_between_two_pages_neither_repeat_nor_hide_old_ones(store: ClickHouseStore) -> None:
    for number in range(1, 11):
        put(store, at(number * 30, number))
    first = store.find_traces(DAY, RangeType.TRACE_ID, 4, None)
    put(store, at(1000, 50), at(215, 51), at(5, 52))
    put(store, at(300, 10), received_ns=RECEIVED_NS + NS_PER_S)
    rest = found(store, before=(first[-1].at_ns, first[-1].trace_id))
    assert [int.from_bytes(match.trace_id[4:]) for match in first] == [10, 9, 8, 7]
    assert rest == [6, 5, 4, 3, 2, 1, 52]


@pytest.mark.parametrize(
    ("window", "numbers"),
    [(between(10, 20), [1]), (between(10, 20.000001), [2, 1]), (between(10.000001, 20), []), (between(0, 10), [])],
)
def test_a_range_holds_its_start_and_not_its_end(store: ClickHouseStore, window: TimeRange, numbers: list[int]) -> None:
    put(store, at(10, 1), at(20, 2))
    assert found(store, window) == numbers


def test_segment_ends_decide_in_a_range_over_services(store: ClickHouseStore) -> None:
    late_child = segment(
        "pay", 50, 90, number=2, parent_id=f"{1:016x}", trace_id=trace_id_of(1), subsegments=[
            subsegment("tail", 60, 200, number=3)
        ],
    )  # fmt: skip
    put(store, at(0, 1, length=10), late_child, at(80, 2, length=9))
    assert found(store, between(5, 11), RangeType.SERVICE) == [1]
    assert found(store, between(88, 100), RangeType.SERVICE) == [1, 2]
    assert found(store, between(89, 90), RangeType.SERVICE) == [2]
    assert found(store, between(100, 300), RangeType.SERVICE) == []


def test_receipt_of_any_document_decides_in_a_range_over_events(store: ClickHouseStore) -> None:
    put(store, at(0, 1), received_ns=RECEIVED_NS)
    put(store, at(0, 2), received_ns=RECEIVED_NS + 3)
    late = independent("more", 1, 2, number=9, parent=1, trace_id=trace_id_of(1))
    put(store, late, received_ns=RECEIVED_NS + 5)

    def received(start: int, end: int) -> list[int]:
        return found(store, TimeRange(RECEIVED_NS + start, RECEIVED_NS + end), RangeType.EVENT)

    assert [received(*window) for window in ((0, 1), (0, 4), (0, 6), (1, 3), (3, 4), (5, 6), (6, 9))] == [
        [1], [2, 1], [1, 2], [], [2], [1], [],
    ]  # fmt: skip


@pytest.mark.parametrize("by", list(RangeType))
def test_a_range_far_ahead_is_empty_and_no_error(store: ClickHouseStore, by: RangeType) -> None:
    put(store, at(0, 1))
    assert found(store, TimeRange(8_000_000_000 * NS_PER_S, 9_000_000_000 * NS_PER_S), by) == []


@pytest.mark.parametrize("minutes", [1, 14, 16, 200])
def test_a_trace_belongs_where_it_began_however_long_it_goes_on(store: ClickHouseStore, minutes: int) -> None:
    later = segment("pay", minutes * 60, minutes * 60 + 1, number=2, parent_id=f"{1:016x}", trace_id=trace_id_of(1))
    put(store, at(0, 1), later, at(minutes * 60, 2))
    assert found(store, between(minutes * 60 - 5, minutes * 60 + 5)) == [2]
    assert found(store, between(-5, minutes * 60 + 5)) == [2, 1]
    assert pages(store, DAY, RangeType.TRACE_ID, 1) == [2, 1]


def test_a_trace_begins_with_its_earliest_segment_even_if_a_subsegment_began_before(store: ClickHouseStore) -> None:
    """Lambda's Initialization runs before the segment it is part of; the summary's StartTime is what counts."""
    put(store, at(10, 1, subsegments=[subsegment("Initialization", 4, 9, number=2)]))
    assert store.find_traces(DAY, RangeType.TRACE_ID, 9, None)[0].at_ns == START_NS + 10 * NS_PER_S


# spans and documents


def by_id(spans: list[Span]) -> list[Span]:
    return sorted(spans, key=lambda span: (span.trace_id, span.id))


def test_spans_come_back_as_they_were_written(store: ClickHouseStore) -> None:
    documents = [*shop_trace(), *lambda_trace(trace_id_of(7))]
    put(store, *documents)
    ids = [id_bytes(), id_bytes(trace_id_of(7)), id_bytes(trace_id_of(8))]
    assert by_id(store.spans(ids)) == by_id(spans_of(documents))


def test_each_type_of_annotation_comes_back_as_that_type(store: ClickHouseStore) -> None:
    """Whole numbers come back as doubles: X-Ray has one type of number."""
    annotations = {
        "text": "강남 맛집", "empty": "", "digits": "3", "whole": 3, "large": 2**60, "half": -0.5, "tiny": 5e-324,
        "most": 1.7976931348623157e308, "yes": True, "no": False, "a.b": 1, "aws:api_id": "x", "": "no key",
    }  # fmt: skip
    put(store, at(0, 1, annotations=annotations), at(0, 2))
    first, second = by_id(store.spans([id_bytes(trace_id_of(1)), id_bytes(trace_id_of(2))]))
    assert (first.annotations, second.annotations) == (annotations, None)
    assert first.annotations is not None
    assert {type(first.annotations[key]) for key in ("whole", "large", "half")} == {float}
    assert {type(first.annotations[key]) for key in ("yes", "no")} == {bool}


def test_an_annotation_beyond_any_double_is_left_out_and_the_batch_stored(store: ClickHouseStore) -> None:
    put(store, at(0, 1, annotations={"huge": 10**400, "other": 1}), at(0, 2))
    assert [span.annotations for span in by_id(store.spans([id_bytes(trace_id_of(n)) for n in (1, 2)]))] == [
        {"other": 1.0},
        None,
    ]


def test_text_survives_whatever_it_holds(store: ClickHouseStore) -> None:
    hostile = "'); DROP TABLE spans; -- {x:String} \\ \x00 \n\t \u2028 😀 %s ?"
    put(store, at(0, 1, user=hostile, http={"request": {"url": hostile}}, annotations={hostile: hostile}))
    (span,) = store.spans([id_bytes(trace_id_of(1))])
    assert (span.user, span.http_url, span.annotations) == (hostile, hostile, {hostile: hostile})
    documents = store.documents([id_bytes(trace_id_of(1))], ANY_BYTES)
    assert json.loads(documents[id_bytes(trace_id_of(1))].documents[0].document)["user"] == hostile


def test_documents_come_oldest_start_first_as_they_were_sent(store: ClickHouseStore) -> None:
    put(store, *lambda_trace())
    answer = store.documents([id_bytes(), id_bytes(trace_id_of(99))], ANY_BYTES)
    assert list(answer) == [id_bytes()]
    assert not answer[id_bytes()].truncated
    assert answer[id_bytes()].documents == tuple(
        sorted(stored(lambda_trace()), key=lambda document: (document.start_ns, document.document_id))
    )


def test_documents_beyond_the_limit_are_left_out_latest_first_and_that_is_said(store: ClickHouseStore) -> None:
    documents = [segment("s", n, n + 1, number=n + 1, metadata={"d": {"x": "강" * 100}}) for n in range(5)]
    put(store, *documents, at(0, 2))
    sizes = [len(row.document.encode()) for row in stored(documents)]

    def kept(limit_bytes: int) -> tuple[list[int], bool]:
        answer = store.documents([id_bytes(), id_bytes(trace_id_of(2))], limit_bytes)
        assert not answer[id_bytes(trace_id_of(2))].truncated
        trace = answer[id_bytes()]
        return [document.document_id for document in trace.documents], trace.truncated

    assert kept(0) == ([1], True)
    assert kept(sizes[0] - 1) == ([1], True)
    assert kept(sizes[0] + sizes[1]) == ([1, 2, 3], True)
    assert kept(sum(sizes)) == ([1, 2, 3, 4, 5], False)


@pytest.mark.parametrize("merged", [False, True])
def test_the_newest_copy_replaces_the_others_whether_merged_or_not(store: ClickHouseStore, merged: bool) -> None:
    copies = [at(0, 1, length=length, user=user) for length, user in ((1, "first"), (2, "second"), (3, "third"))]
    for copy, received in zip(copies, (5, 9, 7), strict=True):
        put(store, copy, received_ns=RECEIVED_NS + received)
    if merged:
        optimize(store)
    assert_single_copy(store, "second")


@pytest.mark.parametrize("merged", [False, True])
def test_a_late_copy_in_progress_does_not_undo_a_complete_one(store: ClickHouseStore, merged: bool) -> None:
    put(store, at(0, 1, user="complete"))
    late = segment("shop", 0, None, number=1, trace_id=trace_id_of(1), user="late")
    put(store, late, received_ns=RECEIVED_NS + NS_PER_S)
    if merged:
        optimize(store)
    assert_single_copy(store, "complete")


def test_a_batch_written_again_changes_nothing(store: ClickHouseStore) -> None:
    batch = Batch(stored(lambda_trace()), spans_of(lambda_trace()))
    for _ in range(2):
        store.write(batch)
    assert by_id(store.spans([id_bytes()])) == by_id(spans_of(lambda_trace()))
    assert len(store.documents([id_bytes()], ANY_BYTES)[id_bytes()].documents) == 7


def test_a_copy_that_starts_in_another_minute_leaves_both_spans_and_one_document(store: ClickHouseStore) -> None:
    """Spans are sorted by minute, so such a copy does not replace the row; assembling keeps the newer one.

    SDKs send the same start in every copy; this says what happens when one does not (inferred).
    """
    put(store, at(0, 1, user="first"))
    put(store, at(90, 1, user="second"), received_ns=RECEIVED_NS + 1)
    spans = store.spans([id_bytes(trace_id_of(1))])
    assert sorted(span.user for span in spans) in (["first", "second"], ["second"])
    assert max(spans, key=lambda span: span.version).user == "second"
    (document,) = store.documents([id_bytes(trace_id_of(1))], ANY_BYTES)[id_bytes(trace_id_of(1))].documents
    assert json.loads(document.document)["user"] == "second"


def test_hundreds_of_traces_are_read_in_one_call(store: ClickHouseStore) -> None:
    put(store, *(at(number * 20, number) for number in range(400)))
    ids = [id_bytes(trace_id_of(number)) for number in range(400)]
    assert len(store.spans(ids)) == len(store.documents(ids, ANY_BYTES)) == 400
    assert found(store, limit=1000) == list(range(399, -1, -1))


def optimize(store: ClickHouseStore) -> None:
    for table in ("spans", "documents"):
        store._session.command(f"OPTIMIZE TABLE {table} FINAL")


def assert_single_copy(store: ClickHouseStore, user: str) -> None:
    trace_id = id_bytes(trace_id_of(1))
    assert [span.user for span in store.spans([trace_id])] == [user]
    (document,) = store.documents([trace_id], ANY_BYTES)[trace_id].documents
    assert json.loads(document.document)["user"] == user
    assert found(store) == [1]


# migrations


def versions(store: ClickHouseStore) -> list[tuple[int, str]]:
    rows = store._session.query("SELECT version, name FROM schema_versions FINAL ORDER BY version")
    return [(version, name) for version, name in rows]


def test_a_fresh_store_has_every_schema_file_applied_and_migrating_again_changes_nothing(
    store: ClickHouseStore,
) -> None:
    put(store, at(0, 1))
    before = versions(store)
    assert before[0] == (1, "0001_traces.sql")
    assert migrate(store._session, Embedded(":memory:"), 30) == before[-1][0]
    assert (versions(store), found(store)) == (before, [1])


def test_a_migration_that_was_cut_off_is_repeated_without_loss(store: ClickHouseStore) -> None:
    put(store, at(0, 1))
    newest = versions(store)[-1][0]
    store._session.command("TRUNCATE TABLE schema_versions")
    assert migrate(store._session, Embedded(":memory:"), 30) == newest
    assert (versions(store)[-1][0], found(store)) == (newest, [1])


def test_a_newer_schema_is_refused_and_left_alone(store: ClickHouseStore) -> None:
    store._session.command("INSERT INTO schema_versions (version, name) VALUES (9999, 'from the future')")
    try:
        with pytest.raises(SchemaTooNew, match="version 9999, this raylens knows"):
            migrate(store._session, Embedded(":memory:"), 30)
        assert versions(store)[-1] == (9999, "from the future")
    finally:
        store._session.command("TRUNCATE TABLE schema_versions")
        migrate(store._session, Embedded(":memory:"), 30)


def test_the_last_minute_of_a_range_counts(store: ClickHouseStore) -> None:
    minute = START_NS - START_NS % NS_PER_MINUTE + NS_PER_MINUTE
    put(store, at((minute - START_NS) / NS_PER_S, 1))
    assert [found(store, TimeRange(minute + a, minute + b)) for a, b in ((0, 1), (-1, 0), (-1, 1), (1, 2))] == [
        [1], [], [1], [],
    ]  # fmt: skip


# list_traces


def sort_key(order: TraceOrder, place: TracePlace) -> tuple[Any, ...]:
    """What an order goes by, in plain Python."""
    newest = (-place.start_ns, [-byte for byte in place.trace_id])
    match order:
        case TraceOrder.NEWEST:
            return newest
        case TraceOrder.OLDEST:
            return (place.start_ns, place.trace_id)
        case TraceOrder.SLOWEST:
            return (place.response_ns is None, -(place.response_ns or 0), *newest)
        case TraceOrder.FASTEST:
            return (place.response_ns is None, place.response_ns or 0, *newest)


def put_mixed(store: ClickHouseStore) -> list[TracePlace]:
    """Thirty traces over hours, many of one start or one length, some unfinished; their places."""
    places, documents = [], []
    for number in range(30):
        start, length = (number % 7) * 1000.0, None if number % 6 == 5 else (number % 4) / 8
        end = None if length is None else start + length
        trace_id, user = trace_id_of(number), f"u{number % 2}"
        documents.append(segment("shop", start, end, number=1, trace_id=trace_id, user=user))
        response_ns = None if length is None else round(length * NS_PER_S)
        places.append(TracePlace(id_bytes(trace_id_of(number)), START_NS + round(start) * NS_PER_S, response_ns))
    put(store, *documents)
    return places


@pytest.mark.parametrize("order", list(TraceOrder))
@pytest.mark.parametrize("limit", [1, 4, 100])
def test_pages_in_any_order_hold_every_trace_once_and_sorted(
    store: ClickHouseStore, order: TraceOrder, limit: int
) -> None:
    places = put_mixed(store)
    assert listed_pages(store, order, limit) == sorted(places, key=lambda place: sort_key(order, place))


@pytest.mark.parametrize("order", list(TraceOrder))
def test_only_traces_that_satisfy_a_filter_are_listed(store: ClickHouseStore, order: TraceOrder) -> None:
    chosen = put_mixed(store)[1::2]
    expected = sorted(chosen, key=lambda place: sort_key(order, place))
    assert listed_pages(store, order, 4, 'user = "u1"') == expected
    assert listed(store, order, text='user = "u2"') == []


@pytest.mark.parametrize("order", list(TraceOrder))
def test_a_trace_that_changed_is_listed_once_where_it_is_now(
    store: ClickHouseStore, order: TraceOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    # so that older copies alone fill a question to the store
    monkeypatch.setattr(clickhouse_traces, "_SPARE_ROWS", 1)
    for copy in range(5):
        # an older copy of each is slower, and lies in another minute
        put(store, at(70 + copy % 3, 1, 9), at(1, 2, 8), received_ns=RECEIVED_NS + copy)
        store.refresh_index()
    put(store, at(0, 1, 1), at(1, 2, 2), at(2, 3, 3), received_ns=RECEIVED_NS + 1000)
    places = listed_pages(store, order, 1)
    assert places == sorted(places, key=lambda place: sort_key(order, place))
    assert sorted((int.from_bytes(place.trace_id[4:]), place.response_ns) for place in places) == [
        (1, 1 * NS_PER_S), (2, 2 * NS_PER_S), (3, 3 * NS_PER_S),
    ]  # fmt: skip


def test_a_range_of_a_list_holds_its_start_and_not_its_end(store: ClickHouseStore) -> None:
    put(store, at(0, 1), at(10, 2), at(20, 3))
    for order in TraceOrder:
        places = store.list_traces(TraceSet(between(10, 20)), order, 10)
        assert [int.from_bytes(place.trace_id[4:]) for place in places] == [2]


def test_a_place_outside_the_range_is_gone_on_from(store: ClickHouseStore) -> None:
    put(store, at(0, 1), at(10, 2))
    far = TracePlace(b"\0" * 16, 0, 0)
    assert listed(store, TraceOrder.NEWEST, after=far) == []
    assert listed(store, TraceOrder.SLOWEST, after=far) == []
    assert len(listed(store, TraceOrder.OLDEST, after=far)) == 2


# documents_mentioning


def test_documents_that_mention_a_text_come_with_the_newest_copy_first(store: ClickHouseStore) -> None:
    first = at(0, 1, user="ABCDEF")
    second = independent("late", 0.5, 0.6, number=5, parent=1, trace_id=trace_id_of(1), metadata={"x": "abcdef"})
    put(store, first, received_ns=RECEIVED_NS)
    put(store, second, independent("other", 0, 1, number=6, parent=1, trace_id=trace_id_of(1)),
        received_ns=RECEIVED_NS + 5)  # fmt: skip
    found = store.documents_mentioning(id_bytes(trace_id_of(1)), "abcDEF", ANY_BYTES)
    assert [json.loads(each.document)["name"] for each in found] == ["late", "shop"]
    assert [each.document_id for each in store.documents_mentioning(id_bytes(trace_id_of(1)), "abcDEF", 1)] == [5]
    assert store.documents_mentioning(id_bytes(trace_id_of(1)), "%_\\", ANY_BYTES) == ()
    assert store.documents_mentioning(id_bytes(trace_id_of(2)), "shop", ANY_BYTES) == ()


# stored


def test_an_empty_store_holds_nothing(store: ClickHouseStore) -> None:
    assert store.stored() == StoredAmounts(0, 0, 0, store.disk_bytes(), None, None)


def test_what_is_stored_is_counted_and_its_ends_told(store: ClickHouseStore) -> None:
    put(store, at(5, 1), at(7200.25, 2), *lambda_trace())
    store.refresh_index()
    amounts = store.stored()
    assert (amounts.traces, amounts.documents, amounts.spans) == (
        3, 2 + len(lambda_trace()), 2 + len(spans_of(lambda_trace())),
    )  # fmt: skip
    assert amounts.disk_bytes > 0
    assert amounts.oldest_ns == min(
        START_NS + 5 * NS_PER_S, *(s.start_ns for s in spans_of(lambda_trace()) if s.is_segment)
    )
    assert amounts.newest_ns == START_NS + round(7200.25 * NS_PER_S)
