from __future__ import annotations

from raylens.model.service import ServiceGraph, ServiceId
from raylens.servicemap import graph_of_traces
from tests.xray_documents import independent, lambda_trace, segment, shop_trace, subsegment, trace_of

Figures = tuple[int, int, int, int, float]


def node_figures(graph: ServiceGraph) -> dict[tuple[str, str], Figures]:
    """(ok, throttle, error, fault, seconds) by name and type."""
    return {
        (n.id.name, n.id.type): (
            n.statistics.ok, n.statistics.throttle, n.statistics.error, n.statistics.fault,
            n.statistics.response_ns / 1e9,
        )
        for n in graph.nodes
    }  # fmt: skip


def edge_figures(graph: ServiceGraph) -> dict[tuple[str, str], Figures]:
    return {
        (e.source.name + ":" + e.source.type, e.target.name + ":" + e.target.type): (
            e.statistics.ok, e.statistics.throttle, e.statistics.error, e.statistics.fault,
            e.statistics.response_ns / 1e9,
        )
        for e in graph.edges
    }  # fmt: skip


def test_nodes_count_their_own_segments_and_inferred_ones_the_callers_record() -> None:
    assert node_figures(graph_of_traces([trace_of(shop_trace())])) == {
        ("shop", "AWS::EC2::Instance"): (1, 0, 0, 0, 2.0),
        ("pay", "AWS::ECS::Container"): (0, 0, 0, 1, 6.5),
        ("orders", "AWS::DynamoDB::Table"): (0, 1, 0, 0, 5.0),
    }


def test_edges_count_the_callers_record() -> None:
    assert edge_figures(graph_of_traces([trace_of(shop_trace())])) == {
        ("shop:client", "shop:AWS::EC2::Instance"): (1, 0, 0, 0, 2.0),
        ("shop:AWS::EC2::Instance", "pay:AWS::ECS::Container"): (0, 0, 0, 1, 1.5),
        ("pay:AWS::ECS::Container", "orders:AWS::DynamoDB::Table"): (0, 1, 0, 0, 5.0),
    }


def test_a_lambda_call_makes_two_nodes_of_one_name_and_the_table_hangs_under_the_function() -> None:
    graph = graph_of_traces([trace_of(lambda_trace())])
    assert [(n.id.name, n.id.type, n.root) for n in graph.nodes] == [
        ("Reservations", "AWS::DynamoDB::Table", False),
        ("api/prod", "AWS::ApiGateway::Stage", True),
        ("create", "AWS::Lambda", False),
        ("create", "AWS::Lambda::Function", False),
    ]
    assert list(edge_figures(graph)) == [
        ("api/prod:AWS::ApiGateway::Stage", "create:AWS::Lambda"),
        ("api/prod:client", "api/prod:AWS::ApiGateway::Stage"),
        ("create:AWS::Lambda", "create:AWS::Lambda::Function"),
        ("create:AWS::Lambda::Function", "Reservations:AWS::DynamoDB::Table"),
    ]


def test_an_inferred_node_gives_way_when_the_callee_reports_late() -> None:
    caller, callee = shop_trace()
    before = graph_of_traces([trace_of([caller])])
    assert ServiceId("pay", "remote") in {n.id for n in before.nodes}
    after = graph_of_traces([trace_of([caller, callee])])
    assert ServiceId("pay", "remote") not in {n.id for n in after.nodes}


def test_a_call_that_expects_a_traced_callee_infers_nothing_meanwhile() -> None:
    call = subsegment("pay", 0, 1, number=2, namespace="remote", http={"request": {"traced": True}})
    graph = graph_of_traces([trace_of([segment("shop", 0, 2, number=1, subsegments=[call])])])
    assert [n.id.name for n in graph.nodes] == ["shop"]


def test_a_call_in_progress_infers_nothing() -> None:
    call = subsegment("pay", 0, None, number=2, namespace="remote")
    graph = graph_of_traces([trace_of([segment("shop", 0, 2, number=1, subsegments=[call])])])
    assert [n.id.name for n in graph.nodes] == ["shop"]


def test_a_segment_in_progress_is_a_node_without_counts() -> None:
    (node,) = graph_of_traces([trace_of([segment("shop", 0, None, number=1)])]).nodes
    assert (node.id.name, node.statistics.total) == ("shop", 0)


def test_a_subsegment_whose_segment_never_came_makes_no_node() -> None:
    graph = graph_of_traces([trace_of([independent("pay", 0, 1, number=5, parent=9, namespace="remote")])])
    assert graph == ServiceGraph((), ())


def test_one_call_answered_by_two_segments_of_one_service_is_one_observation() -> None:
    call = subsegment("pay", 0, 1, number=2, namespace="remote")
    answers = [segment("pay", 0.1, 0.5, number=n, parent_id=f"{2:016x}") for n in (3, 4)]
    graph = graph_of_traces([trace_of([segment("shop", 0, 2, number=1, subsegments=[call]), *answers])])
    assert edge_figures(graph)[("shop:", "pay:")] == (1, 0, 0, 0, 1.0)
    assert node_figures(graph)[("pay", "")] == (2, 0, 0, 0, 0.8)


def test_duration_includes_work_after_the_answer_and_response_time_does_not() -> None:
    late = subsegment("tail", 1, 3, number=2)
    (node,) = graph_of_traces([trace_of([segment("shop", 0, 2, number=1, subsegments=[late])])]).nodes
    assert (node.statistics.histogram, node.statistics.duration_histogram) == (((2000, 1),), ((3000, 1),))
