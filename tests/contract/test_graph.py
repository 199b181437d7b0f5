"""GraphReader: the SQL agrees with `servicemap.observe`, the meaning in plain Python."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raylens.clock import ManualClock
from raylens.filterexpr.ast import EdgeTest, NodeSelector
from raylens.filterexpr.parser import parse_filter
from raylens.model.service import ServiceGraph, histogram_bucket_ms
from raylens.model.span import Link
from raylens.model.time import NS_PER_S, TimeRange
from raylens.servicemap import graph_of_traces
from raylens.storage.clickhouse.store import ClickHouseStore
from raylens.storage.interface import Batch, TraceFilter
from raylens.traces import assemble_traces
from tests.fixture_traces import JOBS_TRACE_ID, QUEUE_URL, WORKER_TRACE_ID, jobs_traces
from tests.xray_documents import (
    RECEIVED_NS,
    START_S,
    id_bytes,
    independent,
    lambda_trace,
    segment,
    shop_trace,
    spans_of,
    stored,
    subsegment,
    trace_id_of,
    trace_of,
)

WINDOW = TimeRange(int((START_S - 60) * NS_PER_S), int((START_S + 60) * NS_PER_S))


def put(store: ClickHouseStore, documents: list[dict[str, Any]], received_ns: int = RECEIVED_NS) -> None:
    store.write(Batch(stored(documents, received_ns), spans_of(documents, received_ns)))


def test_the_graph_of_the_shop_and_the_lab_equals_the_oracle(store: ClickHouseStore) -> None:
    documents = [*shop_trace(), *lambda_trace(trace_id_of(7))]
    put(store, documents)
    expected = graph_of_traces([trace_of(shop_trace()), trace_of(lambda_trace(trace_id_of(7)))])
    assert store.service_graph(WINDOW) == expected


def test_an_empty_range_has_an_empty_graph(store: ClickHouseStore) -> None:
    assert store.service_graph(WINDOW) == ServiceGraph((), ())


def test_sending_twice_counts_once(store: ClickHouseStore) -> None:
    put(store, shop_trace())
    once = store.service_graph(WINDOW)
    put(store, shop_trace(), received_ns=RECEIVED_NS + NS_PER_S)
    assert store.service_graph(WINDOW) == once


def test_a_range_counts_the_requests_that_started_in_it(store: ClickHouseStore) -> None:
    put(store, shop_trace())
    half = TimeRange(int((START_S + 0.4) * NS_PER_S), WINDOW.end_ns)
    assert store.service_graph(half) == graph_of_traces([trace_of(shop_trace())], half)


def unreachable_table(number: int) -> list[dict[str, Any]]:
    """A function whose table could not be reached: the call is bare, the fault is on the work around it."""
    own: dict[str, Any] = {"trace_id": trace_id_of(number)}
    aws = {"operation": "PutItem", "table_name": "orders"}
    return [
        independent("dynamodb", 0.2, 0.4, number=3, parent=2, namespace="aws", aws=aws, **own),
        independent("put", 0.1, 0.5, number=2, parent=1, namespace="local", fault=True, **own),
        segment("fn", 0, 1, number=1, origin="AWS::Lambda::Function", error=True, **own),
    ]


def test_a_table_that_never_answered_below_a_fault_counts_as_a_fault(store: ClickHouseStore) -> None:
    put(store, unreachable_table(1))
    graph = store.service_graph(WINDOW)
    assert graph == graph_of_traces([trace_of(unreachable_table(1))])
    (table,) = (node.statistics for node in graph.nodes if node.id.name == "orders")
    assert (table.fault, table.total) == (1, 1)


def random_trace(number: int, rng: random.Random, spread_s: float = 0) -> list[dict[str, Any]]:
    """Segments and subsegments, embedded or alone, hanging under each other anyhow."""
    trace_id = trace_id_of(number)
    documents: list[dict[str, Any]] = []
    ids = list(range(1, rng.randint(2, 12)))
    begin = rng.uniform(0, spread_s)
    for own in ids:
        parent = rng.choice([0, *ids, 99]) if own > 1 else rng.choice([0, 0, 99])
        start = begin + rng.randint(0, 4000) / 1000
        end = None if rng.random() < 0.1 else start + rng.randint(0, 3000) / 1000
        flags: dict[str, Any] = {flag: True for flag in ("fault", "error", "throttle") if rng.random() < 0.15}
        calls: list[dict[str, Any]] = [
            {},
            {"namespace": "aws", "aws": {"operation": "Get", "table_name": rng.choice("AB")}},
            {"namespace": "remote", "traced": rng.random() < 0.3},
            {"namespace": "local"},
        ]
        call = rng.choice(calls)
        members: dict[str, Any] = {"number": own, "trace_id": trace_id, **flags}
        if parent:
            members["parent_id"] = f"{parent:016x}"
        if rng.random() < 0.5 or not parent:
            documents.append(segment(rng.choice(["a", "b"]), start, end, origin=rng.choice(["", "X"]), **members))
        else:
            documents.append(segment(rng.choice(["dynamodb", "h"]), start, end, type="subsegment", **call, **members))
        if rng.random() < 0.4:
            inner = subsegment(rng.choice(["dynamodb", "h"]), start, end, number=100 + own, **call)
            documents[-1]["subsegments"] = [inner]
            if rng.random() < 0.5:
                answer: dict[str, Any] = {"number": 200 + own, "trace_id": trace_id, "parent_id": f"{100 + own:016x}"}
                documents.append(segment("callee", start, end, **answer))
    return documents


def link_at_random(documents: list[dict[str, Any]], rng: random.Random) -> None:
    """Let some documents link to others: of any trace, more than once, in vain, more than are looked at."""
    targets = [(d["trace_id"], e["id"]) for d in documents for e in (d, *d.get("subsegments", ()))]
    targets += [(trace_id_of(99_999), f"{1:016x}"), (documents[0]["trace_id"], f"{99_999:016x}")]
    for document in documents:
        if rng.random() < 0.3:
            chosen = rng.choices(targets, k=rng.choice([1, 2, 3, 50]))
            document["links"] = [{"trace_id": trace_id, "id": id_} for trace_id, id_ in chosen]


@given(seed=st.integers(0, 2**32))
@settings(max_examples=6, deadline=None)
def test_the_graph_of_random_traces_equals_the_oracle(embedded_store: ClickHouseStore, seed: int) -> None:
    rng = random.Random(seed)
    documents = [d for number in range(30) for d in random_trace(number, rng)]
    link_at_random(documents, rng)
    rng.shuffle(documents)
    embedded_store.clear()
    put(embedded_store, documents)
    traces = assemble_traces(spans_of(documents))
    for window in (WINDOW, TimeRange(int((START_S + 1) * NS_PER_S), int((START_S + 2) * NS_PER_S))):
        assert embedded_store.service_graph(window) == graph_of_traces(traces.values(), window)


@given(duration_ns=st.integers(-(10**9), 10**16))
@settings(max_examples=300)
def test_a_histogram_value_is_within_half_a_percent_above_a_second(duration_ns: int) -> None:
    value = histogram_bucket_ms(duration_ns)
    assert abs(value - max(duration_ns, 0) / 1e6) <= max(0.5, 0.005 * max(duration_ns, 0) / 1e6)


def let_settle(clock: ManualClock) -> None:
    """Wait until what was written counts as settled."""
    clock.advance(120)


def test_computed_minutes_say_what_their_traces_say(store: ClickHouseStore, clock: ManualClock) -> None:
    put(store, [*shop_trace(), *lambda_trace(trace_id_of(7))])
    before = store.service_graph(WINDOW)
    let_settle(clock)
    assert store.compute_graph_minutes() == 1
    assert store.service_graph(WINDOW) == before
    assert store.compute_graph_minutes() == 0


def test_what_was_written_lately_is_computed_when_it_has_settled(store: ClickHouseStore, clock: ManualClock) -> None:
    put(store, shop_trace())
    assert [store.compute_graph_minutes(), store.compute_graph_minutes()] == [0, 0]
    let_settle(clock)
    assert [store.compute_graph_minutes(), store.compute_graph_minutes()] == [1, 0]


def test_a_callee_that_reports_late_changes_a_minute_that_was_computed(
    store: ClickHouseStore, clock: ManualClock
) -> None:
    caller, callee = shop_trace()
    put(store, [caller])
    store.refresh_index()
    let_settle(clock)
    store.compute_graph_minutes()
    put(store, [callee], received_ns=RECEIVED_NS + 10 * NS_PER_S)
    expected = graph_of_traces([trace_of(shop_trace())])
    assert store.service_graph(WINDOW) == expected
    let_settle(clock)
    store.compute_graph_minutes()
    assert store.service_graph(WINDOW) == expected


def test_a_range_that_cuts_a_computed_minute_counts_only_its_part(store: ClickHouseStore, clock: ManualClock) -> None:
    put(store, shop_trace())
    store.refresh_index()
    let_settle(clock)
    store.compute_graph_minutes()
    half = TimeRange(int((START_S + 0.4) * NS_PER_S), WINDOW.end_ns)
    assert store.service_graph(half) == graph_of_traces([trace_of(shop_trace())], half)


def test_a_request_that_ends_in_two_hundred_years_costs_no_more_than_another(
    store: ClickHouseStore, clock: ManualClock
) -> None:
    document = segment("shop", 0, 200 * 365 * 86400, number=1)
    put(store, [document])
    assert store.service_graph(WINDOW) == graph_of_traces([trace_of([document])], WINDOW)
    let_settle(clock)
    assert store.compute_graph_minutes() == 1


def test_changes_in_many_separate_minutes_are_counted_together(store: ClickHouseStore, clock: ManualClock) -> None:
    documents = [segment("shop", 600 * n, 600 * n + 1, number=1, trace_id=trace_id_of(n)) for n in range(12)]
    put(store, documents)
    window = TimeRange(WINDOW.start_ns, WINDOW.end_ns + 7200 * NS_PER_S)
    expected = graph_of_traces(assemble_traces(spans_of(documents)).values())
    assert store.service_graph(window) == expected
    let_settle(clock)
    assert store.compute_graph_minutes() == 12
    assert store.service_graph(window) == expected


@given(seed=st.integers(0, 2**32))
@settings(max_examples=4, deadline=None)
def test_the_graph_equals_the_oracle_whatever_was_computed_between_arrivals(
    embedded_store: ClickHouseStore, clock: ManualClock, seed: int
) -> None:
    rng = random.Random(seed)
    documents = [d for number in range(20) for d in random_trace(number, rng, spread_s=200)]
    link_at_random(documents, rng)
    documents += rng.sample(documents, len(documents) // 5)
    rng.shuffle(documents)
    embedded_store.clear()
    arrived: list[dict[str, Any]] = []
    for second in range(0, 40, 10):
        share = documents[second * len(documents) // 40 : (second + 10) * len(documents) // 40]
        put(embedded_store, share, received_ns=RECEIVED_NS + second * NS_PER_S)
        arrived += share
        clock.advance(rng.choice([0, 1, 5, 120]))
        if rng.random() < 0.7:
            embedded_store.compute_graph_minutes()
        traces = assemble_traces(spans_of(arrived))
        start_s = START_S - 60 + rng.randint(0, 100)
        window = TimeRange(int(start_s * NS_PER_S), int((start_s + rng.choice([60, 120, 400])) * NS_PER_S))
        assert embedded_store.service_graph(window) == graph_of_traces(traces.values(), window)


def test_a_trace_whose_start_moves_while_the_clock_stands_still_counts_once(store: ClickHouseStore) -> None:
    own = {"trace_id": trace_id_of(1)}
    later, earlier = segment("b", 70, 71, number=2, **own), segment("a", 0, 1, number=1, **own)
    for document in (later, earlier):
        put(store, [document])
        store.refresh_index()
    whole = TimeRange(WINDOW.start_ns, WINDOW.end_ns + 60 * NS_PER_S)
    assert store.service_graph(whole) == graph_of_traces([trace_of([later, earlier])])


LINK = (QUEUE_URL, "worker")


def links_of(graph: ServiceGraph) -> dict[tuple[str, str], tuple[int, tuple[tuple[int, int], ...] | None]]:
    """Receives and ages by the names of both nodes."""
    return {(e.source.name, e.target.name): (e.statistics.total, e.age_histogram) for e in graph.edges if e.is_link}


def test_a_link_leads_from_the_queue_to_the_function_that_received(store: ClickHouseStore) -> None:
    orders, worker = jobs_traces()
    put(store, [*orders, *worker])
    graph = store.service_graph(WINDOW)
    assert graph == graph_of_traces([trace_of(orders), trace_of(worker)])
    assert links_of(graph) == {LINK: (1, ((1500, 1),))}


@pytest.mark.parametrize("computed", [False, True])
def test_a_link_appears_when_the_sender_arrives_late(
    store: ClickHouseStore, clock: ManualClock, computed: bool
) -> None:
    orders, worker = jobs_traces()
    put(store, worker)
    assert links_of(store.service_graph(WINDOW)) == {}
    let_settle(clock)
    if computed:
        store.compute_graph_minutes()
    put(store, orders, received_ns=RECEIVED_NS + 10 * NS_PER_S)
    expected = graph_of_traces([trace_of(orders), trace_of(worker)])
    assert store.service_graph(WINDOW) == expected
    if computed:
        let_settle(clock)
        store.compute_graph_minutes()
        let_settle(clock)
        assert store.compute_graph_minutes() == 0
    assert store.service_graph(WINDOW) == expected


def test_a_link_moves_to_the_node_that_answers_for_the_queue(store: ClickHouseStore) -> None:
    orders, worker = jobs_traces()
    put(store, [*orders, *worker])
    assert links_of(store.service_graph(WINDOW)) == {LINK: (1, ((1500, 1),))}
    queue = segment(
        "jobs", 0.3, 0.4, number=32, trace_id=JOBS_TRACE_ID, parent_id=f"{31:016x}", origin="AWS::SQS::Queue"
    )
    put(store, [queue])
    graph = store.service_graph(WINDOW)
    assert links_of(graph) == {("jobs", "worker"): (1, ((1500, 1),))}
    assert graph == graph_of_traces([trace_of([*orders, queue]), trace_of(worker)])


def test_a_filtered_graph_has_the_links_of_the_traces_that_received(store: ClickHouseStore) -> None:
    orders, worker = jobs_traces()
    put(store, [*orders, *worker])

    def graph_of(text: str) -> ServiceGraph:
        return store.service_graph(WINDOW, TraceFilter(parse_filter(text)))

    assert graph_of('service("worker")') == graph_of_traces([trace_of(worker)], senders=[trace_of(orders)])
    assert links_of(graph_of('service("worker")')) == {LINK: (1, ((1500, 1),))}
    assert links_of(graph_of('service("orders")')) == {}


def test_a_link_is_counted_where_it_was_received(store: ClickHouseStore, clock: ManualClock) -> None:
    orders, worker = jobs_traces()
    put(store, [*orders, *worker])
    store.refresh_index()
    let_settle(clock)
    store.compute_graph_minutes()
    for start, links in ((-60, {LINK: (1, ((1500, 1),))}), (2.1, {}), (1.5, {LINK: (1, ((1500, 1),))})):
        window = TimeRange(int((START_S + start) * NS_PER_S), WINDOW.end_ns)
        graph = store.service_graph(window)
        assert graph == graph_of_traces([trace_of(orders), trace_of(worker)], window)
        assert links_of(graph) == links


def test_a_message_counts_in_its_first_minute_alone_even_when_that_arrives_last(
    store: ClickHouseStore, clock: ManualClock
) -> None:
    """Both minutes hold nothing else of the trace, and one of them was computed with the link that it loses."""
    orders, _ = jobs_traces()
    own: dict[str, Any] = {"trace_id": WORKER_TRACE_ID}
    links = [{"trace_id": JOBS_TRACE_ID, "id": f"{31:016x}"}]
    worker = segment("worker", 2, 250, number=40, **own)
    first, second = (
        independent("got", at, at + 1, number=n, parent=40, links=links, **own) for n, at in ((41, 70), (42, 190))
    )
    whole = TimeRange(WINDOW.start_ns, WINDOW.end_ns + 600 * NS_PER_S)
    arrived: list[dict[str, Any]] = [worker]
    put(store, [worker])
    for document in (second, orders[0], first):
        arrived.append(document)
        put(store, [document])
        store.refresh_index()
        let_settle(clock)
        store.compute_graph_minutes()
        assert store.service_graph(whole) == graph_of_traces(assemble_traces(spans_of(arrived)).values())
    assert links_of(store.service_graph(whole)) == {LINK: (1, ((69_500, 1),))}


def test_links_are_no_calls_in_figures_over_time(store: ClickHouseStore, clock: ManualClock) -> None:
    orders, worker = jobs_traces()
    put(store, [*orders, *worker])
    edge = EdgeTest(NodeSelector(QUEUE_URL), NodeSelector("worker"))
    assert store.statistics_by_minute(WINDOW, edge) == {}
    let_settle(clock)
    store.compute_graph_minutes()
    assert store.statistics_by_minute(WINDOW, edge) == {}


def test_links_survive_storing(store: ClickHouseStore) -> None:
    orders, worker = jobs_traces()
    put(store, [*orders, *worker])
    links = {span.id: span.links for span in store.spans([id_bytes(WORKER_TRACE_ID)])}
    assert links == {40: (Link(id_bytes(JOBS_TRACE_ID), 31),), 41: ()}


def test_copies_of_spans_that_are_each_others_parents_cost_no_more_than_one(store: ClickHouseStore) -> None:
    circle = [
        independent("pay", 0, 1, number=1, parent=2, namespace="remote"),
        independent("pay", 0, 1, number=2, parent=1, namespace="remote"),
    ]
    for copy in range(4):
        put(store, circle, received_ns=RECEIVED_NS + copy * NS_PER_S)
    assert store.service_graph(WINDOW) == ServiceGraph((), ())


def test_a_call_that_began_in_the_minute_before_its_trace_is_found_there(store: ClickHouseStore) -> None:
    """Clocks differ: a subsegment may begin before the segment it is part of, and before the trace's first segment."""
    call = subsegment("names.test", 57, 70, number=2, namespace="remote")
    document = segment("web", 61, 71, number=1, subsegments=[call])
    put(store, [document])
    minute_ns = int(START_S) * NS_PER_S // (60 * NS_PER_S) * 60 * NS_PER_S
    window = TimeRange(minute_ns, minute_ns + 60 * NS_PER_S)
    assert window.contains(int((START_S + 57) * NS_PER_S)) and not window.contains(int((START_S + 61) * NS_PER_S))
    expected = graph_of_traces([trace_of([document])], window)
    assert len(expected.edges) == 1
    assert store.service_graph(window) == expected


def test_what_is_stored_after_the_clock_was_set_back_is_found(store: ClickHouseStore, clock: ManualClock) -> None:
    store.refresh_index()
    clock.advance(-30)
    put(store, shop_trace())
    found = store.service_graph(WINDOW)
    clock.advance(30)
    assert found == graph_of_traces([trace_of(shop_trace())])
