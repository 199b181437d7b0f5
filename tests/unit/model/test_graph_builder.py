from __future__ import annotations

import itertools

import pytest

from raylens.model.graph_builder import GraphBuilder, Seen
from raylens.model.outcome import Outcome
from raylens.model.service import Edge, ServiceGraph, ServiceId, ServiceNode, Statistics, histogram_bucket_ms

SHOP, TABLE = ServiceId("shop", "X"), ServiceId("orders", "T")
CLIENT = ServiceId("shop", "client")


def seen(outcome: Outcome | None, ms: int = 5, start: int = 10, end: int = 20, duration_ms: int | None = None) -> Seen:
    return Seen(outcome, 1, ms * 1_000_000, ms, ms if duration_ms is None else duration_ms, start, end)


def test_an_entry_point_gets_a_client_whose_edge_counts_its_requests() -> None:
    graph = GraphBuilder()
    graph.add_reporting(SHOP, True, seen(Outcome.OK))
    statistics = Statistics(ok=1, response_ns=5_000_000, histogram=((5, 1),))
    assert graph.build() == ServiceGraph(
        (ServiceNode(SHOP, True, True, 10, 20, statistics),), (Edge(CLIENT, SHOP, 10, 20, statistics),)
    )


def test_each_request_is_counted_in_one_class_and_times_add_up() -> None:
    graph = GraphBuilder()
    for ms, outcome in enumerate(Outcome, start=1):
        graph.add_reporting(SHOP, False, seen(outcome, ms, start=ms, end=ms * 10))
    (node,) = graph.build().nodes
    histogram = ((1, 1), (2, 1), (3, 1), (4, 1))
    assert node == ServiceNode(SHOP, False, True, 1, 40, Statistics(1, 1, 1, 1, 10_000_000, histogram))
    assert node.statistics.total == 4


def test_requests_in_progress_make_a_node_and_are_not_counted() -> None:
    graph = GraphBuilder()
    graph.add_reporting(SHOP, False, seen(None, start=7, end=7))
    assert graph.build().nodes == (ServiceNode(SHOP, False, True, 7, 7, Statistics()),)


def test_a_call_to_an_inferred_node_counts_on_edge_and_node() -> None:
    graph = GraphBuilder()
    graph.add_call(SHOP, TABLE, True, seen(Outcome.THROTTLE))
    statistics = Statistics(throttle=1, response_ns=5_000_000, histogram=((5, 1),))
    assert graph.build() == ServiceGraph(
        (ServiceNode(TABLE, False, False, 10, 20, statistics),), (Edge(SHOP, TABLE, 10, 20, statistics),)
    )


def test_a_call_to_a_reporting_node_counts_on_the_edge_alone() -> None:
    graph = GraphBuilder()
    graph.add_call(SHOP, TABLE, False, seen(Outcome.OK))
    assert graph.build().nodes == ()


def test_durations_are_kept_apart_only_where_they_differ_from_response_times() -> None:
    graph = GraphBuilder()
    graph.add_reporting(SHOP, False, seen(Outcome.OK, 5, duration_ms=9))
    (node,) = graph.build().nodes
    assert (node.statistics.histogram, node.statistics.duration_histogram) == (((5, 1),), ((9, 1),))


def test_the_graph_does_not_depend_on_the_order_of_observations() -> None:
    def build(order: tuple[int, ...]) -> ServiceGraph:
        graph = GraphBuilder()
        for step in order:
            if step == 0:
                graph.add_reporting(SHOP, True, seen(Outcome.OK, 3, start=1))
            elif step == 1:
                graph.add_reporting(SHOP, False, seen(Outcome.FAULT, 4, start=2, end=90))
            elif step == 2:
                graph.add_call(SHOP, TABLE, True, seen(Outcome.OK))
            elif step == 3:
                graph.add_link(SHOP, TABLE, seen(Outcome.OK, start=4), 7)
            else:
                graph.add_reporting(TABLE, False, seen(None))
        return graph.build()

    assert len({repr(build(order)) for order in itertools.permutations(range(5))}) == 1


def test_a_call_and_a_link_between_two_nodes_are_two_edges() -> None:
    graph = GraphBuilder()
    for age_ms in (30, 20, 30):
        graph.add_link(SHOP, TABLE, seen(Outcome.OK), age_ms)
    graph.add_call(SHOP, TABLE, False, seen(Outcome.FAULT))
    call, link = graph.build().edges
    assert (call.is_link, call.statistics.fault, call.age_histogram) == (False, 1, None)
    assert (link.is_link, link.statistics.ok, link.age_histogram) == (True, 3, ((20, 1), (30, 2)))


def test_a_link_from_where_nothing_was_sent_brings_its_own_node() -> None:
    graph = GraphBuilder()
    graph.add_link(TABLE, SHOP, seen(Outcome.OK, start=10, end=20), 1)
    graph.add_link(TABLE, TABLE, seen(Outcome.OK, start=5, end=15), 1)
    assert graph.build().nodes == (ServiceNode(TABLE, False, False, 5, 20, Statistics()),)


@pytest.mark.parametrize(
    ("ns", "ms"),
    [
        (-5, 0),
        (0, 0),
        (499_999, 0),
        (500_000, 1),
        (999_499_999, 999),
        (999_999_999, 1000),
        (1_004_000_000, 1000),
        (1_005_000_000, 1010),
        (9_994_499_999, 9990),
        (9_995_000_000, 10_000),
        (123_456_000_000, 123_000),
    ],
)
def test_histogram_values_are_milliseconds_and_above_a_second_three_digits(ns: int, ms: int) -> None:
    assert histogram_bucket_ms(ns) == ms
