"""Insights to the members of the X-Ray API."""

from __future__ import annotations

from collections.abc import Iterable

from raylens.api.xray.shapes import Shape, service_id_shape
from raylens.model.insight import Impact, Insight, InsightEvent, InsightState, Signal
from raylens.model.service import CLIENT_TYPE, ServiceGraph, ServiceId
from raylens.model.time import seconds_from_ns

# Of an insight that is closed, Grafana's X-Ray data source shows what follows the first full stop, and fails where
# there is none; a name inside the summary may well hold the first one.
_FIRST_SENTENCE = {
    InsightState.ACTIVE: "The incident goes on.",
    InsightState.CLOSED: "The incident is over.",
}


def insight_summary_shape(insight: Insight) -> Shape:
    """One of a list."""
    return {**insight_shape(insight), "LastUpdateTime": seconds_from_ns(insight.updated_ns)}


def insight_shape(insight: Insight) -> Shape:
    """An insight; without EndTime while it is active.

    The model knows one category, FAULT. An insight without faults, which AWS would not have raised, has none instead of
    one by a word that typed clients cannot name (inferred). The root cause of a call is the service that was called.
    """
    shape: Shape = {
        "InsightId": insight.id,
        "GroupARN": insight.group_arn,
        "GroupName": insight.group_name,
        "RootCauseServiceId": _service_shape(insight.root_cause.entity.service),
        "Categories": ["FAULT"] if Signal.FAULT in insight.signals else [],
        "State": insight.state.value,
        "StartTime": seconds_from_ns(insight.start_ns),
        "Summary": f"{_FIRST_SENTENCE[insight.state]} {insight.summary}",
        "ClientRequestImpactStatistics": _impact_shape(insight.client_impact),
        "RootCauseServiceRequestImpactStatistics": _impact_shape(insight.root_cause_impact),
        "TopAnomalousServices": _anomalous_shapes(insight.top_services or (insight.root_cause.entity.service,)),
    }
    return shape if insight.end_ns is None else {**shape, "EndTime": seconds_from_ns(insight.end_ns)}


def insight_event_shape(event: InsightEvent) -> Shape:
    return {
        "Summary": event.summary,
        "EventTime": seconds_from_ns(event.at_ns),
        "ClientRequestImpactStatistics": _impact_shape(event.client_impact),
        "RootCauseServiceRequestImpactStatistics": _impact_shape(event.root_cause_impact),
        "TopAnomalousServices": _anomalous_shapes(event.top_services),
    }


def impact_graph_shapes(graph: ServiceGraph, account_id: str) -> list[Shape]:
    """Clients first, as in GetServiceGraph: an edge's ReferenceId is that of its target. Structure alone."""
    clients = sorted({edge.source for edge in graph.edges if edge.source.type == CLIENT_TYPE})
    ids = [*clients, *(node.id for node in graph.nodes)]
    references = {id_: reference for reference, id_ in enumerate(ids)}
    targets: dict[ServiceId, set[int]] = {}
    for edge in graph.edges:
        targets.setdefault(edge.source, set()).add(references[edge.target])
    return [
        {
            "ReferenceId": references[id_],
            **_service_shape(id_),
            "AccountId": account_id,
            "Edges": [{"ReferenceId": reference} for reference in sorted(targets.get(id_, ()))],
        }
        for id_ in ids
    ]


def _service_shape(id_: ServiceId) -> Shape:
    """With a Type in any case, which Grafana reads without looking."""
    return {**service_id_shape(id_), "Type": id_.type}


def _anomalous_shapes(services: Iterable[ServiceId]) -> list[Shape]:
    return [{"ServiceId": _service_shape(id_)} for id_ in services]


def _impact_shape(impact: Impact) -> Shape:
    return {"FaultCount": impact.fault, "OkCount": impact.ok, "TotalCount": impact.total}
