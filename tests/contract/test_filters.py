"""Searching by filter expression finds what the expression means (`filterexpr.matches`)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from raylens.errors import QueryTooLarge
from raylens.filterexpr.ast import Constant, Expression
from raylens.filterexpr.evaluate import matches
from raylens.filterexpr.inline import inline_groups
from raylens.filterexpr.parser import parse_filter
from raylens.model.ids import parse_trace_id
from raylens.model.time import NS_PER_S, TimeRange
from raylens.servicemap import graph_of_traces
from raylens.storage.clickhouse import filters
from raylens.storage.clickhouse.store import ClickHouseStore
from raylens.storage.interface import Batch, GroupVersion, RangeType, TraceFilter
from raylens.traces import assemble_traces, facts_of_trace
from tests.filter_strategies import expressions, told_traces
from tests.filter_tables import ACCOUNT_ID, GROUPS, VALID, fixture_documents
from tests.strategies import START_S as RANDOM_START_S
from tests.xray_documents import RECEIVED_NS, START_S, segment, spans_of, stored, subsegment, trace_id_of

DAY = TimeRange(int((START_S - 3600) * NS_PER_S), int((START_S + 3600) * NS_PER_S))
RANDOM_DAY = TimeRange((RANDOM_START_S - 3600) * NS_PER_S, (RANDOM_START_S + 3600) * NS_PER_S)
# every example goes through the store: shrinking one would take minutes
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)


def put(store: ClickHouseStore, documents: list[dict[str, Any]], received_ns: int = RECEIVED_NS) -> None:
    store.write(Batch(stored(documents, received_ns), spans_of(documents, received_ns)))


def expression_of(text: str) -> Expression:
    return inline_groups(parse_filter(text), lambda _, name: parse_filter(GROUPS[name]) if name in GROUPS else None)


def found(
    store: ClickHouseStore, where: TraceFilter, window: TimeRange = DAY, by: RangeType = RangeType.TRACE_ID
) -> Any:
    return {match.trace_id for match in store.find_traces(window, by, 1000, None, where)}


@pytest.fixture(scope="module")
def store_of_fixtures(embedded_store: ClickHouseStore) -> ClickHouseStore:
    embedded_store.clear()
    put(embedded_store, [document for documents in fixture_documents().values() for document in documents])
    return embedded_store


def names_of(trace_ids: set[bytes]) -> set[str]:
    names = {parse_trace_id(documents[0]["trace_id"]): name for name, documents in fixture_documents().items()}
    return {names[trace_id] for trace_id in trace_ids}


@pytest.mark.parametrize(("number", "text", "expected"), VALID, ids=[row[0] for row in VALID])
def test_an_expression_finds_its_traces(
    store_of_fixtures: ClickHouseStore, number: str, text: str, expected: frozenset[str]
) -> None:
    assert names_of(found(store_of_fixtures, TraceFilter(expression_of(text), (), ACCOUNT_ID))) == expected


@pytest.mark.parametrize("by", [RangeType.EVENT, RangeType.SERVICE])
def test_expressions_restrict_the_other_ranges_too(store: ClickHouseStore, by: RangeType) -> None:
    put(store, [document for documents in fixture_documents().values() for document in documents])
    window = DAY if by is RangeType.SERVICE else TimeRange(RECEIVED_NS, RECEIVED_NS + 1)
    assert names_of(found(store, TraceFilter(expression_of('annotation.plan = "gold"')), window, by)) == {
        "T1",
        "T3",
        "T6",
    }


@given(
    documents=st.lists(told_traces(), min_size=1, max_size=6), asked=st.lists(expressions(), min_size=4, max_size=12)
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=UNSHRUNK)
def test_searches_agree_with_the_meaning_of_random_expressions(
    embedded_store: ClickHouseStore, documents: list[list[dict[str, Any]]], asked: list[Expression]
) -> None:
    embedded_store.clear()
    sent = [{**d, "trace_id": trace_id_of(number)} for number, trace in enumerate(documents) for d in trace]
    put(embedded_store, sent)
    facts = {id_: facts_of_trace(trace) for id_, trace in assemble_traces(spans_of(sent)).items()}
    for expression in asked:
        inlined = inline_groups(expression, lambda *_: None)
        expected = {id_ for id_, own in facts.items() if matches(inlined, own, ACCOUNT_ID)}
        assert found(embedded_store, TraceFilter(inlined, (), ACCOUNT_ID), RANDOM_DAY) == expected, expression


@given(documents=st.lists(told_traces(), min_size=1, max_size=4), asked=expressions())
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=UNSHRUNK)
def test_a_filtered_graph_is_that_of_the_traces_found(
    embedded_store: ClickHouseStore, documents: list[list[dict[str, Any]]], asked: Expression
) -> None:
    embedded_store.clear()
    sent = [{**d, "trace_id": trace_id_of(number)} for number, trace in enumerate(documents) for d in trace]
    put(embedded_store, sent)
    inlined = inline_groups(asked, lambda *_: None)
    traces = assemble_traces(spans_of(sent)).values()
    expected = graph_of_traces(t for t in traces if matches(inlined, facts_of_trace(t), ACCOUNT_ID))
    assert embedded_store.service_graph(RANDOM_DAY, TraceFilter(inlined, (), ACCOUNT_ID)) == expected


def test_a_group_judges_by_the_expression_that_was_in_force_when_a_trace_arrived(store: ClickHouseStore) -> None:
    change_ns = RECEIVED_NS + 60 * NS_PER_S
    for number, (status, received_ns) in enumerate([(200, 0), (500, 0), (200, 90), (500, 90)]):
        members: dict[str, Any] = {"http": {"response": {"status": status}}}
        document = segment("shop", number, number + 1, number=1, trace_id=trace_id_of(number), **members)
        put(store, [document], RECEIVED_NS + received_ns * NS_PER_S)
    versions = (
        GroupVersion(parse_filter("fault"), 0, change_ns),
        GroupVersion(parse_filter("ok"), change_ns, None),
    )
    ids = [parse_trace_id(trace_id_of(number)) for number in range(4)]
    assert found(store, TraceFilter(Constant(True), versions)) == {ids[1], ids[2]}
    assert found(store, TraceFilter(parse_filter("http.status = 200"), versions)) == {ids[2]}


def test_an_expression_that_looks_like_sql_is_only_text(store: ClickHouseStore) -> None:
    user = "x' OR 1=1 -- {f0:String} \\ \n\0"
    put(store, [segment("shop", 0, 1, number=1, user=user)])
    put(store, [segment("shop", 0, 1, number=1, user="bob", trace_id=trace_id_of(2))])
    quoted = user.replace("\\", "\\\\").replace('"', '\\"')
    assert len(found(store, TraceFilter(parse_filter(f'user = "{quoted}"')))) == 1


def test_a_thousand_conditions_are_one_statement(store: ClickHouseStore) -> None:
    put(store, [segment("shop", 0, 1, number=1, user="u999")])
    text = " OR ".join(f'service("s{number}") {{ user = "u{number}" }}' for number in range(499)) + ' OR user = "u999"'
    assert len(found(store, TraceFilter(parse_filter(text)))) == 1


def test_more_root_causes_than_can_be_judged_are_an_error_and_no_partial_answer(
    store: ClickHouseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filters, "_MAX_CAUSES", 1)
    for number in range(2):
        call = subsegment("names.test", 0, 3, number=2, namespace="remote", fault=True)
        name = f"web{number}"
        put(store, [segment(name, 0, 4, number=1, fault=True, subsegments=[call], trace_id=trace_id_of(number))])
    with pytest.raises(QueryTooLarge):
        found(store, TraceFilter(parse_filter('rootcause.fault.service { name = "web0" }')))
