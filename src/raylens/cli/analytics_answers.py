"""What the analytics API answers, as typed values. Only the members that the terminal shows."""

from __future__ import annotations

import msgspec

Value = str | bool | int | float | None


class SetShown(msgspec.Struct, frozen=True):
    """A trace set as the server understood it; an empty filter and no group select every trace."""

    start: float
    end: float
    filter: str = ""
    group: str | None = None


class Attribute(msgspec.Struct, frozen=True):
    """An attribute and what people call it."""

    kind: str
    name: str
    key: str = ""


class Outcomes(msgspec.Struct, frozen=True):
    """Traces by how they ended."""

    ok: int = 0
    error: int = 0
    throttle: int = 0
    fault: int = 0
    unfinished: int = 0


class HistogramBucket(msgspec.Struct, frozen=True):
    """How many traces took so many milliseconds."""

    bucket_ms: int
    traces: int


class Percentiles(msgspec.Struct, frozen=True):
    """What so many percent of the traces took at most."""

    p50_ms: float
    p90_ms: float
    p95_ms: float
    p99_ms: float


class Distribution(msgspec.Struct, frozen=True):
    """How long traces took."""

    histogram: tuple[HistogramBucket, ...] = ()
    percentiles: Percentiles | None = None


class ActivityBucket(msgspec.Struct, frozen=True):
    """Traces that started in one bucket, and those of them that failed."""

    start: float
    traces: int
    failed: int = 0


class Activity(msgspec.Struct, frozen=True):
    """Traces over time, empty buckets left out."""

    bucket_s: int
    buckets: tuple[ActivityBucket, ...] = ()


class Overview(msgspec.Struct, frozen=True):
    """A set at a glance."""

    of: SetShown = msgspec.field(name="set")
    traces: int
    outcomes: Outcomes
    response_time: Distribution
    activity: Activity
    average_response_time_ms: float | None = None


class GroupRow(msgspec.Struct, frozen=True):
    """The traces with one value; null for those that have none."""

    value: Value
    traces: int
    share: float
    error: int = 0
    throttle: int = 0
    fault: int = 0
    average_response_time_ms: float | None = None


class Grouping(msgspec.Struct, frozen=True):
    """A set divided by an attribute."""

    of: SetShown = msgspec.field(name="set")
    attribute: Attribute
    traces: int
    rows: tuple[GroupRow, ...]
    left_out: int = 0


class Shares(msgspec.Struct, frozen=True):
    """How many traces of each set meet a condition."""

    count_a: int
    count_b: int
    share_a: float
    share_b: float
    difference: float


class ValueDifference(msgspec.Struct, frozen=True):
    """One value in both sets."""

    value: Value
    shares: Shares


class AttributeDifference(msgspec.Struct, frozen=True):
    """One attribute in both sets."""

    attribute: Attribute
    significant: bool
    distinct: int
    values: tuple[ValueDifference, ...]


class Finding(msgspec.Struct, frozen=True):
    """One difference, in words; `value` is absent where it is about lengths or call paths."""

    sentence: str
    value: ValueDifference | None = None


class ComparedSet(msgspec.Struct, frozen=True):
    """One side of a comparison."""

    of: SetShown = msgspec.field(name="set")
    traces: int
    sampled: int = 0


class Comparison(msgspec.Struct, frozen=True):
    """What sets A apart from B."""

    state: str
    summary: str
    a: ComparedSet
    b: ComparedSet
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    attributes: tuple[AttributeDifference, ...] = ()
    defining: tuple[AttributeDifference, ...] = ()
    path_findings: tuple[Finding, ...] = ()
