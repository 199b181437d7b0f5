"""A trace put together from its spans, and the summary of one."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from raylens.model.segment import AnnotationValue
from raylens.model.service import ServiceId
from raylens.model.span import Span


class Trace(msgspec.Struct, frozen=True):
    """All spans of one trace and how they hang together. Build it with `traces.assemble_trace`.

    `spans` are sorted by start, then id. `parent` and `owner` are keyed by span id and leave out what is unknown:
    a span without `parent` is a root or an orphan, a subsegment without `owner` has no known segment above it.
    `callees` are the segments whose `parent_id` is the key.
    """

    trace_id: bytes
    spans: tuple[Span, ...]
    parent: dict[int, Span]
    owner: dict[int, Span]
    children: dict[int, tuple[Span, ...]]
    callees: dict[int, tuple[Span, ...]]

    @property
    def segments(self) -> tuple[Span, ...]:
        return tuple(span for span in self.spans if span.is_segment)

    @property
    def roots(self) -> tuple[Span, ...]:
        """Segments without a parent, or with one that never arrived (inferred); oldest first, true roots first."""
        lone = [span for span in self.segments if span.id not in self.parent]
        return tuple(sorted(lone, key=lambda span: (span.parent_id != 0, span.start_ns, span.id)))

    def is_inferred_call(self, span: Span) -> bool:
        """Whether `span` is a completed call that nobody answered, so that its callee is inferred."""
        return bool(span.remote_type) and not span.traced and not span.in_progress and span.id not in self.callees


class TraceCall(msgspec.Struct, frozen=True):
    """One request between two nodes: the `source` segment called, `target` is the segment that answered or the call
    itself where nobody did, and `record` is what counts as the caller's view of it."""

    source: Span
    target: Span
    record: Span


def observations_of(trace: Trace) -> tuple[Span, ...]:
    """The spans that are requests seen by a node, in order: segments, and inferred calls with a known segment."""
    return tuple(
        span for span in trace.spans if span.is_segment or (trace.is_inferred_call(span) and span.id in trace.owner)
    )


def calls_of(trace: Trace) -> Iterator[TraceCall]:
    """How the observations of a trace were reached, in their order; by nobody where the caller's segment is unknown.

    A segment below a call has the call as its record, any other child is its own. Several answers of one node to one
    call (retries, attempts) are still one call: the first.
    """
    answered: set[tuple[int, ServiceId]] = set()
    for span in observations_of(trace):
        if not span.is_segment:
            yield TraceCall(trace.owner[span.id], span, span)
            continue
        caller = trace.parent.get(span.id)
        if caller is None or caller.id not in trace.owner:
            continue
        if caller.remote_type:
            if (caller.id, service_id_of(span)) in answered:
                continue
            answered.add((caller.id, service_id_of(span)))
        yield TraceCall(trace.owner[caller.id], span, caller if caller.remote_type else span)


def node_of(observation: Span) -> ServiceId:
    """The node of a segment, or the one that an inferred call reaches."""
    return service_id_of(observation) if observation.is_segment else remote_id_of(observation)


def service_id_of(segment: Span) -> ServiceId:
    """The node of a segment."""
    return ServiceId(segment.name, segment.origin)


def remote_id_of(call: Span) -> ServiceId:
    """The node that a call reaches when its callee is inferred."""
    return ServiceId(call.remote_name, call.remote_type)


class AnnotatedValue(msgspec.Struct, frozen=True):
    """One distinct value of an annotation key and the services that recorded it."""

    value: AnnotationValue
    services: tuple[ServiceId, ...]


class RootCauseException(msgspec.Struct, frozen=True):
    """An exception at the end of a root-cause path: its type and message."""

    name: str
    message: str


class RootCauseEntity(msgspec.Struct, frozen=True):
    """One step inside a service. `coverage` is the share of the root's time; None for fault and error causes."""

    name: str
    remote: bool
    coverage: float | None = None
    exceptions: tuple[RootCauseException, ...] = ()


class RootCauseService(msgspec.Struct, frozen=True):
    """One service on the path from the entry to the culprit."""

    id: ServiceId
    inferred: bool
    path: tuple[RootCauseEntity, ...]


class RootCause(msgspec.Struct, frozen=True):
    """A path from an entry to where the fault, the error or the time is."""

    services: tuple[RootCauseService, ...]
    client_impacting: bool


class TraceSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What GetTraceSummaries says of one trace. Times are epoch nanoseconds; None means not known (yet)."""

    trace_id: bytes
    start_ns: int
    # None while the root is unfinished
    duration_ns: int | None
    response_ns: int | None
    has_fault: bool
    has_error: bool
    has_throttle: bool
    is_partial: bool
    http_url: str
    http_status: int
    http_method: str
    user_agent: str
    client_ip: str
    annotations: dict[str, tuple[AnnotatedValue, ...]]
    users: tuple[tuple[str, tuple[ServiceId, ...]], ...]
    services: tuple[ServiceId, ...]
    resource_arns: tuple[str, ...]
    instance_ids: tuple[str, ...]
    availability_zones: tuple[str, ...]
    entry_point: ServiceId | None
    fault_root_causes: tuple[RootCause, ...] = ()
    error_root_causes: tuple[RootCause, ...] = ()
    response_time_root_causes: tuple[RootCause, ...] = ()
    revision: int
