"""GraphReader.figures_by_minute says of every node and edge what `statistics_by_minute` says of each."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raylens.clock import ManualClock
from raylens.filterexpr.ast import Constant, EdgeTest, NodeSelector, ServiceTest
from raylens.filterexpr.evaluate import matches
from raylens.filterexpr.parser import parse_filter
from raylens.model.figures import Entity, Figures, FiguresTable
from raylens.model.service import CLIENT_TYPE, ServiceGraph, ServiceId, Statistics
from raylens.model.time import NS_PER_MINUTE, NS_PER_S, TimeRange
from raylens.model.trace import Trace
from raylens.servicemap import graph_of_traces
from raylens.storage.clickhouse.store import ClickHouseStore
from raylens.storage.interface import TraceFilter
from raylens.traces import assemble_traces, facts_of_trace
from tests.contract.test_graph import link_at_random, put, random_trace
from tests.fixture_traces import jobs_traces
from tests.xray_documents import (
    RECEIVED_NS,
    START_S,
    independent,
    lambda_trace,
    segment,
    shop_trace,
    spans_of,
    subsegment,
    trace_id_of,
)

WINDOW = TimeRange(int((START_S - 60) * NS_PER_S), int((START_S + 240) * NS_PER_S))
PERCENTS = (50, 90, 95, 99)
Row = tuple[Any, ...]


def row_of(statistics: Statistics) -> Row:
    """What a row of figures has to say, worked out in whole numbers from the histogram."""
    total = statistics.total
    ranked = [ms for ms, count in sorted(statistics.histogram) for _ in range(count)]
    percentiles = (ranked[-(-total * percent // 100) - 1] / 1000 for percent in PERCENTS)
    mean_s = statistics.response_ns / total / NS_PER_S
    return (total, statistics.fault, statistics.error, statistics.throttle, pytest.approx(mean_s), *percentiles)


def rows_of(table: FiguresTable) -> dict[Entity, dict[int, Row]]:
    """Every row by entity and minute of the epoch; no entity comes twice in a minute."""
    found: dict[Entity, dict[int, Row]] = {}
    for figures in table.bins():
        assert len(set(figures.entities)) == len(figures.entities)
        counts = (figures.requests, figures.faults, figures.errors, figures.throttles)
        for entity, row in zip(figures.entities, np.column_stack((*counts, figures.response_s)), strict=True):
            found.setdefault(entity, {})[figures.at_s // 60] = tuple(row)
    return found


def rows_by_entity(store: ClickHouseStore, window: TimeRange, entities: Iterable[Entity]) -> dict[Entity, Any]:
    """The same, asked of each entity by itself."""
    found = {}
    for entity in entities:
        own, source = selector(entity.service), entity.source
        of = ServiceTest(own) if source is None else EdgeTest(selector(source), own)
        by_minute = store.statistics_by_minute(window, of)
        if by_minute:
            found[entity] = {minute: row_of(statistics) for minute, statistics in by_minute.items()}
    return found


def rows_by_minute(traces: Sequence[Trace], window: TimeRange) -> dict[Entity, dict[int, Row]]:
    """The same, from the service graph of these traces in each minute by itself."""
    found: dict[Entity, dict[int, Row]] = {}
    for start_ns in range(-(-window.start_ns // NS_PER_MINUTE) * NS_PER_MINUTE, window.end_ns, NS_PER_MINUTE):
        graph = graph_of_traces(traces, TimeRange(start_ns, start_ns + NS_PER_MINUTE))
        for entity, statistics in entities_of(graph).items():
            if statistics.total:
                found.setdefault(entity, {})[start_ns // NS_PER_MINUTE] = row_of(statistics)
    return found


def entities_of(graph: ServiceGraph) -> dict[Entity, Statistics]:
    """Nodes and calls, those of clients left out."""
    nodes = {Entity(node.id): node.statistics for node in graph.nodes}
    calls = [edge for edge in graph.edges if edge.source.type != CLIENT_TYPE and not edge.is_link]
    return nodes | {Entity(edge.target, edge.source): edge.statistics for edge in calls}


def selector(node: ServiceId) -> NodeSelector:
    return NodeSelector(node.name, node.type)


def settle(store: ClickHouseStore, clock: ManualClock) -> None:
    """Have everything computed that was written."""
    store.refresh_index()
    clock.advance(120)
    store.compute_graph_minutes()


def only(store: ClickHouseStore) -> Figures:
    """The figures of the one minute that has any."""
    (figures,) = store.figures_by_minute(WINDOW).bins()
    return figures


def test_figures_of_the_shop_and_the_lab_are_their_statistics(store: ClickHouseStore, clock: ManualClock) -> None:
    put(store, [*shop_trace(), *lambda_trace(trace_id_of(7))])
    found = rows_of(store.figures_by_minute(WINDOW))
    assert Entity(ServiceId("orders", "AWS::DynamoDB::Table"), ServiceId("pay", "AWS::ECS::Container")) in found
    assert found == rows_by_entity(store, WINDOW, entities_of(store.service_graph(WINDOW)))
    settle(store, clock)
    assert rows_of(store.figures_by_minute(WINDOW)) == found


def test_an_empty_range_has_no_figures(store: ClickHouseStore) -> None:
    table = store.figures_by_minute(WINDOW)
    assert (table.bin_s, table.entities, list(table.bins()), table.response_s.shape) == (60, (), [], (0, 5))


def test_a_minute_counts_where_it_begins_in_the_range(store: ClickHouseStore) -> None:
    put(store, [segment("shop", 0, 1, number=1)])
    start_ns = int(START_S) * NS_PER_S
    assert len(store.figures_by_minute(TimeRange(start_ns, start_ns + 1)).at_s) == 1
    assert len(store.figures_by_minute(TimeRange(start_ns + 1, start_ns + 60 * NS_PER_S)).at_s) == 0
    assert list(store.figures_by_minute(TimeRange(start_ns - 1, start_ns + 1)).at_s) == [int(START_S)]


def test_percentiles_are_values_that_so_many_percent_reached(store: ClickHouseStore, clock: ManualClock) -> None:
    put(store, [segment("shop", 0, n / 1000, number=1, trace_id=trace_id_of(n)) for n in range(1, 101)])
    expected = [0.0505, 0.050, 0.090, 0.095, 0.099]
    assert list(only(store).response_s[0]) == pytest.approx(expected)
    settle(store, clock)
    assert list(only(store).response_s[0]) == pytest.approx(expected)


def test_faults_errors_and_throttles_exclude_each_other(store: ClickHouseStore, clock: ManualClock) -> None:
    flags: tuple[dict[str, Any], ...] = (
        {"fault": True}, {"error": True}, {"error": True, "throttle": True}, {"fault": True, "error": True}, {},
    )  # fmt: skip
    put(store, [segment("a", 0, 1, number=1, trace_id=trace_id_of(n), **each) for n, each in enumerate(flags)])
    settle(store, clock)
    figures = only(store)
    counts = (figures.requests, figures.faults, figures.errors, figures.throttles)
    assert [list(column) for column in counts] == [[5], [2], [1], [1]]


def test_what_is_in_progress_has_no_figures(store: ClickHouseStore, clock: ManualClock) -> None:
    call = subsegment("DynamoDB", 0.1, None, number=2, namespace="aws", aws={"table_name": "t"})
    put(store, [segment("shop", 0, None, number=1, subsegments=[call])])
    assert list(store.figures_by_minute(WINDOW).bins()) == []
    settle(store, clock)
    assert list(store.figures_by_minute(WINDOW).bins()) == []


def test_calls_of_a_table_are_the_figures_of_the_table_and_of_its_edge(
    store: ClickHouseStore, clock: ManualClock
) -> None:
    aws = {"operation": "GetItem", "table_name": "t"}
    calls = [independent("DynamoDB", 0, n / 10, number=n, parent=1, namespace="aws", aws=aws) for n in range(2, 5)]
    put(store, [segment("shop", 0, 1, number=1), *calls])
    settle(store, clock)
    found = rows_of(store.figures_by_minute(WINDOW))
    table = ServiceId("t", "AWS::DynamoDB::Table")
    assert set(found) == {Entity(ServiceId("shop")), Entity(table), Entity(table, ServiceId("shop"))}
    assert found[Entity(table)] == found[Entity(table, ServiceId("shop"))]


def test_links_have_no_figures(store: ClickHouseStore, clock: ManualClock) -> None:
    orders, worker = jobs_traces()
    put(store, [*orders, *worker])
    links = {Entity(e.target, e.source) for e in store.service_graph(WINDOW).edges if e.is_link}
    assert links
    assert not links & set(store.figures_by_minute(WINDOW).entities)
    settle(store, clock)
    assert not links & set(store.figures_by_minute(WINDOW).entities)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=3, deadline=None)
def test_figures_equal_statistics_whatever_was_computed_between_arrivals(
    embedded_store: ClickHouseStore, clock: ManualClock, seed: int
) -> None:
    rng = random.Random(seed)
    documents = [d for number in range(20) for d in random_trace(number, rng, spread_s=200)]
    link_at_random(documents, rng)
    rng.shuffle(documents)
    embedded_store.clear()
    for second in (0, 10):
        share = documents[second * len(documents) // 20 : (second + 10) * len(documents) // 20]
        put(embedded_store, share, received_ns=RECEIVED_NS + second * NS_PER_S)
        clock.advance(rng.choice([0, 120]))
        embedded_store.compute_graph_minutes()
    traces = list(assemble_traces(spans_of(documents)).values())
    for text in (None, 'service("a") { fault } OR responsetime > 1'):
        expression = Constant(True) if text is None else parse_filter(text)
        meant = [trace for trace in traces if matches(expression, facts_of_trace(trace), "")]
        for window in (WINDOW, TimeRange(WINDOW.start_ns + 90 * NS_PER_S, WINDOW.start_ns + 200 * NS_PER_S)):
            found = rows_of(embedded_store.figures_by_minute(window, TraceFilter(expression)))
            assert found == rows_by_minute(meant, window)
    found = rows_of(embedded_store.figures_by_minute(WINDOW))
    some = rng.sample(sorted(found, key=lambda entity: entity.label), 4)
    assert rows_by_entity(embedded_store, WINDOW, some) == {entity: found[entity] for entity in some}


def test_a_table_that_also_reports_is_one_node(store: ClickHouseStore, clock: ManualClock) -> None:
    aws = {"operation": "GetItem", "table_name": "t"}
    call = independent("DynamoDB", 0, 0.3, number=2, parent=1, namespace="aws", aws=aws)
    own = segment("t", 0, 0.1, number=3, trace_id=trace_id_of(3), origin="AWS::DynamoDB::Table")
    put(store, [segment("shop", 0, 1, number=1), call, own])
    for _ in ("of the traces", "as computed"):
        found = rows_of(store.figures_by_minute(WINDOW))
        assert [row[0] for row in found[Entity(ServiceId("t", "AWS::DynamoDB::Table"))].values()] == [2]
        settle(store, clock)
