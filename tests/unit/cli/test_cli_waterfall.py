"""The rows of a waterfall."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raylens.cli.waterfall import Callee, Row, Waterfall, assemble_waterfall

Documents = list[dict[str, Any]]
Recorded = Callable[[str], Documents]


def _assembled(documents: Documents) -> Waterfall:
    waterfall = assemble_waterfall(documents)
    assert waterfall is not None
    return waterfall


def _row(waterfall: Waterfall, name: str) -> Row:
    return next(row for row in waterfall.rows if row.span.name == name)


def _span(key: str, start: float, end: float | None, parent: str | None = None, **more: Any) -> dict[str, Any]:
    document = {"id": key, "name": f"span {key}", "start_time": start, **more}
    document |= {"end_time": end} if end is not None else {"in_progress": True}
    return document | ({"parent_id": parent} if parent else {})


def _nested(documents: Documents) -> Documents:
    """The documents with independent subsegments embedded, as BatchGetTraces may return them."""
    by_id = {document["id"]: dict(document) for document in documents}
    for document in documents:
        for child in document.get("subsegments", ()):
            by_id[child["id"]] = dict(child)
    independent = [document for document in documents if document.get("type") == "subsegment"]

    def filled(document: dict[str, Any]) -> dict[str, Any]:
        children = [*document.get("subsegments", ()), *(d for d in independent if d["parent_id"] == document["id"])]
        return {**document, "subsegments": [filled(child) for child in children]}

    return [filled(document) for document in documents if document.get("type") != "subsegment"]


def test_rows_of_a_cold_post_stand_in_order_of_time_below_their_parents(recorded: Recorded) -> None:
    rows = [(row.depth, row.span.name[:18]) for row in _assembled(recorded("cold_post")).rows]
    assert rows == [
        (0, "QuickTableXRayAPI/"),
        (1, "Lambda"),
        (2, "CreateReservation-"),
        (3, "CreateReservation-"),
        (4, "Initialization"),
        (4, "Invocation"),
        (5, "create_reservation"),
        (6, "validate_input"),
        (6, "dynamodb_put_item"),
        (7, "dynamodb"),
        (4, "Overhead"),
    ]


def test_embedded_and_independent_subsegments_give_the_same_rows(recorded: Recorded) -> None:
    independent, embedded = _assembled(recorded("cold_post")), _assembled(_nested(recorded("cold_post")))
    assert [(r.depth, r.span.id, r.offset_ns, r.held) for r in independent.rows] == [
        (r.depth, r.span.id, r.offset_ns, r.held) for r in embedded.rows
    ]


def test_inferred_segment_is_part_of_the_line_of_its_subsegment(recorded: Recorded) -> None:
    waterfall = _assembled(recorded("cold_post"))
    assert _row(waterfall, "dynamodb").callees == (Callee("Reservations", "AWS::DynamoDB::Table"),)
    assert not any(row.span.is_inferred for row in waterfall.rows)


def test_inferred_segment_without_its_subsegment_keeps_a_row() -> None:
    waterfall = _assembled([_span("a", 1, 2), _span("b", 1, 2, "gone", inferred=True, origin="AWS::SNS")])
    assert [(row.span.id, row.is_orphan) for row in waterfall.rows] == [("a", False), ("b", True)]


def test_cold_start_is_marked_and_holds_the_response_although_it_ends_before_its_parent(recorded: Recorded) -> None:
    row = _row(_assembled(recorded("cold_post")), "Initialization")
    assert row.is_cold_start and row.on_slowest_path and not row.starts_before_parent
    assert row.held_ns == row.duration_ns == 830_818_000


def test_slowest_path_follows_the_child_that_ends_last_and_what_ended_before_it_began() -> None:
    documents = [
        _span("root", 0, 100),
        _span("first", 10, 40, "root"),
        _span("beside", 12, 30, "root"),
        _span("second", 50, 90, "root"),
    ]
    held = {
        row.span.id: [(i.start_ns // 10**9, i.end_ns // 10**9) for i in row.held] for row in _assembled(documents).rows
    }
    assert held == {"root": [(0, 10), (40, 50), (90, 100)], "first": [(10, 40)], "beside": [], "second": [(50, 90)]}


def test_asynchronous_tail_stays_off_the_slowest_path() -> None:
    waterfall = _assembled([_span("root", 0, 10), _span("tail", 9, 60, "root"), _span("below", 20, 50, "tail")])
    assert [(row.span.id, row.is_async_tail, row.on_slowest_path) for row in waterfall.rows] == [
        ("root", False, True),
        ("tail", True, False),
        ("below", True, False),
    ]
    assert waterfall.response_ns == 10 * 10**9 and waterfall.duration_ns == 60 * 10**9


def test_child_that_starts_before_its_parent_is_marked_and_not_moved() -> None:
    row = _assembled([_span("root", 10, 20), _span("early", 8, 12, "root")]).rows[1]
    assert row.starts_before_parent and row.offset_ns == -2 * 10**9


def test_complete_copy_replaces_the_one_in_progress_in_either_order() -> None:
    copies = [_span("a", 1, None), _span("a", 1, 3)]
    assert _assembled(copies) == _assembled(copies[::-1])
    assert _assembled(copies).rows[0].duration_ns == 2 * 10**9


def test_span_in_progress_has_no_duration() -> None:
    waterfall = _assembled([_span("root", 0, 10), _span("open", 2, None, "root")])
    assert waterfall.rows[1].is_in_progress and waterfall.rows[1].on_slowest_path
    assert waterfall.response_ns == 10 * 10**9


def test_orphan_subsegment_hangs_below_the_invocation_that_was_running(recorded: Recorded) -> None:
    documents = [document for document in recorded("cold_post") if document["name"] != "create_reservation"]
    waterfall = _assembled(documents)
    orphan = _row(waterfall, "validate_input")
    assert orphan.is_orphan and orphan.depth == _row(waterfall, "Invocation").depth + 1


def test_circle_of_parents_is_cut_once() -> None:
    waterfall = _assembled([_span("a", 1, 2, "c"), _span("b", 1, 2, "a"), _span("c", 1, 2, "b")])
    assert [(row.span.id, row.depth, row.is_orphan) for row in waterfall.rows] == [
        ("a", 0, True),
        ("b", 1, False),
        ("c", 2, False),
    ]


def test_documents_without_a_span_give_no_waterfall() -> None:
    assert assemble_waterfall([]) is None
    assert (
        assemble_waterfall([{"name": "no id"}, {"id": "x", "name": "no start"}, {"id": 1, "start_time": "x"}]) is None
    )


_KEYS = st.sampled_from([f"{number:x}" for number in range(12)])
_DOCUMENTS = st.lists(
    st.builds(
        _span,
        key=_KEYS,
        start=st.integers(0, 40).map(float),
        end=st.none() | st.integers(0, 60).map(float),
        parent=st.none() | _KEYS | st.just("gone"),
        type=st.sampled_from(["subsegment", ""]),
        inferred=st.booleans(),
    ),
    min_size=1,
    max_size=14,
)


@given(documents=_DOCUMENTS, seed=st.integers())
def test_any_order_of_documents_gives_the_same_rows(documents: Documents, seed: int) -> None:
    shuffled = documents.copy()
    random.Random(seed).shuffle(shuffled)
    assert assemble_waterfall(documents) == assemble_waterfall(shuffled)


@given(documents=_DOCUMENTS)
def test_every_span_has_one_row_or_is_called_by_one(documents: Documents) -> None:
    waterfall = _assembled(documents)
    ids = [row.span.id for row in waterfall.rows]
    called = sum(len(row.callees) for row in waterfall.rows)
    assert len(ids) == len(set(ids)) and len(ids) + called == len({document["id"] for document in documents})


@given(documents=_DOCUMENTS)
def test_the_slowest_path_covers_every_moment_of_the_response_exactly_once(documents: Documents) -> None:
    waterfall = _assembled(documents)
    held = sorted((i.start_ns, i.end_ns) for row in waterfall.rows for i in row.held)
    assert all(first[1] == second[0] for first, second in itertools.pairwise(held))
    if waterfall.response_ns:
        assert held[0][0] == 0 and held[-1][1] == waterfall.response_ns


def _wide() -> Documents:
    children = [_span(f"c{number}", number / 20, number / 20 + 0.3) for number in range(10_000)]
    return [_span("root", 0, 600, subsegments=children)]


def _deep() -> Documents:
    documents = [_span("0", 0, 600)]
    for number in range(1, 10_001):
        child = _span(str(number), number / 1000, 600 - number / 1000)
        documents[-1]["subsegments"] = [child]
        documents.append(child)
    return documents[:1]


def _deep_with_skew() -> Documents:
    return [
        _span("0", 20_000, 20_001),
        *(_span(str(n), 20_000 - n, 20_000.5 - n, str(n - 1)) for n in range(1, 10_001)),
    ]


@pytest.mark.parametrize("documents", [_wide(), _deep(), _deep_with_skew()], ids=["wide", "deep", "skewed"])
def test_ten_thousand_subsegments_take_less_than_a_second(documents: Documents) -> None:
    started_s = time.process_time()  # of this process alone: other work on the machine does not count
    waterfall = _assembled(documents)
    assert len(waterfall.rows) == 10_001
    assert time.process_time() - started_s < 1.0


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"error": True, "throttle": True}, "throttle"),
        ({"error": True}, "error"),
        ({"error": True, "fault": True}, "fault"),
    ],
)
def test_a_call_has_the_outcome_of_the_inferred_segment(flags: dict[str, bool], expected: str) -> None:
    sent = {"error": True, "fault": True, "http": {"response": {"status": 400}}}
    caller, callee = _span("b", 1, 2, "a", **sent), _span("c", 1, 2, "b", inferred=True, **flags)
    waterfall = _assembled([_span("a", 0, 3, fault=True), caller, callee])
    assert [row.outcome for row in waterfall.rows] == ["fault", expected]
