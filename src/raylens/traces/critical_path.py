"""The critical path of a trace: which span held the response at each moment, and the known causes among them.

The path itself is computed as the terminal computes it (`traces.slowest_path`). What each stretch of it is called is
decided here, by these rules:

`cold_start`  `Initialization` or `Restore` of a function segment: the sandbox was made ready while the request waited.
              Lambda reports it inside the function segment although it ended before that began (recorded); it is then
              hung below the service segment, which was waiting. One that was over before the response began, as with
              provisioned concurrency, held nothing and is on no path.
`throttled`   A call whose outcome is a throttle and that no segment answered, or any throttled span with nothing below
              it: the refusal came from there, what stands above only passed it on (inferred). The outcome is what the
              server derived where SDKs set no flag (model.outcome.THROTTLING_EXCEPTIONS). It is the whole call: retries
              that an SDK makes inside one call, and throttles that a retry healed, are not reported and not seen.
`waiting`     The Lambda service (`AWS::Lambda`) before its function segment began: the request waits for a sandbox to
              be found or started (inferred; the service segment is documented to hold queueing, and Initialization
              inside it is counted apart). Also its `Dwell Time` subsegment, the time in the asynchronous queue.
`call`        A call that no segment answered, or only one that outlived it by far and so is no part of the path: the
              callee and the way to it, which cannot be told apart.
`transit`     A call that was answered by a segment, while that segment was not running: the way there and back, and
              whatever stands in between (X-Ray developer guide, histograms: the caller's view includes the network).
`work`        Everything else: the span itself, with nothing that it waited for.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from raylens.model.outcome import Outcome
from raylens.model.service import ServiceId
from raylens.model.span import Span
from raylens.model.trace import Trace, remote_id_of, service_id_of
from raylens.traces.forest import Forest, Node, build_forest
from raylens.traces.slowest_path import Interval, SlowestPath, find_slowest_path, self_time_ns

_LAMBDA_SERVICE = "AWS::Lambda"
_LAMBDA_FUNCTION = "AWS::Lambda::Function"
_MAKING_READY = frozenset({"Initialization", "Restore"})
_QUEUED = "Dwell Time"


class StepKind(StrEnum):
    """What a span did while it held the response; the rules stand above."""

    WORK = "work"
    CALL = "call"
    TRANSIT = "transit"
    COLD_START = "cold_start"
    THROTTLED = "throttled"
    WAITING = "waiting"


# Kinds that name a cause by themselves, and what people call them. The others only say where to look.
CAUSE_NAMES: dict[StepKind, str] = {
    StepKind.COLD_START: "cold start",
    StepKind.THROTTLED: "throttling",
    StepKind.WAITING: "waiting for the function",
}


class Step(msgspec.Struct, frozen=True):
    """A stretch of the response and the span that held it. Times are epoch nanoseconds, the end excluded.

    `segment_id` is the segment that the span belongs to; for a segment it is its own.
    """

    span_id: int
    segment_id: int
    # the node it is the time of: of the segment it belongs to, of the remote one for a call that nobody answered
    service: ServiceId
    name: str
    kind: StepKind
    start_ns: int
    end_ns: int

    @property
    def held_ns(self) -> int:
        return self.end_ns - self.start_ns


class SpanTime(msgspec.Struct, frozen=True):
    """How long one span ran for itself, and for how much of that the response waited.

    `share` is `held_ns` as a share of the response, 0 where the response took no time.
    """

    span_id: int
    # not covered by anything it waited for; of parallel work each counts, so the sum may exceed the response
    self_time_ns: int
    held_ns: int
    share: float


class NamedCause(msgspec.Struct, frozen=True):
    """One known cause and how much of the response it took, over all spans of one node."""

    kind: StepKind
    service: ServiceId
    # in order of time
    span_ids: tuple[int, ...]
    held_ns: int
    share: float

    @property
    def name(self) -> str:
        """What people call it, such as `cold start`."""
        return CAUSE_NAMES[self.kind]


class CriticalPath(msgspec.Struct, frozen=True):
    """Where the time of one response went.

    `steps` follow each other without gap or overlap from the start of the root to its end; none when the response
    took no time. `spans` are all of the trace that stand below the root, by start. `causes` begin with the longest.
    """

    root_id: int
    start_ns: int
    response_ns: int
    steps: tuple[Step, ...]
    spans: tuple[SpanTime, ...]
    # spans that went on after the response without anyone waiting, by start
    async_tails: tuple[int, ...]
    causes: tuple[NamedCause, ...]


def critical_path(trace: Trace, forest: Forest[int] | None = None) -> CriticalPath | None:
    """Where the time of the trace's response went; None while its root is unfinished or has not arrived.

    `forest` is `forest_of_trace(trace)`, for those who have it already.

    Spans that do not hang below the root (other roots, and orphans that no running invocation explains) have no part
    in its response. Takes n log n for n spans, and never recurses.
    """
    roots = trace.roots
    if not roots or roots[0].in_progress:
        return None
    root = roots[0]
    response_ns = root.end_ns - root.start_ns
    forest = forest_of_trace(trace) if forest is None else forest
    path = find_slowest_path(forest, root.id)
    below = _Below(trace, forest, root, path.tails)
    steps = tuple(_steps(path, below))
    return CriticalPath(
        root_id=root.id,
        start_ns=root.start_ns,
        response_ns=response_ns,
        steps=steps,
        spans=tuple(_span_time(span, path, response_ns) for span in trace.spans if span.id in below.owners),
        async_tails=tuple(span.id for span in trace.spans if span.id in path.tails and span.id in below.owners),
        causes=_named_causes(steps, response_ns),
    )


def makes_ready(span: Span, segment: Span | None) -> bool:
    """Whether a span is the start of a sandbox, as the segment that it belongs to reports it (`cold_start` above)."""
    return (
        not span.is_segment
        and segment is not None
        and segment.origin == _LAMBDA_FUNCTION
        and span.name in _MAKING_READY
    )


def exclusive_time_by_service(trace: Trace) -> tuple[tuple[ServiceId, int], ...]:
    """For how many nanoseconds each node held the response, the longest first; the sum is the response time.

    Time on the path alone: work done beside it is left out. Empty while the root is unfinished or has not arrived.
    """
    path = critical_path(trace)
    held_ns: dict[ServiceId, int] = {}
    for step in path.steps if path is not None else ():
        held_ns[step.service] = held_ns.get(step.service, 0) + step.held_ns
    return tuple(sorted(held_ns.items(), key=lambda item: (-item[1], item[0])))


def forest_of_trace(trace: Trace) -> Forest[int]:
    """Which span stands under which, by id."""
    return build_forest(
        Node(
            span.id,
            span.parent_id or None,
            span.start_ns,
            None if span.in_progress else span.end_ns,
            span.is_segment,
            span.name,
        )
        for span in trace.spans
    )


class _Below:
    """The spans below the root and what is known of each: its segment, its node, and when its function began."""

    def __init__(self, trace: Trace, forest: Forest[int], root: Span, tails: frozenset[int]) -> None:
        self._trace = trace
        self._tails = tails
        self._forest = forest
        self.spans = {span.id: span for span in trace.spans}
        # The segment that each belongs to. Not `trace.owner`: an orphan that was given a parent has an owner, too.
        self.owners: dict[int, Span] = {root.id: root}
        self._function_began_ns: dict[int, int] = {}
        pending = [root]
        while pending:
            parent = pending.pop()
            for key in forest.children.get(parent.id, ()):
                child = self.spans[key]
                self.owners[key] = child if child.is_segment else self.owners[parent.id]
                if child.is_segment and child.origin == _LAMBDA_FUNCTION:
                    service = self.owners[parent.id].id
                    known_ns = self._function_began_ns.get(service, 0)
                    self._function_began_ns[service] = max(known_ns, child.start_ns)
                pending.append(child)

    def step(self, span: Span, held: Interval) -> Step:
        answered = not self._trace.is_inferred_call(span)
        owner = self.owners[span.id]
        service = service_id_of(owner) if answered else remote_id_of(span)
        return Step(span.id, owner.id, service, span.name, self._kind(span, held, answered), held.start_ns, held.end_ns)

    def _kind(self, span: Span, held: Interval, answered: bool) -> StepKind:
        owner = self.owners[span.id]
        is_leaf = span.id not in self._forest.children
        if span.outcome == Outcome.THROTTLE and (is_leaf or not answered):
            return StepKind.THROTTLED
        if not answered:
            return StepKind.CALL
        if makes_ready(span, owner):
            return StepKind.COLD_START
        if owner.origin == _LAMBDA_SERVICE and self._is_waiting(span, held):
            return StepKind.WAITING
        if span.remote_type and not span.is_segment:
            callees = self._trace.callees.get(span.id, ())
            return StepKind.TRANSIT if any(callee.id not in self._tails for callee in callees) else StepKind.CALL
        return StepKind.WORK

    def _is_waiting(self, span: Span, held: Interval) -> bool:
        # With several attempts the time between two of them is spent waiting as well: the last beginning counts.
        if span.is_segment:
            return held.end_ns <= self._function_began_ns.get(span.id, 0)
        return span.name == _QUEUED


def _steps(path: SlowestPath[int], below: _Below) -> Iterator[Step]:
    """The stretches of all spans in order of time, those that continue one another as one."""
    stretches = sorted(
        (held.start_ns, held.end_ns, span_id)
        for span_id, intervals in path.held.items()
        for held in intervals
        if held.end_ns > held.start_ns
    )
    last: Step | None = None
    for start_ns, end_ns, span_id in stretches:
        step = below.step(below.spans[span_id], Interval(start_ns, end_ns))
        if last is not None and last.span_id == span_id and last.kind is step.kind:
            last = msgspec.structs.replace(last, end_ns=end_ns)
            continue
        if last is not None:
            yield last
        last = step
    if last is not None:
        yield last


def _span_time(span: Span, path: SlowestPath[int], response_ns: int) -> SpanTime:
    held_ns = sum(interval.duration_ns for interval in path.held.get(span.id, ()))
    own_ns = self_time_ns(path.times[span.id], [path.times[child] for child in path.waited.get(span.id, ())])
    return SpanTime(span.id, own_ns, held_ns, _share(held_ns, response_ns))


def _named_causes(steps: tuple[Step, ...], response_ns: int) -> tuple[NamedCause, ...]:
    found: dict[tuple[StepKind, ServiceId], list[Step]] = {}
    for step in steps:
        if step.kind in CAUSE_NAMES:
            found.setdefault((step.kind, step.service), []).append(step)
    causes = []
    for (kind, service), own in found.items():
        held_ns = sum(step.held_ns for step in own)
        span_ids = tuple(dict.fromkeys(step.span_id for step in own))
        causes.append(NamedCause(kind, service, span_ids, held_ns, _share(held_ns, response_ns)))
    return tuple(sorted(causes, key=lambda cause: (-cause.held_ns, cause.kind, cause.service)))


def _share(held_ns: int, response_ns: int) -> float:
    return held_ns / response_ns if response_ns else 0.0
