"""The service graph: nodes, edges and what was observed on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

# (bucket in milliseconds, count), sorted by bucket
Histogram = Sequence[tuple[int, int]]
CLIENT_TYPE = "client"


class ServiceId(msgspec.Struct, frozen=True, order=True):
    """What makes two requests the same node: name and type; an empty type means that none was sent.

    Two nodes of one name and different types are two nodes: a Lambda function has `AWS::Lambda` and
    `AWS::Lambda::Function`. The account is no part of it: one raylens speaks for one account, and X-Ray too leaves
    `AccountId` empty then.
    """

    name: str
    type: str = ""

    @property
    def label(self) -> str:
        """The node as one text: `fn (AWS::Lambda)`, or the name alone where no type was sent."""
        return f"{self.name} ({self.type})" if self.type else self.name


class Statistics(msgspec.Struct, frozen=True):
    """Counts by class of the completed requests of one node or edge.

    `response_ns` is the sum of their response times, `histogram` holds (milliseconds, count) sorted by milliseconds.
    """

    ok: int = 0
    error: int = 0
    throttle: int = 0
    fault: int = 0
    response_ns: int = 0
    histogram: tuple[tuple[int, int], ...] = ()
    # Spread of durations, asynchronous tails included; None when equal to `histogram`
    duration_histogram: tuple[tuple[int, int], ...] | None = None

    @property
    def total(self) -> int:
        return self.ok + self.error + self.throttle + self.fault


class ServiceNode(msgspec.Struct, frozen=True):
    """One node. `reporting` nodes sent segments of their own; the others were inferred from their callers."""

    id: ServiceId
    root: bool
    reporting: bool
    start_ns: int
    end_ns: int
    statistics: Statistics


class Edge(msgspec.Struct, frozen=True):
    """Calls from one node to another, as the caller saw them; or a link.

    A link leads from where messages were sent to who received them in another trace. Its figures are of the receives:
    one for each message, with the outcome and the times of the span that received it. `age_histogram` holds how old
    messages were on receipt, (milliseconds, count) sorted by milliseconds; None on calls. Calls and links between the
    same nodes are two edges.
    """

    source: ServiceId
    target: ServiceId
    start_ns: int
    end_ns: int
    statistics: Statistics
    age_histogram: tuple[tuple[int, int], ...] | None = None

    @property
    def is_link(self) -> bool:
        return self.age_histogram is not None


class ServiceGraph(msgspec.Struct, frozen=True):
    """Nodes and edges, both in a stable order.

    A client is the source of an edge and no node: it has no statistics. It carries the name of the service it called
    and the type `client`; its edge counts the requests that entered the application there.
    The source of a link is always a node, without requests where none of its own are in the graph.
    """

    nodes: tuple[ServiceNode, ...]
    edges: tuple[Edge, ...]


def histogram_bucket_ms(duration_ns: int) -> int:
    """The histogram value of a duration: whole milliseconds up to a second, then three significant digits.

    Exact where X-Ray is exact (small samples, millisecond precision) and at most 0.5 % off above, so that a node
    has few hundred entries whatever its traffic.
    """
    ms = (max(duration_ns, 0) + 500_000) // 1_000_000
    step = 1
    while ms >= 1000 * step:
        step *= 10
    return (ms + step // 2) // step * step


def merge_histograms(histograms: Iterable[Histogram]) -> tuple[tuple[int, int], ...]:
    """One histogram of all that was counted in any, sorted by bucket. Exact: equal buckets stand for equal times."""
    counts: dict[int, int] = {}
    for histogram in histograms:
        for bucket_ms, count in histogram:
            counts[bucket_ms] = counts.get(bucket_ms, 0) + count
    return tuple(sorted((bucket_ms, count) for bucket_ms, count in counts.items() if count))


def merge_statistics(parts: Iterable[Statistics]) -> Statistics:
    """The figures of all requests that are counted in any of the parts; zeros of none."""
    parts = tuple(parts)
    histogram = merge_histograms(part.histogram for part in parts)
    durations = merge_histograms(
        part.histogram if part.duration_histogram is None else part.duration_histogram for part in parts
    )
    return Statistics(
        ok=sum(part.ok for part in parts),
        error=sum(part.error for part in parts),
        throttle=sum(part.throttle for part in parts),
        fault=sum(part.fault for part in parts),
        response_ns=sum(part.response_ns for part in parts),
        histogram=histogram,
        duration_histogram=None if durations == histogram else durations,
    )
