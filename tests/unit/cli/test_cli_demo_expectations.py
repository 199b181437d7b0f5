"""The demo's expectations hold for what the lab records, and miss anything that is taken away."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from raylens.cli.api_answers import services_from_answer
from raylens.cli.demo_expectations import (
    BAD_POST,
    COLD_POST,
    EXPECTED_EDGES,
    EXPECTED_NODES,
    GET,
    TraceExpectation,
    find_trace,
    missing_from_map,
    missing_from_trace,
    missing_from_traces,
    missing_requests,
)

Documents = list[dict[str, Any]]
Recorded = Callable[[str], Documents]

_RECORDING = {"cold_post": COLD_POST, "warm_get": GET, "bad_post": BAD_POST}
_EACH_TRACE = pytest.mark.parametrize(("name", "expected"), _RECORDING.items(), ids=_RECORDING)


def test_recorded_map_has_all_that_is_expected(service_graph: dict[str, Any]) -> None:
    assert missing_from_map(services_from_answer(service_graph)) == ()


@pytest.mark.parametrize("node", EXPECTED_NODES, ids=str)
def test_a_missing_node_is_named(service_graph: dict[str, Any], node: Any) -> None:
    services = [one for one in services_from_answer(service_graph) if not node.matches(one)]
    assert f"node {node}" in missing_from_map(services)


@pytest.mark.parametrize(("caller", "callee"), EXPECTED_EDGES, ids=lambda node: str(node))
def test_a_missing_edge_is_named(service_graph: dict[str, Any], caller: Any, callee: Any) -> None:
    services = services_from_answer(service_graph)
    callees = {one.reference_id for one in services if callee.matches(one)}
    kept = [
        msgspec.structs.replace(one, edges=tuple(edge for edge in one.edges if edge.reference_id not in callees))
        if caller.matches(one)
        else one
        for one in services
    ]
    assert missing_from_map(kept) == (f"edge {caller} -> {callee}",)


def test_requests_that_the_map_does_not_count_yet_are_told(service_graph: dict[str, Any]) -> None:
    services = services_from_answer(service_graph)
    assert missing_requests(services, 12) == ()
    assert missing_requests(services, 13) == (
        "requests counted on QuickTableXRayAPI/prod (AWS::ApiGateway::Stage): 12 of 13",
    )


def test_an_empty_map_lacks_everything() -> None:
    assert len(missing_from_map(())) == len(EXPECTED_NODES) + len(EXPECTED_EDGES)


@_EACH_TRACE
def test_recorded_trace_has_all_that_is_expected(recorded: Recorded, name: str, expected: TraceExpectation) -> None:
    assert missing_from_trace(expected, recorded(name)) == ()


@_EACH_TRACE
def test_every_missing_span_is_noticed(recorded: Recorded, name: str, expected: TraceExpectation) -> None:
    documents = recorded(name)
    ids = [span["id"] for document in documents for span in (document, *document.get("subsegments", ()))]
    assert len(ids) == len(expected.spans)
    for span_id in ids:
        assert missing_from_trace(expected, _without_span(documents, span_id)) != ()


@_EACH_TRACE
def test_every_missing_or_changed_record_is_noticed(recorded: Recorded, name: str, expected: TraceExpectation) -> None:
    for changed in _with_one_record_changed(recorded(name), expected):
        assert missing_from_trace(expected, changed) != ()


@pytest.mark.parametrize(
    ("name", "span", "change"),
    [
        ("bad_post", "QuickTableXRayAPI/prod", {"error": False}),
        ("bad_post", "QuickTableXRayAPI/prod", {"http": {"response": {"status": 200}}}),
        ("bad_post", "validate_input", {"fault": False}),
        ("bad_post", "validate_input", {"cause": None}),
        ("cold_post", "dynamodb", {"namespace": "local"}),
        ("cold_post", "DynamoDB", {"inferred": False}),
        ("cold_post", "create_reservation", {"end_time": None}),
        ("cold_post", "dynamodb", {"parent_id": "0000000000000000"}),
    ],
)
def test_a_wrong_flag_kind_end_or_parent_is_noticed(
    recorded: Recorded, name: str, span: str, change: dict[str, Any]
) -> None:
    documents = [{**one, **change} if one["name"] == span else one for one in recorded(name)]
    assert missing_from_trace(_RECORDING[name], documents) != ()


def test_a_missing_kind_of_trace_is_named(recorded: Recorded) -> None:
    traces = {name: recorded(name) for name in _RECORDING}
    assert missing_from_traces(traces) == ()
    for name, expected in _RECORDING.items():
        kept = {other: documents for other, documents in traces.items() if other != name}
        assert missing_from_traces(kept) == (f"trace: {expected.title}",)


def test_the_trace_to_check_is_told_by_method_status_and_cold_start(recorded: Recorded) -> None:
    traces = {name: recorded(name) for name in ("warm_get", "cold_post", "bad_post", "throttled_post")}
    assert [find_trace(expected, traces) for expected in (COLD_POST, GET, BAD_POST)] == [
        "cold_post",
        "warm_get",
        "bad_post",
    ]


def _without_span(documents: Documents, span_id: str) -> Documents:
    kept = [document for document in copy.deepcopy(documents) if document["id"] != span_id]
    for document in kept:
        if "subsegments" in document:
            document["subsegments"] = [sub for sub in document["subsegments"] if sub["id"] != span_id]
    return kept


def _with_one_record_changed(documents: Documents, expected: TraceExpectation) -> Iterator[Documents]:
    name = next(span.name for span in expected.spans if span.key == expected.recorded_on)
    at = next(number for number, document in enumerate(documents) if document["name"] == name)
    for annotation in (*(key for key, _ in expected.annotations), *expected.annotations_of_body):
        for value in (None, "something else"):
            changed = copy.deepcopy(documents)
            changed[at]["annotations"][annotation] = value
            yield changed
    for key in expected.metadata:
        changed = copy.deepcopy(documents)
        del changed[at]["metadata"]["default"][key]
        yield changed
