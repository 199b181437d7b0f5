"""One decoded segment tree to flat spans; pure."""

from __future__ import annotations

import re

import msgspec

from raylens.ingest.refusal import Refused, quote
from raylens.model.ids import parse_span_id, parse_trace_id
from raylens.model.inferred import infer_node
from raylens.model.outcome import THROTTLING_EXCEPTIONS, Outcome, flags_from_status, outcome_of
from raylens.model.segment import Aws, Ec2, Http, HttpRequest, HttpResponse, Segment, SegmentLink
from raylens.model.span import MAX_SPAN_LINKS, Link, Span, version_of
from raylens.model.time import MAX_EPOCH_S, ns_from_seconds

# Letters, numbers, white space and the symbols of the developer guide (the JSON schema leaves out the backslash).
_NAME = re.compile(r"[\w\s.:/%&#=+\\\-@]+")
MAX_SEGMENT_NAME = 200
MAX_SUBSEGMENT_NAME = 250
# Long strings are cut softly in the searchable columns; the document keeps them whole.
_MAX_INDEXED = 1000

# Absent parts stand in as empty values, so that reading a member needs no test for None at each level.
_NO_HTTP, _NO_REQUEST, _NO_RESPONSE, _NO_AWS, _NO_EC2 = Http(), HttpRequest(), HttpResponse(), Aws(), Ec2()


def spans_from_segment(root: Segment, received_ns: int) -> list[Span]:
    """The spans of a document, its own first, every parent before its children.

    Raises: Refused with the code of the first rule broken anywhere in the tree, checked in the order trace id, id,
    name, times, parent: one bad subsegment makes the whole document unprocessed (aws-xray-daemon #184).
    """
    is_segment = root.type != "subsegment"
    kind = "segment" if is_segment else "subsegment"
    if not root.trace_id:
        raise Refused("MissingTraceId", "trace_id is missing", kind=kind, document_id=root.id)
    trace_id = parse_trace_id(root.trace_id)
    if trace_id is None:
        expected = "1-, 8 hex digits, -, 24 hex digits (or 32 hex digits) were expected"
        raise Refused(
            "InvalidTraceId", f"trace_id is {quote(root.trace_id)}, {expected}", kind=kind, document_id=root.id
        )
    root_id = _checked_id(root, kind)
    root_parent_id = _checked_parent(root, kind)
    _check_name(root, kind)
    owner_name, owner_type = (root.name, root.origin) if is_segment else ("", "")
    complete_version = version_of(False, received_ns)
    spans: list[Span] = []
    last_end_ns = 0
    waiting: list[tuple[Segment, int, int]] = [(root, root_id, root_parent_id)]
    while waiting:
        entity, entity_id, parent_id = waiting.pop()
        start_s, end_s = entity.start_time, entity.end_time
        if end_s is not None and 0 < start_s <= end_s <= MAX_EPOCH_S and not entity.in_progress:
            start_ns, end_ns = int(start_s * 1_000_000 + 0.5) * 1000, int(end_s * 1_000_000 + 0.5) * 1000
        else:
            start_ns, end_ns = _checked_times(entity, kind if entity is root else "subsegment")
        last_end_ns = max(last_end_ns, end_ns)
        # Written out in one place and without names for the arguments: this runs once a span, and each call and each
        # keyword saved here was measured at about two percent of the whole write path.
        plain = entity.http is None and entity.aws is None and entity.cause is None and not entity.namespace
        details = _LOCAL if plain else _details_of(entity)
        error, throttle, fault = entity.error, entity.throttle, entity.fault
        if not (error or throttle or fault) and details.status:
            error, throttle, fault = flags_from_status(details.status)
        outcome = outcome_of(error, throttle, fault) if error or throttle or fault else Outcome.OK
        is_root_segment = is_segment and entity is root
        remote_name = remote_type = ""
        if not plain and not is_root_segment and (remote := infer_node(entity)) is not None:
            remote_name, remote_type = remote.node_name, remote.node_type
            if outcome is not Outcome.OK and (details.status == 429 or details.throttled):
                # The Python SDK flags a throttled AWS call `error` and `fault`; counted as sent it would look like an
                # outage of the table.
                throttle, outcome = True, Outcome.THROTTLE
        spans.append(
            Span(
                trace_id,
                entity_id,
                parent_id,
                received_ns if end_ns == 0 else complete_version,
                start_ns,
                end_ns,
                end_ns,
                is_root_segment,
                end_ns == 0,
                entity.name,
                entity.origin,
                details.namespace,
                remote_name,
                remote_type,
                details.traced or entity.traced,
                owner_name,
                owner_type,
                details.account_id,
                error,
                throttle,
                fault,
                outcome,
                details.method,
                details.url,
                details.status,
                details.user_agent,
                details.client_ip,
                entity.user[:_MAX_INDEXED],
                entity.resource_arn,
                details.operation,
                details.instance_id,
                details.availability_zone,
                details.exception_types,
                details.exception_messages,
                entity.annotations or None,
                _links_of(entity.links) if entity.links else (),
            )
        )
        if entity.subsegments:
            for child in reversed(entity.subsegments):
                if child.name not in _known_names:
                    _check_name(child, "subsegment")
                waiting.append((child, _checked_id(child, "subsegment"), entity_id))
    if is_segment and last_end_ns > spans[0].end_ns > 0:
        spans[0] = _with_last_end(spans[0], last_end_ns)
    return spans


