"""Adds observations up to a service graph; the one place where node and edge figures are summed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from raylens.model.outcome import Outcome
from raylens.model.service import CLIENT_TYPE, Edge, ServiceGraph, ServiceId, ServiceNode, Statistics


class Seen(msgspec.Struct, frozen=True):
    """`count` requests of one class and one histogram bucket; `outcome` is None while they are in progress.

    In-progress requests make a node but are counted nowhere: statistics are of completed requests (X-Ray API
    reference, ServiceStatistics).
    """

    outcome: int | None
    count: int
    response_ns: int
    response_ms: int
    duration_ms: int
    start_ns: int
    end_ns: int


class Tally:
    """The requests of one node or edge, added up."""

    def __init__(self) -> None:
        self._by_outcome = [0, 0, 0, 0]
        self._response_ns = 0
        self._response: Counter[int] = Counter()
        self._duration: Counter[int] = Counter()
        self.start_ns: int | None = None
        self.end_ns = 0

    def add(self, seen: Seen) -> None:
        """Count some requests."""
        self.start_ns = seen.start_ns if self.start_ns is None else min(self.start_ns, seen.start_ns)
        self.end_ns = max(self.end_ns, seen.end_ns)
        if seen.outcome is None:
            return
        self._by_outcome[seen.outcome] += seen.count
        self._response_ns += seen.response_ns
        self._response[seen.response_ms] += seen.count
        self._duration[seen.duration_ms] += seen.count

    def statistics(self) -> Statistics:
        """What was counted."""
        ok, error, throttle, fault = (self._by_outcome[outcome] for outcome in Outcome)
        histogram = tuple(sorted(self._response.items()))
        durations = tuple(sorted(self._duration.items()))
        same = durations == histogram
        return Statistics(ok, error, throttle, fault, self._response_ns, histogram, None if same else durations)


class GraphBuilder:
    """Takes observations in any order; the graph does not depend on it."""

    def __init__(self) -> None:
        self._nodes: dict[ServiceId, Tally] = {}
        self._edges: dict[tuple[ServiceId, ServiceId], Tally] = {}
        self._links: dict[tuple[ServiceId, ServiceId], tuple[Tally, Counter[int]]] = {}
        self._roots: set[ServiceId] = set()
        self._reporting: set[ServiceId] = set()

    def add_reporting(self, node: ServiceId, root: bool, seen: Seen) -> None:
        """Requests that a service reported in segments of its own; `root` when they entered the application there."""
        self._nodes.setdefault(node, Tally()).add(seen)
        self._reporting.add(node)
        if root:
            self._roots.add(node)
            self._edges.setdefault((ServiceId(node.name, CLIENT_TYPE), node), Tally()).add(seen)

    def add_call(self, source: ServiceId, target: ServiceId, inferred: bool, seen: Seen) -> None:
        """Calls as the caller saw them; of an `inferred` target the caller's record is also the node's."""
        self._edges.setdefault((source, target), Tally()).add(seen)
        if inferred:
            self._nodes.setdefault(target, Tally()).add(seen)

    def add_link(self, source: ServiceId, target: ServiceId, seen: Seen, age_ms: int) -> None:
        """Receives of messages that were sent to or by `source`, `age_ms` after they were sent."""
        tally, ages = self._links.setdefault((source, target), (Tally(), Counter()))
        tally.add(seen)
        ages[age_ms] += seen.count

    def build(self) -> ServiceGraph:
        edges = [
            Edge(source, target, tally.start_ns or 0, tally.end_ns, tally.statistics())
            for (source, target), tally in self._edges.items()
        ]
        edges += [
            Edge(source, target, tally.start_ns or 0, tally.end_ns, tally.statistics(), tuple(sorted(ages.items())))
            for (source, target), (tally, ages) in self._links.items()
        ]
        return ServiceGraph(
            tuple(sorted([*self._seen_nodes(), *self._silent_nodes()], key=lambda node: node.id)),
            tuple(sorted(edges, key=lambda edge: (edge.source, edge.target, edge.is_link))),
        )

    def _seen_nodes(self) -> Iterator[ServiceNode]:
        for id_, tally in self._nodes.items():
            is_root, is_reporting = id_ in self._roots, id_ in self._reporting
            yield ServiceNode(id_, is_root, is_reporting, tally.start_ns or 0, tally.end_ns, tally.statistics())

    def _silent_nodes(self) -> Iterator[ServiceNode]:
        """Where links begin although nothing was sent there in these traces or this range: a message may wait long."""
        spans: dict[ServiceId, tuple[int, int]] = {}
        for (source, _), (tally, _) in self._links.items():
            if source not in self._nodes:
                first, last = spans.get(source, (tally.start_ns or 0, tally.end_ns))
                spans[source] = min(first, tally.start_ns or 0), max(last, tally.end_ns)
        for id_, (first, last) in spans.items():
            yield ServiceNode(id_, False, False, first, last, Statistics())
