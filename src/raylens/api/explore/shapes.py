"""What the API of the console's pages answers. Instants are epoch seconds; null is what is not known."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from raylens.api.analytics.shapes import HistogramBucket, Percentiles, ServiceShape, SetShape
from raylens.api.explore.requests import LambdaView
from raylens.model.segment import AnnotationValue
from raylens.storage.interface import TraceOrder


class OutcomeName(StrEnum):
    """How the root of a trace, or one span, answered."""

    OK = "ok"
    ERROR = "error"
    THROTTLE = "throttle"
    FAULT = "fault"
    UNFINISHED = "unfinished"


class StatisticsShape(msgspec.Struct, frozen=True):
    """Finished requests by outcome, and how long they took; times are null where there were none."""

    requests: int
    ok: int
    error: int
    throttle: int
    fault: int
    average_ms: float | None
    percentiles: Percentiles | None
    histogram: tuple[HistogramBucket, ...]


class MapNode(msgspec.Struct, frozen=True):
    """One node. `key` is the same in every answer.

    Clients have no statistics. A node that is not `reporting` was inferred from its callers. `filter` selects the
    traces that went through it, null for clients; a part in braces may follow it.
    """

    key: str
    name: str
    type: str
    is_client: bool
    is_root: bool
    reporting: bool
    statistics: StatisticsShape | None
    start: float | None
    end: float | None
    filter: str | None


class MapEdge(msgspec.Struct, frozen=True):
    """Calls from one node to another as the caller saw them, or a link: messages received in another trace.

    `source` and `target` are keys of nodes. `message_ages` is of links, null for calls. `filter` selects the traces
    that took it, null where no expression can; a part in braces may follow it.
    """

    source: str
    target: str
    is_link: bool
    statistics: StatisticsShape
    message_ages: tuple[HistogramBucket, ...] | None
    filter: str | None


class MapAnswer(msgspec.Struct, frozen=True):
    """The service map of a set."""

    of: SetShape = msgspec.field(name="set")
    lambda_view: LambdaView
    nodes: tuple[MapNode, ...]
    edges: tuple[MapEdge, ...]
    contains_old_group_versions: bool


class TraceMapAnswer(msgspec.Struct, frozen=True):
    """The service map of one trace."""

    trace_id: str
    lambda_view: LambdaView
    nodes: tuple[MapNode, ...]
    edges: tuple[MapEdge, ...]


class TimeSeriesBucket(msgspec.Struct, frozen=True):
    """The finished requests that began in the bucket which begins at `start`; empty buckets are left out."""

    start: float
    requests: int
    ok: int
    error: int
    throttle: int
    fault: int
    average_ms: float | None
    percentiles: Percentiles | None


class TimeSeriesAnswer(msgspec.Struct, frozen=True):
    """Figures of a node or an edge over time, oldest first."""

    of: SetShape = msgspec.field(name="set")
    bucket_s: int
    buckets: tuple[TimeSeriesBucket, ...]


class TraceRow(msgspec.Struct, frozen=True):
    """One trace in a list. `outcome` is that of the root, the flags those of GetTraceSummaries.

    `cause` is the message, else the type, of the exception at the end of its first fault or error root cause.
    """

    id: str
    start: float
    response_time_ms: float | None
    duration_ms: float | None
    outcome: OutcomeName
    has_fault: bool
    has_error: bool
    has_throttle: bool
    is_partial: bool
    http_method: str | None
    http_url: str | None
    http_status: int | None
    client_ip: str | None
    user_agent: str | None
    entry: ServiceShape | None
    services: tuple[ServiceShape, ...]
    users: tuple[str, ...]
    annotations: dict[str, tuple[AnnotationValue, ...]]
    cause: str | None


class TracesAnswer(msgspec.Struct, frozen=True):
    """One page of a set in the order asked for; `next` is null on the last."""

    of: SetShape = msgspec.field(name="set")
    order: TraceOrder
    traces: tuple[TraceRow, ...]
    next: str | None


class HeatMapCell(msgspec.Struct, frozen=True):
    """Traces that began in the bucket that starts at `start` and took from `from_ms` until below `to_ms`."""

    start: float
    from_ms: float
    to_ms: float
    traces: int
    error: int
    throttle: int
    fault: int


class HeatMapAnswer(msgspec.Struct, frozen=True):
    """How long traces took over time; unfinished ones are in no cell. Empty cells are left out."""

    of: SetShape = msgspec.field(name="set")
    bucket_s: int
    cells: tuple[HeatMapCell, ...]


class SpanFlag:
    """The bits of `TimelineSpans.flags`; of ERROR, THROTTLE and FAULT at most one is set."""

    SEGMENT = 1
    IN_PROGRESS = 2
    ERROR = 4
    THROTTLE = 8
    FAULT = 16
    # a call whose callee sent nothing
    INFERRED = 32
    # its parent never arrived, or parents run in a circle
    ORPHAN = 64
    # it ended before it began, drawn with no length; of what is taken in such ends are moved to the start already
    NEGATIVE = 128
    # it began before its parent did: the clocks of two machines differ
    SKEWED = 256
    EXCEPTION = 512
    ANNOTATED = 1024
    COLD_START = 2048
    REMOTE = 4096


class TimelineSpans(msgspec.Struct, frozen=True):
    """The spans of a trace as columns of equal length, depth first, siblings by start.

    `parent` is a position, -1 for none; `name` and `service` are positions in the tables beside it, `service` is -1
    where it is not known. `offset_us` is the start after that of the trace, `duration_us` is -1 while in progress.
    `status` is 0 where there is none. `held_us` is for how much of its duration the response waited (critical path).
    """

    id: tuple[str, ...]
    parent: tuple[int, ...]
    depth: tuple[int, ...]
    name: tuple[int, ...]
    service: tuple[int, ...]
    offset_us: tuple[int, ...]
    duration_us: tuple[int, ...]
    flags: tuple[int, ...]
    status: tuple[int, ...]
    held_us: tuple[int, ...]


class CriticalStep(msgspec.Struct, frozen=True):
    """A stretch of the response held by the span at position `span`; stretches follow each other."""

    span: int
    offset_us: int
    held_us: int
    kind: str


class LinkedTrace(msgspec.Struct, frozen=True):
    """A trace whose message the span `span_id` of this one received."""

    span_id: str
    trace_id: str


class TimelineAnswer(msgspec.Struct, frozen=True):
    """A whole trace to be drawn. `start` is that of its first span, `length_us` reaches to the end of its last.

    `path` is the critical path, empty while the root is unfinished.
    """

    trace_id: str
    start: float
    length_us: int
    response_time_ms: float | None
    duration_ms: float | None
    outcome: OutcomeName
    is_partial: bool
    http_method: str | None
    http_url: str | None
    http_status: int | None
    client_ip: str | None
    user_agent: str | None
    entry: ServiceShape | None
    users: tuple[str, ...]
    names: tuple[str, ...]
    services: tuple[ServiceShape, ...]
    spans: TimelineSpans
    path: tuple[CriticalStep, ...]
    links: tuple[LinkedTrace, ...]


class StackFrameShape(msgspec.Struct, frozen=True):
    """One line of a stack trace."""

    path: str
    line: int | None
    label: str


class ExceptionShape(msgspec.Struct, frozen=True):
    """One exception; `left_out` frames were not recorded."""

    id: str
    type: str
    message: str
    is_remote: bool
    stack: tuple[StackFrameShape, ...]
    left_out: int


class HttpShape(msgspec.Struct, frozen=True):
    """The request served or made, and its answer."""

    method: str | None
    url: str | None
    status: int | None
    user_agent: str | None
    client_ip: str | None
    content_length: int | None


class SpanAnswer(msgspec.Struct, frozen=True):
    """One (sub)segment with all that was sent of it.

    `aws`, `sql`, `metadata` (by namespace) and `document` are as they were sent; `document` is without the
    subsegments, of which `subsegments` tells the number.
    """

    trace_id: str
    id: str
    parent_id: str | None
    name: str
    service: ServiceShape | None
    is_segment: bool
    namespace: str | None
    outcome: OutcomeName
    error: bool
    throttle: bool
    fault: bool
    start: float
    end: float | None
    duration_ms: float | None
    operation: str | None
    resource_arn: str | None
    user: str | None
    http: HttpShape | None
    aws: dict[str, Any]
    sql: dict[str, Any]
    annotations: dict[str, AnnotationValue]
    metadata: dict[str, Any]
    exceptions: tuple[ExceptionShape, ...]
    working_directory: str | None
    links: tuple[LinkedTrace, ...]
    subsegments: int
    document: dict[str, Any]


class DocumentsAnswer(msgspec.Struct, frozen=True):
    """Every document of a trace as BatchGetTraces has it; not `complete` where some were left out for size."""

    trace_id: str
    complete: bool
    documents: tuple[dict[str, Any], ...]


class ComparedTrace(msgspec.Struct, frozen=True):
    """One side of a comparison of two traces."""

    id: str
    start: float
    response_time_ms: float | None
    outcome: OutcomeName
    http_method: str | None
    http_url: str | None
    http_status: int | None
    spans: int


class PathDifference(StrEnum):
    """What became of a call path from A to B."""

    ONLY_A = "only_a"
    ONLY_B = "only_b"
    SLOWER = "slower"
    FASTER = "faster"
    SAME = "same"


class ComparedPath(msgspec.Struct, frozen=True):
    """A call path of either trace: how often it occurs, and for how long its last node held the response."""

    path: str
    change: PathDifference
    count_a: int
    count_b: int
    held_a_ms: float
    held_b_ms: float


class ComparedFact(msgspec.Struct, frozen=True):
    """Something that the two traces tell differently; null where one does not tell it."""

    name: str
    a: str | None
    b: str | None


class CompareTracesAnswer(msgspec.Struct, frozen=True):
    """What differs between two traces; `paths` with the largest difference first."""

    a: ComparedTrace
    b: ComparedTrace
    paths: tuple[ComparedPath, ...]
    facts: tuple[ComparedFact, ...]


class GroupShape(msgspec.Struct, frozen=True):
    """A group; `filter` is null where every trace belongs to it. The default one cannot be changed."""

    name: str
    arn: str
    filter: str | None
    is_default: bool


class GroupsAnswer(msgspec.Struct, frozen=True):
    """All groups: Default, then the others by name."""

    groups: tuple[GroupShape, ...]


class GroupAnswer(msgspec.Struct, frozen=True):
    """The group as it is now."""

    group: GroupShape


class NothingAnswer(msgspec.Struct, frozen=True):
    """It is done; there is nothing more to tell."""


class StoredAmount(msgspec.Struct, frozen=True):
    """What is stored: counts, and bytes on disk. `oldest` and `newest` are starts of traces, null without any."""

    traces: int
    spans: int
    documents: int
    disk_bytes: int
    oldest: float | None
    newest: float | None


class DoorsShape(msgspec.Struct, frozen=True):
    """Where this server listens: the URL of its APIs, and the daemon's datagrams and sampling as `host:port`."""

    http: str
    udp: str
    tcp: str


