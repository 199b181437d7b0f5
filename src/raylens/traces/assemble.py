"""Spans of one trace, in any order, to a `Trace`."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from raylens.model.outcome import Outcome
from raylens.model.span import Span
from raylens.model.trace import Trace


def assemble_traces(spans: Iterable[Span]) -> dict[bytes, Trace]:
    """The traces that `spans` belong to, by id."""
    by_trace: dict[bytes, list[Span]] = {}
    for span in spans:
        by_trace.setdefault(span.trace_id, []).append(span)
    return {trace_id: assemble_trace(own) for trace_id, own in by_trace.items()}


def assemble_trace(spans: Iterable[Span]) -> Trace:
    """One trace of its spans (at least one), whatever order they came in and however often.

    Of copies of one span the highest version counts. Children may start before their parents and are never clamped.
    Parents that form a circle are nobody's parents: their members stay without owner. A call that reached nothing
    counts as a fault (see `_unreached_calls`).
    """
    by_id: dict[int, Span] = {}
    for span in spans:
        known = by_id.get(span.id)
        if known is None or span.version >= known.version:
            by_id[span.id] = span
    by_id.update(_unreached_calls(by_id))
    ordered = tuple(sorted(by_id.values(), key=lambda span: (span.start_ns, span.id)))
    parent = {span.id: by_id[span.parent_id] for span in ordered if span.parent_id in by_id}
    children: dict[int, list[Span]] = {}
    callees: dict[int, list[Span]] = {}
    for span in ordered:
        if span.parent_id:
            children.setdefault(span.parent_id, []).append(span)
            if span.is_segment:
                callees.setdefault(span.parent_id, []).append(span)
    return Trace(
        ordered[0].trace_id,
        ordered,
        parent,
        _owners(ordered, parent),
        {key: tuple(value) for key, value in children.items()},
        {key: tuple(value) for key, value in callees.items()},
    )


def _unreached_calls(by_id: dict[int, Span]) -> dict[int, Span]:
    """Calls to AWS that got no answer while their parent faulted, as the faults they were.

    The Python SDK leaves the subsegment of an unreachable endpoint without `http`, flag and cause (tried with
    aws_xray_sdk 2.15); counted as sent it would be a success of the resource. The rule is inferred, and stands a second
    time in `graph_edges.sql` and, for the inferred document, in `traces.compile`.
    """
    answered = {span.parent_id for span in by_id.values() if span.is_segment}
    unreached = {}
    for span in by_id.values():
        if span.namespace != "aws" or span.http_status or span.outcome or span.in_progress or span.is_segment:
            continue
        parent = by_id.get(span.parent_id)
        if parent is not None and parent.outcome == Outcome.FAULT and not span.traced and span.id not in answered:
            unreached[span.id] = msgspec.structs.replace(span, fault=True, outcome=Outcome.FAULT.value)
    return unreached


def _owners(spans: Iterable[Span], parent: dict[int, Span]) -> dict[int, Span]:
    """The segment above each span; a segment owns itself."""
    owner: dict[int, Span] = {}
    for span in spans:
        path: list[int] = []
        seen: set[int] = set()
        at: Span | None = span
        while at is not None and not at.is_segment and at.id not in owner and at.id not in seen:
            seen.add(at.id)
            path.append(at.id)
            at = parent.get(at.id)
        found = None if at is None else owner.get(at.id, at if at.is_segment else None)
        if at is not None and at.is_segment:
            owner[at.id] = at
        if found is not None:
            owner.update(dict.fromkeys(path, found))
    return owner
