"""The slowest path of one response: which span held it up at each moment. Pure arithmetic on intervals.

One implementation for the terminal and the server, so that both point at the same span. The rules are our own
(inferred): X-Ray shows bars and leaves the path to the reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic

import msgspec

from raylens.traces.forest import Forest, Key

# How far up a span may look for an ancestor that was running at the same time. Lambda's Initialization needs one
# step: it ends before the function segment that reports it begins, while the service segment above was waiting.
_MAX_STEPS_UP = 8


class Interval(msgspec.Struct, frozen=True):
    """A stretch of time, start included, end excluded."""

    start_ns: int
    end_ns: int

    @property
    def duration_ns(self) -> int:
        """Its length."""
        return self.end_ns - self.start_ns


class SlowestPath(msgspec.Struct, Generic[Key], frozen=True):
    """Who waited for whom in one response."""

    # when each span of the forest ran, see `running_times`
    times: dict[Key, Interval]
    tails: frozenset[Key]
    # the children that each span may have waited for
    waited: dict[Key, list[Key]]
    # when each span on the path held the response, in order of time; empty for one that only waited
    held: dict[Key, tuple[Interval, ...]]


def find_slowest_path(forest: Forest[Key], root: Key) -> SlowestPath[Key]:
    """The slowest path of the response of `root`, which must be one of the roots of `forest`."""
    times = running_times(forest)
    tails = async_tails(times, forest.children, forest.roots)
    waited = waited_for(forest, times, tails)
    return SlowestPath(times, tails, waited, held_intervals(times, waited, root))


def running_times(forest: Forest[Key]) -> dict[Key, Interval]:
    """When each span ran.

    One in progress counts as running until its parent ended (it cannot hold that up longer), or, when it has no
    parent that ended after it began, until the last thing known of the trace.
    """
    latest_ns = max(max(node.start_ns, node.end_ns or 0) for node in forest.nodes.values())
    times: dict[Key, Interval] = {}
    pending = [(root, latest_ns) for root in forest.roots]
    while pending:
        key, parent_end_ns = pending.pop()
        node = forest.nodes[key]
        end_ns = node.end_ns
        if end_ns is None:
            end_ns = parent_end_ns if parent_end_ns > node.start_ns else latest_ns
        times[key] = Interval(node.start_ns, end_ns)
        pending.extend((child, end_ns) for child in forest.children.get(key, ()))
    return times


def waited_for(forest: Forest[Key], times: Mapping[Key, Interval], tails: frozenset[Key]) -> dict[Key, list[Key]]:
    """The children as the slowest path sees them: without tails, and each below an ancestor that ran at its time."""
    waited: dict[Key, list[Key]] = {}
    for parent, children in forest.children.items():
        for child in children:
            if child in tails:
                continue
            holder: Key | None = parent
            for _ in range(_MAX_STEPS_UP):
                if holder is None or times[child].end_ns > times[holder].start_ns:
                    break
                holder = forest.parents[holder]
            if holder is not None:
                waited.setdefault(holder, []).append(child)
    return waited


def async_tails(
    spans: Mapping[Key, Interval], children: Mapping[Key, Sequence[Key]], roots: Sequence[Key]
) -> frozenset[Key]:
    """Spans that nobody waited for: those which mostly lie after the end of their parent, and all below them.

    A child that ends a little after its parent is taken for a difference between two clocks, not for a tail; the
    line is drawn where less than half of the child lies inside its parent.
    """
    tails: set[Key] = set()
    pending = list(roots)
    while pending:
        parent_id = pending.pop()
        parent = spans[parent_id]
        for child_id in children.get(parent_id, ()):
            child = spans[child_id]
            inside_ns = min(child.end_ns, parent.end_ns) - max(child.start_ns, parent.start_ns)
            is_late = child.end_ns > parent.end_ns and 2 * inside_ns < child.duration_ns
            if parent_id in tails or is_late:
                tails.add(child_id)
            pending.append(child_id)
    return frozenset(tails)


def held_intervals(
    spans: Mapping[Key, Interval], children: Mapping[Key, Sequence[Key]], root: Key
) -> dict[Key, tuple[Interval, ...]]:
    """For every span on the slowest path, when it was the one that held the response, in order of time.

    Walked backwards from the end of `root`: the child that ends last held its parent until then, and before that
    child began, the one that ended last before it; what no child covers is the parent's own. The intervals of all
    spans together cover the root exactly once. `children` must be free of cycles and of asynchronous tails.
    """
    held: dict[Key, list[Interval]] = {root: []}
    pending = [(root, spans[root])]
    while pending:
        span_id, window = pending.pop()
        own, waited = _split(window, [(child, spans[child]) for child in children.get(span_id, ())])
        held.setdefault(span_id, []).extend(own)
        pending.extend(waited)
    return {
        span_id: tuple(sorted(intervals, key=lambda interval: interval.start_ns)) for span_id, intervals in held.items()
    }


def _split(
    window: Interval, children: Sequence[tuple[Key, Interval]]
) -> tuple[list[Interval], list[tuple[Key, Interval]]]:
    """`window` of one span as its own stretches and those it waited for a child.

    Among children still running when the path reaches back to a moment, the one that ended first is followed: it is
    the likeliest to have let the next one begin. A stack of those still running keeps this n log n, which matters
    for a span with ten thousand children.
    """
    own: list[Interval] = []
    waited: list[tuple[Key, Interval]] = []
    cursor_ns = window.end_ns
    # Next to look at is the one ending last; equal ends: the later start, then the id, so that order is no matter.
    upcoming = sorted(children, key=lambda child: (child[1].end_ns, child[1].start_ns, child[0]))
    running: list[tuple[Key, Interval]] = []
    while cursor_ns > window.start_ns:
        while upcoming and upcoming[-1][1].end_ns >= cursor_ns:
            running.append(upcoming.pop())
        while running and running[-1][1].start_ns >= cursor_ns:
            running.pop()  # began after this moment; the cursor only goes back, so it can never count again
        chosen = running.pop() if running else upcoming.pop() if upcoming else None
        if chosen is None or chosen[1].end_ns <= window.start_ns:
            own.append(Interval(window.start_ns, cursor_ns))
            break
        child_id, child = chosen
        end_ns = min(child.end_ns, cursor_ns)
        if end_ns < cursor_ns:
            own.append(Interval(end_ns, cursor_ns))
        cursor_ns = max(child.start_ns, window.start_ns)
        waited.append((child_id, Interval(cursor_ns, end_ns)))
    return own, waited


def self_time_ns(span: Interval, children: Sequence[Interval]) -> int:
    """How much of `span` no child covers."""
    covered_ns = 0
    reached_ns = span.start_ns
    for child in sorted(children, key=lambda child: child.start_ns):
        start_ns, end_ns = max(child.start_ns, reached_ns), min(child.end_ns, span.end_ns)
        if end_ns > start_ns:
            covered_ns += end_ns - start_ns
            reached_ns = end_ns
    return span.duration_ns - covered_ns
