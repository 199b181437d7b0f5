"""What the API of the console's pages is asked. Instants are epoch seconds or ISO 8601 texts."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from raylens.api.analytics.requests import SetMember
from raylens.storage.interface import TraceOrder

DEFAULT_PAGE_TRACES = 50
DEFAULT_LOG_LINES = 1_000


class LambdaView(StrEnum):
    """Whether the two nodes that a Lambda function reports are shown as one, or as they were sent."""

    MERGED = "merged"
    RAW = "raw"


class MapRequest(msgspec.Struct, frozen=True):
    """The set whose requests are drawn."""

    of: SetMember = msgspec.field(name="set")
    lambda_view: LambdaView = LambdaView.MERGED


class TraceMapRequest(msgspec.Struct, frozen=True):
    """A trace id in either spelling."""

    trace_id: str
    lambda_view: LambdaView = LambdaView.MERGED


class NodeMember(msgspec.Struct, frozen=True):
    """A node of the service map; the type is empty where none was sent."""

    name: str
    type: str = ""


class EdgeMember(msgspec.Struct, frozen=True):
    """Calls from one node to another."""

    source: NodeMember
    target: NodeMember


class TimeSeriesRequest(msgspec.Struct, frozen=True):
    """Of a node, or of an edge, or without both of the requests that entered the application.

    `bucket_s` is a multiple of 60; without it one is chosen, so that at most 120 buckets fit. `node` and `edge` are as
    the map of this `lambda_view` has them.
    """

    of: SetMember = msgspec.field(name="set")
    node: NodeMember | None = None
    edge: EdgeMember | None = None
    bucket_s: int | None = None
    lambda_view: LambdaView = LambdaView.MERGED


class TracesRequest(msgspec.Struct, frozen=True):
    """One page. `limit` is 1 to 250; `cursor` is the `next` of the page before, sent with everything else as before."""

    of: SetMember = msgspec.field(name="set")
    order: TraceOrder = TraceOrder.NEWEST
    limit: int = DEFAULT_PAGE_TRACES
    cursor: str | None = None


class HeatMapRequest(msgspec.Struct, frozen=True):
    """`bucket_s` is the width of a column; without it one is chosen, so that 60 to 120 fit."""

    of: SetMember = msgspec.field(name="set")
    bucket_s: int | None = None


class TraceRequest(msgspec.Struct, frozen=True):
    """A trace id in either spelling."""

    trace_id: str


class SpanRequest(msgspec.Struct, frozen=True):
    """A trace id in either spelling, and the id of one of its (sub)segments: 16 hexadecimal digits."""

    trace_id: str
    span_id: str


class CompareTracesRequest(msgspec.Struct, frozen=True):
    """Two trace ids."""

    a: str
    b: str


class CreateGroupRequest(msgspec.Struct, frozen=True):
    """A name and which traces belong to the group."""

    name: str
    filter: str


class UpdateGroupRequest(msgspec.Struct, frozen=True):
    """The group of this name asks for `filter` from now on; earlier traces stay where they are."""

    name: str
    filter: str


class GroupRequest(msgspec.Struct, frozen=True):
    """The name of a group."""

    name: str


class LabStackRequest(msgspec.Struct, frozen=True):
    """The name of a stack."""

    name: str


class LabFunctionRequest(msgspec.Struct, frozen=True):
    """The name of a function."""

    name: str


class LabLogsRequest(msgspec.Struct, frozen=True):
    """The newest lines of a function, at most 10,000; of one request where its id is given."""

    name: str
    limit: int = DEFAULT_LOG_LINES
    request_id: str | None = None


class LabResourcesRequest(msgspec.Struct, frozen=True):
    """What carries this tag."""

    key: str
    value: str


class LabFaultRequest(msgspec.Struct, frozen=True):
    """Turn a fault on or off; without `target` and `amount` the usual ones."""

    fault: str
    on: bool
    target: str | None = None
    amount: float | None = None
