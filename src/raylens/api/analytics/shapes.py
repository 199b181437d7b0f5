"""What the analytics API answers. Instants are epoch seconds, lengths milliseconds; null is what is not known."""

from __future__ import annotations

import msgspec

from raylens.analytics.comparison import ComparisonState, PathChange, Test
from raylens.model.segment import AnnotationValue
from raylens.model.trace_sets import AttributeKind
from raylens.traces import StepKind


class SetShape(msgspec.Struct, frozen=True):
    """A set as it was understood: `filter` is "" for all, `group` null for all."""

    start: float
    end: float
    filter: str
    group: str | None


class AttributeShape(msgspec.Struct, frozen=True):
    """One attribute; `name` is what people call it."""

    kind: AttributeKind
    key: str
    name: str


class Outcomes(msgspec.Struct, frozen=True):
    """Traces by how their root answered; `unfinished` are those whose root has not."""

    ok: int
    error: int
    throttle: int
    fault: int
    unfinished: int


class HistogramBucket(msgspec.Struct, frozen=True):
    """How many traces took this long; whole milliseconds up to a second, then three significant digits."""

    bucket_ms: int
    traces: int


class Percentiles(msgspec.Struct, frozen=True):
    """What so many percent of the traces took at most, between the two that are next to it."""

    p50_ms: float
    p90_ms: float
    p95_ms: float
    p99_ms: float


class Distribution(msgspec.Struct, frozen=True):
    """How long traces took, by length; `percentiles` are null where none is finished."""

    histogram: tuple[HistogramBucket, ...]
    percentiles: Percentiles | None


class ActivityBucket(msgspec.Struct, frozen=True):
    """Traces that started in the bucket that begins at `start`; `failed` ended in an error, a throttle or a fault."""

    start: float
    traces: int
    failed: int


class Activity(msgspec.Struct, frozen=True):
    """Traces over time, in buckets aligned to the epoch; empty ones are left out."""

    bucket_s: int
    buckets: tuple[ActivityBucket, ...]


class OverviewAnswer(msgspec.Struct, frozen=True):
    """A set at a glance. The average is over the traces whose root is finished, null where none is."""

    of: SetShape = msgspec.field(name="set")
    traces: int
    outcomes: Outcomes
    average_response_time_ms: float | None
    response_time: Distribution
    duration: Distribution
    activity: Activity


class AttributesAnswer(msgspec.Struct, frozen=True):
    """What the set can be grouped by; of annotations only keys that some trace of it has."""

    of: SetShape = msgspec.field(name="set")
    attributes: tuple[AttributeShape, ...]


class GroupRowShape(msgspec.Struct, frozen=True):
    """The traces with one value, null for those that have none. A trace with several values counts for each."""

    value: AnnotationValue | None
    traces: int
    share: float
    ok: int
    error: int
    throttle: int
    fault: int
    average_response_time_ms: float | None


class GroupByAnswer(msgspec.Struct, frozen=True):
    """The set divided by an attribute, most traces first. Of `distinct` values `left_out` are not listed."""

    of: SetShape = msgspec.field(name="set")
    attribute: AttributeShape
    traces: int
    rows: tuple[GroupRowShape, ...]
    distinct: int
    left_out: int


class SignificanceShape(msgspec.Struct, frozen=True):
    """How likely chance alone gives as much: `p` for this question, `q` among all that were asked.

    `q` is null for what was not asked in earnest: attributes that define the sets, and sets that are too small.
    """

    test: Test
    p: float
    q: float | None


class SharesShape(msgspec.Struct, frozen=True):
    """How many traces of each set meet a condition. `difference` is share_a - share_b, `ratio` share_a / share_b.

    Not `supported` are conditions that too few traces meet; those too rare to test have no significance.
    """

    count_a: int
    count_b: int
    share_a: float
    share_b: float
    difference: float
    ratio: float | None
    cohens_h: float
    supported: bool
    significance: SignificanceShape | None


class OrderShape(msgspec.Struct, frozen=True):
    """Which set takes longer: `superiority` is the share of pairs in which the trace of A does, ties counted half."""

    n_a: int
    n_b: int
    median_a_ms: float
    median_b_ms: float
    mean_a_ms: float
    mean_b_ms: float
    cliffs_delta: float
    superiority: float
    significance: SignificanceShape | None


class ValueShape(msgspec.Struct, frozen=True):
    """One value, null for having none."""

    value: AnnotationValue | None
    shares: SharesShape


