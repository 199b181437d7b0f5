"""One assembled trace to its summary."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from raylens.model.facts import MAX_ANNOTATION_KEYS
from raylens.model.outcome import Outcome
from raylens.model.segment import AnnotationValue
from raylens.model.service import CLIENT_TYPE, ServiceId
from raylens.model.span import Span
from raylens.model.trace import AnnotatedValue, Trace, TraceSummary, node_of, observations_of, service_id_of
from raylens.traces.root_causes import error_root_causes, fault_root_causes, response_time_root_causes


def summarize_trace(trace: Trace) -> TraceSummary:
    """What GetTraceSummaries says of `trace`.

    The Has* flags speak of the root's own answer: a root that was throttled has HasThrottle and not HasError, and
    trouble further down that was handled shows in none of them (recorded answers of the service). A trace is partial
    while a segment is in progress or a parent is missing.
    """
    return msgspec.structs.replace(
        summarize_without_causes(trace),
        fault_root_causes=fault_root_causes(trace),
        error_root_causes=error_root_causes(trace),
        response_time_root_causes=response_time_root_causes(trace),
    )


def summarize_without_causes(trace: Trace) -> TraceSummary:
    """The same without root causes, which take longest to find."""
    roots = trace.roots
    root = roots[0] if roots else None
    finished = root is not None and not root.in_progress
    outcome = Outcome(root.outcome) if root is not None and finished else Outcome.OK
    start_ns = min((s.start_ns for s in trace.segments), default=trace.spans[0].start_ns)
    end_ns = max((s.end_ns for s in trace.spans if s.id in trace.owner), default=0)
    return TraceSummary(
        trace_id=trace.trace_id,
        start_ns=start_ns,
        duration_ns=end_ns - start_ns if finished else None,
        response_ns=root.end_ns - root.start_ns if root is not None and finished else None,
        has_fault=outcome is Outcome.FAULT,
        has_error=outcome is Outcome.ERROR,
        has_throttle=outcome is Outcome.THROTTLE,
        is_partial=any(span.in_progress or _lacks_parent(trace, span) for span in trace.spans),
        http_url=root.http_url if root else "",
        http_status=root.http_status if root else 0,
        http_method=root.http_method if root else "",
        user_agent=root.http_user_agent if root else "",
        client_ip=root.http_client_ip if root else "",
        annotations=_annotations(trace),
        users=_users(trace),
        services=_services(trace, roots),
        resource_arns=_distinct(span.resource_arn for span in trace.spans),
        instance_ids=_distinct(span.instance_id for span in trace.spans),
        availability_zones=_distinct(span.availability_zone for span in trace.spans),
        entry_point=None if root is None else service_id_of(root),
        revision=len({span.version for span in trace.spans}),
    )


def _lacks_parent(trace: Trace, span: Span) -> bool:
    return span.parent_id != 0 and span.id not in trace.parent


def _services(trace: Trace, roots: tuple[Span, ...]) -> tuple[ServiceId, ...]:
    found = {ServiceId(root.name, CLIENT_TYPE) for root in roots}
    found.update(map(node_of, observations_of(trace)))
    return tuple(sorted(found))


def _annotations(trace: Trace) -> dict[str, tuple[AnnotatedValue, ...]]:
    found: dict[str, dict[tuple[type, AnnotationValue], set[ServiceId]]] = {}
    for span in trace.spans:
        for key, value in sorted((span.annotations or {}).items()):
            if key not in found and len(found) == MAX_ANNOTATION_KEYS:
                continue
            # keyed by type as well: True == 1 in Python, but not to a user
            services = found.setdefault(key, {}).setdefault((type(value), value), set())
            owner = trace.owner.get(span.id)
            if owner is not None:
                services.add(service_id_of(owner))
    return {
        key: tuple(AnnotatedValue(value, tuple(sorted(services))) for (_, value), services in values.items())
        for key, values in found.items()
    }


def _users(trace: Trace) -> tuple[tuple[str, tuple[ServiceId, ...]], ...]:
    found: dict[str, set[ServiceId]] = {}
    for span in trace.segments:
        if span.user:
            found.setdefault(span.user, set()).add(service_id_of(span))
    return tuple((user, tuple(sorted(services))) for user, services in sorted(found.items()))


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
