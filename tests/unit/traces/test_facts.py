from __future__ import annotations

from typing import Any

from hypothesis import given

from raylens.model.facts import AnnotationFact, Call, Observation, TraceFacts
from raylens.model.graph_builder import GraphBuilder, Seen
from raylens.model.service import ServiceGraph, ServiceId, histogram_bucket_ms
from raylens.model.trace import Trace
from raylens.servicemap import graph_of_traces
from raylens.traces import facts_of_trace, summarize_trace
from tests.filter_strategies import told_traces
from tests.fixture_traces import broken_call_trace, orders_trace, unfinished_trace
from tests.strategies import UNHURRIED
from tests.xray_documents import START_S, independent, segment, shop_trace, subsegment, trace_of

Documents = list[dict[str, Any]]
START_NS = round(START_S * 1e9)
EC2, ECS, TABLE = "AWS::EC2::Instance", "AWS::ECS::Container", "AWS::DynamoDB::Table"


def facts_of(documents: Documents) -> TraceFacts:
    return facts_of_trace(trace_of(documents))


def seconds(ns: int) -> float:
    return ns / 1e9


def test_segments_and_calls_nobody_answered_are_observed_in_the_order_they_began() -> None:
    assert [(o.node.name, o.node.type, o.inferred, o.root) for o in facts_of(shop_trace()).observations] == [
        ("shop", EC2, False, True),
        ("pay", ECS, False, False),
        ("orders", TABLE, True, False),
    ]


def test_a_segment_is_observed_as_it_was_sent() -> None:
    assert facts_of(shop_trace()).observations[0] == Observation(
        node=ServiceId("shop", EC2),
        account_id="",
        inferred=False,
        root=True,
        in_progress=False,
        outcome=0,
        start_ns=START_NS,
        response_ns=2_000_000_000,
        duration_ns=2_000_000_000,
        http_status=200,
        http_method="GET",
        http_url="http://shop.test/v2/cart",
        http_user_agent="probe/1",
        http_client_ip="192.0.2.7",
        user="alice",
        resource_arn="",
        instance_id="i-0abc",
        availability_zone="us-west-2a",
    )


def test_an_inferred_node_has_the_callers_request_and_account_and_nothing_else_of_it() -> None:
    call = subsegment(
        "names.test", 0, 1, number=2, namespace="remote", user="bob", resource_arn="arn:x",
        http={"request": {"method": "GET", "url": "http://a.test/", "user_agent": "u"}, "response": {"status": 404}},
        aws={"account_id": "222", "ec2": {"instance_id": "i-1", "availability_zone": "z"}},
    )  # fmt: skip
    assert facts_of([segment("shop", 0, 1, number=1, user="alice", subsegments=[call])]).observations[1] == Observation(
        node=ServiceId("names.test", "remote"),
        account_id="222",
        inferred=True,
        root=False,
        in_progress=False,
        outcome=1,
        start_ns=START_NS,
        response_ns=1_000_000_000,
        duration_ns=1_000_000_000,
        http_status=404,
        http_method="GET",
        http_url="http://a.test/",
        http_user_agent="u",
        http_client_ip="",
        user="",
        resource_arn="",
        instance_id="",
        availability_zone="",
    )


def test_duration_goes_on_to_the_last_end_and_response_time_does_not() -> None:
    late = subsegment("work", 0.5, 3, number=2)
    (seen,) = facts_of([segment("shop", 0, 1, number=1, subsegments=[late])]).observations
    assert (seconds(seen.response_ns), seconds(seen.duration_ns)) == (1, 3)


def test_what_is_in_progress_has_no_lengths_and_no_outcome() -> None:
    documents = unfinished_trace()
    documents[0] |= {"fault": True, "subsegments": [subsegment("work", 0, 3, number=2)]}
    facts = facts_of(documents)
    (seen,) = facts.observations
    assert (seen.in_progress, seen.outcome, seen.response_ns, seen.duration_ns) == (True, 0, 0, 0)
    assert (facts.response_ns, facts.duration_ns, facts.partial) == (None, None, True)


def test_calls_are_the_callers_record_or_that_of_a_segment_below_a_segment() -> None:
    facts = facts_of(orders_trace())
    edges = [
        (facts.observations[c.source].node.type, facts.observations[c.target].node.type, seconds(c.response_ns))
        for c in facts.calls
    ]
    assert edges == [
        ("AWS::ApiGateway::Stage", "AWS::Lambda", 1.1),
        ("AWS::Lambda", "AWS::Lambda::Function", 0.85),
        ("AWS::Lambda::Function", "AWS::SQS::Queue", 0.2),
        ("AWS::Lambda::Function", "Database::SQL", 0.1),
    ]


def test_a_call_is_told_by_its_caller() -> None:
    assert facts_of(shop_trace()).calls[0] == Call(
        source=0,
        target=1,
        in_progress=False,
        outcome=3,
        start_ns=START_NS + 250_000_000,
        response_ns=1_500_000_000,
        http_status=503,
    )


def test_several_answers_of_one_node_to_one_call_are_one_call() -> None:
    call = subsegment("pay", 0, 1, number=2, namespace="remote")
    attempts = [segment("pay", 0.2 * n, 0.9, number=n, parent_id=f"{2:016x}") for n in (3, 4)]
    other = segment("other", 0.1, 0.9, number=5, parent_id=f"{2:016x}")
    facts = facts_of([segment("shop", 0, 1, number=1, subsegments=[call]), *attempts, other])
    assert [(c.source, facts.observations[c.target].node.name) for c in facts.calls] == [(0, "other"), (0, "pay")]


