"""What one trace says of services: their own time, the time between them, and what each of their requests did."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from raylens.model.figures import Entity
from raylens.model.service import ServiceId
from raylens.model.span import Span
from raylens.model.time import NS_PER_MINUTE
from raylens.model.trace import Trace, remote_id_of, service_id_of
from raylens.traces.slowest_path import Interval, self_time_ns

# What times and shapes are compared with those of: a service and what it was asked to do.
Operation = tuple[ServiceId, str]
# Of a path, what names one thing rather than a kind of things: anything with a digit, and long names.
_ONE_THING = re.compile(r"[^/]*\d[^/]*|[^/]{25,}")


class OwnTime(msgspec.Struct, frozen=True):
    """How long an entity took for itself once. `operation` is of its kind: the same is compared with the same."""

    entity: Entity
    operation: tuple[str, ...]
    seconds: float


class Visit(msgspec.Struct, frozen=True):
    """One request to a service: what came of it, whom it called and what else it did.

    `callees` are the services that it called, the last one last; `parent` is the number of the visit that it came from
    in the same trace, None of a root.
    """

    service: ServiceId
    operation: str
    outcome: int
    callees: tuple[ServiceId, ...]
    did: frozenset[str]
    parent: int | None

    @property
    def shape(self) -> tuple[int, frozenset[ServiceId], frozenset[str]]:
        """What is the same of requests that went the same way, however often anything was repeated."""
        return self.outcome, frozenset(self.callees), self.did


class TracePieces(msgspec.Struct, frozen=True):
    """All of a trace. `minute` is that of its start."""

    minute: int
    times: tuple[OwnTime, ...]
    visits: tuple[Visit, ...]


def take_apart(trace: Trace) -> TracePieces:
    """Own times of everything finished, and the visits, callers before their callees."""
    minute = min(span.start_ns for span in trace.spans) // NS_PER_MINUTE
    return TracePieces(minute, tuple(_own_times(trace)), tuple(_visits(trace)))


def operation_of(segment: Span) -> str:
    """What was asked of a service: method and path, with `*` for what names a single thing."""
    path = segment.http_url.split("?")[0].split("://")[-1].partition("/")[2]
    return f"{segment.http_method} /{_ONE_THING.sub('*', path)}" if segment.http_url else segment.operation


def _own_times(trace: Trace) -> Iterator[OwnTime]:
    for span in trace.spans:
        owner = trace.owner.get(span.id)
        if owner is None or span.in_progress or not span.end_ns:
            continue
        below = [Interval(child.start_ns, child.end_ns) for child in trace.children.get(span.id, ()) if child.end_ns]
        seconds = self_time_ns(Interval(span.start_ns, span.end_ns), below) / 1e9
        source = service_id_of(owner)
        answers = trace.callees.get(span.id, ())
        if span.is_segment:
            yield OwnTime(Entity(source), (operation_of(span),), seconds)
        elif answers:
            target = service_id_of(answers[0])
            yield OwnTime(Entity(target, source), (operation_of(answers[0]),), seconds)
        elif trace.is_inferred_call(span):
            yield OwnTime(Entity(remote_id_of(span)), (span.operation, source.label), seconds)
        else:
            yield OwnTime(Entity(source), (span.name,), seconds)


def _visits(trace: Trace) -> Iterator[Visit]:
    spans_of: dict[int, list[Span]] = defaultdict(list)
    for span in trace.spans:
        owner = trace.owner.get(span.id)
        if owner is not None and not span.is_segment:
            spans_of[owner.id].append(span)
    numbers: dict[int, int] = {}
    count = 0
    for segment in _callers_first(trace):
        number = numbers[segment.id] = count
        inside = spans_of[segment.id]
        caller = trace.parent.get(segment.id)
        above = trace.owner.get(caller.id) if caller is not None else None
        yield Visit(
            service_id_of(segment),
            operation_of(segment),
            segment.outcome,
            tuple(_callees(trace, inside)),
            frozenset(f"{span.name} {span.outcome}" for span in inside if not _is_call(trace, span)),
            numbers.get(above.id) if above is not None else None,
        )
        count += 1
        # Of what reports nothing itself, such as a table, the call is all that is known of the request.
        for span in inside:
            if trace.is_inferred_call(span):
                yield Visit(remote_id_of(span), span.operation, span.outcome, (), frozenset(), number)
                count += 1


def _callers_first(trace: Trace) -> list[Span]:
    """Segments, each after the one that called it, as far as they do not call each other in a circle."""
    ordered: list[Span] = []
    pending = list(reversed(trace.roots))
    seen: set[int] = set()
    below: dict[int, list[Span]] = defaultdict(list)
    for segment in trace.segments:
        caller = trace.parent.get(segment.id)
        above = trace.owner.get(caller.id) if caller is not None else None
        if above is not None:
            below[above.id].append(segment)
    while pending:
        segment = pending.pop()
        if segment.id in seen:
            continue
        seen.add(segment.id)
        ordered.append(segment)
        pending.extend(reversed(below[segment.id]))
    return ordered


def _callees(trace: Trace, inside: Iterable[Span]) -> Iterator[ServiceId]:
    for span in sorted(inside, key=lambda span: (span.start_ns, span.id)):
        answers = trace.callees.get(span.id, ())
        if answers:
            yield service_id_of(answers[0])
        elif span.remote_type:
            yield remote_id_of(span)


def _is_call(trace: Trace, span: Span) -> bool:
    return bool(span.remote_type) or span.id in trace.callees