class _Details(msgspec.Struct, frozen=True, gc=False):
    """What a (sub)segment says in its nested objects, absent parts as empty values."""

    namespace: str = ""
    traced: bool = False
    account_id: str = ""
    method: str = ""
    url: str = ""
    status: int = 0
    user_agent: str = ""
    client_ip: str = ""
    operation: str = ""
    instance_id: str = ""
    availability_zone: str = ""
    exception_types: tuple[str, ...] = ()
    exception_messages: tuple[str, ...] = ()
    throttled: bool = False


_LOCAL = _Details()


def _details_of(entity: Segment) -> _Details:
    http = entity.http or _NO_HTTP
    request = http.request or _NO_REQUEST
    status = (http.response or _NO_RESPONSE).status or 0
    aws = entity.aws or _NO_AWS
    ec2 = aws.ec2 or _NO_EC2
    types: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    throttled = False
    cause = entity.cause
    if cause is not None and not isinstance(cause, str) and cause.exceptions:
        types = tuple(e.type for e in cause.exceptions)
        messages = tuple(e.message[:_MAX_INDEXED] for e in cause.exceptions)
        throttled = not THROTTLING_EXCEPTIONS.isdisjoint(types)
    # `local` is what the Python SDK sends for in-process work; X-Ray knows only the other two
    namespace = "" if entity.namespace == "local" else entity.namespace
    return _Details(
        namespace,
        request.traced,
        aws.account_id,
        request.method,
        request.url[:_MAX_INDEXED],
        status if 0 < status <= 999 else 0,
        request.user_agent[:_MAX_INDEXED],
        request.client_ip,
        aws.operation,
        ec2.instance_id,
        ec2.availability_zone,
        types,
        messages,
        throttled,
    )


def _links_of(sent: list[SegmentLink]) -> tuple[Link, ...]:
    """The first distinct links that name a span; one that does not is dropped, as any member that does not fit."""
    links: dict[Link, None] = {}
    for entry in sent:
        trace_id, span_id = parse_trace_id(entry.trace_id), parse_span_id(entry.id)
        if trace_id is not None and span_id is not None:
            links[Link(trace_id, span_id)] = None
            if len(links) == MAX_SPAN_LINKS:
                break
    return tuple(links)


def _with_last_end(span: Span, last_end_ns: int) -> Span:
    """The span with `last_end_ns` moved; written out because msgspec's replace costs more than building one."""
    values = [getattr(span, name) for name in span.__struct_fields__]
    values[Span.__struct_fields__.index("last_end_ns")] = last_end_ns
    return Span(*values)


def _checked_id(entity: Segment, kind: str) -> int:
    value = parse_span_id(entity.id)
    if value is None:
        raise Refused("InvalidId", f"id is {quote(entity.id)}, 16 hex digits were expected", kind=kind)
    return value


def _checked_parent(root: Segment, kind: str) -> int:
    if not root.parent_id:
        if kind == "subsegment":
            raise Refused(
                "MissingParentId", "an independent subsegment needs parent_id", kind=kind, document_id=root.id
            )
        return 0
    value = parse_span_id(root.parent_id)
    if value is None:
        message = f"parent_id is {quote(root.parent_id)}, 16 hex digits were expected"
        raise Refused("InvalidParentId", message, kind=kind, document_id=root.id)
    return value


def _check_name(entity: Segment, kind: str) -> None:
    name = entity.name
    longest = MAX_SEGMENT_NAME if kind == "segment" else MAX_SUBSEGMENT_NAME
    if not name:
        raise Refused("MissingName", "name is empty", kind=kind, document_id=entity.id)
    if len(name) > longest:
        message = f"name has {len(name)} characters, at most {longest} are accepted"
        raise Refused("InvalidName", message, kind=kind, document_id=entity.id)
    if name in _known_names:
        return
    if _NAME.fullmatch(name) is None:
        message = f"name is {quote(name)}, letters, numbers, spaces and _.:/%&#=+\\-@ are accepted"
        raise Refused("InvalidName", message, kind=kind, document_id=entity.id)
    if len(_known_names) < _MAX_KNOWN_NAMES:
        _known_names.add(name)


# Names repeat endlessly; remembering good ones spares the expression. Bounded, so that hostile names cannot fill it.
_known_names: set[str] = set()
_MAX_KNOWN_NAMES = 10_000


def _checked_times(entity: Segment, kind: str) -> tuple[int, int]:
    """(start, end) in nanoseconds; end is 0 while in progress."""
    start_s, end_s = entity.start_time, entity.end_time
    if not 0 <= start_s <= MAX_EPOCH_S:
        message = f"start_time is {start_s:g}, epoch seconds were expected"
        raise Refused("InvalidStartTime", message, kind=kind, document_id=entity.id)
    if end_s is None:
        if not entity.in_progress:
            message = "neither end_time nor in_progress is there"
            raise Refused("MissingEndTime", message, kind=kind, document_id=entity.id)
        return ns_from_seconds(start_s), 0
    if not 0 < end_s <= MAX_EPOCH_S:
        message = f"end_time is {end_s:g}, epoch seconds were expected"
        raise Refused("InvalidEndTime", message, kind=kind, document_id=entity.id)
    start_ns = ns_from_seconds(start_s)
    # A clock that was set back meanwhile ends a request before its start: it took no time, and not less than none,
    # which would be subtracted from the sums of its node (inferred; X-Ray is silent).
    return start_ns, 0 if entity.in_progress else max(start_ns, ns_from_seconds(end_s))