class StatusAnswer(msgspec.Struct, frozen=True):
    """The server, its store and its settings that matter to people. `has_lab` says whether a lab answers."""

    version: str
    started: float
    now: float
    region: str
    account_id: str
    retention_days: int
    store: str
    doors: DoorsShape
    stored: StoredAmount
    has_lab: bool


class LabResource(msgspec.Struct, frozen=True):
    """A resource of a stack."""

    logical_id: str
    type: str
    physical_id: str
    arn: str | None
    tags: dict[str, str]


class LabOutput(msgspec.Struct, frozen=True):
    """An output of a stack; `local_value` is what works on this machine."""

    key: str
    value: str
    local_value: str
    description: str | None


class LabStack(msgspec.Struct, frozen=True):
    """A stack; `created` is ISO 8601."""

    name: str
    id: str
    status: str
    reason: str | None
    description: str | None
    created: str
    parameters: dict[str, str]
    tags: dict[str, str]
    resources: tuple[LabResource, ...]
    outputs: tuple[LabOutput, ...]


class LabStacksAnswer(msgspec.Struct, frozen=True):
    """Every stack."""

    stacks: tuple[LabStack, ...]


class LabEvent(msgspec.Struct, frozen=True):
    """One event of a stack; `time` is ISO 8601."""

    index: int
    time: str
    logical_id: str
    physical_id: str | None
    type: str
    status: str
    reason: str | None


