from __future__ import annotations

from typing import Any

import pytest

from raylens.model.outcome import Outcome
from raylens.traces import assemble_trace, assemble_traces
from tests.xray_documents import (
    RECEIVED_NS,
    id_bytes,
    independent,
    lambda_trace,
    segment,
    shop_trace,
    spans_of,
    subsegment,
    trace_id_of,
    trace_of,
)


def test_spans_are_sorted_by_start_and_then_by_id() -> None:
    trace = trace_of([segment("b", 1, 2, number=3), segment("a", 1, 2, number=2), segment("c", 0, 2, number=9)])
    assert [span.id for span in trace.spans] == [9, 2, 3]


def test_spans_of_several_traces_are_told_apart() -> None:
    spans = spans_of([*shop_trace(), *lambda_trace(trace_id_of(7))])
    assert {trace_id: len(trace.spans) for trace_id, trace in assemble_traces(spans).items()} == {
        id_bytes(): 4,
        id_bytes(trace_id_of(7)): 11,
    }


def test_the_owner_of_a_streamed_subsegment_is_the_segment_it_hangs_under() -> None:
    trace = trace_of(lambda_trace())
    assert {span.name: trace.owner[span.id].origin for span in trace.spans if not span.is_segment} == {
        "Lambda": "AWS::ApiGateway::Stage",
        "Initialization": "AWS::Lambda::Function",
        "Invocation": "AWS::Lambda::Function",
        "Overhead": "AWS::Lambda::Function",
        "create_reservation": "AWS::Lambda::Function",
        "validate_input": "AWS::Lambda::Function",
        "dynamodb_put_item": "AWS::Lambda::Function",
        "dynamodb": "AWS::Lambda::Function",
    }


def test_the_newest_copy_of_a_span_counts_and_a_complete_one_before_any_in_progress() -> None:
    early, late = segment("old", 0, 1, number=1), segment("new", 0, 2, number=1)
    unfinished = segment("unfinished", 0, None, number=1)
    copies = [*spans_of([late], 20), *spans_of([unfinished], 99), *spans_of([early], 10)]
    for order in (copies, copies[::-1]):
        assert [span.name for span in assemble_trace(order).spans] == ["new"]


def test_an_orphan_has_neither_parent_nor_owner() -> None:
    trace = trace_of([independent("call", 0, 1, number=5, parent=9)])
    assert (trace.parent, trace.owner, trace.roots, trace.children) == ({}, {}, (), {9: trace.spans})


def test_an_orphan_finds_its_owner_once_the_parent_comes() -> None:
    orphan = independent("call", 0, 1, number=5, parent=9)
    trace = trace_of([orphan, independent("work", 0, 1, number=9, parent=1), segment("shop", 0, 1, number=1)])
    assert trace.owner[5].name == trace.owner[9].name == "shop"


def test_subsegments_in_a_circle_have_no_owner() -> None:
    first, second = independent("a", 0, 1, number=2, parent=3), independent("b", 0, 1, number=3, parent=2)
    below = independent("c", 0, 1, number=4, parent=3)
    trace = trace_of([first, second, below, segment("shop", 0, 1, number=1)])
    assert (set(trace.owner), [root.name for root in trace.roots]) == ({1}, ["shop"])


def test_segments_in_a_circle_own_themselves_and_there_is_no_root() -> None:
    first = segment("a", 0, 1, number=1, parent_id=f"{2:016x}")
    second = segment("b", 0, 1, number=2, parent_id=f"{1:016x}")
    trace = trace_of([first, second])
    assert ({key: owner.name for key, owner in trace.owner.items()}, trace.roots) == ({1: "a", 2: "b"}, ())


def test_a_span_that_is_its_own_parent_ends_nothing() -> None:
    trace = trace_of([independent("a", 0, 1, number=2, parent=2)])
    assert (trace.owner, trace.roots) == ({}, ())


def test_true_roots_come_before_segments_whose_parent_is_missing() -> None:
    orphan = segment("late", 0, 1, number=1, parent_id=f"{9:016x}")
    assert [root.name for root in trace_of([orphan, segment("entry", 5, 6, number=2)]).roots] == ["entry", "late"]


def test_the_segments_below_a_span_are_its_callees() -> None:
    call = subsegment("pay", 0, 1, number=2, namespace="remote")
    answer = segment("pay", 0, 1, number=3, parent_id=f"{2:016x}")
    trace = trace_of([segment("shop", 0, 1, number=1, subsegments=[call]), answer])
    (call_span,) = (span for span in trace.spans if span.id == 2)
    assert [span.id for span in trace.callees[2]] == [3]
    assert not trace.is_inferred_call(call_span)


def test_copies_are_told_apart_by_receipt() -> None:
    documents = [segment("shop", 0, 1, number=1)]
    spans = [*spans_of(documents, RECEIVED_NS), *spans_of(documents, RECEIVED_NS + 5)]
    assert assemble_trace(spans).spans == (spans[1],)


def outcome_of_call(call: dict[str, Any], parent: dict[str, Any], *others: dict[str, Any]) -> Outcome:
    """The class of an AWS call with members `call` below local work with members `parent`."""
    inner = subsegment("dynamodb", 0, 1, number=3, **{"namespace": "aws", **call})
    work = subsegment("put", 0, 1, number=2, subsegments=[inner], **parent)
    trace = trace_of([segment("shop", 0, 1, number=1, subsegments=[work]), *others])
    return Outcome(next(span.outcome for span in trace.spans if span.id == 3))


FAULT = {"fault": True}


@pytest.mark.parametrize("parent", [FAULT, {"http": {"response": {"status": 500}}}])
def test_a_call_without_any_answer_below_a_fault_is_a_fault(parent: dict[str, Any]) -> None:
    """The Python SDK leaves the subsegment of an unreachable endpoint bare (inferred)."""
    assert outcome_of_call({}, parent) is Outcome.FAULT


@pytest.mark.parametrize(
    ("call", "parent"),
    [
        ({}, {}),
        ({}, {"error": True}),
        ({"http": {"response": {"status": 200}}}, FAULT),
        ({"namespace": "remote"}, FAULT),
        ({"namespace": "local"}, FAULT),
        ({"traced": True}, FAULT),
        ({"in_progress": True}, FAULT),
    ],
)
def test_any_other_call_below_a_fault_stays_as_it_was_sent(call: dict[str, Any], parent: dict[str, Any]) -> None:
    assert outcome_of_call(call, parent) is Outcome.OK


def test_a_call_below_a_fault_that_said_how_it_ended_stays_that() -> None:
    assert outcome_of_call({"error": True}, FAULT) is Outcome.ERROR


def test_a_call_below_a_fault_that_a_callee_answered_stays_ok() -> None:
    assert outcome_of_call({}, FAULT, segment("fn", 0, 1, number=4, parent_id=f"{3:016x}")) is Outcome.OK
