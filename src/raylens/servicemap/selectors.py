"""Filter expressions that select the traces which went through a node, or took an edge, of a map."""

from __future__ import annotations

from collections.abc import Iterable

from raylens.filterexpr import print_filter
from raylens.filterexpr.ast import EdgeTest, NodeSelector, ServiceTest
from raylens.model.service import Edge, ServiceGraph, ServiceId
from raylens.servicemap.lambda_view import ViewEdge


def node_filter(node: ServiceId) -> str:
    """The traces that went through a node; what its requests have to satisfy may follow in braces."""
    return print_filter(ServiceTest(_selector(node)))


def edge_filter(shown: ViewEdge, graph: ServiceGraph) -> str | None:
    """The traces that took an edge; None where no single `edge()` means that edge and no other of `graph`.

    No expression asks for links. An edge that stands for several of the graph is selected by the names of its ends, as
    long as that means no edge which it does not stand for.
    """
    if shown.edge.is_link:
        return None
    if len(shown.parts) == 1:
        return print_filter(EdgeTest(_selector(shown.parts[0].source), _selector(shown.parts[0].target)))
    source, target = _common(e.source for e in shown.parts), _common(e.target for e in shown.parts)
    if source.name is None or target.name is None:
        return None
    if any(edge not in shown.parts and _takes(edge, source, target) for edge in graph.edges):
        return None
    return print_filter(EdgeTest(source, target))


def _selector(node: ServiceId) -> NodeSelector:
    return NodeSelector(node.name, node.type)


def _common(nodes: Iterable[ServiceId]) -> NodeSelector:
    """What all of these have in common; None is what differs."""
    listed = tuple(nodes)
    names, types = {node.name for node in listed}, {node.type for node in listed}
    return NodeSelector(names.pop() if len(names) == 1 else None, types.pop() if len(types) == 1 else None)


def _takes(edge: Edge, source: NodeSelector, target: NodeSelector) -> bool:
    return not edge.is_link and all(
        wanted.name == seen.name and wanted.type in (None, seen.type)
        for wanted, seen in ((source, edge.source), (target, edge.target))
    )