class AttributeDifferenceShape(msgspec.Struct, frozen=True):
    """One attribute with its values, the most different first; `effect` is 0 to 1.

    Of `distinct` values those that are not listed are in `other_a` and `other_b` traces.
    """

    attribute: AttributeShape
    effect: float
    significant: bool
    significance: SignificanceShape | None
    distinct: int
    other_a: int
    other_b: int
    values: tuple[ValueShape, ...]
    order: OrderShape | None


class FindingShape(msgspec.Struct, frozen=True):
    """One difference worth telling, of a value or of the order of a length; `effect` is positive where A has more."""

    attribute: AttributeShape
    sentence: str
    effect: float
    value: ValueShape | None
    order: OrderShape | None


class PathFindingShape(msgspec.Struct, frozen=True):
    """One change of a call path worth telling."""

    path: str
    change: PathChange
    effect: float
    sentence: str


class PathShape(msgspec.Struct, frozen=True):
    """One call path. `per_trace` is how often it occurs in a trace that contains it.

    `time` compares how long its last node held the response, over the sampled traces. `implied_by` is a shorter path
    of which the same was said already.
    """

    path: str
    presence: SharesShape
    per_trace_a: float | None
    per_trace_b: float | None
    time: OrderShape | None
    changes: tuple[PathChange, ...]
    implied_by: str | None


class ComparedSet(msgspec.Struct, frozen=True):
    """One side: what is in it, how many traces that is, and of how many the critical path was looked at."""

    of: SetShape = msgspec.field(name="set")
    traces: int
    sampled: int


class CompareAnswer(msgspec.Struct, frozen=True):
    """What sets A apart from B.

    `summary` is one sentence, `notes` what one must know to judge it. `findings` begin with the largest. `attributes`
    are ranked, `defining` are those that the filters mention: they differ by definition. `tests` is how many questions
    share the false-discovery rate.
    """

    state: ComparisonState
    summary: str
    notes: tuple[str, ...]
    a: ComparedSet
    b: ComparedSet
    overlap: int
    tests: int
    findings: tuple[FindingShape, ...]
    attributes: tuple[AttributeDifferenceShape, ...]
    defining: tuple[AttributeDifferenceShape, ...]
    path_findings: tuple[PathFindingShape, ...]
    paths: tuple[PathShape, ...]


class ServiceShape(msgspec.Struct, frozen=True):
    """A node; the type is empty where none was sent."""

    name: str
    type: str


class StepShape(msgspec.Struct, frozen=True):
    """A stretch of the response and the span that held it, `offset_ms` after the start of the root."""

    span_id: str
    name: str
    service: ServiceShape
    kind: StepKind
    offset_ms: float
    held_ms: float


class SpanTimeShape(msgspec.Struct, frozen=True):
    """How long a span ran for itself, for how much of that the response waited, and the share of the response."""

    span_id: str
    name: str
    self_time_ms: float
    held_ms: float
    share: float


class CauseShape(msgspec.Struct, frozen=True):
    """A known cause, as `cold start`, and how much of the response it took over all spans of one node."""

    kind: StepKind
    name: str
    service: ServiceShape
    span_ids: tuple[str, ...]
    held_ms: float
    share: float


class CriticalPathAnswer(msgspec.Struct, frozen=True):
    """Where the time of one response went.

    `steps` follow each other from the start of the root to its end. `async_tails` are spans that went on after the
    response. While the root is unfinished or missing, `response_time_ms` is null and all else is empty.
    """

    trace_id: str
    start: float | None
    response_time_ms: float | None
    steps: tuple[StepShape, ...]
    spans: tuple[SpanTimeShape, ...]
    causes: tuple[CauseShape, ...]
    async_tails: tuple[str, ...]


class FilterError(msgspec.Struct, frozen=True):
    """Why an expression cannot be read, and where: `line` and `column` count from 1, in characters.

    `expected` names what could have stood there. Of an expression that is too long there is no place.
    """

    message: str
    line: int | None
    column: int | None
    expected: tuple[str, ...]


class CheckFilterAnswer(msgspec.Struct, frozen=True):
    """The expression in its canonical spelling, or what is wrong with it; the other is null."""

    canonical: str | None
    error: FilterError | None


class KeywordShape(msgspec.Struct, frozen=True):
    """A keyword: `scopes` are the heads of the braces it may stand in, "" for none; `kind` is that of its values."""

    name: str
    kind: str
    operators: tuple[str, ...]
    scopes: tuple[str, ...]
    meaning: str
    source: str


class FormShape(msgspec.Struct, frozen=True):
    """A construct that is more than a keyword and a value."""

    name: str
    usage: str
    meaning: str
    source: str


class KeywordsAnswer(msgspec.Struct, frozen=True):
    """Everything that a filter expression can be made of."""

    keywords: tuple[KeywordShape, ...]
    forms: tuple[FormShape, ...]
