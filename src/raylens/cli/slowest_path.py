"""The slowest path of one response: which span held it up at each moment. Pure arithmetic on intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec


class Interval(msgspec.Struct, frozen=True):
    """A stretch of time, start included, end excluded."""

    start_ns: int
    end_ns: int

    @property
    def duration_ns(self) -> int:
        """Its length."""
        return self.end_ns - self.start_ns


Children = Mapping[str, Sequence[str]]


def async_tails(spans: Mapping[str, Interval], children: Children, roots: Sequence[str]) -> frozenset[str]:
    """Spans that nobody waited for: those which mostly lie after the end of their parent, and all below them.

    A child that ends a little after its parent is taken for a difference between two clocks, not for a tail; the
    line is drawn where less than half of the child lies inside its parent.
    """
    tails: set[str] = set()
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


def held_intervals(spans: Mapping[str, Interval], children: Children, root: str) -> dict[str, tuple[Interval, ...]]:
    """For every span on the slowest path, when it was the one that held the response, in order of time.

    Walked backwards from the end of `root`: the child that ends last held its parent until then, and before that
    child began, the one that ended last before it; what no child covers is the parent's own. The intervals of all
    spans together cover the root exactly once. `children` must be free of cycles and of asynchronous tails.
    """
    held: dict[str, list[Interval]] = {root: []}
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
    window: Interval, children: Sequence[tuple[str, Interval]]
) -> tuple[list[Interval], list[tuple[str, Interval]]]:
    """`window` of one span as its own stretches and those it waited for a child.

    Among children still running when the path reaches back to a moment, the one that ended first is followed: it is
    the likeliest to have let the next one begin. A stack of those still running keeps this n log n, which matters
    for a span with ten thousand children.
    """
    own: list[Interval] = []
    waited: list[tuple[str, Interval]] = []
    cursor_ns = window.end_ns
    # Next to look at is the one ending last; equal ends: the later start, then the id, so that order is no matter.
    upcoming = sorted(children, key=lambda child: (child[1].end_ns, child[1].start_ns, child[0]))
    running: list[tuple[str, Interval]] = []
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
