"""A segment document as X-Ray defines it, typed; what decoding yields and everything later reads.

Only the members raylens understands are named here: the document itself is kept as sent, so nothing is lost by
leaving a member out. `metadata` is left out on purpose: it is not indexed, and skipping it is most of the speed.
Absent strings are empty and absent flags false: nobody tells the two apart, and a test for None at each member was a
tenth of the time that a span takes. A member that is `null` takes the slow way through `decode` and comes out absent.
Source: X-Ray developer guide, segment documents; the JSON schema v1.0.0; the Python SDK for what is really sent.
"""

from __future__ import annotations

import msgspec

# One type for numbers: an integer beyond a double would be no value of any index.
AnnotationValue = str | bool | float


class HttpRequest(msgspec.Struct, frozen=True, gc=False):
    """`http.request`. `traced` says that the callee is expected to send its own segment."""

    method: str = ""
    url: str = ""
    user_agent: str = ""
    client_ip: str = ""
    traced: bool = False


class HttpResponse(msgspec.Struct, frozen=True, gc=False):
    """`http.response`; `status` drives error, throttle and fault where no flag says so."""

    status: int | None = None


class Http(msgspec.Struct, frozen=True, gc=False):
    """Request served (segment) or made (subsegment)."""

    request: HttpRequest | None = None
    response: HttpResponse | None = None


class Ec2(msgspec.Struct, frozen=True, gc=False):
    """`aws.ec2`: feeds InstanceIds and AvailabilityZones of a summary."""

    instance_id: str = ""
    availability_zone: str = ""


class Aws(msgspec.Struct, frozen=True, gc=False):
    """`aws`: the resource a segment ran on, or the one a subsegment called."""

    account_id: str = ""
    operation: str = ""
    region: str = ""
    request_id: str = ""
    table_name: str = ""
    # The Python SDK sends this as a string, `dict_keys(['Reservations'])`, for BatchGetItem.
    table_names: list[str] | str | None = None
    resource_names: list[str] | None = None
    bucket_name: str = ""
    queue_url: str = ""
    topic_arn: str = ""
    function_name: str = ""
    ec2: Ec2 | None = None


class ExceptionDetail(msgspec.Struct, frozen=True, gc=False):
    """One entry of `cause.exceptions`; `remote` says that the callee returned it."""

    id: str = ""
    message: str = ""
    type: str = ""
    remote: bool = False


class Cause(msgspec.Struct, frozen=True, gc=False):
    """`cause` as an object; as a string it is the id of an exception described elsewhere in the trace."""

    exceptions: list[ExceptionDetail] | None = None


class Sql(msgspec.Struct, frozen=True, gc=False):
    """`sql`: its presence makes a remote call a database node."""

    url: str = ""
    database_type: str = ""


class SegmentLink(msgspec.Struct, frozen=True, gc=False):
    """One entry of `links`: a (sub)segment of another trace, such as the one that sent the message being handled."""

    trace_id: str = ""
    id: str = ""


class Segment(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A segment, an independent subsegment or an embedded one: the three share one shape on the wire."""

    id: str
    name: str
    start_time: float
    end_time: float | None = None
    in_progress: bool = False
    trace_id: str = ""
    parent_id: str = ""
    type: str = ""
    namespace: str = ""
    origin: str = ""
    resource_arn: str = ""
    user: str = ""
    error: bool = False
    throttle: bool = False
    fault: bool = False
    traced: bool = False
    http: Http | None = None
    aws: Aws | None = None
    cause: Cause | str | None = None
    sql: Sql | None = None
    annotations: dict[str, AnnotationValue] | None = None
    links: list[SegmentLink] | None = None
    subsegments: list[Segment] | None = None
