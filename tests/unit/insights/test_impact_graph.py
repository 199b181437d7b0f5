"""The part of a service graph that an incident concerns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from raylens.insights.impact_graph import concerned_services, impact_graph
from raylens.model.figures import Entity
from raylens.model.insight import Signal
from raylens.model.service import CLIENT_TYPE, Edge, ServiceGraph, ServiceId, ServiceNode, Statistics
from tests.insights import ORDERS, PAY, SHOP, deviations, insight, suspect


def graph_of(*calls: str) -> ServiceGraph:
    """Nodes and edges of calls as `a>b`; `>a` is a client's, `a~b` a link."""
    edges, names = [], set()
    for call in calls:
        source, _, target = call.partition("~" if "~" in call else ">")
        names |= {source, target} - {""}
        caller = ServiceId(source) if source else ServiceId(target, CLIENT_TYPE)
        edges.append(Edge(caller, ServiceId(target), 0, 1, Statistics(), () if "~" in call else None))
    nodes = [ServiceNode(ServiceId(name), False, True, 0, 1, Statistics()) for name in sorted(names)]
    return ServiceGraph(tuple(nodes), tuple(edges))


def kept(graph: ServiceGraph, *concerned: str) -> set[str]:
    """The edges that are kept, in the same writing, after a look at the nodes."""
    found = impact_graph(graph, [ServiceId(name) for name in concerned])
    assert {end for edge in found.edges for end in (edge.source, edge.target) if end.type != CLIENT_TYPE} <= {
        node.id for node in found.nodes
    }
    return {
        f"{'' if e.source.type == CLIENT_TYPE else e.source.name}{'~' if e.is_link else '>'}{e.target.name}"
        for e in found.edges
    }


SHOP_GRAPH = graph_of(">shop", "shop>pay", "shop>mail", "pay>orders", "pay>bank", "orders>disk", ">admin", "admin>mail")


def test_paths_from_clients_to_what_is_concerned_are_kept() -> None:
    assert kept(SHOP_GRAPH, "orders") == {">shop", "shop>pay", "pay>orders"}


def test_what_lies_below_and_beside_is_left_out() -> None:
    assert kept(SHOP_GRAPH, "pay") == {">shop", "shop>pay"}


def test_paths_between_two_that_are_concerned_are_kept() -> None:
    graph = graph_of("a>b", "b>c", "c>d", "x>c", "b>y")
    assert kept(graph, "a", "d") == {"a>b", "b>c", "c>d"}


def test_callers_that_no_client_reaches_are_left_out() -> None:
    assert kept(graph_of("cron>a", ">web", "web>a"), "a") == {">web", "web>a"}


def test_a_node_by_itself_is_kept() -> None:
    found = impact_graph(graph_of("a>b"), [ServiceId("b")])
    assert ([node.id.name for node in found.nodes], found.edges) == (["b"], ())


def test_a_message_is_a_way() -> None:
    assert kept(graph_of(">shop", "shop>queue", "queue~worker"), "worker") == {">shop", "shop>queue", "queue~worker"}


def test_circles_end() -> None:
    assert kept(graph_of(">a", "a>b", "b>a", "b>c", "c>c"), "c") == {">a", "a>b", "b>a", "b>c", "c>c"}


def test_what_the_graph_does_not_have_concerns_nothing() -> None:
    assert impact_graph(SHOP_GRAPH, [ServiceId("gone")]) == ServiceGraph((), ())


_calls = st.lists(st.tuples(st.sampled_from(["", *"abcdef"]), st.sampled_from("abcdef")).map(">".join), max_size=14)


@given(calls=_calls, concerned=st.sets(st.sampled_from("abcdef")))
def test_every_node_kept_leads_to_what_is_concerned_inside_the_part(calls: list[str], concerned: set[str]) -> None:
    graph = graph_of(*dict.fromkeys(calls))
    part = impact_graph(graph, map(ServiceId, concerned))
    present = {node.id.name for node in graph.nodes}
    names = {node.id.name for node in part.nodes}
    assert names >= concerned & present
    leading = concerned & present
    for _ in names:
        leading = leading | {e.source.name for e in part.edges if e.target.name in leading}
    assert names <= leading
    assert impact_graph(part, map(ServiceId, concerned)) == part


def test_of_an_insight_the_cause_and_all_that_was_anomalous_are_concerned() -> None:
    found = concerned_services(
        insight(start_s=0, suspects=(suspect(ORDERS, PAY),), deviations=deviations(Signal.FAULT, Entity(SHOP)))
    )
    assert found == (ORDERS, PAY, SHOP)
