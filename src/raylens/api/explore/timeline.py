"""A whole trace to be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from raylens.api.context import Services
from raylens.api.explore.requests import TraceRequest
from raylens.api.explore.shapes import CriticalStep, LinkedTrace, SpanFlag, TimelineAnswer, TimelineSpans
from raylens.api.explore.stored_traces import (
    checked_trace_id,
    ms_from_ns,
    outcome_of_trace,
    service_shape,
    stored_trace,
)
from raylens.model.ids import format_span_id, format_trace_id
from raylens.model.outcome import Outcome
from raylens.model.service import ServiceId
from raylens.model.span import MAX_TRACE_LINKS, Span
from raylens.model.time import seconds_from_ns
from raylens.model.trace import Trace, service_id_of
from raylens.traces import (
    CriticalPath,
    critical_path,
    forest_of_trace,
    makes_ready,
    summarize_without_causes,
)
from raylens.traces.forest import Forest

T = TypeVar("T")
_NS_PER_US = 1_000
_OUTCOME_FLAGS = {
    Outcome.OK.value: 0,
    Outcome.ERROR.value: SpanFlag.ERROR,
    Outcome.THROTTLE.value: SpanFlag.THROTTLE,
    Outcome.FAULT.value: SpanFlag.FAULT,
}


async def show_timeline(services: Services, request: TraceRequest) -> TimelineAnswer:
    """Every span of a trace, how they hang together, and for how long each held the response.

    Raises: InvalidRequest for what is no trace id, UnknownTrace where no trace has it.
    """
    trace_id = checked_trace_id(request.trace_id)
    return await services.read(lambda: timeline_of(stored_trace(services.store, trace_id)))


def timeline_of(trace: Trace) -> TimelineAnswer:
    """The timeline of an assembled trace. Takes n log n for n spans, and never recurses."""
    summary = summarize_without_causes(trace)
    forest = forest_of_trace(trace)
    path = critical_path(trace, forest)
    start_ns = min(span.start_ns for span in trace.spans)
    end_ns = max(max(span.start_ns, 0 if span.in_progress else span.end_ns) for span in trace.spans)
    drawing = _Drawing(trace, forest, start_ns, path)
    return TimelineAnswer(
        trace_id=format_trace_id(trace.trace_id),
        start=seconds_from_ns(start_ns),
        length_us=(end_ns - start_ns) // _NS_PER_US,
        response_time_ms=ms_from_ns(summary.response_ns),
        duration_ms=ms_from_ns(summary.duration_ns),
        outcome=outcome_of_trace(summary),
        is_partial=summary.is_partial,
        http_method=summary.http_method or None,
        http_url=summary.http_url or None,
        http_status=summary.http_status or None,
        client_ip=summary.client_ip or None,
        user_agent=summary.user_agent or None,
        entry=None if summary.entry_point is None else service_shape(summary.entry_point),
        users=tuple(user for user, _ in summary.users),
        names=tuple(drawing.names),
        services=tuple(service_shape(service) for service in drawing.services),
        spans=drawing.spans,
        path=drawing.path,
        links=tuple(_links(trace)),
    )


class _Drawing:
    """The columns of a timeline, and the tables that they refer to; both filled as the spans are walked through."""

    def __init__(self, trace: Trace, forest: Forest[int], start_ns: int, path: CriticalPath | None) -> None:
        by_id = {span.id: span for span in trace.spans}
        walk = list(_depth_first(forest))
        at = {key: position for position, (key, _) in enumerate(walk)}
        ordered = [by_id[key] for key, _ in walk]
        owners = _owners(ordered, forest)
        self.names: dict[str, int] = {}
        self.services: dict[ServiceId, int] = {}
        parents = [forest.parents[span.id] for span in ordered]
        held_ns = {} if path is None else {time.span_id: time.held_ns for time in path.spans}
        self.spans = TimelineSpans(
            id=tuple(format_span_id(span.id) for span in ordered),
            parent=tuple(-1 if parent is None else at[parent] for parent in parents),
            depth=tuple(depth for _, depth in walk),
            name=tuple(_place(self.names, span.name) for span in ordered),
            service=tuple(self._service(span, owners.get(span.id)) for span in ordered),
            offset_us=tuple((span.start_ns - start_ns) // _NS_PER_US for span in ordered),
            duration_us=tuple(_duration_us(span) for span in ordered),
            flags=tuple(
                _flags(trace, span, owners.get(span.id), None if parent is None else by_id[parent])
                | (SpanFlag.ORPHAN if span.id in forest.orphans else 0)
                for span, parent in zip(ordered, parents, strict=True)
            ),
            status=tuple(span.http_status for span in ordered),
            held_us=tuple(held_ns.get(span.id, 0) // _NS_PER_US for span in ordered),
        )
        self.path = tuple(
            CriticalStep(
                at[step.span_id],
                (step.start_ns - start_ns) // _NS_PER_US,
                step.held_ns // _NS_PER_US,
                step.kind.value,
            )
            for step in (() if path is None else path.steps)
        )

    def _service(self, span: Span, owner: Span | None) -> int:
        if owner is not None:
            return _place(self.services, service_id_of(owner))
        # its segment has not arrived, but the document that it came in may name the service
        return _place(self.services, ServiceId(span.owner_name, span.owner_type)) if span.owner_name else -1


def _depth_first(forest: Forest[int]) -> Iterator[tuple[int, int]]:
    """Every span and how deep it stands, parents first, siblings by start."""
    pending = [(root, 0) for root in reversed(forest.roots)]
    while pending:
        key, depth = pending.pop()
        yield key, depth
        pending.extend((child, depth + 1) for child in reversed(forest.children.get(key, ())))


def _owners(ordered: Iterable[Span], forest: Forest[int]) -> dict[int, Span]:
    """The segment that each span is drawn below, or is itself; `ordered` has parents first."""
    owners: dict[int, Span] = {}
    for span in ordered:
        parent = forest.parents[span.id]
        owner = span if span.is_segment else owners.get(-1 if parent is None else parent)
        if owner is not None:
            owners[span.id] = owner
    return owners


def _place(table: dict[T, int], value: T) -> int:
    return table.setdefault(value, len(table))


def _duration_us(span: Span) -> int:
    return -1 if span.in_progress else max(0, span.end_ns - span.start_ns) // _NS_PER_US


def _flags(trace: Trace, span: Span, owner: Span | None, parent: Span | None) -> int:
    flags = _OUTCOME_FLAGS[span.outcome]
    if span.is_segment:
        flags |= SpanFlag.SEGMENT
    elif span.remote_type:
        flags |= SpanFlag.REMOTE
        if trace.is_inferred_call(span):
            flags |= SpanFlag.INFERRED
    if span.in_progress:
        flags |= SpanFlag.IN_PROGRESS
    elif span.end_ns < span.start_ns:
        flags |= SpanFlag.NEGATIVE
    if makes_ready(span, owner):
        # Lambda reports it inside the function segment, which begins after it: no clock is wrong.
        flags |= SpanFlag.COLD_START
    elif parent is not None and span.start_ns < parent.start_ns:
        flags |= SpanFlag.SKEWED
    if span.exception_types:
        flags |= SpanFlag.EXCEPTION
    if span.annotations:
        flags |= SpanFlag.ANNOTATED
    return flags


def _links(trace: Trace) -> Iterator[LinkedTrace]:
    """The first of them: a trace has no more than so many (X-Ray developer guide, trace linking)."""
    told = 0
    for span in trace.spans:
        for link in dict.fromkeys(span.links):
            if told == MAX_TRACE_LINKS:
                return
            told += 1
            yield LinkedTrace(format_span_id(span.id), format_trace_id(link.trace_id))
