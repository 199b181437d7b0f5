"""Lists of traces."""

from __future__ import annotations

from typing import Any

import msgspec

from raylens.api.analytics.overview import set_shape
from raylens.api.analytics.sets import ChosenSet, choose_set
from raylens.api.context import Services
from raylens.api.explore.requests import TracesRequest
from raylens.api.explore.shapes import TraceRow, TracesAnswer
from raylens.api.explore.stored_traces import ms_from_ns, outcome_of_trace, service_shape
from raylens.api.page_token import read_token, write_token
from raylens.errors import InvalidRequest
from raylens.model.ids import format_trace_id
from raylens.model.service import CLIENT_TYPE
from raylens.model.time import seconds_from_ns
from raylens.model.trace import TraceSummary
from raylens.storage.interface import TracePlace
from raylens.traces import assemble_traces, summarize_trace

MAX_PAGE_TRACES = 250
_ID_BYTES = 16
_MOST_NS = (1 << 63) - 1


class _Place(msgspec.Struct, array_like=True):
    """The last trace of a page."""

    trace_id: bytes
    start_ns: int
    response_ns: int | None


async def list_traces(services: Services, request: TracesRequest) -> TracesAnswer:
    """One page of the traces of a set.

    Raises: InvalidRequest for a set that cannot be chosen, a limit out of range, and a cursor of another question.
    """
    if not 1 <= request.limit <= MAX_PAGE_TRACES:
        raise InvalidRequest(f"limit is {request.limit}, 1 to {MAX_PAGE_TRACES} was expected")
    chosen = await choose_set(services, request.of)
    window = chosen.traces.window
    question = ("traces", window.start_ns, window.end_ns, chosen.filter, chosen.group, request.order.value)
    after = None if request.cursor is None else _place_from_cursor(request.cursor, question)
    places, rows = await services.read(lambda: _page(services, chosen, request, after))
    has_more = len(places) > request.limit
    last = places[request.limit - 1] if has_more else None
    return TracesAnswer(
        of=set_shape(chosen),
        order=request.order,
        traces=rows,
        next=None if last is None else write_token(_Place(last.trace_id, last.start_ns, last.response_ns), question),
    )


def _page(
    services: Services, chosen: ChosenSet, request: TracesRequest, after: TracePlace | None
) -> tuple[list[TracePlace], tuple[TraceRow, ...]]:
    """The places of a page, one more where there are more, and the rows of the page."""
    places = services.store.list_traces(chosen.traces, request.order, request.limit + 1, after)
    shown = [place.trace_id for place in places[: request.limit]]
    traces = assemble_traces(services.store.spans(shown))
    # a trace that expired between the two questions is gone
    return places, tuple(_row(summarize_trace(traces[trace_id])) for trace_id in shown if trace_id in traces)


def _place_from_cursor(cursor: str, question: tuple[Any, ...]) -> TracePlace:
    place = read_token(cursor, _Place, question)
    numbers = (place.start_ns, 0 if place.response_ns is None else place.response_ns)
    if len(place.trace_id) != _ID_BYTES or not all(0 <= number <= _MOST_NS for number in numbers):
        raise InvalidRequest(f"Invalid token {cursor[:60]}")
    return TracePlace(place.trace_id, place.start_ns, place.response_ns)


def _row(summary: TraceSummary) -> TraceRow:
    return TraceRow(
        id=format_trace_id(summary.trace_id),
        start=seconds_from_ns(summary.start_ns),
        response_time_ms=ms_from_ns(summary.response_ns),
        duration_ms=ms_from_ns(summary.duration_ns),
        outcome=outcome_of_trace(summary),
        has_fault=summary.has_fault,
        has_error=summary.has_error,
        has_throttle=summary.has_throttle,
        is_partial=summary.is_partial,
        http_method=summary.http_method or None,
        http_url=summary.http_url or None,
        http_status=summary.http_status or None,
        client_ip=summary.client_ip or None,
        user_agent=summary.user_agent or None,
        entry=None if summary.entry_point is None else service_shape(summary.entry_point),
        services=tuple(service_shape(service) for service in summary.services if service.type != CLIENT_TYPE),
        users=tuple(user for user, _ in summary.users),
        annotations={
            key: tuple(annotated.value for annotated in values) for key, values in summary.annotations.items()
        },
        cause=_cause(summary),
    )


def _cause(summary: TraceSummary) -> str | None:
    """What the exception says that stands last on the way to a fault, or else to an error.

    The way may end in a node that was inferred and threw nothing itself: then it is what its caller saw.
    """
    for cause in (*summary.fault_root_causes, *summary.error_root_causes):
        for service in reversed(cause.services):
            for entity in reversed(service.path):
                for exception in entity.exceptions:
                    if exception.message or exception.name:
                        return exception.message or exception.name
    return None
