"""AnalyticsReader: counts over sets are those of counting their traces one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from raylens.filterexpr.ast import Expression
from raylens.filterexpr.evaluate import matches
from raylens.filterexpr.inline import inline_groups
from raylens.filterexpr.parser import parse_filter
from raylens.model.facts import TraceFacts
from raylens.model.ids import parse_trace_id
from raylens.model.service import histogram_bucket_ms
from raylens.model.time import NS_PER_S, TimeRange
from raylens.model.trace import RootCause
from raylens.model.trace_sets import Attribute, AttributeKind, CategoricalCounts, NumericCounts, TraceSets
from raylens.storage.clickhouse.store import ClickHouseStore
from raylens.storage.interface import HEAT_ROWS_NS, Batch, HeatCell, TraceFilter, TraceSet
from raylens.traceindex.labels import cause_label
from raylens.traces import assemble_traces, facts_of_trace
from tests.filter_strategies import expressions, told_traces
from tests.filter_tables import ACCOUNT_ID, fixture_documents
from tests.strategies import START_S as RANDOM_START_S
from tests.xray_documents import START_S, segment, spans_of, stored, trace_id_of

WINDOW = TimeRange(int((START_S - 3600) * NS_PER_S), int((START_S + 3600) * NS_PER_S))
RANDOM_WINDOW = TimeRange((RANDOM_START_S - 3600) * NS_PER_S, (RANDOM_START_S + 3600) * NS_PER_S)
_OUTCOMES = ("ok", "error", "throttle", "fault")


def put(store: ClickHouseStore, documents: list[dict[str, Any]]) -> None:
    store.write(Batch(stored(documents), spans_of(documents)))


def put_fixtures(store: ClickHouseStore) -> None:
    put(store, [document for documents in fixture_documents().values() for document in documents])


def set_of(text: str = "", window: TimeRange = WINDOW) -> TraceSet:
    return TraceSet(window, TraceFilter(parse_filter(text), (), ACCOUNT_ID))


def _root(read: Callable[[Any], Any]) -> Callable[[TraceFacts], list[Any]]:
    def values(facts: TraceFacts) -> list[Any]:
        value = None if facts.root is None else read(facts.observations[facts.root])
        return [value] if value else []

    return values


def _nodes(read: Callable[[Any], Any]) -> Callable[[TraceFacts], list[Any]]:
    return lambda facts: [value for o in facts.observations if (value := read(o))]


def _label(node: Any) -> str:
    return f"{node.name} ({node.type})" if node.type else str(node.name)


def _causes(causes: Iterable[RootCause]) -> list[Any]:
    return [cause_label(cause) for cause in causes]


# What each attribute is of one trace
VALUES: dict[AttributeKind, Callable[[TraceFacts], list[Any]]] = {
    AttributeKind.URL: _root(lambda o: o.http_url),
    AttributeKind.METHOD: _root(lambda o: o.http_method),
    AttributeKind.STATUS: _root(lambda o: float(o.http_status)),
    AttributeKind.USER_AGENT: _root(lambda o: o.http_user_agent),
    AttributeKind.CLIENT_IP: _root(lambda o: o.http_client_ip),
    AttributeKind.ENTRY_POINT: _root(lambda o: _label(o.node)),
    AttributeKind.OUTCOME: _root(lambda o: None if o.in_progress else _OUTCOMES[o.outcome]),
    AttributeKind.USER: _nodes(lambda o: o.user),
    AttributeKind.AVAILABILITY_ZONE: _nodes(lambda o: o.availability_zone),
    AttributeKind.INSTANCE: _nodes(lambda o: o.instance_id),
    AttributeKind.RESOURCE_ARN: _nodes(lambda o: o.resource_arn),
    AttributeKind.SERVICE: _nodes(lambda o: _label(o.node)),
    AttributeKind.FAULT_ROOT_CAUSE: lambda facts: _causes(facts.fault_root_causes),
    AttributeKind.ERROR_ROOT_CAUSE: lambda facts: _causes(facts.error_root_causes),
    AttributeKind.RESPONSE_TIME_ROOT_CAUSE: lambda facts: _causes(facts.response_time_root_causes),
}


def values_of(attribute: Attribute, facts: TraceFacts) -> set[tuple[type, Any]]:
    if attribute.kind is AttributeKind.ANNOTATION:
        return {(type(a.value), a.value) for a in facts.annotations if a.key == attribute.key}
    return {(type(value), value) for value in VALUES[attribute.kind](facts)}


@given(documents=st.lists(told_traces(), min_size=1, max_size=8), asked=st.tuples(expressions(), expressions()))
@settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip
def test_counts_of_two_random_sets_are_those_of_their_traces(
    embedded_store: ClickHouseStore, documents: list[list[dict[str, Any]]], asked: tuple[Expression, Expression]
) -> None:
    embedded_store.clear()
    sent = [{**d, "trace_id": trace_id_of(number)} for number, trace in enumerate(documents) for d in trace]
    put(embedded_store, sent)
    facts = [facts_of_trace(trace) for trace in assemble_traces(spans_of(sent)).values()]
    first, second = (inline_groups(expression, lambda *_: None) for expression in asked)
    sets = [TraceSet(RANDOM_WINDOW, TraceFilter(expression, (), ACCOUNT_ID)) for expression in (first, second)]
    a, b = ([f for f in facts if matches(e, f, ACCOUNT_ID)] for e in (first, second))

    sizes, counts = embedded_store.compare(sets[0], sets[1], 1000)

    assert sizes == TraceSets(len(a), len(b), sum(f in b for f in a))
    expected_keys = {fact.key for f in (*a, *b) for fact in f.annotations}
    assert {c.attribute.key for c in counts if c.attribute.kind is AttributeKind.ANNOTATION} == expected_keys
    for count in counts:
        if isinstance(count, CategoricalCounts):
            seen = {(type(v.value), v.value): (v.count_a, v.count_b) for v in count.values}
            in_a, in_b = (Counter(v for f in own for v in values_of(count.attribute, f)) for own in (a, b))
            assert seen == {value: (in_a[value], in_b[value]) for value in in_a.keys() | in_b.keys()}, count.attribute
            absent = tuple(sum(not values_of(count.attribute, f) for f in own) for own in (a, b))
            assert (count.absent_a, count.absent_b) == absent, count.attribute
            assert (count.other_a, count.other_b, count.distinct) == (0, 0, None)
        else:
            assert_numbers(count, a, b)
    grouped = embedded_store.group(sets[0], Attribute(AttributeKind.SERVICE), 1000)
    services = Counter(value for f in a for _, value in values_of(Attribute(AttributeKind.SERVICE), f))
    assert {row.value: row.traces for row in grouped.rows if row.value is not None} == services


def assert_numbers(count: NumericCounts, a: list[TraceFacts], b: list[TraceFacts]) -> None:
    name = "response_ns" if count.attribute.kind is AttributeKind.RESPONSE_TIME else "duration_ns"
    lengths = [[getattr(f, name) for f in own] for own in (a, b)]
    assert (count.absent_a, count.absent_b) == tuple(own.count(None) for own in lengths)
    in_a, in_b = (Counter(histogram_bucket_ms(ns) for ns in own if ns is not None) for own in lengths)
    assert {x.bucket_ms: (x.count_a, x.count_b) for x in count.buckets} == {
        bucket: (in_a[bucket], in_b[bucket]) for bucket in in_a.keys() | in_b.keys()
    }


def test_an_overview_counts_outcomes_times_and_activity(store: ClickHouseStore) -> None:
    put_fixtures(store)
    seen = store.overview(set_of(), 60)
    assert (seen.traces, seen.ok, seen.error, seen.throttle, seen.fault, seen.unfinished) == (8, 3, 1, 1, 2, 1)
    assert seen.response_times == ((500, 1), (1000, 1), (1200, 1), (2000, 1), (3000, 1), (4000, 2))
    assert seen.durations == ((500, 1), (1000, 1), (1200, 1), (3000, 1), (4000, 2), (7000, 1))
    assert seen.activity == ((int(START_S) * NS_PER_S, 8, 4),)


def test_a_set_is_grouped_by_the_values_of_an_annotation(store: ClickHouseStore) -> None:
    put_fixtures(store)
    grouping = store.group(set_of(), Attribute(AttributeKind.ANNOTATION, "plan"), 10)
    assert [(row.value, row.traces, row.fault) for row in grouping.rows] == [
        (None, 4, 1),
        ("gold", 3, 1),
        ("free", 1, 0),
    ]
    assert grouping.distinct == 2
    items = store.group(set_of(), Attribute(AttributeKind.ANNOTATION, "items"), 10)
    assert {row.value for row in items.rows} == {None, 3.0, 10.0, 20.0, 30.0, 40.0, "3"}


def test_what_is_left_out_of_a_grouping_is_told(store: ClickHouseStore) -> None:
    put(store, [segment("shop", 0, 1, number=1, user=f"u{n}", trace_id=trace_id_of(n)) for n in range(20)])
    grouping = store.group(set_of(), Attribute(AttributeKind.USER), 3)
    assert (len(grouping.rows), grouping.distinct) == (3, 20)
    _, counts = store.compare(set_of(), set_of("fault"), 3)
    users = next(c for c in counts if c.attribute.kind is AttributeKind.USER)
    assert isinstance(users, CategoricalCounts)
    assert (len(users.values), users.other_a, users.other_b, users.distinct) == (3, 17, 0, 20)


def test_only_annotation_keys_that_are_there_are_offered(store: ClickHouseStore) -> None:
    put_fixtures(store)
    keys = [a.key for a in store.attributes(set_of("error")) if a.kind is AttributeKind.ANNOTATION]
    assert keys == ["beta", "items", "plan"]


def test_call_paths_are_counted_by_trace_and_by_occurrence(store: ClickHouseStore) -> None:
    put_fixtures(store)
    paths = {path.path: path for path in store.compare_paths(set_of("fault"), set_of("ok"), 100)}
    names = paths["web > names.test (remote)"]
    assert (names.traces_a, names.traces_b, names.occurrences_a, names.occurrences_b) == (1, 1, 1, 1)
    assert paths["shop (AWS::EC2::Instance) > pay (AWS::ECS::Container)"].traces_a == 0


def test_a_sample_is_the_same_whenever_it_is_taken(store: ClickHouseStore) -> None:
    put_fixtures(store)
    assert store.sample(set_of(), 3) == store.sample(set_of(), 3)
    assert len(store.sample(set_of(), 3)) == 3
    assert store.sample(set_of("throttle"), 3) == [parse_trace_id(trace_id_of(4))]


@pytest.mark.parametrize("text", ["fault", 'service("nowhere")'])
def test_empty_sets_have_no_counts(store: ClickHouseStore, text: str) -> None:
    sizes, counts = store.compare(set_of(text), set_of(text), 10)
    assert sizes == TraceSets(0, 0, 0)
    assert all(not c.values for c in counts if isinstance(c, CategoricalCounts))
    assert store.overview(set_of(text), 60).traces == 0


@given(documents=st.lists(told_traces(), min_size=1, max_size=8), asked=expressions(), bucket_s=st.integers(1, 4000))
@settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip
def test_a_heat_map_counts_each_finished_trace_in_its_cell(
    embedded_store: ClickHouseStore, documents: list[list[dict[str, Any]]], asked: Expression, bucket_s: int
) -> None:
    embedded_store.clear()
    sent = [{**d, "trace_id": trace_id_of(number)} for number, trace in enumerate(documents) for d in trace]
    put(embedded_store, sent)
    expression = inline_groups(asked, lambda *_: None)
    facts = [facts_of_trace(trace) for trace in assemble_traces(spans_of(sent)).values()]
    chosen = [f for f in facts if matches(expression, f, ACCOUNT_ID) and f.response_ns is not None]

    cells = embedded_store.heat_map(TraceSet(RANDOM_WINDOW, TraceFilter(expression, (), ACCOUNT_ID)), bucket_s)

    counted: Counter[tuple[int, int, int]] = Counter()
    for f in chosen:
        assert f.root is not None and f.response_ns is not None
        row = max(row for row, from_ns in enumerate(HEAT_ROWS_NS) if from_ns <= f.response_ns)
        bucket_ns = bucket_s * NS_PER_S
        counted[f.start_ns // bucket_ns * bucket_ns, row, f.observations[f.root].outcome] += 1
    places = sorted({(start_ns, row) for start_ns, row, _ in counted})
    assert cells == tuple(
        HeatCell(*place, sum(counted[*place, o] for o in range(4)), *(counted[*place, o] for o in (1, 2, 3)))
        for place in places
    )


@pytest.mark.parametrize(
    ("length_us", "row"),
    [(0, 0), (999, 0), (1_000, 1), (1_249, 1), (1_250, 2), (9_999, 10), (10_000, 11), (10**6, 31), (3600 * 10**6, 66)],
)
def test_rows_of_a_heat_map_hold_their_start_and_not_their_end(
    store: ClickHouseStore, length_us: int, row: int
) -> None:
    put(store, [segment("shop", 0, length_us / 1e6, number=1)])
    cells = store.heat_map(set_of(), 60)
    assert cells == (HeatCell(int(START_S) // 60 * 60 * NS_PER_S, row, 1, 0, 0, 0),)


def test_rows_of_a_heat_map_are_ten_to_a_decade() -> None:
    assert [from_ns / 1e6 for from_ns in HEAT_ROWS_NS[:12]] == [0, 1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8, 10]
    assert list(HEAT_ROWS_NS) == sorted(set(HEAT_ROWS_NS)) and HEAT_ROWS_NS[-1] < 1 << 63