def test_a_call_whose_segment_never_arrived_reaches_nothing() -> None:
    call = independent("names.test", 0, 1, number=2, parent=9, namespace="remote", annotations={"a": "x"})
    facts = facts_of([call, segment("pay", 0, 1, number=3, parent_id=f"{2:016x}", annotations={"a": "y"})])
    assert [o.node.name for o in facts.observations] == ["pay"]
    assert facts.calls == ()
    assert facts.annotations == (AnnotationFact("a", "x", -1), AnnotationFact("a", "y", 0))
    # its parent did arrive, so it is no root
    assert facts.root is None
    assert not facts.observations[0].root


def test_annotations_belong_to_the_segment_they_stand_in_and_their_keys_are_normalised() -> None:
    call = subsegment("names.test", 0.2, 0.3, number=3, namespace="remote", annotations={"b": True})
    deep = subsegment("work", 0.1, 0.4, number=2, annotations={"a.b": 1, "a_b": "x"}, subsegments=[call])
    root = segment("shop", 0, 1, number=1, annotations={"z": 2.5}, subsegments=[deep])
    assert facts_of([root]).annotations == (
        AnnotationFact("z", 2.5, 0),
        AnnotationFact("a_b", 1, 0),
        AnnotationFact("a_b", "x", 0),
        AnnotationFact("b", True, 0),
    )


def test_the_first_fifty_annotation_keys_of_a_trace_count_wherever_they_are() -> None:
    many = {f"k{number:02}": number for number in range(50)}
    later = segment("pay", 1, 2, number=2, parent_id=f"{1:016x}", annotations={"k00": "again", "late": 1})
    annotations = facts_of([segment("shop", 0, 3, number=1, annotations=many), later]).annotations
    assert len(annotations) == 51
    assert annotations[-1] == AnnotationFact("k00", "again", 1)


def test_the_root_is_the_entry_and_its_answer_the_traces() -> None:
    documents = [segment("late", 2, 3, number=1, fault=True), segment("early", 0, 4, number=2)]
    facts = facts_of(documents)
    assert facts.root is not None
    assert facts.observations[facts.root].node.name == "early"
    assert [o.root for o in facts.observations] == [True, True]


def test_a_true_root_comes_before_an_orphan_that_began_earlier() -> None:
    orphan = segment("orphan", 0, 1, number=1, parent_id=f"{9:016x}")
    facts = facts_of([orphan, segment("root", 1, 2, number=2)])
    assert facts.root == 1


def test_root_causes_are_those_of_the_summary() -> None:
    trace = trace_of(broken_call_trace())
    facts, summary = facts_of_trace(trace), summarize_trace(trace)
    assert facts.fault_root_causes == summary.fault_root_causes != ()
    assert facts.error_root_causes == summary.error_root_causes
    assert facts.response_time_root_causes == summary.response_time_root_causes != ()


def graph_of_facts(facts: TraceFacts) -> ServiceGraph:
    """The service graph that follows from the facts alone."""
    graph = GraphBuilder()
    inferred = {call.target: call for call in facts.calls if facts.observations[call.target].inferred}
    for position, seen in enumerate(facts.observations):
        if not seen.inferred:
            graph.add_reporting(seen.node, seen.root, _seen(seen, seen.duration_ns))
        else:
            assert position in inferred
    for call in facts.calls:
        target = facts.observations[call.target]
        if not call.in_progress:
            source = facts.observations[call.source].node
            graph.add_call(source, target.node, target.inferred, _seen(call, call.response_ns))
    return graph.build()


def _seen(record: Observation | Call, duration_ns: int) -> Seen:
    return Seen(
        None if record.in_progress else record.outcome,
        1,
        record.response_ns,
        histogram_bucket_ms(record.response_ns),
        histogram_bucket_ms(duration_ns),
        record.start_ns,
        record.start_ns + record.response_ns,
    )


def without_durations(graph: ServiceGraph) -> list[tuple[object, ...]]:
    """Everything but the spread of durations: a call does not tell whether it is its callee's own record."""
    nodes = [(n.id, n.root, n.reporting, n.start_ns, n.end_ns, n.statistics) for n in graph.nodes]
    edges = [
        (e.source, e.target, e.start_ns, e.end_ns, e.statistics.total, e.statistics.response_ns, e.statistics.histogram)
        for e in graph.edges
    ]
    return [*nodes, *edges]


@UNHURRIED
@given(told_traces())
def test_facts_and_service_graph_agree(documents: Documents) -> None:
    trace = trace_of(documents)
    assert without_durations(graph_of_facts(facts_of_trace(trace))) == without_durations(graph_of_traces([trace]))


@UNHURRIED
@given(told_traces())
def test_facts_and_summary_agree(documents: Documents) -> None:
    trace: Trace = trace_of(documents)
    facts, summary = facts_of_trace(trace), summarize_trace(trace)
    clients = {ServiceId(o.node.name, "client") for o in facts.observations if o.root}
    assert {o.node for o in facts.observations} | clients == set(summary.services)
    assert (facts.start_ns, facts.response_ns, facts.duration_ns, facts.partial) == (
        summary.start_ns, summary.response_ns, summary.duration_ns, summary.is_partial,
    )  # fmt: skip
    assert {f.key for f in facts.annotations} == {key.replace(".", "_") for key in summary.annotations}
    targets = [call.target for call in facts.calls]
    assert len(targets) == len(set(targets))
    order = [o.start_ns for o in facts.observations]
    assert order == sorted(order)
