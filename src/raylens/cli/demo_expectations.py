"""What `raylens demo` must find after the QuickTable lab has run, as data, and pure checks of answers against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from raylens.cli.api_answers import Service
from raylens.cli.span_documents import JsonObject, Span, member, spans_from_documents


class NodeExpectation(msgspec.Struct, frozen=True):
    """A node of the service map. Function names end in a suffix of the stack, so they are known by their start."""

    name: str
    type: str
    is_prefix: bool = False

    def __str__(self) -> str:
        return f"{self.name}{'*' if self.is_prefix else ''} ({self.type})"

    def matches(self, service: Service) -> bool:
        """Whether `service` is this node."""
        return service.type == self.type and _is_named(service.name or "", self.name, self.is_prefix)


class SpanExpectation(msgspec.Struct, frozen=True):
    """A segment or subsegment of a trace, standing directly below the one called `parent`."""

    key: str  # how others name it as their parent
    name: str
    parent: str | None  # absent for the first of the trace
    is_prefix: bool = False
    origin: str | None = None
    namespace: str | None = None
    is_inferred: bool = False
    error: bool | None = None  # absent when the flag does not matter
    fault: bool | None = None
    status: int | None = None
    has_exception: bool = False

    def __str__(self) -> str:
        kind = self.origin or self.namespace or "subsegment"
        return f"{'inferred ' if self.is_inferred else ''}{self.name}{'*' if self.is_prefix else ''} ({kind})"


class TraceExpectation(msgspec.Struct, frozen=True):
    """One trace: the request that it served, its spans, and what the span of the application recorded."""

    title: str
    method: str
    status: int
    has_cold_start: bool
    spans: tuple[SpanExpectation, ...]
    recorded_on: str = ""  # key of the span that carries what follows
    annotations: tuple[tuple[str, str], ...] = ()  # name and value
    annotations_of_body: tuple[str, ...] = ()  # their value is that of the request body of the same name
    metadata: tuple[str, ...] = ()  # names in the default namespace


STAGE, LAMBDA, FUNCTION = "AWS::ApiGateway::Stage", "AWS::Lambda", "AWS::Lambda::Function"
TABLE = "AWS::DynamoDB::Table"
STAGE_NAME = "QuickTableXRayAPI/prod"

_CLIENT = NodeExpectation(STAGE_NAME, "client")
_STAGE = NodeExpectation(STAGE_NAME, STAGE)
_CREATE = NodeExpectation("CreateReservation-", LAMBDA, is_prefix=True)
_CREATE_FUNCTION = NodeExpectation("CreateReservation-", FUNCTION, is_prefix=True)
_GET = NodeExpectation("GetReservations-", LAMBDA, is_prefix=True)
_GET_FUNCTION = NodeExpectation("GetReservations-", FUNCTION, is_prefix=True)
_TABLE = NodeExpectation("Reservations", TABLE)

EXPECTED_NODES = (_CLIENT, _STAGE, _CREATE, _CREATE_FUNCTION, _GET, _GET_FUNCTION, _TABLE)
EXPECTED_EDGES = (
    (_CLIENT, _STAGE),
    (_STAGE, _CREATE),
    (_CREATE, _CREATE_FUNCTION),
    (_CREATE_FUNCTION, _TABLE),
    (_STAGE, _GET),
    (_GET, _GET_FUNCTION),
    (_GET_FUNCTION, _TABLE),
)


def _managed_spans(function: str, status: int, *, error: bool) -> tuple[SpanExpectation, ...]:
    """What the gateway and the Lambda service record of every request."""
    return (
        SpanExpectation("stage", STAGE_NAME, None, origin=STAGE, error=error, fault=False, status=status),
        SpanExpectation("invoke", "Lambda", "stage", namespace="aws"),
        SpanExpectation("service", function, "invoke", is_prefix=True, origin=LAMBDA),
        SpanExpectation("function", function, "service", is_prefix=True, origin=FUNCTION),
        SpanExpectation("invocation", "Invocation", "function"),
        SpanExpectation("overhead", "Overhead", "function"),
    )


def _table_spans(parent: str, name: str) -> tuple[SpanExpectation, ...]:
    """A call of the table: the application's own subsegment, the SDK's below it, and the inferred table."""
    return (
        SpanExpectation("table_call", name, parent),
        SpanExpectation("sdk_call", "dynamodb", "table_call", namespace="aws"),
        SpanExpectation("table", "DynamoDB", "sdk_call", origin=TABLE, is_inferred=True),
    )


COLD_POST = TraceExpectation(
    title="first POST /reservations (201, cold start)",
    method="POST",
    status=201,
    has_cold_start=True,
    spans=(
        *_managed_spans("CreateReservation-", 201, error=False),
        SpanExpectation("initialization", "Initialization", "function"),
        SpanExpectation("create", "create_reservation", "invocation"),
        SpanExpectation("validate", "validate_input", "create"),
        *_table_spans("create", "dynamodb_put_item"),
    ),
    recorded_on="create",
    annotations=(("operation", "create"), ("status", "pending")),
    annotations_of_body=("restaurantName", "date"),
    metadata=("request_body", "reservation_data", "user_id"),
)
GET = TraceExpectation(
    title="GET /reservations (200)",
    method="GET",
    status=200,
    has_cold_start=False,
    spans=(
        *_managed_spans("GetReservations-", 200, error=False),
        SpanExpectation("get", "get_reservations", "invocation"),
        *_table_spans("get", "dynamodb_query"),
    ),
    recorded_on="get",
    annotations=(("operation", "get"),),
    metadata=("user_id",),
)
BAD_POST = TraceExpectation(
    title="refused POST /reservations (400)",
    method="POST",
    status=400,
    has_cold_start=False,
    spans=(
        *_managed_spans("CreateReservation-", 400, error=True),
        SpanExpectation("create", "create_reservation", "invocation", fault=True),
        SpanExpectation("validate", "validate_input", "create", fault=True, has_exception=True),
    ),
    recorded_on="create",
    annotations=(("operation", "create"),),
    metadata=("request_body",),
)
EXPECTED_TRACES = (COLD_POST, GET, BAD_POST)

Documents = Sequence[JsonObject]


def missing_from_map(services: Sequence[Service]) -> tuple[str, ...]:
    """Every expected node and edge that `services` lacks, in words; empty when all is there."""
    missing = [f"node {node}" for node in EXPECTED_NODES if not any(map(node.matches, services))]
    edges = {(service.reference_id, edge.reference_id) for service in services for edge in service.edges}
    for caller, callee in EXPECTED_EDGES:
        callers = [service.reference_id for service in services if caller.matches(service)]
        callees = [service.reference_id for service in services if callee.matches(service)]
        if not any((one, two) in edges for one in callers for two in callees):
            missing.append(f"edge {caller} -> {callee}")
    return tuple(missing)


def missing_requests(services: Sequence[Service], sent: int) -> tuple[str, ...]:
    """Whether the entry node counts fewer requests than were sent, in words; empty when all are counted.

    The gateway reports a request after everything below it, so a map that counts it has the rest too.
    """
    statistics = [service.summary_statistics for service in services if _STAGE.matches(service)]
    counted = sum(one.total_count for one in statistics if one is not None)
    return () if counted >= sent else (f"requests counted on {_STAGE}: {counted} of {sent}",)


def missing_from_trace(expected: TraceExpectation, documents: Documents) -> tuple[str, ...]:
    """Every span, flag, annotation and metadata entry that the trace lacks, in words; empty when all is there."""
    spans = spans_from_documents(documents)
    found: dict[str, Span] = {}
    missing = []
    for wanted in expected.spans:
        parent = found.get(wanted.parent) if wanted.parent is not None else None
        matching = [span for span in spans.values() if _is_span(wanted, span)]
        if wanted.parent is not None:
            matching = [span for span in matching if parent is not None and span.parent_id == parent.id]
        if not matching:
            below = f" below {wanted.parent}" if wanted.parent is not None else ""
            missing.append(f"{expected.title}: {wanted}{below}")
            continue
        found[wanted.key] = matching[0]
        missing += [f"{expected.title}: {lack} on {wanted}" for lack in _lacks(wanted, matching[0])]
    if expected.recorded_on:
        recorded = found.get(expected.recorded_on)
        missing += [f"{expected.title}: {lack}" for lack in _lacking_records(expected, recorded)]
    return tuple(missing)


def find_trace(expected: TraceExpectation, traces: Mapping[str, Documents]) -> str | None:
    """Id of the earliest trace that served such a request, the most complete one of them; None when there is none."""
    candidates = []
    for trace_id, documents in traces.items():
        spans = spans_from_documents(documents).values()
        roots = [span for span in spans if span.is_segment and span.parent_id is None]
        is_cold = any(span.name == "Initialization" for span in spans)
        if not roots or (expected.has_cold_start and not is_cold):
            continue
        request = member(member(roots[0].document, "http"), "request")
        if request.get("method") == expected.method and roots[0].http_status == expected.status:
            lacking = len(missing_from_trace(expected, documents))
            candidates.append((lacking, roots[0].start_ns, trace_id))
    return min(candidates)[2] if candidates else None


def missing_from_traces(traces: Mapping[str, Documents]) -> tuple[str, ...]:
    """What all expected traces together lack, in words; empty when all is there."""
    missing: list[str] = []
    for expected in EXPECTED_TRACES:
        trace_id = find_trace(expected, traces)
        missing += [f"trace: {expected.title}"] if trace_id is None else missing_from_trace(expected, traces[trace_id])
    return tuple(missing)


def _is_span(wanted: SpanExpectation, span: Span) -> bool:
    return (
        _is_named(span.name, wanted.name, wanted.is_prefix)
        and (wanted.origin is None or span.origin == wanted.origin)
        and (wanted.namespace is None or span.namespace == wanted.namespace)
        and span.is_inferred == wanted.is_inferred
    )


def _lacks(wanted: SpanExpectation, span: Span) -> Iterable[str]:
    for flag, expected in (("error", wanted.error), ("fault", wanted.fault)):
        if expected is not None and getattr(span, flag) != expected:
            yield f"{flag}={str(expected).lower()}"
    if wanted.status is not None and span.http_status != wanted.status:
        yield f"status {wanted.status}"
    if wanted.has_exception and not member(span.document, "cause").get("exceptions"):
        yield "an exception"
    if span.end_ns is None:
        yield "an end"


def _lacking_records(expected: TraceExpectation, recorded: Span | None) -> Iterable[str]:
    document: JsonObject = {} if recorded is None else recorded.document
    annotations = member(document, "annotations")
    metadata = member(member(document, "metadata"), "default")
    body = member(metadata, "request_body")
    for name, value in expected.annotations:
        if annotations.get(name) != value:
            yield f"annotation {name}={value}"
    for name in expected.annotations_of_body:
        if name not in annotations or annotations[name] != body.get(name):
            yield f"annotation {name} as in the request body"
    for name in expected.metadata:
        if name not in metadata:
            yield f"metadata {name}"


def _is_named(name: str, wanted: str, is_prefix: bool) -> bool:
    return name.startswith(wanted) if is_prefix else name == wanted
