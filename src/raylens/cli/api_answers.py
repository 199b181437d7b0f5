"""What the X-Ray API answers, as typed values. Only the members that the terminal shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from raylens.cli.span_documents import JsonObject

_Shape = TypeVar("_Shape")


class ErrorCounts(msgspec.Struct, frozen=True, rename="pascal"):
    """Requests refused as the caller's fault: throttled (429) and all other 4xx."""

    throttle_count: int = 0
    other_count: int = 0
    total_count: int = 0


class FaultCounts(msgspec.Struct, frozen=True, rename="pascal"):
    """Requests that failed (5xx)."""

    total_count: int = 0


class Statistics(msgspec.Struct, frozen=True, rename="pascal"):
    """Counts of requests by outcome, and the sum of their response times in seconds."""

    ok_count: int = 0
    error_statistics: ErrorCounts = ErrorCounts()
    fault_statistics: FaultCounts = FaultCounts()
    total_count: int = 0
    total_response_time: float = 0.0  # seconds


class HistogramEntry(msgspec.Struct, frozen=True, rename="pascal"):
    """`count` requests took `value` seconds."""

    value: float
    count: int


class Edge(msgspec.Struct, frozen=True, rename="pascal"):
    """Calls from one node to another as the caller saw them."""

    reference_id: int  # of the node called
    summary_statistics: Statistics | None = None
    edge_type: str | None = None  # `link` where messages of one trace are received in another
    received_event_age_histogram: tuple[HistogramEntry, ...] | None = None  # of links alone


class Service(msgspec.Struct, frozen=True, rename="pascal"):
    """One node of the service graph."""

    reference_id: int
    name: str | None = None
    type: str | None = None
    root: bool | None = None
    edges: tuple[Edge, ...] = ()
    summary_statistics: Statistics | None = None  # absent on client nodes
    response_time_histogram: tuple[HistogramEntry, ...] | None = None


class SummaryHttp(msgspec.Struct, frozen=True):
    """The request that a trace served; every member is absent when the root served no HTTP."""

    url: str | None = msgspec.field(default=None, name="HttpURL")
    status: int | None = msgspec.field(default=None, name="HttpStatus")
    method: str | None = msgspec.field(default=None, name="HttpMethod")


class EntryPoint(msgspec.Struct, frozen=True, rename="pascal"):
    """The service that a trace began in."""

    name: str | None = None


class TraceSummary(msgspec.Struct, frozen=True, rename="pascal"):
    """One line of a trace list. Times in seconds."""

    id: str
    start_time: float | None = None
    duration: float | None = None
    response_time: float | None = None
    has_fault: bool = False
    has_error: bool = False
    has_throttle: bool = False
    is_partial: bool = False
    http: SummaryHttp | None = None
    entry_point: EntryPoint | None = None


class InsightsConfiguration(msgspec.Struct, frozen=True, rename="pascal"):
    """Whether incidents of a group are looked for and told."""

    insights_enabled: bool = False
    notifications_enabled: bool = False


class Group(msgspec.Struct, frozen=True, rename="pascal"):
    """A named filter expression; None holds every trace."""

    group_name: str
    group_arn: str = msgspec.field(name="GroupARN")
    filter_expression: str | None = None
    insights_configuration: InsightsConfiguration = InsightsConfiguration()


def services_from_answer(answer: JsonObject) -> tuple[Service, ...]:
    """The nodes of a `ServiceGraph` or `TraceGraph` answer.

    Raises: msgspec.ValidationError when it is not such an answer.
    """
    return _converted(answer.get("Services", ()), tuple[Service, ...])


def summaries_from_answer(answer: JsonObject) -> tuple[TraceSummary, ...]:
    """The traces of a `TraceSummaries` answer, in its order.

    Raises: msgspec.ValidationError when it is not such an answer.
    """
    return _converted(answer.get("TraceSummaries", ()), tuple[TraceSummary, ...])


def looked_at_from_answer(answer: JsonObject) -> int:
    """How many traces a `TraceSummaries` answer was chosen from; 0 when it does not say."""
    return _converted(answer.get("TracesProcessedCount", 0), int)


def groups_from_answer(answer: JsonObject) -> tuple[Group, ...]:
    """The groups of a `Groups` answer, in its order.

    Raises: msgspec.ValidationError when it is not such an answer.
    """
    return _converted(answer.get("Groups", ()), tuple[Group, ...])


def group_from_answer(answer: JsonObject) -> Group:
    """The group of a `CreateGroup` or `UpdateGroup` answer.

    Raises: msgspec.ValidationError when it is not such an answer.
    """
    return _converted(answer.get("Group"), Group)


def documents_from_answer(answer: JsonObject) -> dict[str, tuple[JsonObject, ...]]:
    """The segment documents of each trace in a `Traces` answer. A document that is no JSON object is left out."""
    traces: dict[str, tuple[JsonObject, ...]] = {}
    for trace in answer.get("Traces") or ():
        documents = [_decoded(segment.get("Document")) for segment in trace.get("Segments") or ()]
        traces[trace["Id"]] = tuple(document for document in documents if document is not None)
    return traces


def _converted(value: object, shape: type[_Shape]) -> _Shape:
    return msgspec.convert(value, shape, strict=False)


def _decoded(document: object) -> Mapping[str, Any] | None:
    if not isinstance(document, str):
        return None
    try:
        value = msgspec.json.decode(document)
    except (msgspec.DecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
