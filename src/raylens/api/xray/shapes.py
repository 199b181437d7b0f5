"""Model values to the members of the X-Ray API; only here are they spelled the AWS way."""

from __future__ import annotations

from typing import Any

from raylens.analytics import percentiles_ms
from raylens.ingest.refusal import Refusal
from raylens.model.group import Group
from raylens.model.ids import format_trace_id
from raylens.model.segment import AnnotationValue
from raylens.model.service import CLIENT_TYPE, Edge, ServiceGraph, ServiceId, ServiceNode, Statistics
from raylens.model.time import NS_PER_S, seconds_from_ns
from raylens.model.trace import RootCause, RootCauseEntity, TraceSummary
from raylens.sampling import SamplingRule, Target
from raylens.traces import CompiledTrace

Shape = dict[str, Any]
_PERCENTS = (50, 90, 95, 99)


def unprocessed_segment_shape(refusal: Refusal) -> Shape:
    shape = {"ErrorCode": refusal.code, "Message": refusal.message}
    return shape if refusal.document_id is None else {"Id": refusal.document_id, **shape}


def trace_shape(trace: CompiledTrace, limit_exceeded: bool) -> Shape:
    return {
        "Id": format_trace_id(trace.trace_id),
        "Duration": round(trace.duration_s, 6),
        "LimitExceeded": limit_exceeded,
        "Segments": [{"Id": segment.id, "Document": segment.document} for segment in trace.segments],
    }


def service_graph_shapes(graph: ServiceGraph, with_times: bool) -> list[Shape]:
    """The `Services` of a graph, clients first; an edge's ReferenceId is that of its target, as X-Ray sends it."""
    clients = sorted({edge.source for edge in graph.edges if edge.source.type == CLIENT_TYPE})
    ids = [*clients, *(node.id for node in graph.nodes)]
    references = {id_: reference for reference, id_ in enumerate(ids)}
    outgoing: dict[ServiceId, list[Edge]] = {}
    for edge in graph.edges:
        outgoing.setdefault(edge.source, []).append(edge)

    def edges_of(id_: ServiceId) -> list[Shape]:
        return [
            _edge_shape(e, references[e.target], with_times) for e in outgoing.get(id_, ()) if e.target in references
        ]

    shapes = []
    for client in clients:
        times = _times(outgoing[client][0], with_times)
        names = {"Name": client.name, "Names": [client.name], "Type": CLIENT_TYPE}
        shapes.append(
            {"ReferenceId": references[client], **names, "State": "unknown", **times, "Edges": edges_of(client)}
        )
    for node in graph.nodes:
        shapes.append({**_node_shape(node, references[node.id], with_times), "Edges": edges_of(node.id)})
    return shapes


def _node_shape(node: ServiceNode, reference: int, with_times: bool) -> Shape:
    statistics = node.statistics
    durations = statistics.histogram if statistics.duration_histogram is None else statistics.duration_histogram
    return {
        "ReferenceId": reference,
        **service_id_shape(node.id),
        **({"Root": True} if node.root else {}),
        "State": "active" if node.reporting else "unknown",
        **_times(node, with_times),
        "SummaryStatistics": _statistics_shape(statistics),
        "DurationHistogram": _histogram_shape(durations),
        "ResponseTimeHistogram": _histogram_shape(statistics.histogram),
        **_percentiles_shape(statistics),
    }


def _edge_shape(edge: Edge, reference: int, with_times: bool) -> Shape:
    shape = {
        "ReferenceId": reference,
        **_times(edge, with_times),
        "SummaryStatistics": _statistics_shape(edge.statistics),
    }
    if edge.age_histogram is None:
        histogram = _histogram_shape(edge.statistics.histogram)
        return {**shape, "ResponseTimeHistogram": histogram, "Aliases": [], **_percentiles_shape(edge.statistics)}
    ages = _histogram_shape(edge.age_histogram)
    return {**shape, "Aliases": [], "EdgeType": "link", "ReceivedEventAgeHistogram": ages}


