"""The waterfall of one trace as plain rows: documents in, frozen rows out, nothing drawn.

Any order of documents gives the same rows. Nothing recurses, so neither depth nor width is limited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from raylens.cli.span_documents import JsonObject, Span, member, spans_from_documents
from raylens.cli.words import Outcome
from raylens.traces.forest import Node, build_forest
from raylens.traces.slowest_path import Interval, find_slowest_path, self_time_ns


class Callee(msgspec.Struct, frozen=True):
    """What an `aws` or `remote` subsegment called, when the callee sends no segments of its own."""

    name: str
    origin: str | None  # absent for a remote service
    outcome: Outcome = "ok"  # as the server counts the call


class Row(msgspec.Struct, frozen=True):
    """One line of the waterfall. Offsets count from the start of the response and may be negative."""

    span: Span
    depth: int
    offset_ns: int
    duration_ns: int | None  # absent while in progress
    until_ns: int  # offset of its end; while in progress, as far as it is taken to have run
    self_ns: int  # the part of the duration that nothing it waited for covers
    held: tuple[Interval, ...]  # when this span held the response, as offsets; empty off the slowest path
    on_slowest_path: bool = False  # the response waited for this span, itself or something below it
    callees: tuple[Callee, ...] = ()
    is_async_tail: bool = False
    is_orphan: bool = False  # its parent never arrived
    is_cold_start: bool = False
    starts_before_parent: bool = False  # by a clock that differs; a cold start does so rightly and is not marked

    @property
    def outcome(self) -> Outcome:
        """The class of its request, as the service map counts it.

        The Python SDK flags every refused AWS call `error` and `fault`; only the inferred segment of the server tells
        a throttled call from a broken service.
        """
        counted = [callee.outcome for callee in self.callees if callee.outcome in ("throttle", "error")]
        return counted[0] if counted and self.span.outcome == "fault" else self.span.outcome

    @property
    def held_ns(self) -> int:
        """How long the response waited for this span itself."""
        return sum(interval.duration_ns for interval in self.held)

    @property
    def is_in_progress(self) -> bool:
        """Whether its end has not been reported."""
        return self.duration_ns is None


class Waterfall(msgspec.Struct, frozen=True):
    """All rows, parents before children, siblings by start."""

    rows: tuple[Row, ...]
    start_ns: int  # instant of offset 0: the start of the root
    scale: Interval  # offsets the common time scale must show
    response_ns: int | None  # duration of the root; absent while it is in progress
    duration_ns: int  # from the earliest start to the latest end


def assemble_waterfall(documents: Iterable[JsonObject]) -> Waterfall | None:
    """The rows of one trace, or None when no document holds a span."""
    spans = spans_from_documents(documents)
    if not spans:
        return None
    callees = _take_inferred(spans)
    forest = build_forest(_node(span) for span in spans.values())
    # a root that says it has no parent goes first
    roots = sorted(forest.roots, key=lambda root: root in forest.orphans)
    root = spans[roots[0]]
    path = find_slowest_path(forest, root.id)
    times, held = path.times, path.held
    rows = []
    pending = [(key, 0) for key in reversed(roots)]
    while pending:
        key, depth = pending.pop()
        span, parent_id = spans[key], forest.parents[key]
        is_cold_start = _is_initialization(span)
        rows.append(
            Row(
                span=span,
                depth=depth,
                offset_ns=span.start_ns - root.start_ns,
                duration_ns=None if span.end_ns is None else span.end_ns - span.start_ns,
                until_ns=times[key].end_ns - root.start_ns,
                self_ns=self_time_ns(times[key], [times[child] for child in path.waited.get(key, ())]),
                held=tuple(_shifted(interval, root.start_ns) for interval in held.get(key, ())),
                on_slowest_path=key in held,
                callees=callees.get(key, ()),
                is_async_tail=key in path.tails,
                is_orphan=key in forest.orphans,
                is_cold_start=is_cold_start,
                starts_before_parent=(
                    parent_id is not None and not is_cold_start and span.start_ns < spans[parent_id].start_ns
                ),
            )
        )
        pending.extend((child, depth + 1) for child in reversed(forest.children.get(key, ())))
    return Waterfall(
        rows=tuple(rows),
        start_ns=root.start_ns,
        scale=_scale(rows, times, root),
        response_ns=None if root.end_ns is None else root.end_ns - root.start_ns,
        duration_ns=max(time.end_ns for time in times.values()) - min(time.start_ns for time in times.values()),
    )


def _take_inferred(spans: dict[str, Span]) -> dict[str, tuple[Callee, ...]]:
    """Move inferred segments out of `spans` into the lines of the subsegments that they were made from."""
    inferred = [span for span in _in_time(spans.values()) if span.is_inferred]
    leaves = {span.id for span in inferred} - {span.parent_id for span in spans.values()}
    callees: dict[str, tuple[Callee, ...]] = {}
    for span in inferred:
        if span.id in leaves and span.parent_id in spans and not spans[span.parent_id].is_inferred:
            callees[span.parent_id] = (*callees.get(span.parent_id, ()), _callee(span))
            del spans[span.id]
    return callees


def _callee(span: Span) -> Callee:
    aws = member(span.document, "aws")
    names = aws.get("resource_names")
    named = names[0] if isinstance(names, list) and names else aws.get("table_name")
    name = named if isinstance(named, str) and named else span.name
    return Callee(name=name, origin=span.origin, outcome=span.outcome)


def _node(span: Span) -> Node[str]:
    return Node(span.id, span.parent_id, span.start_ns, span.end_ns, span.is_segment, span.name)


def _in_time(spans: Iterable[Span]) -> list[Span]:
    return sorted(spans, key=lambda span: (span.start_ns, -(span.end_ns or 1 << 62), span.name, span.id))


def _is_initialization(span: Span) -> bool:
    return not span.is_segment and span.name == "Initialization" and "function_arn" in member(span.document, "aws")


def _scale(rows: Iterable[Row], times: Mapping[str, Interval], root: Span) -> Interval:
    """From the earliest to the latest offset. A sandbox made ready long before the request would squash the rest."""
    shown = [
        times[row.span.id]
        for row in rows
        if not (row.is_cold_start and times[row.span.id].end_ns <= root.start_ns and row.span.id != root.id)
    ]
    whole = Interval(min(time.start_ns for time in shown), max(time.end_ns for time in shown))
    return _shifted(whole, root.start_ns)


def _shifted(interval: Interval, by_ns: int) -> Interval:
    return Interval(interval.start_ns - by_ns, interval.end_ns - by_ns)
