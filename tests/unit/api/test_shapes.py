"""Encoded answers, byte for byte; `--update-golden` rewrites them."""

from __future__ import annotations

from typing import Any

import pytest

from raylens.api.protocol.rest_json import encode_response
from raylens.api.xray.shapes import (
    sampling_rule_record_shape,
    sampling_target_shape,
    service_graph_shapes,
    trace_shape,
    trace_summary_shape,
    unprocessed_segment_shape,
)
from raylens.ingest.refusal import Refusal
from raylens.model.service import ServiceGraph
from raylens.sampling import DEFAULT_RULE, ReservoirShares
from raylens.servicemap import graph_of_traces
from raylens.traces import CompiledTrace, summarize_trace
from tests.conftest import Golden
from tests.fixture_traces import broken_call_trace, jobs_traces, orders_trace, quicktable_documents, unfinished_trace
from tests.xray_documents import START_S, id_bytes, independent, lambda_trace, segment, shop_trace, trace_of

TRACES = {
    "shop": shop_trace(),
    "orders": orders_trace(),
    "lab": lambda_trace(),
    "unfinished": unfinished_trace(),
    "broken_call": broken_call_trace(),
    "table_throttle": quicktable_documents("table_throttle"),
}


def graph_of(documents: list[dict[str, Any]]) -> ServiceGraph:
    return graph_of_traces([trace_of(documents)])


@pytest.mark.parametrize("name", ["shop", "orders", "lab", "table_throttle"])
def test_the_service_graph_is_encoded_as_the_golden_one(name: str, golden: Golden) -> None:
    shapes = service_graph_shapes(graph_of(TRACES[name]), with_times=True)
    golden(f"api/service_graph_{name}.json", encode_response({"Services": shapes}))


def test_a_graph_with_a_link_is_encoded_as_the_golden_one(golden: Golden) -> None:
    orders, worker = jobs_traces()
    shapes = service_graph_shapes(graph_of_traces([trace_of(orders), trace_of(worker)]), with_times=True)
    golden("api/service_graph_jobs.json", encode_response({"Services": shapes}))


@pytest.mark.parametrize("name", ["shop", "unfinished", "broken_call", "table_throttle"])
def test_a_summary_is_encoded_as_the_golden_one(name: str, golden: Golden) -> None:
    golden(
        f"api/trace_summary_{name}.json",
        encode_response(trace_summary_shape(summarize_trace(trace_of(TRACES[name])), None)),
    )


def test_a_trace_graph_has_no_times() -> None:
    for service in service_graph_shapes(graph_of(shop_trace()), with_times=False):
        assert {"StartTime", "EndTime"}.isdisjoint(service)
        for edge in service["Edges"]:
            assert {"StartTime", "EndTime"}.isdisjoint(edge)


def test_a_service_graph_has_whole_seconds_around_what_it_saw() -> None:
    client, stage, *_ = service_graph_shapes(graph_of(lambda_trace()), with_times=True)
    assert (client["StartTime"], client["EndTime"]) == (int(START_S), int(START_S) + 1)
    assert isinstance(stage["StartTime"], int)


@pytest.mark.parametrize("name", list(TRACES))
def test_each_edge_refers_to_a_node_and_a_client_has_no_statistics(name: str) -> None:
    services = service_graph_shapes(graph_of(TRACES[name]), with_times=True)
    references = [service["ReferenceId"] for service in services]
    assert references == list(range(len(services)))
    assert {edge["ReferenceId"] for service in services for edge in service["Edges"]} <= set(references)
    for service in services:
        is_client = service.get("Type") == "client"
        assert is_client == ("SummaryStatistics" not in service) == ("DurationHistogram" not in service)
        assert service["Names"] == [service["Name"]]