def _times(of: ServiceNode | Edge, with_times: bool) -> Shape:
    """Whole seconds around the first start and the last end; a trace graph has none."""
    return {"StartTime": of.start_ns // NS_PER_S, "EndTime": -(-of.end_ns // NS_PER_S)} if with_times else {}


def _statistics_shape(statistics: Statistics) -> Shape:
    errors = statistics.error + statistics.throttle
    return {
        "OkCount": statistics.ok,
        "ErrorStatistics": {
            "ThrottleCount": statistics.throttle,
            "OtherCount": statistics.error,
            "TotalCount": errors,
        },
        "FaultStatistics": {"OtherCount": statistics.fault, "TotalCount": statistics.fault},
        "TotalCount": statistics.total,
        "TotalResponseTime": seconds_from_ns(statistics.response_ns),
    }


def _histogram_shape(histogram: tuple[tuple[int, int], ...]) -> list[Shape]:
    return [{"Value": ms / 1000, "Count": count} for ms, count in histogram]


def _percentiles_shape(statistics: Statistics) -> Shape:
    """An extension: SDKs leave out members that the service model does not know. Absent where nothing finished."""
    at_ms = percentiles_ms(statistics.histogram, tuple(percent / 100 for percent in _PERCENTS))
    if at_ms is None:
        return {}
    named = zip(_PERCENTS, at_ms, strict=True)
    return {"ResponseTimePercentiles": {f"P{percent}": round(ms / 1000, 6) for percent, ms in named}}


def time_series_point_shape(
    stamp_s: int, statistics: Statistics | None, of_edge: bool, faults: tuple[float, float] | None
) -> Shape:
    """One point; without statistics when the selector met nothing in its period.

    `faults` are the fewest and the most that were expected. Where that is not known the object is empty, as the service
    sends it.
    """
    shape: Shape = {"Timestamp": stamp_s}
    if statistics is not None:
        shape["EdgeSummaryStatistics" if of_edge else "ServiceSummaryStatistics"] = _statistics_shape(statistics)
    histogram = [] if statistics is None else _histogram_shape(statistics.histogram)
    forecast = {} if faults is None else {"FaultCountHigh": int(faults[1]), "FaultCountLow": int(faults[0])}
    return {**shape, "ServiceForecastStatistics": forecast, "ResponseTimeHistogram": histogram}


def service_id_shape(id_: ServiceId) -> Shape:
    """Name, Names and Type; a segment without origin has no Type."""
    shape: Shape = {"Name": id_.name, "Names": [id_.name]}
    return {**shape, "Type": id_.type} if id_.type else shape


def trace_summary_shape(summary: TraceSummary, matched_at_ns: int | None) -> Shape:
    """One summary; `matched_at_ns` is the event's time where the range was over events."""
    shape: Shape = {
        "Id": format_trace_id(summary.trace_id),
        "StartTime": seconds_from_ns(summary.start_ns),
        "HasFault": summary.has_fault,
        "HasError": summary.has_error,
        "HasThrottle": summary.has_throttle,
        "IsPartial": summary.is_partial,
        "Http": _http_shape(summary),
        "Annotations": {
            key: [
                {
                    "AnnotationValue": _annotation_value_shape(annotated.value),
                    "ServiceIds": [service_id_shape(id_) for id_ in annotated.services],
                }
                for annotated in values
            ]
            for key, values in summary.annotations.items()
        },
        "Users": [
            {"UserName": user, "ServiceIds": [service_id_shape(id_) for id_ in services]}
            for user, services in summary.users
        ],
        "ServiceIds": [service_id_shape(id_) for id_ in summary.services],
        "ResourceARNs": [{"ARN": arn} for arn in summary.resource_arns],
        "InstanceIds": [{"Id": id_} for id_ in summary.instance_ids],
        "AvailabilityZones": [{"Name": name} for name in summary.availability_zones],
        "FaultRootCauses": [_root_cause_shape(cause) for cause in summary.fault_root_causes],
        "ErrorRootCauses": [_root_cause_shape(cause) for cause in summary.error_root_causes],
        "ResponseTimeRootCauses": [_root_cause_shape(cause) for cause in summary.response_time_root_causes],
        "Revision": summary.revision,
    }
    if summary.duration_ns is not None:
        shape["Duration"] = seconds_from_ns(summary.duration_ns)
    if summary.response_ns is not None:
        shape["ResponseTime"] = seconds_from_ns(summary.response_ns)
    if summary.entry_point is not None:
        shape["EntryPoint"] = service_id_shape(summary.entry_point)
    if matched_at_ns is not None:
        shape["MatchedEventTime"] = seconds_from_ns(matched_at_ns)
    return shape


def _http_shape(summary: TraceSummary) -> Shape:
    """Always an object, empty when the root served no HTTP: clients read it without looking."""
    members = (
        ("HttpURL", summary.http_url),
        ("HttpStatus", summary.http_status),
        ("HttpMethod", summary.http_method),
        ("UserAgent", summary.user_agent),
        ("ClientIp", summary.client_ip),
    )
    return {name: value for name, value in members if value}


def _annotation_value_shape(value: AnnotationValue) -> Shape:
    if isinstance(value, bool):
        return {"BooleanValue": value}
    return {"StringValue": value} if isinstance(value, str) else {"NumberValue": value}


def _root_cause_shape(cause: RootCause) -> Shape:
    return {
        "ClientImpacting": cause.client_impacting,
        "Services": [
            {
                "Name": service.id.name,
                "Names": [service.id.name],
                # Grafana reads Type of every service without looking
                "Type": service.id.type,
                "Inferred": service.inferred,
                "EntityPath": [_entity_shape(entity) for entity in service.path],
            }
            for service in cause.services
        ],
    }


def _entity_shape(entity: RootCauseEntity) -> Shape:
    shape: Shape = {"Name": entity.name, "Remote": entity.remote}
    if entity.coverage is not None:
        return {**shape, "Coverage": entity.coverage}
    return {**shape, "Exceptions": [{"Name": e.name, "Message": e.message} for e in entity.exceptions]}


def sampling_rule_record_shape(rule: SamplingRule, region: str, account_id: str) -> Shape:
    """Every member is always there: some SDKs skip a rule that lacks one."""
    return {
        "SamplingRule": {
            "RuleName": rule.name,
            "RuleARN": f"arn:aws:xray:{region}:{account_id}:sampling-rule/{rule.name}",
            "ResourceARN": rule.resource_arn,
            "Priority": rule.priority,
            "FixedRate": rule.fixed_rate,
            "ReservoirSize": rule.reservoir_size,
            "ServiceName": rule.service_name,
            "ServiceType": rule.service_type,
            "Host": rule.host,
            "HTTPMethod": rule.http_method,
            "URLPath": rule.url_path,
            "Version": 1,
            "Attributes": {},
        },
        "CreatedAt": 0,
        "ModifiedAt": 0,
    }


def sampling_target_shape(target: Target) -> Shape:
    return {
        "RuleName": target.rule_name,
        "FixedRate": target.fixed_rate,
        "ReservoirQuota": target.quota,
        "ReservoirQuotaTTL": target.expires_ns // NS_PER_S,
        "Interval": target.interval_s,
    }


def group_shape(group: Group, region: str, account_id: str) -> Shape:
    """A group that holds every trace has no FilterExpression; clients read InsightsConfiguration without looking."""
    shape: Shape = {"GroupName": group.name, "GroupARN": group.arn(region, account_id)}
    if group.expression is not None:
        shape["FilterExpression"] = group.expression
    insights = {"InsightsEnabled": group.insights_enabled, "NotificationsEnabled": group.notifications_enabled}
    return {**shape, "InsightsConfiguration": insights}
