"""Call paths of one trace: spelled as the index spells them, and the time each held the response."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raylens.traces import assemble_trace, call_paths, critical_path, held_by_path
from tests import fixture_traces, xray_documents
from tests.index_facts import index_row_of
from tests.strategies import UNHURRIED, traces
from tests.xray_documents import segment, spans_of, trace_of

FIXTURES = (
    xray_documents.shop_trace, fixture_traces.not_found_trace, fixture_traces.broken_root_trace,
    fixture_traces.throttled_root_trace, fixture_traces.unfinished_trace, fixture_traces.orders_trace,
    fixture_traces.slow_call_trace, fixture_traces.broken_call_trace,
)  # fmt: skip


def assert_paths_of_index(documents: list[dict[str, Any]]) -> None:
    spans = spans_of(documents)
    paths = call_paths(assemble_trace(spans))
    assert Counter(paths.values()) == Counter(index_row_of(spans)["node.path"])


@pytest.mark.parametrize("documents", FIXTURES, ids=lambda build: build.__name__)
def test_a_fixture_trace_has_the_paths_of_the_index(documents: Any) -> None:
    assert_paths_of_index(documents())


@pytest.mark.parametrize("name", fixture_traces.QUICKTABLE)
def test_a_trace_of_the_lab_has_the_paths_of_the_index(name: str) -> None:
    assert_paths_of_index(fixture_traces.quicktable_documents(name))


@given(traces(), st.randoms())
@UNHURRIED
def test_random_traces_have_the_paths_of_the_index(documents: list[dict[str, Any]], random: Any) -> None:
    random.shuffle(documents)
    assert_paths_of_index(documents)


@pytest.mark.parametrize("length", [64, 65, 66, 80])
def test_a_path_that_is_too_deep_is_its_node_alone(length: int) -> None:
    documents = [
        segment(f"s{n}", 0, 100, number=n + 1, **({"parent_id": f"{n:016x}"} if n else {})) for n in range(length)
    ]
    for child, parent in zip(documents[1:], documents, strict=False):
        child["parent_id"] = parent["id"]
    assert_paths_of_index(documents)


@given(traces())
@UNHURRIED
def test_the_times_of_all_paths_are_the_response_time(documents: list[dict[str, Any]]) -> None:
    trace = trace_of(documents)
    path = critical_path(trace)
    if path is not None:
        held_ns = held_by_path(trace, path)
        assert held_ns.keys() == set(call_paths(trace).values())
        assert sum(held_ns.values()) == path.response_ns


def test_a_table_holds_the_response_by_its_own_path() -> None:
    trace = trace_of(fixture_traces.quicktable_documents("table_throttle"))
    path = critical_path(trace)
    assert path is not None
    held_ns = held_by_path(trace, path)
    slowest = max(held_ns, key=held_ns.__getitem__)
    assert slowest.rpartition(" > ")[2] == "Reservations (AWS::DynamoDB::Table)"
    assert slowest.startswith("QuickTableXRayAPI/prod (AWS::ApiGateway::Stage) > CreateReservation")
