"""Operation, path, request shape and handler, in one table. All are POST; paths do not follow from names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from raylens.api.xray import requests
from raylens.api.xray.graph import get_service_graph, get_trace_graph
from raylens.api.xray.groups import create_group, delete_group, get_group, get_groups, update_group
from raylens.api.xray.ingest import put_telemetry_records, put_trace_segments
from raylens.api.xray.insights import get_insight, get_insight_events, get_insight_impact_graph, get_insight_summaries
from raylens.api.xray.sampling import get_sampling_rules, get_sampling_targets
from raylens.api.xray.time_series import get_time_series_service_statistics
from raylens.api.xray.traces import batch_get_traces, get_trace_summaries

Handler = Callable[..., Awaitable[dict[str, Any]]]


class Operation(msgspec.Struct, frozen=True):
    """One operation of the service model."""

    name: str
    path: str
    request: type[msgspec.Struct]
    handler: Handler


OPERATIONS = (
    Operation("PutTraceSegments", "/TraceSegments", requests.PutTraceSegments, put_trace_segments),
    Operation("PutTelemetryRecords", "/TelemetryRecords", requests.PutTelemetryRecords, put_telemetry_records),
    Operation("BatchGetTraces", "/Traces", requests.BatchGetTraces, batch_get_traces),
    Operation("GetTraceSummaries", "/TraceSummaries", requests.GetTraceSummaries, get_trace_summaries),
    Operation("GetServiceGraph", "/ServiceGraph", requests.GetServiceGraph, get_service_graph),
    Operation("GetTraceGraph", "/TraceGraph", requests.GetTraceGraph, get_trace_graph),
    Operation(
        "GetTimeSeriesServiceStatistics",
        "/TimeSeriesServiceStatistics",
        requests.GetTimeSeriesServiceStatistics,
        get_time_series_service_statistics,
    ),
    Operation("GetSamplingRules", "/GetSamplingRules", requests.GetSamplingRules, get_sampling_rules),
    Operation("GetSamplingTargets", "/SamplingTargets", requests.GetSamplingTargets, get_sampling_targets),
    Operation("CreateGroup", "/CreateGroup", requests.CreateGroup, create_group),
    Operation("GetGroup", "/GetGroup", requests.GetGroup, get_group),
    Operation("GetGroups", "/Groups", requests.GetGroups, get_groups),
    Operation("UpdateGroup", "/UpdateGroup", requests.UpdateGroup, update_group),
    Operation("DeleteGroup", "/DeleteGroup", requests.DeleteGroup, delete_group),
    Operation("GetInsightSummaries", "/InsightSummaries", requests.GetInsightSummaries, get_insight_summaries),
    Operation("GetInsight", "/Insight", requests.GetInsight, get_insight),
    Operation("GetInsightEvents", "/InsightEvents", requests.GetInsightEvents, get_insight_events),
    Operation("GetInsightImpactGraph", "/InsightImpactGraph", requests.GetInsightImpactGraph, get_insight_impact_graph),
)
