"""A segment document as X-Ray defines it, typed; what decoding yields and everything later reads.

Only the members raylens understands are named here: the document itself is kept as sent, so nothing is lost by
leaving a member out. `metadata` is left out on purpose: it is not indexed, and skipping it is most of the speed.
Source: X-Ray developer guide, segment documents; the JSON schema v1.0.0; the Python SDK for what is really sent.
"""

from __future__ import annotations

import msgspec

# One type for numbers: an integer beyond a double would be no value of any index.
AnnotationValue = str | bool | float


class HttpRequest(msgspec.Struct, frozen=True, gc=False):
    """`http.request`. `traced` says that the callee is expected to send its own segment."""

    method: str | None = None
    url: str | None = None
    user_agent: str | None = None
    client_ip: str | None = None
    traced: bool | None = None


class HttpResponse(msgspec.Struct, frozen=True, gc=False):
    """`http.response`; `status` drives error, throttle and fault where no flag says so."""

    status: int | None = None


class Http(msgspec.Struct, frozen=True, gc=False):
    """Request served (segment) or made (subsegment)."""

    request: HttpRequest | None = None
    response: HttpResponse | None = None


class Ec2(msgspec.Struct, frozen=True, gc=False):
    """`aws.ec2`: feeds InstanceIds and AvailabilityZones of a summary."""

    instance_id: str | None = None
    availability_zone: str | None = None


class Aws(msgspec.Struct, frozen=True, gc=False):
    """`aws`: the resource a segment ran on, or the one a subsegment called."""

    account_id: str | None = None
    operation: str | None = None
    region: str | None = None
    request_id: str | None = None
    table_name: str | None = None
    # The Python SDK sends this as a string, `dict_keys(['Reservations'])`, for BatchGetItem.
    table_names: list[str] | str | None = None
    resource_names: list[str] | None = None
    bucket_name: str | None = None
    queue_url: str | None = None
    topic_arn: str | None = None
    function_name: str | None = None
    ec2: Ec2 | None = None


class ExceptionDetail(msgspec.Struct, frozen=True, gc=False):
    """One entry of `cause.exceptions`; `remote` says that the callee returned it."""

    id: str | None = None
    message: str | None = None
    type: str | None = None
    remote: bool | None = None


class Cause(msgspec.Struct, frozen=True, gc=False):
    """`cause` as an object; as a string it is the id of an exception described elsewhere in the trace."""

    exceptions: list[ExceptionDetail] | None = None


class Sql(msgspec.Struct, frozen=True, gc=False):
    """`sql`: its presence makes a remote call a database node."""

    url: str | None = None
    database_type: str | None = None


class Segment(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A segment, an independent subsegment or an embedded one: the three share one shape on the wire."""

    id: str
    name: str
    start_time: float
    end_time: float | None = None
    in_progress: bool | None = None
    trace_id: str | None = None
    parent_id: str | None = None
    type: str | None = None
    namespace: str | None = None
    origin: str | None = None
    resource_arn: str | None = None
    user: str | None = None
    error: bool | None = None
    throttle: bool | None = None
    fault: bool | None = None
    traced: bool | None = None
    http: Http | None = None
    aws: Aws | None = None
    cause: Cause | str | None = None
    sql: Sql | None = None
    annotations: dict[str, AnnotationValue] | None = None
    subsegments: list[Segment] | None = None
