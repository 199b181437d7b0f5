"""Many traces at once say what each says alone."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raylens.model.facts import AnnotationFact, TraceFacts
from raylens.model.service import ServiceId
from raylens.model.span import Span
from raylens.model.trace import Trace, service_id_of
from raylens.servicemap.links import receives_of, sent_by
from raylens.traces import assemble_traces
from raylens.traces.facts import facts_of_trace
from tests import fixture_traces, xray_documents
from tests.index_facts import facts_of_row, index_row_of, rows_of
from tests.strategies import UNHURRIED, in_progress_copies, traces
from tests.xray_documents import id_bytes, segment, spans_of, subsegment, trace_id_of

FIXTURES = (
    xray_documents.shop_trace, fixture_traces.not_found_trace, fixture_traces.broken_root_trace,
    fixture_traces.throttled_root_trace, fixture_traces.unfinished_trace, fixture_traces.orders_trace,
    fixture_traces.slow_call_trace, fixture_traces.broken_call_trace,
)  # fmt: skip


def comparable(facts: TraceFacts) -> dict[str, Any]:
    """Facts without what a row does not order or hold."""
    members = {name: getattr(facts, name) for name in facts.__struct_fields__}
    del members["root"]
    members["annotations"] = sorted(facts.annotations, key=_annotation_key)
    members["calls"] = sorted(facts.calls, key=lambda call: call.target)
    return members


def _annotation_key(fact: AnnotationFact) -> tuple[str, str, str, int]:
    return fact.key, type(fact.value).__name__, str(fact.value), fact.observation


def assert_same(spans: list[Span]) -> None:
    rows = rows_of(spans)
    assembled = assemble_traces(spans)
    assert rows.keys() == assembled.keys()
    for trace_id, trace in assembled.items():
        expected = facts_of_trace(trace)
        assert comparable(facts_of_row(rows[trace_id])) == comparable(expected)
        root = None if expected.root is None else expected.observations[expected.root]
        finished = root is not None and not root.in_progress
        row = rows[trace_id]
        assert row["outcome"] == (root.outcome if root is not None and finished else 4)
        assert row["inferred"] == expected.inferred
        if root is not None:
            assert (row["http_url"], row["http_status"]) == (root.http_url, root.http_status)
            assert (row["root_name"], row["root_type"]) == (root.node.name, root.node.type)
        else:
            assert (row["root_name"], row["http_url"], row["http_status"]) == ("", "", 0)


@pytest.mark.parametrize("documents", FIXTURES, ids=lambda build: build.__name__)
def test_a_fixture_trace_has_the_facts_of_its_projection(documents: Any) -> None:
    assert_same(spans_of(documents()))


@pytest.mark.parametrize("name", fixture_traces.QUICKTABLE)
def test_a_trace_of_the_lab_has_the_facts_of_its_projection(name: str) -> None:
    assert_same(spans_of(fixture_traces.quicktable_documents(name)))


@given(traces(), traces(), st.randoms(), st.booleans())
@UNHURRIED
def test_random_traces_in_any_order_have_the_facts_of_their_projections(
    one: Any, other: Any, random: Any, with_copies: bool
) -> None:
    for document in other:
        document["trace_id"] = "1-66f00001-0123456789abcdef01234568"
    documents = one + other + (in_progress_copies(one) if with_copies else [])
    random.shuffle(documents)
    assert_same([span for number, d in enumerate(documents) for span in spans_of([d], received_ns=number)])


def test_segments_that_are_each_others_parents_end_nowhere() -> None:
    circle = [
        segment("a", 0, 1, number=1, parent_id=f"{2:016x}", fault=True),
        segment("b", 0, 1, number=2, parent_id=f"{1:016x}", fault=True),
        segment("c", 0, 1, number=3, parent_id=f"{3:016x}", fault=True),
    ]
    assert_same(spans_of(circle))


def test_a_call_path_leads_from_the_entry_to_the_node() -> None:
    paths = index_row_of(spans_of(fixture_traces.orders_trace()))["node.path"]
    assert paths[3] == (
        "orders-api/prod (AWS::ApiGateway::Stage) > fn (AWS::Lambda) > fn (AWS::Lambda::Function) > "
        f"{fixture_traces.QUEUE_URL} (AWS::SQS::Queue)"
    )


def test_the_fifty_first_annotation_of_a_trace_is_not_indexed() -> None:
    annotations = {f"k{number:02}": number for number in range(60)}
    spans = spans_of([segment("shop", 0, 1, number=1, annotations=annotations)])
    assert index_row_of(spans)["number.key"] == [f"k{number:02}" for number in range(50)]
    assert_same(spans)


def test_a_tree_of_twenty_thousand_levels_is_worked_out() -> None:
    deep = [
        segment("deep", 0, 1, number=n, type="subsegment", parent_id=f"{n - 1:016x}", fault=True)
        for n in range(2, 20_001)
    ]
    row = index_row_of(spans_of([segment("top", 0, 1, number=1, fault=True), *deep]))
    assert row["spans"] == 20_000
    assert len(row["coverages"]) == 20_000


def test_coverages_are_thousandths_of_the_response_time() -> None:
    call = subsegment("names.test", 0.1, 3.1, number=2, namespace="remote")
    row = index_row_of(spans_of([segment("web", 0, 4, number=1, subsegments=[call])]))
    assert row["coverages"] == [1000, 750, 750]
    assert msgspec.json.decode(row["time_cause"])["services"][1]["inferred"] is True


def links_of_row(row: dict[str, Any]) -> list[tuple[ServiceId, ServiceId, int, int, int, int]]:
    """Source, target, start, response time, outcome and age of each link."""
    members = ("node", "source_name", "source_type", "offset_ns", "response_ns", "outcome", "age_ns")
    return [
        (
            ServiceId(name, type_),
            ServiceId(row["node.name"][node - 1], row["node.type"][node - 1]),
            row["start_ns"] + offset,
            response,
            outcome,
            age,
        )
        for node, name, type_, offset, response, outcome, age in zip(*(row[f"link.{m}"] for m in members), strict=True)
    ]


def links_of_oracle(trace: Trace, senders: dict[bytes, Trace]) -> list[tuple[ServiceId, ServiceId, int, int, int, int]]:
    return [
        (
            sent[0],
            service_id_of(receive.owner),
            receive.span.start_ns,
            receive.span.end_ns - receive.span.start_ns,
            int(receive.span.outcome),
            max(0, receive.span.start_ns - sent[1]),
        )
        for receive in receives_of(trace)
        if (sent := sent_by(receive.link, senders)) is not None
    ]


@given(traces(), traces(), st.randoms(), st.booleans())
@UNHURRIED
def test_random_links_are_those_of_the_projection(one: Any, other: Any, random: Any, with_copies: bool) -> None:
    for document in other:
        document["trace_id"] = "1-66f00001-0123456789abcdef01234568"
    documents = one + other
    ids = [(trace[0]["trace_id"], f"{number:016x}") for trace in (one, other) for number in range(1, 14)]
    for document in documents:
        chosen = random.choices(ids, k=random.randint(0, 8))
        document["links"] = [{"trace_id": trace_id, "id": id_} for trace_id, id_ in chosen]
    sent = documents + (in_progress_copies(one) if with_copies else [])
    random.shuffle(sent)
    spans = [span for number, d in enumerate(sent) for span in spans_of([d], received_ns=number)]
    assembled, rows = assemble_traces(spans), rows_of(spans, senders=spans)
    for trace_id, trace in assembled.items():
        assert links_of_row(rows[trace_id]) == links_of_oracle(trace, assembled)


def test_of_many_links_a_row_holds_those_that_count() -> None:
    sender = segment("q", 0, 1, number=1, trace_id=trace_id_of(1))
    ids = [sender["id"], *(f"{n:016x}" for n in range(1000, 1200))]
    receivers = [
        segment("worker", n, n + 1, number=n + 1, links=[{"trace_id": trace_id_of(1), "id": i} for i in ids[n * 19 :]])
        for n in range(8)
    ]
    receivers.append(segment("late", 9, 10, number=20, links=[{"trace_id": trace_id_of(1), "id": sender["id"]}]))
    spans = [*spans_of(receivers), *spans_of([sender])]
    row = rows_of(spans, senders=spans)[id_bytes()]
    assert links_of_row(row) == links_of_oracle(assemble_traces(spans)[id_bytes()], assemble_traces(spans))
    assert len(links_of_row(row)) == 1
