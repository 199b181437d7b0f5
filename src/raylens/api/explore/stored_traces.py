"""One trace that a request names: its id read, its spans put together."""

from __future__ import annotations

from raylens.api.analytics.shapes import ServiceShape
from raylens.api.explore.shapes import OutcomeName
from raylens.errors import InvalidRequest, UnknownTrace
from raylens.model.ids import format_trace_id, parse_trace_id
from raylens.model.outcome import Outcome
from raylens.model.service import ServiceId
from raylens.model.trace import Trace, TraceSummary
from raylens.storage.interface import TraceReader
from raylens.traces import assemble_trace

OUTCOME_NAMES = {
    Outcome.OK: OutcomeName.OK,
    Outcome.ERROR: OutcomeName.ERROR,
    Outcome.THROTTLE: OutcomeName.THROTTLE,
    Outcome.FAULT: OutcomeName.FAULT,
}


def checked_trace_id(text: str) -> bytes:
    """The id in either spelling.

    Raises: InvalidRequest for anything else.
    """
    trace_id = parse_trace_id(text)
    if trace_id is None:
        raise InvalidRequest(f"'{text[:50]}' is not a trace id: 1-, 8 hex digits, -, 24 hex digits were expected")
    return trace_id


def unknown_trace(trace_id: bytes) -> UnknownTrace:
    """The error for a trace that is not stored."""
    return UnknownTrace(f"no trace {format_trace_id(trace_id)} is stored: it may not have arrived, or have expired")


def stored_trace(store: TraceReader, trace_id: bytes) -> Trace:
    """The trace put together.

    Raises: UnknownTrace when none has the id.
    """
    spans = store.spans([trace_id])
    if not spans:
        raise unknown_trace(trace_id)
    return assemble_trace(spans)


def outcome_of_trace(summary: TraceSummary) -> OutcomeName:
    """How the root answered."""
    if summary.response_ns is None:
        return OutcomeName.UNFINISHED
    if summary.has_fault:
        return OutcomeName.FAULT
    if summary.has_throttle:
        return OutcomeName.THROTTLE
    return OutcomeName.ERROR if summary.has_error else OutcomeName.OK


def service_shape(service: ServiceId) -> ServiceShape:
    """A node by name and type."""
    return ServiceShape(service.name, service.type)


def ms_from_ns(ns: int | None) -> float | None:
    """Milliseconds of a length that may not be known."""
    return None if ns is None else ns / 1e6
