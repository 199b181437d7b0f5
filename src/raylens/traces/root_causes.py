"""Where a trace's fault, error or time comes from, as paths from the entry to the culprit.

The rules are those of recorded answers of the service; where branches are equal the service's own choice is not
stable, and the order here is: an inferred failure before an exception of our own, then the earlier start, then the id.
"""

from __future__ import annotations

from collections.abc import Callable

from raylens.model.outcome import Outcome
from raylens.model.span import Span
from raylens.model.trace import (
    RootCause,
    RootCauseEntity,
    RootCauseException,
    RootCauseService,
    Trace,
    remote_id_of,
    service_id_of,
)

# A child dominates when it takes more than this share of the root's time: one half was rejected, three quarters were
# accepted by the service; the exact cut is inferred.
_DOMINANT_SHARE = 0.5


def fault_root_causes(trace: Trace) -> tuple[RootCause, ...]:
    """One path for every place where faults begin; a flag without exception or inferred failure yields none."""
    return _flag_root_causes(trace, lambda span: span.fault and span.outcome != Outcome.THROTTLE)


def error_root_causes(trace: Trace) -> tuple[RootCause, ...]:
    """The same for errors, throttles included."""
    return _flag_root_causes(trace, lambda span: span.error or span.outcome == Outcome.THROTTLE)


def response_time_root_causes(trace: Trace) -> tuple[RootCause, ...]:
    """The path along which one entity after the other holds more than half of the root's response time.

    Empty while the root is unfinished and when nothing below it dominates.
    """
    roots = trace.roots
    if not roots or roots[0].in_progress or roots[0].end_ns <= roots[0].start_ns:
        return ()
    root = roots[0]
    total_ns = root.end_ns - root.start_ns
    path = _Path(root, RootCauseEntity(root.name, False, 1.0))
    at, seen = root, {root.id}
    while True:
        dominant = _dominant_child(trace, at, total_ns, seen)
        if dominant is None:
            break
        seen.add(dominant.id)
        # in thousandths, as the trace index keeps them
        coverage = round((dominant.end_ns - dominant.start_ns) * 1000 / total_ns) / 1000
        path.step(trace, dominant, (), coverage)
        if trace.is_inferred_call(dominant):
            break
        at = dominant
    return (path.cause(client_impacting=True),) if path.length > 1 else ()


def _dominant_child(trace: Trace, at: Span, total_ns: int, seen: set[int]) -> Span | None:
    longest: Span | None = None
    for child in trace.children.get(at.id, ()):
        length_ns = child.end_ns - child.start_ns
        if child.id in seen or child.in_progress or not total_ns * _DOMINANT_SHARE < length_ns <= total_ns:
            continue
        if longest is None or length_ns > longest.end_ns - longest.start_ns:
            longest = child
    return longest


def _flag_root_causes(trace: Trace, flagged: Callable[[Span], bool]) -> tuple[RootCause, ...]:
    roots = {root.id for root in trace.roots}
    causes = []
    for span in trace.spans:
        if not flagged(span):
            continue
        if span.is_segment:
            if _has_flagged_segment_above(trace, span, flagged):
                continue
            cause = _walk(trace, span, flagged, client_impacting=span.id in roots)
        elif trace.is_inferred_call(span) and span.id in trace.owner and not flagged(trace.owner[span.id]):
            # Only its own segment matters: a walk from further up never passes a segment without the flag.
            service = RootCauseService(remote_id_of(span), True, (RootCauseEntity(span.name, False),))
            cause = RootCause((service,), False)
        else:
            continue
        if cause is not None:
            causes.append(cause)
    return tuple(causes)


def _has_flagged_segment_above(trace: Trace, span: Span, flagged: Callable[[Span], bool]) -> bool:
    seen = {span.id}
    at = trace.parent.get(span.id)
    while at is not None and at.id not in seen:
        if at.is_segment and flagged(at):
            return True
        seen.add(at.id)
        at = trace.parent.get(at.id)
    return False


def _walk(trace: Trace, start: Span, flagged: Callable[[Span], bool], client_impacting: bool) -> RootCause | None:
    path = _Path(start, RootCauseEntity(start.name, False, None, _exceptions(start)))
    evidence = bool(start.exception_types)
    at, seen = start, {start.id}
    while not trace.is_inferred_call(at):
        flagged_children = [c for c in trace.children.get(at.id, ()) if c.id not in seen and flagged(c)]
        if not flagged_children:
            break
        at = min(
            flagged_children, key=lambda c: (not trace.is_inferred_call(c), not c.exception_types, c.start_ns, c.id)
        )
        seen.add(at.id)
        path.step(trace, at, _exceptions(at), None)
        evidence = evidence or bool(at.exception_types) or trace.is_inferred_call(at)
    return path.cause(client_impacting) if evidence else None


class _Path:
    """Services and, in each, entities, in the order of the walk."""

    def __init__(self, start: Span, entity: RootCauseEntity) -> None:
        self._services = [(service_id_of(start), False, [entity])]

    @property
    def length(self) -> int:
        return sum(len(entities) for _, _, entities in self._services)

    def step(
        self, trace: Trace, span: Span, exceptions: tuple[RootCauseException, ...], coverage: float | None
    ) -> None:
        """Go on to `span`: a segment begins a service; an unanswered call ends in an inferred one."""
        remote = bool(span.remote_type)
        entity = RootCauseEntity(span.name, remote, coverage, exceptions)
        if span.is_segment:
            self._services.append((service_id_of(span), False, [entity]))
            return
        self._services[-1][2].append(entity)
        if trace.is_inferred_call(span):
            self._services.append((remote_id_of(span), True, [RootCauseEntity(span.name, False, coverage)]))

    def cause(self, client_impacting: bool) -> RootCause:
        services = (RootCauseService(id_, inferred, tuple(path)) for id_, inferred, path in self._services)
        return RootCause(tuple(services), client_impacting)


def _exceptions(span: Span) -> tuple[RootCauseException, ...]:
    pairs = zip(span.exception_types, span.exception_messages, strict=True)
    return tuple(RootCauseException(name, message) for name, message in pairs)
