"""The map of an incident: the two nodes of a Lambda function are one, and one edge stands for calls and links."""

from __future__ import annotations

from raylens.api.insights.insight import _edges, _nodes
from raylens.api.insights.insight_shapes import MapNames, names_in
from raylens.api.insights.shapes import ImpactEdge
from raylens.model.figures import Entity
from raylens.model.insight import Deviation, Insight, Signal
from raylens.model.service import CLIENT_TYPE, Edge, ServiceGraph, ServiceId, ServiceNode, Statistics
from raylens.servicemap import merged_view
from tests.insights import deviations, insight, suspect

STAGE = ServiceId("api/prod", "AWS::ApiGateway::Stage")
SERVICE, FUNCTION = ServiceId("create", "AWS::Lambda"), ServiceId("create", "AWS::Lambda::Function")
TABLE = ServiceId("orders", "AWS::DynamoDB::Table")


def graph_of(*edges: tuple[ServiceId, ServiceId], links: tuple[tuple[ServiceId, ServiceId], ...] = ()) -> ServiceGraph:
    ids = {end for edge in (*edges, *links) for end in edge if end.type != CLIENT_TYPE}
    return ServiceGraph(
        tuple(ServiceNode(each, False, True, 0, 1, Statistics()) for each in sorted(ids)),
        (
            *(Edge(source, target, 0, 1, Statistics()) for source, target in edges),
            *(Edge(source, target, 0, 1, Statistics(), ((1, 1),)) for source, target in links),
        ),
    )


LAMBDA = graph_of((ServiceId(STAGE.name, CLIENT_TYPE), STAGE), (STAGE, SERVICE), (SERVICE, FUNCTION), (FUNCTION, TABLE))


def drawn(graph: ServiceGraph, of: Insight) -> tuple[dict[str, tuple[bool, Signal | None]], list[ImpactEdge]]:
    """Whether each node is the root cause, and what was anomalous of it; and the edges."""
    view = merged_view(graph)
    names = MapNames(names_in(of).present | {node.id for node in view.nodes})
    return {node.key: (node.is_root_cause, node.signal) for node in _nodes(view, of, names)}, list(_edges(view, of))


def slow(cause: Entity, *anomalous: Entity) -> Insight:
    """A cause that is slow, and what is anomalous."""
    suspects = (suspect(cause.service, cause.source, signal=Signal.LATENCY),)
    return insight(
        start_s=0, signals=(Signal.LATENCY,), suspects=suspects, deviations=deviations(Signal.LATENCY, *anomalous)
    )


def test_a_function_is_shown_by_its_service() -> None:
    nodes, _ = drawn(LAMBDA, slow(Entity(FUNCTION), Entity(FUNCTION)))
    assert nodes == {
        "client": (False, None),
        "api/prod|AWS::ApiGateway::Stage": (False, None),
        "create|AWS::Lambda": (True, Signal.LATENCY),
        "orders|AWS::DynamoDB::Table": (False, None),
    }


def test_a_function_without_its_service_is_shown_by_itself() -> None:
    nodes, _ = drawn(graph_of((FUNCTION, TABLE)), slow(Entity(FUNCTION), Entity(TABLE)))
    assert nodes["create|AWS::Lambda::Function"] == (True, None)


def test_a_cause_between_a_service_and_its_own_function_is_the_node() -> None:
    nodes, edges = drawn(LAMBDA, slow(Entity(FUNCTION, SERVICE), Entity(SERVICE)))
    assert nodes["create|AWS::Lambda"] == (True, Signal.LATENCY)
    assert not any(edge.is_root_cause for edge in edges)


def test_a_cause_between_two_nodes_is_the_edge() -> None:
    nodes, edges = drawn(LAMBDA, slow(Entity(TABLE, FUNCTION), Entity(TABLE, FUNCTION)))
    assert [node for node, (is_cause, _) in nodes.items() if is_cause] == []
    assert [edge for edge in edges if edge.is_root_cause] == [
        ImpactEdge("create|AWS::Lambda", "orders|AWS::DynamoDB::Table", True, Signal.LATENCY)
    ]


def test_a_call_and_a_link_between_two_nodes_are_one_edge() -> None:
    graph = graph_of((STAGE, TABLE), links=((STAGE, TABLE),))
    _, edges = drawn(graph, slow(Entity(TABLE), Entity(TABLE)))
    assert [(edge.source, edge.target) for edge in edges] == [
        ("api/prod|AWS::ApiGateway::Stage", "orders|AWS::DynamoDB::Table")
    ]


def test_each_node_has_the_signal_by_which_it_deviated_most() -> None:
    both = insight(
        start_s=0,
        signals=(Signal.THROTTLE, Signal.FAULT),
        suspects=(suspect(TABLE, signal=Signal.THROTTLE), suspect(SERVICE, signal=Signal.FAULT)),
        deviations=(
            Deviation(Entity(TABLE), Signal.THROTTLE),
            Deviation(Entity(SERVICE), Signal.FAULT),
            Deviation(Entity(STAGE), Signal.THROTTLE),
        ),
    )
    nodes, _ = drawn(LAMBDA, both)
    assert [signal for _, signal in nodes.values()] == [None, Signal.THROTTLE, Signal.FAULT, Signal.THROTTLE]


def test_in_a_list_a_function_is_shown_by_its_service_where_that_is_named_too() -> None:
    alone = slow(Entity(FUNCTION), Entity(FUNCTION))
    together = slow(Entity(FUNCTION), Entity(FUNCTION), Entity(FUNCTION, SERVICE))
    keys = [names_in(each).entity(Entity(FUNCTION)).node_key for each in (alone, together)]
    assert keys == ["create|AWS::Lambda::Function", "create|AWS::Lambda"]
