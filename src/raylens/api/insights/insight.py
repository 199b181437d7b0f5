"""Everything about one insight."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from raylens.api.analytics.shapes import SetShape
from raylens.api.context import Services
from raylens.api.explore.map import node_key
from raylens.api.explore.stored_traces import service_shape
from raylens.api.insights.insight_shapes import (
    MapNames,
    event_shapes,
    insight_shape,
    names_in,
    suspect_shape,
)
from raylens.api.insights.requests import InsightRequest
from raylens.api.insights.shapes import ExemplarShape, ImpactEdge, ImpactMinute, ImpactNode, InsightAnswer
from raylens.api.selection import select_traces
from raylens.errors import NotFound, UnknownGroup
from raylens.insights.impact_graph import concerned_services, impact_graph
from raylens.insights.records import ComparedTraces, InsightDetail
from raylens.model.figures import Entity
from raylens.model.group import DEFAULT_GROUP_NAME
from raylens.model.insight import Insight, Signal
from raylens.model.service import CLIENT_TYPE, ServiceGraph, ServiceId
from raylens.model.time import NS_PER_MINUTE, NS_PER_S, TimeRange, seconds_from_ns
from raylens.servicemap import GraphView, ViewEdge, merged_view
from raylens.storage.interface import TraceFilter

# Of what was normal, so that the beginning can be seen; and so much after the end.
_BEFORE_NS, _AFTER_NS = 15 * NS_PER_MINUTE, 5 * NS_PER_MINUTE
# Of an incident that lasts longer the latest part is shown.
_MAX_GRAPH_NS, _MAX_IMPACT_NS = 6 * 3600 * NS_PER_S, 48 * 3600 * NS_PER_S


class _Part(msgspec.Struct, frozen=True):
    """What the store says of an incident: its part of the map, and what clients got minute by minute."""

    view: GraphView
    impact: tuple[ImpactMinute, ...]


async def show_insight(services: Services, request: InsightRequest) -> InsightAnswer:
    """Everything about one incident: who may have caused it and why, whom it hit, and what happened when.

    The map is that of the incident's time, at most its last six hours; the impact begins fifteen minutes before it and
    goes over at most 48 hours. Both are empty where the group was deleted.
    Raises: NotFound where there is no such insight, or none any more.
    """
    id_ = request.id.lower()
    insight = await services.read(lambda: services.insights.get(id_))
    if insight is None:
        raise NotFound(f"there is no insight '{id_[:60]}'")
    detail = await services.read(lambda: services.insights.detail(id_)) or InsightDetail()
    part = await _part_of(services, insight)
    shown = [node.id for node in part.view.nodes]
    names = MapNames(names_in(insight).present | frozenset(shown))
    end_ns = insight.end_ns or services.clock.now_ns()
    whole = ComparedTraces(insight.start_ns, max(end_ns, insight.start_ns + NS_PER_MINUTE), "")
    return InsightAnswer(
        insight=insight_shape(insight, names),
        suspects=tuple(suspect_shape(each, names) for each in insight.suspects),
        events=event_shapes(detail.events),
        exemplars=tuple(ExemplarShape(e.trace_id, seconds_from_ns(e.start_ns), e.why) for e in detail.exemplars),
        anomalous_set=_set_shape(insight, detail.anomalous or whole),
        normal_set=None if detail.normal is None else _set_shape(insight, detail.normal),
        findings=detail.findings,
        nodes=tuple(_nodes(part.view, insight, names)),
        edges=tuple(_edges(part.view, insight)),
        impact=part.impact,
    )


async def _part_of(services: Services, insight: Insight) -> _Part:
    try:
        selection = await select_traces(services, group_name=insight.group_name)
        group = await services.read(lambda: services.groups.get(insight.group_name))
    except UnknownGroup:
        return _Part(merged_view(ServiceGraph((), ())), ())
    if not insight.is_of(group):
        return _Part(merged_view(ServiceGraph((), ())), ())
    now_ns = max(services.clock.now_ns(), insight.start_ns + NS_PER_MINUTE)
    return await services.read(lambda: _read_part(services, insight, selection.where, now_ns))


def _read_part(services: Services, insight: Insight, where: TraceFilter, now_ns: int) -> _Part:
    end_ns = insight.end_ns or now_ns
    graph = services.store.service_graph(TimeRange(max(insight.start_ns, end_ns - _MAX_GRAPH_NS), end_ns), where)
    until_ns = min(now_ns, end_ns + _AFTER_NS)
    minutes = TimeRange(max(insight.start_ns - _BEFORE_NS, until_ns - _MAX_IMPACT_NS), until_ns)
    by_minute = services.store.statistics_by_minute(minutes, None, where)
    impact = tuple(
        ImpactMinute(float(minute * 60), own.ok, own.error, own.throttle, own.fault)
        for minute, own in sorted(by_minute.items())
    )
    return _Part(merged_view(impact_graph(graph, concerned_services(insight))), impact)


def _nodes(view: GraphView, insight: Insight, names: MapNames) -> Iterator[ImpactNode]:
    """Clients first; of two nodes that are shown as one, what either is."""
    cause = insight.root_cause.entity
    # the call of a Lambda service to its own function is no edge of the map
    is_inside = cause.source is not None and names.shown(cause.source) == names.shown(cause.service)
    root = names.shown(cause.service) if cause.source is None or is_inside else None
    signals: dict[ServiceId, Signal] = {}
    for each in insight.deviations:
        if not each.entity.is_edge:
            signals.setdefault(names.shown(each.entity.service), each.signal)
    clients = {each.edge.source for each in view.edges if each.edge.source.type == CLIENT_TYPE}
    for client in sorted(clients):
        yield ImpactNode(node_key(client), service_shape(client), True, False, None)
    for node in view.nodes:
        yield ImpactNode(node_key(node.id), service_shape(node.id), False, node.id == root, signals.get(node.id))


def _edges(view: GraphView, insight: Insight) -> Iterator[ImpactEdge]:
    """Calls and links between the same two nodes as one."""
    deviating = {each.entity: each.signal for each in insight.deviations}
    shown: dict[tuple[ServiceId, ServiceId], list[ViewEdge]] = {}
    for each in view.edges:
        shown.setdefault((each.edge.source, each.edge.target), []).append(each)
    for (source, target), own in shown.items():
        entities = [Entity(part.target, part.source) for each in own for part in each.parts]
        signals = [deviating[entity] for entity in entities if entity in deviating]
        is_cause = insight.root_cause.entity in entities
        yield ImpactEdge(node_key(source), node_key(target), is_cause, signals[0] if signals else None)


def _set_shape(insight: Insight, traces: ComparedTraces) -> SetShape:
    group = None if insight.group_name == DEFAULT_GROUP_NAME else insight.group_name
    return SetShape(seconds_from_ns(traces.start_ns), seconds_from_ns(traces.end_ns), traces.filter, group)
