"""What the analytics API is asked. Instants are epoch seconds or ISO 8601 texts."""

from __future__ import annotations

import msgspec

from raylens.api.protocol.rest_json import Timestamp
from raylens.model.trace_sets import AttributeKind

DEFAULT_LIMIT = 100
DEFAULT_SAMPLE = 100


class SetMember(msgspec.Struct, frozen=True):
    """A trace set: the traces that started from `start` until before `end`, satisfy the filter expression `filter` and
    belong to the group of this name. Without filter, or with a blank one, all; without group too."""

    start: Timestamp | None = None
    end: Timestamp | None = None
    filter: str | None = None
    group: str | None = None


class AttributeMember(msgspec.Struct, frozen=True):
    """One attribute of traces; `key` is that of an annotation and empty for all other kinds."""

    kind: AttributeKind
    key: str = ""


class OverviewRequest(msgspec.Struct, frozen=True):
    """`bucket_s` is the width of a bucket of the activity; without it one is chosen, so that 60 to 120 fit."""

    of: SetMember = msgspec.field(name="set")
    bucket_s: int | None = None


class AttributesRequest(msgspec.Struct, frozen=True):
    """The set to be grouped."""

    of: SetMember = msgspec.field(name="set")


class GroupByRequest(msgspec.Struct, frozen=True):
    """`limit` is the most values that are listed, 1 to 1,000."""

    attribute: AttributeMember
    of: SetMember = msgspec.field(name="set")
    limit: int = DEFAULT_LIMIT


class CompareRequest(msgspec.Struct, frozen=True):
    """`a` is the set of interest, `b` the one to compare it with.

    What `b` leaves out of start, end and group is that of `a`; the group Default holds every trace. Without `b`, B is
    the rest: what is in the range and the group of `a`, and does not satisfy its filter. `limit` is the most values
    of each attribute and the most call paths that are compared, 1 to 1,000. `sample` is of how many traces of each set
    the critical path is looked at, 0 to 1,000.
    """

    a: SetMember
    b: SetMember | None = None
    limit: int = DEFAULT_LIMIT
    sample: int = DEFAULT_SAMPLE


class CriticalPathRequest(msgspec.Struct, frozen=True):
    """A trace id in either spelling."""

    trace_id: str


class CheckFilterRequest(msgspec.Struct, frozen=True):
    """The text of a filter expression."""

    filter: str


class NothingAsked(msgspec.Struct, frozen=True):
    """No members."""
