"""One assembled trace to what the filter language can ask of it.

Nodes, roots and edges are those of the service graph (`servicemap`): who searches for an edge finds the traces that
the map drew it from.
"""

from __future__ import annotations

from collections.abc import Iterator

from raylens.model.facts import MAX_ANNOTATION_KEYS, AnnotationFact, Call, Observation, TraceFacts, annotation_key
from raylens.model.span import Span
from raylens.model.trace import Trace, TraceCall, calls_of, node_of, observations_of
from raylens.traces.summarize import summarize_trace


def facts_of_trace(trace: Trace) -> TraceFacts:
    """What the filter language can ask of `trace`; times, partiality and root causes are those of its summary."""
    summary = summarize_trace(trace)
    observed = observations_of(trace)
    position = {span.id: number for number, span in enumerate(observed)}
    roots = trace.roots
    return TraceFacts(
        trace_id=trace.trace_id,
        start_ns=summary.start_ns,
        response_ns=summary.response_ns,
        duration_ns=summary.duration_ns,
        root=position[roots[0].id] if roots else None,
        partial=summary.is_partial,
        observations=tuple(_observation(trace, span) for span in observed),
        calls=tuple(_call(call, position) for call in calls_of(trace)),
        annotations=tuple(_annotations(trace, position)),
        fault_root_causes=summary.fault_root_causes,
        error_root_causes=summary.error_root_causes,
        response_time_root_causes=summary.response_time_root_causes,
    )


def _observation(trace: Trace, span: Span) -> Observation:
    """A segment as it is; of a call what the segment that is inferred from it has: the caller's `http` and flags."""
    response_ns = 0 if span.in_progress else span.end_ns - span.start_ns
    return Observation(
        node=node_of(span),
        account_id=span.account_id,
        inferred=not span.is_segment,
        root=span.is_segment and span.id not in trace.parent,
        in_progress=span.in_progress,
        outcome=0 if span.in_progress else int(span.outcome),
        start_ns=span.start_ns,
        response_ns=response_ns,
        duration_ns=span.last_end_ns - span.start_ns if span.is_segment and not span.in_progress else response_ns,
        http_status=span.http_status,
        http_method=span.http_method,
        http_url=span.http_url,
        http_user_agent=span.http_user_agent,
        http_client_ip=span.http_client_ip,
        user=span.user if span.is_segment else "",
        resource_arn=span.resource_arn if span.is_segment else "",
        instance_id=span.instance_id if span.is_segment else "",
        availability_zone=span.availability_zone if span.is_segment else "",
    )


def _call(call: TraceCall, position: dict[int, int]) -> Call:
    record = call.record
    return Call(
        source=position[call.source.id],
        target=position[call.target.id],
        in_progress=record.in_progress,
        outcome=0 if record.in_progress else int(record.outcome),
        start_ns=record.start_ns,
        response_ns=0 if record.in_progress else record.end_ns - record.start_ns,
        http_status=record.http_status,
    )


def _annotations(trace: Trace, position: dict[int, int]) -> Iterator[AnnotationFact]:
    indexed: set[str] = set()
    for span in trace.spans:
        owner = trace.owner.get(span.id)
        for key, value in sorted((span.annotations or {}).items()):
            if key not in indexed and len(indexed) == MAX_ANNOTATION_KEYS:
                continue
            indexed.add(key)
            yield AnnotationFact(annotation_key(key), value, -1 if owner is None else position[owner.id])
