"""BatchGetTraces and GetTraceSummaries."""

from __future__ import annotations

from typing import Any

import msgspec

from raylens.api.context import Services
from raylens.api.page_token import read_token, write_token
from raylens.api.protocol.rest_json import window_from_members
from raylens.api.selection import select_traces
from raylens.api.xray.requests import BatchGetTraces, GetTraceSummaries, SamplingStrategy
from raylens.api.xray.shapes import trace_shape, trace_summary_shape
from raylens.errors import InvalidRequest
from raylens.model.ids import parse_trace_id
from raylens.model.time import TimeRange, seconds_from_ns
from raylens.storage.interface import RangeType, TraceFilter, TraceMatch, TraceReader
from raylens.traces import assemble_traces, compile_trace, summarize_trace

MAX_TRACE_IDS = 5
# X-Ray publishes no page size; this keeps a page well under a second.
_PAGE_TRACES = 250


async def batch_get_traces(services: Services, request: BatchGetTraces) -> dict[str, Any]:
    """The documents of up to five traces; unknown ids are left out.

    Raises: InvalidRequest for more than five ids, a malformed id, or a NextToken, which X-Ray does not support here.
    """
    if request.next_token:
        raise InvalidRequest("NextToken is not currently supported")
    trace_ids = checked_trace_ids(request.trace_ids)
    return {"Traces": await services.read(lambda: _traces(services, trace_ids)), "UnprocessedTraceIds": []}


def _traces(services: Services, trace_ids: list[bytes]) -> list[dict[str, Any]]:
    found = services.store.documents(trace_ids, services.max_trace_bytes)
    shapes = []
    for trace_id in trace_ids:
        documents = found.get(trace_id)
        if documents is not None:
            compiled = compile_trace(trace_id, [(d.version, d.document) for d in documents.documents])
            shapes.append(trace_shape(compiled, documents.truncated))
    return shapes


def checked_trace_ids(texts: list[str] | None) -> list[bytes]:
    """The distinct ids of a request, in its order.

    Raises: InvalidRequest when they are missing, more than five, or malformed.
    """
    if texts is None:
        raise InvalidRequest("TraceIds is required")
    if len(texts) > MAX_TRACE_IDS:
        raise InvalidRequest(f"{len(texts)} trace ids were sent: this exceeds the maximum query size: {MAX_TRACE_IDS}")
    ids: dict[bytes, None] = {}
    for text in texts:
        trace_id = parse_trace_id(text)
        if trace_id is None:
            raise InvalidRequest(f"'{text[:50]}' is not a trace id: 1-, 8 hex digits, -, 24 hex digits were expected")
        ids[trace_id] = None
    return list(ids)


class _Place(msgspec.Struct, array_like=True):
    """The last trace of a page."""

    at_ns: int
    trace_id: bytes


class _Page(msgspec.Struct, frozen=True):
    """The traces of one page, how many were looked at to find them, and whether there are more."""

    matches: list[TraceMatch]
    looked_at: int
    has_more: bool


async def get_trace_summaries(services: Services, request: GetTraceSummaries) -> dict[str, Any]:
    """One page of summaries of the traces that satisfy FilterExpression, newest first.

    GroupName and GroupARN (an extension) restrict it to a group, as they do in GetServiceGraph.
    Raises: InvalidRequest for missing or inverted times, an unknown TimeRangeType, strategy or group, an expression
    that is blank or cannot be read, and a token of another question.
    """
    window = window_from_members(request.start_time, request.end_time)
    by = _range_type(request.time_range_type)
    share = _sampled_share(request.sampling_strategy)
    question = (
        "TraceSummaries", window.start_ns, window.end_ns, by.value,
        request.filter_expression, request.group_name, request.group_arn,
    )  # fmt: skip
    before = None if request.next_token is None else _place_from_token(request.next_token, window, question)
    selection = await select_traces(
        services,
        filter_text=request.filter_expression,
        group_name=request.group_name,
        group_arn=request.group_arn,
    )
    page = await services.read(lambda: _find_page(services.store, window, by, before, selection.where))
    chosen = [match for match in page.matches if int.from_bytes(match.trace_id[8:]) < share * 2**64]
    answer: dict[str, Any] = {
        "TraceSummaries": await services.read(lambda: _summaries(services, chosen, by)),
        "ApproximateTime": seconds_from_ns(page.matches[-1].at_ns if page.has_more else window.start_ns),
        "TracesProcessedCount": page.looked_at,
    }
    if page.has_more:
        last = page.matches[-1]
        answer["NextToken"] = write_token(_Place(last.at_ns, last.trace_id), question)
    return answer


def _find_page(
    store: TraceReader, window: TimeRange, by: RangeType, before: tuple[int, bytes] | None, where: TraceFilter
) -> _Page:
    found = store.find_traces(window, by, _PAGE_TRACES + 1, before, where)
    matches, has_more = found[:_PAGE_TRACES], len(found) > _PAGE_TRACES
    looked_at = len(matches)
    if not where.selects_all:
        # Counted by start, whatever the range goes by: nothing else is counted cheaply.
        start_ns = matches[-1].at_ns if has_more else window.start_ns
        end_ns = window.end_ns if before is None else before[0]
        counted = store.count_traces(TimeRange(start_ns, end_ns)) if start_ns < end_ns else 0
        looked_at = max(counted, looked_at)
    return _Page(matches, looked_at, has_more)


def _summaries(services: Services, matches: list[TraceMatch], by: RangeType) -> list[dict[str, Any]]:
    traces = assemble_traces(services.store.spans([match.trace_id for match in matches]))
    return [
        trace_summary_shape(summarize_trace(traces[match.trace_id]), None if by is RangeType.TRACE_ID else match.at_ns)
        for match in matches
        # a trace that expired between the two questions is gone
        if match.trace_id in traces
    ]


def _range_type(text: str | None) -> RangeType:
    try:
        return RangeType.TRACE_ID if text is None else RangeType(text)
    except ValueError:
        raise InvalidRequest(f"TimeRangeType is '{text}', TraceId, Event or Service was expected") from None


def _sampled_share(strategy: SamplingStrategy | None) -> float:
    """The share of traces to return, 1.0 for all. Both strategies take a fraction and choose by trace id (inferred)."""
    if strategy is None or strategy.name is None:
        return 1.0
    if strategy.name not in ("PartialScan", "FixedRate"):
        raise InvalidRequest(f"SamplingStrategy.Name is '{strategy.name}', PartialScan or FixedRate was expected")
    share = 1.0 if strategy.value is None else strategy.value
    if not 0 <= share <= 1:
        raise InvalidRequest(f"SamplingStrategy.Value is {share:g}, 0 to 1 was expected")
    return share


def _place_from_token(token: str, window: TimeRange, question: tuple[Any, ...]) -> tuple[int, bytes]:
    place = read_token(token, _Place, question)
    if not window.contains(place.at_ns) or len(place.trace_id) != 16:
        raise InvalidRequest(f"Invalid token {token[:60]}")
    return place.at_ns, place.trace_id