def test_throttles_are_counted_inside_errors_and_all_classes_add_up() -> None:
    services = service_graph_shapes(graph_of(shop_trace()), with_times=False)
    (orders,) = (service["SummaryStatistics"] for service in services if service["Name"] == "orders")
    assert orders == {
        "OkCount": 0,
        "ErrorStatistics": {"ThrottleCount": 1, "OtherCount": 0, "TotalCount": 1},
        "FaultStatistics": {"OtherCount": 0, "TotalCount": 0},
        "TotalCount": 1,
        "TotalResponseTime": 5.0,
    }


def test_a_segment_without_origin_is_a_node_without_type() -> None:
    (_, node) = service_graph_shapes(graph_of([segment("web", 0, 1, number=1)]), with_times=False)
    assert "Type" not in node


def test_a_graph_of_nothing_is_an_empty_list() -> None:
    assert service_graph_shapes(ServiceGraph((), ()), with_times=True) == []


def test_http_is_always_an_object_and_lists_are_always_there() -> None:
    orphan = trace_of([independent("work", 0, 1, number=2, parent=9)])
    assert trace_summary_shape(summarize_trace(orphan), None) == {
        "Id": "1-65cde7a8-fc2eb0bb7b27667a2d21c7c4",
        "StartTime": START_S,
        "HasFault": False,
        "HasError": False,
        "HasThrottle": False,
        "IsPartial": True,
        "Http": {},
        "Annotations": {},
        "Users": [],
        "ServiceIds": [],
        "ResourceARNs": [],
        "InstanceIds": [],
        "AvailabilityZones": [],
        "FaultRootCauses": [],
        "ErrorRootCauses": [],
        "ResponseTimeRootCauses": [],
        "Revision": 1,
    }


def test_a_time_that_matched_is_named_where_the_range_was_over_events() -> None:
    shape = trace_summary_shape(summarize_trace(trace_of(shop_trace())), 1_700_000_000_250_000_000)
    assert shape["MatchedEventTime"] == 1_700_000_000.25


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("3", {"StringValue": "3"}),
        (3, {"NumberValue": 3}),
        (True, {"BooleanValue": True}),
        (False, {"BooleanValue": False}),
    ],
)
def test_an_annotation_value_has_exactly_one_member(value: object, shape: dict[str, object]) -> None:
    summary = summarize_trace(trace_of([segment("s", 0, 1, number=1, annotations={"k": value})]))
    assert trace_summary_shape(summary, None)["Annotations"] == {
        "k": [{"AnnotationValue": shape, "ServiceIds": [{"Name": "s", "Names": ["s"]}]}]
    }


def test_a_refusal_names_the_document_where_its_id_could_be_read() -> None:
    assert unprocessed_segment_shape(Refusal(0, None, "ParseError", "m")) == {"ErrorCode": "ParseError", "Message": "m"}
    assert unprocessed_segment_shape(Refusal(0, "1" * 16, "MissingName", "m")) == {
        "Id": "1" * 16,
        "ErrorCode": "MissingName",
        "Message": "m",
    }


def test_a_trace_cut_for_size_says_so() -> None:
    shape = trace_shape(CompiledTrace(id_bytes(), 0.1 + 0.2, ()), True)
    assert shape == {
        "Id": "1-65cde7a8-fc2eb0bb7b27667a2d21c7c4",
        "Duration": 0.3,
        "LimitExceeded": True,
        "Segments": [],
    }


def test_the_default_rule_is_encoded_with_every_member(golden: Golden) -> None:
    record = sampling_rule_record_shape(DEFAULT_RULE, "us-east-1", "000000000000")
    golden("api/sampling_rule_default.json", encode_response(record))


def test_a_target_has_quota_and_expiry_together() -> None:
    target = ReservoirShares().target_for(DEFAULT_RULE, "c" * 24, 1_700_000_000_999_000_000)
    assert sampling_target_shape(target) == {
        "RuleName": "Default",
        "FixedRate": 0.05,
        "ReservoirQuota": 1,
        "ReservoirQuotaTTL": 1_700_000_300,
        "Interval": 10,
    }
