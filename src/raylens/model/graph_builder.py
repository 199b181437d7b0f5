"""Adds observations up to a service graph; the one place where node and edge figures are summed."""

from __future__ import annotations

from collections import Counter

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

    def build(self) -> ServiceGraph:
        return ServiceGraph(
            tuple(
                ServiceNode(
                    id_,
                    id_ in self._roots,
                    id_ in self._reporting,
                    tally.start_ns or 0,
                    tally.end_ns,
                    tally.statistics(),
                )
                for id_, tally in sorted(self._nodes.items(), key=lambda item: item[0])
            ),
            tuple(
                Edge(source, target, tally.start_ns or 0, tally.end_ns, tally.statistics())
                for (source, target), tally in sorted(self._edges.items(), key=lambda item: item[0])
            ),
        )
