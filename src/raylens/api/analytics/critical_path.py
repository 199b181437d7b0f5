"""Where the time of one trace went."""

from __future__ import annotations

from raylens.api.analytics.requests import CriticalPathRequest
from raylens.api.analytics.shapes import CauseShape, CriticalPathAnswer, ServiceShape, SpanTimeShape, StepShape
from raylens.api.context import Services
from raylens.errors import InvalidRequest, UnknownTrace
from raylens.model.ids import format_span_id, format_trace_id, parse_trace_id
from raylens.model.service import ServiceId
from raylens.model.time import seconds_from_ns
from raylens.traces import CriticalPath, assemble_trace, critical_path


async def show_critical_path(services: Services, request: CriticalPathRequest) -> CriticalPathAnswer:
    """Which span held the response of a trace at each moment, the known causes among them, and what ran on after it.

    Raises: InvalidRequest for what is no trace id, UnknownTrace where no trace has it.
    """
    trace_id = parse_trace_id(request.trace_id)
    if trace_id is None:
        raise InvalidRequest(
            f"'{request.trace_id[:50]}' is not a trace id: 1-, 8 hex digits, -, 24 hex digits were expected"
        )
    return await services.read(lambda: _look(services, trace_id))


def _look(services: Services, trace_id: bytes) -> CriticalPathAnswer:
    spans = services.store.spans([trace_id])
    if not spans:
        raise UnknownTrace(f"no trace {format_trace_id(trace_id)} is stored: it may not have arrived, or have expired")
    trace = assemble_trace(spans)
    path = critical_path(trace)
    if path is None:
        return CriticalPathAnswer(format_trace_id(trace_id), None, None, (), (), (), ())
    return _answer(trace_id, path, {span.id: span.name for span in trace.spans})


def _answer(trace_id: bytes, path: CriticalPath, names: dict[int, str]) -> CriticalPathAnswer:
    return CriticalPathAnswer(
        trace_id=format_trace_id(trace_id),
        start=seconds_from_ns(path.start_ns),
        response_time_ms=path.response_ns / 1e6,
        steps=tuple(
            StepShape(
                span_id=format_span_id(step.span_id),
                name=step.name,
                service=_service(step.service),
                kind=step.kind,
                offset_ms=(step.start_ns - path.start_ns) / 1e6,
                held_ms=step.held_ns / 1e6,
            )
            for step in path.steps
        ),
        spans=tuple(
            SpanTimeShape(
                span_id=format_span_id(span.span_id),
                name=names[span.span_id],
                self_time_ms=span.self_time_ns / 1e6,
                held_ms=span.held_ns / 1e6,
                share=span.share,
            )
            for span in path.spans
        ),
        causes=tuple(
            CauseShape(
                kind=cause.kind,
                name=cause.name,
                service=_service(cause.service),
                span_ids=tuple(map(format_span_id, cause.span_ids)),
                held_ms=cause.held_ns / 1e6,
                share=cause.share,
            )
            for cause in path.causes
        ),
        async_tails=tuple(map(format_span_id, path.async_tails)),
    )


def _service(service: ServiceId) -> ServiceShape:
    return ServiceShape(service.name, service.type)
