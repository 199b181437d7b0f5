"""The service map of a set, and of one trace."""

from __future__ import annotations

from collections.abc import Iterable

from raylens.api.analytics.overview import average_ms, distribution, set_shape
from raylens.api.analytics.sets import choose_set
from raylens.api.analytics.shapes import HistogramBucket
from raylens.api.context import Services
from raylens.api.explore.requests import LambdaView, MapRequest, TraceMapRequest
from raylens.api.explore.shapes import MapAnswer, MapEdge, MapNode, StatisticsShape, TraceMapAnswer
from raylens.api.explore.stored_traces import checked_trace_id, stored_trace
from raylens.model.ids import format_trace_id
from raylens.model.service import CLIENT_TYPE, Edge, ServiceGraph, ServiceId, ServiceNode, Statistics
from raylens.model.time import seconds_from_ns
from raylens.servicemap import (
    GraphView,
    ViewEdge,
    edge_filter,
    graph_of_traces,
    linked_trace_ids,
    merged_view,
    node_filter,
    raw_view,
)
from raylens.servicemap.lambda_view import ANY_CLIENT
from raylens.traces import assemble_traces

_CLIENT_KEY = "client"


async def show_map(services: Services, request: MapRequest) -> MapAnswer:
    """The service map of a set: nodes and edges of the requests that began in its range, with their figures.

    Merged, a Lambda function is one node with the figures of its service, and all clients are one.
    Raises: InvalidRequest for a set that cannot be chosen.
    """
    chosen = await choose_set(services, request.of)
    graph = await services.read(lambda: services.store.service_graph(chosen.traces.window, chosen.traces.where))
    nodes, edges = _drawn(graph, request.lambda_view)
    return MapAnswer(set_shape(chosen), request.lambda_view, nodes, edges, chosen.has_old_group_versions)


async def show_trace_map(services: Services, request: TraceMapRequest) -> TraceMapAnswer:
    """The service map of one trace, and where the messages that it received came from.

    Raises: InvalidRequest for what is no trace id, UnknownTrace where no trace has it.
    """
    trace_id = checked_trace_id(request.trace_id)
    nodes, edges = await services.read(lambda: _drawn(_graph_of(services, trace_id), request.lambda_view))
    return TraceMapAnswer(format_trace_id(trace_id), request.lambda_view, nodes, edges)


def _graph_of(services: Services, trace_id: bytes) -> ServiceGraph:
    trace = stored_trace(services.store, trace_id)
    elsewhere = linked_trace_ids([trace]) - {trace_id}
    senders = assemble_traces(services.store.spans(sorted(elsewhere)))
    return graph_of_traces([trace], senders=senders.values())


def _drawn(graph: ServiceGraph, lambda_view: LambdaView) -> tuple[tuple[MapNode, ...], tuple[MapEdge, ...]]:
    view = merged_view(graph) if lambda_view is LambdaView.MERGED else raw_view(graph)
    nodes = (*_clients(view), *map(_node, view.nodes))
    return nodes, tuple(_edge(shown, graph) for shown in view.edges)


def _clients(view: GraphView) -> Iterable[MapNode]:
    edges: dict[ServiceId, list[Edge]] = {}
    for shown in view.edges:
        if shown.edge.source.type == CLIENT_TYPE:
            edges.setdefault(shown.edge.source, []).append(shown.edge)
    for client, own in sorted(edges.items()):
        yield MapNode(
            key=node_key(client),
            name=client.name,
            type=client.type,
            is_client=True,
            is_root=False,
            reporting=False,
            statistics=None,
            start=seconds_from_ns(min(edge.start_ns for edge in own)),
            end=seconds_from_ns(max(edge.end_ns for edge in own)),
            filter=None,
        )


def _node(node: ServiceNode) -> MapNode:
    return MapNode(
        key=node_key(node.id),
        name=node.id.name,
        type=node.id.type,
        is_client=False,
        is_root=node.root,
        reporting=node.reporting,
        statistics=statistics_shape(node.statistics),
        start=seconds_from_ns(node.start_ns),
        end=seconds_from_ns(node.end_ns),
        filter=node_filter(node.id),
    )


def _edge(shown: ViewEdge, graph: ServiceGraph) -> MapEdge:
    edge = shown.edge
    ages = edge.age_histogram
    return MapEdge(
        source=node_key(edge.source),
        target=node_key(edge.target),
        is_link=edge.is_link,
        statistics=statistics_shape(edge.statistics),
        message_ages=None if ages is None else tuple(HistogramBucket(ms, count) for ms, count in ages),
        filter=edge_filter(shown, graph),
    )


def node_key(node: ServiceId) -> str:
    """A text that no other node has: `name|type`, bars and backslashes inside them escaped by a backslash; `client` for
    the one client of a merged map."""
    if node == ANY_CLIENT:
        return _CLIENT_KEY
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in (node.name, node.type))


def statistics_shape(statistics: Statistics) -> StatisticsShape:
    """Figures of a node or an edge."""
    spread = distribution(statistics.histogram)
    return StatisticsShape(
        requests=statistics.total,
        ok=statistics.ok,
        error=statistics.error,
        throttle=statistics.throttle,
        fault=statistics.fault,
        average_ms=average_ms(statistics.response_ns, statistics.total),
        percentiles=spread.percentiles,
        histogram=spread.histogram,
    )
