"""The part of a service graph that an incident concerns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from raylens.model.insight import Insight
from raylens.model.service import CLIENT_TYPE, ServiceGraph, ServiceId


def impact_graph(graph: ServiceGraph, concerned: Iterable[ServiceId]) -> ServiceGraph:
    """The nodes that are concerned, those on paths between them, and those on paths from clients to them.

    Everything that lies only below them, or on the way to others, is left out; so is what the graph does not have.
    Links count as ways. Clients stay where one of their requests may have reached what is concerned. Nodes and edges
    keep their order.
    """
    callers: dict[ServiceId, set[ServiceId]] = {}
    callees: dict[ServiceId, set[ServiceId]] = {}
    for edge in graph.edges:
        callers.setdefault(edge.target, set()).add(edge.source)
        callees.setdefault(edge.source, set()).add(edge.target)
    meant = {node.id for node in graph.nodes} & set(concerned)
    clients = {edge.source for edge in graph.edges if edge.source.type == CLIENT_TYPE}
    kept = _reached(meant, callers) & _reached(meant | clients, callees)
    return ServiceGraph(
        tuple(node for node in graph.nodes if node.id in kept),
        tuple(edge for edge in graph.edges if edge.source in kept and edge.target in kept),
    )


def concerned_services(insight: Insight) -> tuple[ServiceId, ...]:
    """What was anomalous and what caused it, each once; of an edge both ends."""
    entities = (insight.root_cause.entity, *insight.anomalous)
    ends = [end for entity in entities for end in (entity.service, entity.source) if end is not None]
    return tuple(dict.fromkeys(ends))


def _reached(starts: set[ServiceId], ways: Mapping[ServiceId, set[ServiceId]]) -> set[ServiceId]:
    """The starts and whatever ways lead to from there."""
    found, waiting = set(starts), list(starts)
    while waiting:
        for following in ways.get(waiting.pop(), ()):
            if following not in found:
                found.add(following)
                waiting.append(following)
    return found
