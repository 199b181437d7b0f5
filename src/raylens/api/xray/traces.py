"""BatchGetTraces and GetTraceSummaries."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec

from raylens.api.context import Services
from raylens.api.protocol.rest_json import ns_from_timestamp
from raylens.api.xray.requests import BatchGetTraces, GetTraceSummaries, SamplingStrategy
from raylens.api.xray.shapes import trace_shape, trace_summary_shape
from raylens.errors import InvalidRequest
from raylens.model.ids import parse_trace_id
from raylens.model.time import TimeRange, seconds_from_ns
from raylens.storage.interface import RangeType, TraceMatch
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


class _Cursor(msgspec.Struct, array_like=True):
    """Where the next page goes on, and the question it belongs to."""

    at_ns: int
    trace_id: str
    start_ns: int
    end_ns: int
    by: str


async def get_trace_summaries(services: Services, request: GetTraceSummaries) -> dict[str, Any]:
    """One page of summaries, newest first.

    Raises: InvalidRequest for missing or inverted times, an unknown TimeRangeType or strategy, a token of another
    question, and for a FilterExpression: searching by expression is not part of this version.
    """
    window = TimeRange(
        ns_from_timestamp(request.start_time, "StartTime"), ns_from_timestamp(request.end_time, "EndTime")
    )
    if request.filter_expression is not None:
        raise InvalidRequest("FilterExpression is not supported by this version of raylens: leave it out")
    by = _range_type(request.time_range_type)
    before = None if request.next_token is None else _open_token(request.next_token, window, by)
    share = _sampled_share(request.sampling_strategy)
    matches = await services.read(lambda: services.store.find_traces(window, by, _PAGE_TRACES + 1, before))
    page, more = matches[:_PAGE_TRACES], len(matches) > _PAGE_TRACES
    chosen = [match for match in page if int.from_bytes(match.trace_id[8:]) < share * 2**64]
    answer: dict[str, Any] = {
        "TraceSummaries": await services.read(lambda: _summaries(services, chosen, by)),
        "ApproximateTime": seconds_from_ns(page[-1].at_ns if more else window.start_ns),
        "TracesProcessedCount": len(page),
    }
    if more:
        answer["NextToken"] = _token(page[-1], window, by)
    return answer


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


def _token(last: TraceMatch, window: TimeRange, by: RangeType) -> str:
    cursor = _Cursor(last.at_ns, last.trace_id.hex(), window.start_ns, window.end_ns, by.value)
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(cursor)).decode()


def _open_token(token: str, window: TimeRange, by: RangeType) -> tuple[int, bytes]:
    try:
        cursor = msgspec.msgpack.decode(base64.b64decode(token, altchars=b"-_", validate=True), type=_Cursor)
        trace_id = bytes.fromhex(cursor.trace_id)
    except (binascii.Error, msgspec.DecodeError, ValueError):
        raise InvalidRequest(f"Invalid token {token[:60]}") from None
    if (cursor.start_ns, cursor.end_ns, cursor.by) != (window.start_ns, window.end_ns, by.value) or len(trace_id) != 16:
        raise InvalidRequest("Invalid token: it belongs to another time range")
    return cursor.at_ns, trace_id
