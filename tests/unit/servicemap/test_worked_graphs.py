"""The worked graphs of the shop (T1) and of the orders function (T6), number by number."""

from __future__ import annotations

import random

import pytest

from raylens.model.service import ServiceId
from raylens.servicemap import graph_of_traces
from tests.fixture_traces import (
    QUEUE_URL,
    orders_trace,
    quicktable_documents,
    throttled_root_trace,
    unfinished_trace,
)
from tests.unit.servicemap.test_observe import edge_figures, node_figures
from tests.xray_documents import segment, shop_trace, subsegment, trace_id_of, trace_of

STAGE = ("orders-api/prod", "AWS::ApiGateway::Stage")


def test_the_nodes_of_a_function_with_a_queue_and_a_database() -> None:
    assert node_figures(graph_of_traces([trace_of(orders_trace())])) == {
        STAGE: (1, 0, 0, 0, 1.2),
        ("fn", "AWS::Lambda"): (1, 0, 0, 0, 1.0),
        ("fn", "AWS::Lambda::Function"): (1, 0, 0, 0, 0.85),
        (QUEUE_URL, "AWS::SQS::Queue"): (1, 0, 0, 0, 0.2),
        ("ledger@db.test", "Database::SQL"): (1, 0, 0, 0, 0.1),
    }


def test_the_edges_of_a_function_with_a_queue_and_a_database() -> None:
    """The call to Lambda counts as the stage saw it; the function below the service segment as itself (inferred)."""
    function = "fn:AWS::Lambda::Function"
    assert edge_figures(graph_of_traces([trace_of(orders_trace())])) == {
        ("orders-api/prod:client", "orders-api/prod:AWS::ApiGateway::Stage"): (1, 0, 0, 0, 1.2),
        ("orders-api/prod:AWS::ApiGateway::Stage", "fn:AWS::Lambda"): (1, 0, 0, 0, 1.1),
        ("fn:AWS::Lambda", function): (1, 0, 0, 0, 0.85),
        (function, f"{QUEUE_URL}:AWS::SQS::Queue"): (1, 0, 0, 0, 0.2),
        (function, "ledger@db.test:Database::SQL"): (1, 0, 0, 0, 0.1),
    }


@pytest.mark.parametrize("documents", [shop_trace(), orders_trace()], ids=["T1", "T6"])
def test_reporting_nodes_entries_and_inferred_nodes_are_told_apart(documents: list[dict[str, object]]) -> None:
    graph = graph_of_traces([trace_of(documents)])
    sent = {(str(document["name"]), str(document["origin"])) for document in documents}
    assert {(node.id.name, node.id.type) for node in graph.nodes if node.reporting} == sent
    assert [node.id.name for node in graph.nodes if node.root] == [documents[0]["name"]]
    assert "client" not in {node.id.type for node in graph.nodes}


def test_a_throttled_request_is_counted_as_throttled_alone() -> None:
    (node,) = graph_of_traces([trace_of(throttled_root_trace())]).nodes
    statistics = node.statistics
    assert (statistics.ok, statistics.error, statistics.throttle, statistics.fault, statistics.total) == (0, 0, 1, 0, 1)


def test_an_unfinished_request_is_on_the_map_without_counts() -> None:
    graph = graph_of_traces([trace_of(unfinished_trace())])
    assert [node.statistics.total for node in graph.nodes] == [edge.statistics.total for edge in graph.edges] == [0]


def test_a_throttled_table_of_the_lab_counts_as_throttled_not_as_broken() -> None:
    graph = graph_of_traces([trace_of(quicktable_documents("table_throttle"))])
    figures = node_figures(graph)
    assert figures[("Reservations", "AWS::DynamoDB::Table")][:4] == (0, 1, 0, 0)
    assert [figure[:4] for (_, type_), figure in figures.items() if type_.startswith("AWS::Lambda")] == [
        (1, 0, 0, 0)
    ] * 2


def test_an_unhandled_exception_of_the_lab_is_the_functions_error_and_the_stages_fault() -> None:
    figures = node_figures(graph_of_traces([trace_of(quicktable_documents("unhandled_exception"))]))
    assert {type_: figure[:4] for (_, type_), figure in figures.items()} == {
        "AWS::ApiGateway::Stage": (0, 0, 0, 1),
        "AWS::Lambda": (0, 0, 1, 0),
        "AWS::Lambda::Function": (0, 0, 1, 0),
    }


def test_a_service_that_calls_itself_has_an_edge_to_itself() -> None:
    call = subsegment("shop", 0, 1, number=2, namespace="remote")
    inner = segment("shop", 0.1, 0.9, number=3, parent_id=f"{2:016x}")
    graph = graph_of_traces([trace_of([segment("shop", 0, 1, number=1, subsegments=[call]), inner])])
    assert edge_figures(graph)[("shop:", "shop:")] == (1, 0, 0, 0, 1.0)
    assert node_figures(graph)[("shop", "")] == (2, 0, 0, 0, 1.8)


def test_many_requests_add_up_on_one_edge_in_any_order() -> None:
    traces = [
        trace_of([{**document, "trace_id": trace_id_of(number)} for document in shop_trace()]) for number in range(5)
    ]
    graph = graph_of_traces(traces)
    assert node_figures(graph)[("orders", "AWS::DynamoDB::Table")] == (0, 5, 0, 0, 25.0)
    (shop,) = (node for node in graph.nodes if node.id == ServiceId("shop", "AWS::EC2::Instance"))
    assert shop.statistics.histogram == ((2000, 5),)
    random.Random(1).shuffle(traces)
    assert graph_of_traces(traces) == graph
