"""How a map is shown: what is joined, with which figures, and which filters mean its parts."""

from __future__ import annotations

from typing import Any

from raylens.filterexpr import parse_filter
from raylens.filterexpr.evaluate import matches
from raylens.model.service import ServiceGraph, ServiceId
from raylens.servicemap import edge_filter, graph_of_traces, merged_view, node_filter, raw_view
from raylens.traces import facts_of_trace
from tests.fixture_traces import jobs_traces
from tests.xray_documents import lambda_trace, segment, shop_trace, subsegment, trace_id_of, trace_of

CLIENT = ServiceId("Client", "client")
FN, FUNCTION = ServiceId("fn", "AWS::Lambda"), ServiceId("fn", "AWS::Lambda::Function")


def graph_of(*traces: list[dict[str, Any]]) -> ServiceGraph:
    return graph_of_traces([trace_of(documents) for documents in traces])


def pairs(view: Any) -> list[tuple[ServiceId, ServiceId]]:
    return [(shown.edge.source, shown.edge.target) for shown in view.edges]


def invocation(number: int, *, seconds: float = 1.0, with_service: bool = True, below: int = 0) -> list[dict[str, Any]]:
    """`fn` runs for two seconds less than its service takes, and asks a table."""
    trace_id = trace_id_of(number)
    call = subsegment(
        "DynamoDB", 0.3, 0.5, number=number + 3, namespace="aws",
        aws={"operation": "GetItem", "table_name": "T"},
    )  # fmt: skip
    parent = {"parent_id": f"{below:016x}"} if below else {}
    service = segment("fn", 0, seconds, number=number + 1, trace_id=trace_id, origin="AWS::Lambda", **parent)
    function = segment(
        "fn", 0.2, seconds - 0.2, number=number + 2, trace_id=trace_id, origin="AWS::Lambda::Function",
        subsegments=[call], **({"parent_id": f"{number + 1:016x}"} if with_service else {}),
    )  # fmt: skip
    return [service, function] if with_service else [function]


def test_a_raw_view_is_the_graph() -> None:
    graph = graph_of(lambda_trace())
    view = raw_view(graph)
    assert view.nodes == graph.nodes
    assert [(shown.edge, shown.parts) for shown in view.edges] == [(edge, (edge,)) for edge in graph.edges]


def test_the_two_nodes_of_a_function_are_one_with_the_figures_of_the_service() -> None:
    view = merged_view(graph_of(invocation(100)))
    (node,) = (node for node in view.nodes if node.id.name == "fn")
    assert node.id == FN
    assert (node.statistics.total, node.statistics.response_ns, node.root, node.reporting) == (1, 10**9, True, True)
    assert pairs(view) == [(CLIENT, FN), (FN, ServiceId("T", "AWS::DynamoDB::Table"))]


def test_a_function_without_its_service_stays_what_it_is() -> None:
    view = merged_view(graph_of(invocation(100, with_service=False)))
    assert FUNCTION in [node.id for node in view.nodes]
    assert (CLIENT, FUNCTION) in pairs(view)


def test_clients_are_one_whatever_they_call() -> None:
    view = merged_view(graph_of(shop_trace(), [segment("other", 0, 1, number=77, trace_id=trace_id_of(9))]))
    assert [target.name for source, target in pairs(view) if source == CLIENT] == ["other", "shop"]


def test_edges_of_both_nodes_of_a_function_are_added_up() -> None:
    view = merged_view(graph_of(invocation(100), invocation(200, seconds=2.0), invocation(300, with_service=False)))
    shown = next(shown for shown in view.edges if shown.edge.source == CLIENT)
    assert [part.target for part in shown.parts] == [FN, FUNCTION]
    assert (shown.edge.target, shown.edge.statistics.total) == (FN, 3)
    assert shown.edge.statistics.response_ns == round(3.6e9)
    assert sum(count for _, count in shown.edge.statistics.histogram) == 3


def test_a_function_that_calls_itself_keeps_that_edge() -> None:
    outer = invocation(100)
    call = subsegment("Lambda", 0.3, 0.9, number=104, namespace="aws", traced=True)
    outer[1]["subsegments"].append(call)
    inner = [{**document, "trace_id": outer[0]["trace_id"]} for document in invocation(200, below=104)]
    view = merged_view(graph_of([*outer, *inner]))
    assert (FN, FN) in pairs(view)


def test_links_stay_links_and_no_filter_asks_for_them() -> None:
    graph = graph_of(*jobs_traces())
    for view in (merged_view(graph), raw_view(graph)):
        links = [shown for shown in view.edges if shown.edge.is_link]
        assert links and all(shown.edge.age_histogram for shown in links)
        assert [edge_filter(shown, graph) for shown in links] == [None] * len(links)


def test_filters_mean_the_traces_that_took_an_edge_or_went_through_a_node() -> None:
    traces = [lambda_trace(), shop_trace(), invocation(100), invocation(300, with_service=False)]
    graph = graph_of(*traces)
    facts = {number: facts_of_trace(trace_of(documents)) for number, documents in enumerate(traces)}
    alone = {number: graph_of(documents) for number, documents in enumerate(traces)}
    for view in (merged_view(graph), raw_view(graph)):
        for node in view.nodes:
            asked = parse_filter(node_filter(node.id))
            went = {number for number, own in alone.items() if node.id in [each.id for each in own.nodes]}
            assert {number for number, own in facts.items() if matches(asked, own, "")} == went
        for shown in view.edges:
            text = edge_filter(shown, graph)
            assert text is not None
            ends = {(part.source, part.target) for part in shown.parts}
            took = {n for n, own in alone.items() if ends & {(edge.source, edge.target) for edge in own.edges}}
            assert {n for n, own in facts.items() if matches(parse_filter(text), own, "")} == took


def test_no_filter_is_given_where_it_would_mean_another_edge_too() -> None:
    third = [segment("fn", 0, 1, number=900, trace_id=trace_id_of(900), origin="AWS::EC2::Instance")]
    graph = graph_of(invocation(100), invocation(300, with_service=False), third)
    shown = next(shown for shown in merged_view(graph).edges if len(shown.parts) == 2 and shown.edge.source == CLIENT)
    assert edge_filter(shown, graph) is None