class LabEventsAnswer(msgspec.Struct, frozen=True):
    """The events of a stack, oldest first; `settled` once nothing is under way."""

    status: str
    settled: bool
    events: tuple[LabEvent, ...]


class LabTaggedResource(msgspec.Struct, frozen=True):
    """A hit of a tag search."""

    arn: str
    type: str
    stack_name: str
    logical_id: str
    physical_id: str
    tags: dict[str, str]


class LabResourcesAnswer(msgspec.Struct, frozen=True):
    """What carries the tag."""

    resources: tuple[LabTaggedResource, ...]


class LabFunction(msgspec.Struct, frozen=True):
    """A function; `tracing` is Active or PassThrough."""

    name: str
    arn: str
    handler: str
    runtime: str
    timeout_s: float
    memory_mb: int
    tracing: str
    environment: dict[str, str]
    tags: dict[str, str]
    log_group: str


class LabFunctionsAnswer(msgspec.Struct, frozen=True):
    """Every function."""

    functions: tuple[LabFunction, ...]


class LabFunctionAnswer(msgspec.Struct, frozen=True):
    """One function, and its files by name."""

    function: LabFunction
    source: dict[str, str]


class LabLogLine(msgspec.Struct, frozen=True):
    """One line of a function's log; `time` is ISO 8601."""

    time: str
    stream: str
    request_id: str | None
    message: str


class LabLogsAnswer(msgspec.Struct, frozen=True):
    """The newest lines, oldest first."""

    events: tuple[LabLogLine, ...]


class LabLogGroup(msgspec.Struct, frozen=True):
    """A log group; `exists` says whether its function still does."""

    name: str
    function: str
    exists: bool


class LabLogGroupsAnswer(msgspec.Struct, frozen=True):
    """Every log group, those of deleted functions included."""

    groups: tuple[LabLogGroup, ...]


class LabFault(msgspec.Struct, frozen=True):
    """A fault that is on."""

    fault: str
    target: str
    amount: float | None


class LabFaultsAnswer(msgspec.Struct, frozen=True):
    """The faults that are on, and the names of all."""

    active: tuple[LabFault, ...]
    names: tuple[str, ...]
