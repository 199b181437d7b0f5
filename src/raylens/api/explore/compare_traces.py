"""What differs between two traces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from raylens.api.context import Services
from raylens.api.explore.requests import CompareTracesRequest
from raylens.api.explore.shapes import (
    ComparedFact,
    ComparedPath,
    ComparedTrace,
    CompareTracesAnswer,
    PathDifference,
)
from raylens.api.explore.stored_traces import checked_trace_id, ms_from_ns, outcome_of_trace, stored_trace
from raylens.model.ids import format_trace_id
from raylens.model.segment import AnnotationValue
from raylens.model.time import seconds_from_ns
from raylens.model.trace import Trace, TraceSummary
from raylens.traces import call_paths, critical_path, held_by_path, makes_ready, summarize_without_causes

# Slower and faster are a tenth and a millisecond at least: less than either is what one and the same request varies by.
_LEAST_SHARE = 0.1
_LEAST_NS = 1_000_000


async def compare_traces(services: Services, request: CompareTracesRequest) -> CompareTracesAnswer:
    """Which call paths only one of two traces has, or held its response longer, and what else they tell differently.

    A path is slower where it held the response of `b` for more than a tenth and more than a millisecond longer than
    that of `a`, faster the other way round; one that occurs in both and is neither is the same. While the root of a
    trace is unfinished its paths held nothing.
    Raises: InvalidRequest for what is no trace id, UnknownTrace where no trace has it.
    """
    a_id, b_id = checked_trace_id(request.a), checked_trace_id(request.b)
    return await services.read(
        lambda: comparison_of(stored_trace(services.store, a_id), stored_trace(services.store, b_id))
    )


def comparison_of(a: Trace, b: Trace) -> CompareTracesAnswer:
    """The comparison of two assembled traces."""
    one, other = _told(a), _told(b)
    return CompareTracesAnswer(one.shape, other.shape, _paths(one, other), tuple(_facts(one, other)))


class _Told(msgspec.Struct, frozen=True):
    """What is compared of one trace: its call paths, how often each occurs and how long it held, and facts by name."""

    shape: ComparedTrace
    counts: Counter[str]
    held_ns: dict[str, int]
    facts: dict[str, str]


def _told(trace: Trace) -> _Told:
    summary = summarize_without_causes(trace)
    path = critical_path(trace)
    shape = ComparedTrace(
        id=format_trace_id(trace.trace_id),
        start=seconds_from_ns(summary.start_ns),
        response_time_ms=ms_from_ns(summary.response_ns),
        outcome=outcome_of_trace(summary),
        http_method=summary.http_method or None,
        http_url=summary.http_url or None,
        http_status=summary.http_status or None,
        spans=len(trace.spans),
    )
    held_ns = {} if path is None else held_by_path(trace, path)
    return _Told(shape, Counter(call_paths(trace).values()), held_ns, dict(_facts_of(trace, summary, shape)))


def _paths(a: _Told, b: _Told) -> tuple[ComparedPath, ...]:
    paths = [_path(path, a, b) for path in {**a.counts, **b.counts}]
    return tuple(sorted(paths, key=lambda each: (-abs(each.held_b_ms - each.held_a_ms), each.path)))


def _path(path: str, a: _Told, b: _Told) -> ComparedPath:
    held_a_ns, held_b_ns = (told.held_ns.get(path, 0) for told in (a, b))
    return ComparedPath(
        path=path,
        change=_change(a.counts[path], b.counts[path], held_a_ns, held_b_ns),
        count_a=a.counts[path],
        count_b=b.counts[path],
        held_a_ms=held_a_ns / 1e6,
        held_b_ms=held_b_ns / 1e6,
    )


def _change(count_a: int, count_b: int, held_a_ns: int, held_b_ns: int) -> PathDifference:
    if not count_b:
        return PathDifference.ONLY_A
    if not count_a:
        return PathDifference.ONLY_B
    longer_ns = held_b_ns - held_a_ns
    if abs(longer_ns) <= max(_LEAST_NS, _LEAST_SHARE * min(held_a_ns, held_b_ns)):
        return PathDifference.SAME
    return PathDifference.SLOWER if longer_ns > 0 else PathDifference.FASTER


def _facts(a: _Told, b: _Told) -> Iterator[ComparedFact]:
    for name in {**a.facts, **b.facts}:
        told_a, told_b = a.facts.get(name), b.facts.get(name)
        if told_a != told_b:
            yield ComparedFact(name, told_a, told_b)


def _facts_of(trace: Trace, summary: TraceSummary, shape: ComparedTrace) -> Iterator[tuple[str, str]]:
    """Facts and their names, those that a trace does not tell left out."""
    entry = summary.entry_point
    listed = (
        ("outcome", shape.outcome.value),
        ("entry", "" if entry is None else entry.label),
        ("http.method", summary.http_method),
        ("http.url", summary.http_url),
        ("http.status", str(summary.http_status or "")),
        ("http.useragent", summary.user_agent),
        ("http.clientip", summary.client_ip),
        ("user", ", ".join(user for user, _ in summary.users)),
        ("availabilityzone", ", ".join(summary.availability_zones)),
        ("instance.id", ", ".join(summary.instance_ids)),
        ("cold_start", "yes" if _has_cold_start(trace) else "no"),
        ("partial", "yes" if summary.is_partial else "no"),
        ("spans", str(shape.spans)),
        ("segments", str(len(trace.segments))),
    )
    yield from ((name, text) for name, text in listed if text)
    for key, values in sorted(summary.annotations.items()):
        yield f"annotation.{key}", ", ".join(sorted(_text(annotated.value) for annotated in values))


def _has_cold_start(trace: Trace) -> bool:
    return any(makes_ready(span, trace.owner.get(span.id)) for span in trace.spans)


def _text(value: AnnotationValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:.15g}"
