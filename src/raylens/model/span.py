"""One segment or subsegment, flattened: the row that search, graph and statistics are computed from."""

from __future__ import annotations

import msgspec

from raylens.model.segment import AnnotationValue

# A segment links to at most 20 traces and a trace holds at most 100 links (X-Ray developer guide, trace linking).
MAX_SPAN_LINKS = 20
MAX_TRACE_LINKS = 100


class Link(msgspec.Struct, frozen=True, gc=False):
    """The span of another trace (or, rarely, of the same) that sent what a span received."""

    trace_id: bytes
    span_id: int


class Span(msgspec.Struct, frozen=True, gc=False):
    """A (sub)segment with what is derived from it.

    Ids are integers (0 = absent), times are epoch nanoseconds, empty strings mean absent. The order of the fields is
    the order of the columns.
    """

    trace_id: bytes
    id: int
    parent_id: int
    # A complete copy outranks an in-progress one, a later complete one an earlier (see `version_of`).
    version: int
    start_ns: int
    # 0 while in progress
    end_ns: int
    # Last end of the segment and the subsegments in its document; equals end_ns for subsegments
    last_end_ns: int
    is_segment: bool
    in_progress: bool
    name: str
    origin: str
    namespace: str
    # Where a call goes when the callee sends nothing (see model.inferred); empty for local work and segments
    remote_name: str
    remote_type: str
    # The callee is expected to send its own segment: nothing is inferred meanwhile
    traced: bool
    # The segment this belongs to, when its document says so; empty for independent subsegments
    owner_name: str
    owner_type: str
    account_id: str
    error: bool
    throttle: bool
    fault: bool
    outcome: int
    http_method: str
    http_url: str
    http_status: int
    http_user_agent: str
    http_client_ip: str
    user: str
    resource_arn: str
    operation: str
    instance_id: str
    availability_zone: str
    exception_types: tuple[str, ...]
    exception_messages: tuple[str, ...]
    annotations: dict[str, AnnotationValue] | None
    # Senders of what this received, distinct, as sent; at most MAX_SPAN_LINKS
    links: tuple[Link, ...] = ()


def version_of(in_progress: bool, received_ns: int) -> int:
    """Rank among copies of one (sub)segment: complete beats in progress, then the later received wins.

    A late in-progress datagram therefore never undoes a completed segment (inferred; X-Ray is silent).
    """
    return received_ns if in_progress else received_ns | 1 << 63


def received_ns_of(version: int) -> int:
    """When the copy with this version was received, epoch nanoseconds."""
    return version & ~(1 << 63)
