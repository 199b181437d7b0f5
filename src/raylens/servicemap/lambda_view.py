"""The service graph as people want to see it: the two nodes of a Lambda function as one, all clients as one.

Lambda reports the service that receives an invocation (`AWS::Lambda`) and the function that runs it
(`AWS::Lambda::Function`) apart, under one name.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from raylens.model.service import (
    CLIENT_TYPE,
    Edge,
    ServiceGraph,
    ServiceId,
    ServiceNode,
    merge_histograms,
    merge_statistics,
)

LAMBDA_SERVICE, LAMBDA_FUNCTION = "AWS::Lambda", "AWS::Lambda::Function"
# The one client of a merged view; no segment has a type like that, so it is nobody else's name.
ANY_CLIENT = ServiceId("Client", CLIENT_TYPE)


class ViewEdge(msgspec.Struct, frozen=True):
    """An edge as it is shown, and the edges of the graph that it stands for, at least one."""

    edge: Edge
    parts: tuple[Edge, ...]


class GraphView(msgspec.Struct, frozen=True):
    """A service graph as it is shown, in the stable order of the graph. Clients are no nodes, as in the graph."""

    nodes: tuple[ServiceNode, ...]
    edges: tuple[ViewEdge, ...]


def raw_view(graph: ServiceGraph) -> GraphView:
    """Every node and edge as it was sent."""
    return GraphView(graph.nodes, tuple(ViewEdge(edge, (edge,)) for edge in graph.edges))


def merged_view(graph: ServiceGraph) -> GraphView:
    """The view with one client, and with one node for the two of each Lambda function.

    The merged node has type `AWS::Lambda` and the figures of the service: they hold the start of the sandbox and the
    throttles, which the function cannot see. A function whose service sent nothing stays as it is. Calls from the
    service to its own function are left out; a function that calls itself keeps the edge to itself.
    """
    joined = _joined(graph.nodes)
    nodes: dict[ServiceId, ServiceNode] = {node.id: node for node in graph.nodes if node.id not in joined}
    for node in graph.nodes:
        if node.id in joined:
            nodes[joined[node.id]] = _with_function(nodes[joined[node.id]], node)
    parts: dict[tuple[ServiceId, ServiceId, bool], list[Edge]] = {}
    for edge in graph.edges:
        if joined.get(edge.target) == edge.source:
            continue
        source = ANY_CLIENT if edge.source.type == CLIENT_TYPE else joined.get(edge.source, edge.source)
        parts.setdefault((source, joined.get(edge.target, edge.target), edge.is_link), []).append(edge)
    edges = [
        ViewEdge(_sum(source, target, own, is_link), tuple(own)) for (source, target, is_link), own in parts.items()
    ]
    return GraphView(
        tuple(sorted(nodes.values(), key=lambda node: node.id)),
        tuple(sorted(edges, key=lambda each: (each.edge.source, each.edge.target, each.edge.is_link))),
    )


def parts_of(node: ServiceId) -> tuple[ServiceId, ...]:
    """The nodes of a graph that a node of its merged view may stand for as an end of edges."""
    return (node, ServiceId(node.name, LAMBDA_FUNCTION)) if node.type == LAMBDA_SERVICE else (node,)


def _joined(nodes: Iterable[ServiceNode]) -> dict[ServiceId, ServiceId]:
    """Of each function whose service is there too, the service."""
    services = {node.id for node in nodes if node.id.type == LAMBDA_SERVICE}
    functions = (node.id for node in nodes if node.id.type == LAMBDA_FUNCTION)
    joined = {function: ServiceId(function.name, LAMBDA_SERVICE) for function in functions}
    return {function: service for function, service in joined.items() if service in services}


def _with_function(service: ServiceNode, function: ServiceNode) -> ServiceNode:
    return msgspec.structs.replace(
        service,
        root=service.root or function.root,
        reporting=service.reporting or function.reporting,
        start_ns=min(service.start_ns, function.start_ns),
        end_ns=max(service.end_ns, function.end_ns),
    )


def _sum(source: ServiceId, target: ServiceId, parts: list[Edge], is_link: bool) -> Edge:
    if len(parts) == 1:
        return msgspec.structs.replace(parts[0], source=source, target=target)
    return Edge(
        source,
        target,
        min(edge.start_ns for edge in parts),
        max(edge.end_ns for edge in parts),
        merge_statistics(edge.statistics for edge in parts),
        merge_histograms(edge.age_histogram or () for edge in parts) if is_link else None,
    )
