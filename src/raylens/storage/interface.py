"""What the rooms ask of a store: narrow protocols, their contract in words. Nothing here knows SQL.

Every method blocks and MUST be called on a worker thread. Every method raises StorageUnavailable, StorageFull or
StorageTimeout when the store itself fails, and MUST leave what is stored untouched then.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, StrEnum
from typing import Protocol

import msgspec

from raylens.filterexpr.ast import Constant, EdgeTest, Expression, ServiceTest
from raylens.model.figures import FiguresTable
from raylens.model.segment import AnnotationValue
from raylens.model.service import ServiceGraph, Statistics
from raylens.model.span import Span
from raylens.model.time import TimeRange
from raylens.model.trace_sets import Attribute, CategoricalCounts, NumericCounts, PathCount, TraceSets


class StoredDocument(msgspec.Struct, frozen=True, gc=False):
    """One segment document as it was sent, with what is needed to find and to replace it.

    Its spans start between `start_ns` and `last_start_ns`, both inside.
    """

    trace_id: bytes
    document_id: int
    version: int
    start_ns: int
    last_start_ns: int
    document: str


class Batch(msgspec.Struct, frozen=True):
    """What one commit stores. Documents and spans of one document MUST be in the same batch."""

    documents: Sequence[StoredDocument]
    spans: Sequence[Span]


class RangeType(Enum):
    """Which time of a trace a time range speaks of (GetTraceSummaries, TimeRangeType)."""

    # Earliest start. The guide says "the time in the trace id"; recorded answers use the segment (K4), and ids made
    # from W3C ids hold no time at all.
    TRACE_ID = "TraceId"
    # Receipt of any document
    EVENT = "Event"
    # End of any segment
    SERVICE = "Service"


class TraceMatch(msgspec.Struct, frozen=True):
    """A trace found in a range; `at_ns` is the time that placed it there."""

    trace_id: bytes
    at_ns: int


class TraceOrder(StrEnum):
    """By start, or by response time; traces whose root is unfinished come last where response times decide."""

    NEWEST = "newest"
    OLDEST = "oldest"
    SLOWEST = "slowest"
    FASTEST = "fastest"


class TracePlace(msgspec.Struct, frozen=True):
    """A trace and what orders go by: its start, and its response time, None while its root is unfinished."""

    trace_id: bytes
    start_ns: int
    response_ns: int | None


class GroupVersion(msgspec.Struct, frozen=True):
    """What a group asked of the traces that arrived from `from_ns` until before `until_ns` (None: until now)."""

    expression: Expression
    from_ns: int = 0
    until_ns: int | None = None


class TraceFilter(msgspec.Struct, frozen=True):
    """Which traces are meant: those that satisfy `expression` and, where `versions` are given, one of these.

    Groups named in the expressions MUST have been replaced. `account_id` is the server's own.
    """

    expression: Expression = Constant(True)
    versions: tuple[GroupVersion, ...] = ()
    account_id: str = ""

    @property
    def selects_all(self) -> bool:
        return self.expression == Constant(True) and all(
            version == GroupVersion(Constant(True)) for version in self.versions
        )


EVERY_TRACE = TraceFilter()


class TraceSet(msgspec.Struct, frozen=True):
    """Traces to look at together: those that started in `window` and satisfy `where`."""

    window: TimeRange
    where: TraceFilter = EVERY_TRACE


class TraceDocuments(msgspec.Struct, frozen=True):
    """The documents of one trace, oldest start first; `truncated` when some were left out for size."""

    documents: tuple[StoredDocument, ...]
    truncated: bool


class Record(msgspec.Struct, frozen=True):
    """One small mutable thing: a JSON text under a key, of a kind (`group`). Versions of a key only grow."""

    kind: str
    key: str
    version: int
    body: str


class SpanWriter(Protocol):
    """Stores batches."""

    def write(self, batch: Batch) -> None:
        """Store all of `batch`; on return it is durable against the death of the process, and visible to readers.

        A (sub)segment stored before is replaced when the new copy's version is not lower. After an exception none,
        some or all of the batch may be stored; writing it again MUST be harmless.
        """


class TraceReader(Protocol):
    """Finds traces and their parts."""

    def documents(self, trace_ids: Sequence[bytes], limit_bytes: int) -> dict[bytes, TraceDocuments]:
        """The newest copy of every document of each trace; unknown traces are left out.

        Of each trace, documents that begin after `limit_bytes` of others are left out, latest start first.
        """

    def documents_mentioning(self, trace_id: bytes, text: str, limit_bytes: int) -> tuple[StoredDocument, ...]:
        """The newest copy of each document of a trace that holds `text` in any case, highest version first.

        Those that begin after `limit_bytes` of others are left out. `text` is looked for in the JSON as it was sent:
        what a document spells with escapes is not found.
        """

    def find_traces(
        self,
        window: TimeRange,
        by: RangeType,
        limit: int,
        before: tuple[int, bytes] | None,
        where: TraceFilter = EVERY_TRACE,
    ) -> list[TraceMatch]:
        """Traces that satisfy `where` and whose `by` time lies in `window`, newest first, ties by descending id; at
        most `limit`.

        Each trace at most once, at the latest such time; by TRACE_ID there is one time only, the start of its summary.
        By EVENT, receipts of copies that were replaced since MAY be forgotten. Everything written before the call is
        seen.

        `before` continues after the match with that (at_ns, trace_id). Raises QueryTooLarge.
        """

    def list_traces(
        self, of: TraceSet, order: TraceOrder, limit: int, after: TracePlace | None = None
    ) -> list[TracePlace]:
        """At most `limit` traces of a set in an order, each once; those that come after `after`, where that is given.

        Ties of start go by ascending id for OLDEST and by descending id for NEWEST; ties of response time, and traces
        without one, as NEWEST. A place need not be (any more) in the set to go on after it. A trace that changes
        between two pages may be on both or on neither. Everything written before the call is seen. Raises
        QueryTooLarge.
        """

    def count_traces(self, window: TimeRange) -> int:
        """How many traces started in `window`, whatever they are."""

    def spans(self, trace_ids: Sequence[bytes]) -> list[Span]:
        """The newest copy of every span of these traces, in no particular order."""


class GraphReader(Protocol):
    """Reads the service graph of a time range, and its figures over time."""

    def service_graph(self, window: TimeRange, where: TraceFilter = EVERY_TRACE) -> ServiceGraph:
        """Nodes and edges of all requests that started in `window` in traces that satisfy `where`; empty when there
        were none.

        Equals `servicemap.observe` over the same spans (a property test holds the two together), whatever was computed
        before and whatever arrived or was replaced since. A link counts when the trace that received is meant; the one
        that sent need only be stored.
        """

    def statistics_by_minute(
        self, window: TimeRange, of: ServiceTest | EdgeTest | None, where: TraceFilter = EVERY_TRACE
    ) -> dict[int, Statistics]:
        """Figures of the selected nodes or edges for each minute that begins in `window`, by minute of the epoch.

        Without a selection those of requests that entered the application. Minutes without completed requests are left
        out. The selector's condition MUST be None.
        """

    def figures_by_minute(self, window: TimeRange, where: TraceFilter = EVERY_TRACE) -> FiguresTable:
        """Figures of every node and edge for each minute that begins in `window`, of traces that satisfy `where`.

        Counts and means as `statistics_by_minute` has them for each; percentiles are the smallest value of the
        histogram that so many percent of the requests reached, to the millisecond. The edge from a client is left out:
        it has the figures of the node it enters. Links are left out. Entities without completed requests have no row.
        """

    def compute_graph_minutes(self) -> int:
        """Compute the graph of the minutes that changed, so that `service_graph` need not go through their traces.

        Returns how many minutes were computed. May run at any time, several times, and in several processes; an
        interrupted run is repeated by the next.
        """


class Overview(msgspec.Struct, frozen=True):
    """A trace set at a glance.

    `outcomes` counts by class of the root's answer, `unfinished` are traces without one. Histograms are sorted
    (milliseconds, traces) as in `model.service.Statistics`. `activity` is (start of the bucket, traces, traces that
    ended in an error, throttle or fault), empty buckets left out.
    """

    traces: int
    ok: int
    error: int
    throttle: int
    fault: int
    unfinished: int
    response_ns: int
    response_times: tuple[tuple[int, int], ...]
    durations: tuple[tuple[int, int], ...]
    activity: tuple[tuple[int, int, int], ...]


class GroupRow(msgspec.Struct, frozen=True):
    """The traces that have one value of an attribute; None: those that have none.

    A trace with several values counts once for each. `response_ns` is summed over the `answered`, whose root finished.
    """

    value: AnnotationValue | None
    traces: int
    ok: int
    error: int
    throttle: int
    fault: int
    answered: int
    response_ns: int


class Grouping(msgspec.Struct, frozen=True):
    """The most frequent values of an attribute, most traces first; of `distinct` altogether, None not among them."""

    rows: tuple[GroupRow, ...]
    distinct: int


# Where the rows of a heat map begin, in nanoseconds: ten to a decade, from 1 ms on, as ISO 3 divides it (R10), so that
# all are short numbers of milliseconds; the first row begins at 0, the last has no end.
HEAT_ROWS_NS = (
    0,
    *(
        mantissa * 10**decade
        for decade in range(4, 17)
        for mantissa in (100, 125, 160, 200, 250, 315, 400, 500, 630, 800)
    ),
)


class HeatCell(msgspec.Struct, frozen=True):
    """The finished traces of a set that started in the bucket from `start_ns` on and answered within one row.

    Their response times lie from `HEAT_ROWS_NS[row]` until before the next. `error`, `throttle` and `fault` are those
    of them that ended in one.
    """

    start_ns: int
    row: int
    traces: int
    error: int
    throttle: int
    fault: int


class AnalyticsReader(Protocol):
    """Counts over whole trace sets, exactly. Every method sees what was written before the call.

    Methods raise QueryTooLarge as `find_traces` does.
    """

    def overview(self, of: TraceSet, bucket_s: int) -> Overview:
        """The set at a glance, its activity in buckets of so many seconds, aligned to the epoch."""

    def heat_map(self, of: TraceSet, bucket_s: int) -> tuple[HeatCell, ...]:
        """How long the traces of a set took over time, in buckets of so many seconds, aligned to the epoch.

        Cells by start, then row; empty ones are left out, and so are traces whose root is unfinished.
        """

    def size(self, of: TraceSet) -> int:
        """How many traces the set has."""

    def attributes(self, of: TraceSet) -> tuple[Attribute, ...]:
        """What the set can be grouped by: every kind but response time and duration, and each annotation key that
        some trace of the set has, by key."""

    def group(self, of: TraceSet, by: Attribute, limit: int) -> Grouping:
        """The set divided by an attribute; at most `limit` values."""

    def compare(
        self, a: TraceSet, b: TraceSet, limit: int
    ) -> tuple[TraceSets, tuple[CategoricalCounts | NumericCounts, ...]]:
        """Sizes of both sets, and of every attribute how many traces of each set have which value; of each at most
        `limit` values, the most frequent in both together."""

    def compare_paths(self, a: TraceSet, b: TraceSet, limit: int) -> tuple[PathCount, ...]:
        """How often each call path occurs in each set, without times; at most `limit`, the most frequent."""

    def sample(self, of: TraceSet, limit: int) -> list[bytes]:
        """Ids of at most `limit` traces of the set, the same for the same set, chosen by id and by nothing else."""


class TraceIndex(Protocol):
    """Knows of each trace what can be asked of it."""

    def refresh_index(self) -> int:
        """Bring the index up to date, as every reader does before it reads; returns how many traces had changed."""


class RecordStore(Protocol):
    """Keeps what people configure: few records, small, changed rarely, never expiring.

    A write names the version it follows and fails when that is not the newest any more, so that nobody overwrites what
    they have not seen, and of several who create one key at the same time exactly one succeeds; threads and processes
    alike. A write that returned is visible to every later read and MUST survive the death of the process. Replicas of
    a cluster MAY show it a little later; they never let two writers succeed. After an exception the write MAY have
    happened.
    """

    def record(self, kind: str, key: str) -> Record | None:
        """The newest version; None when there is no such record, or none any more."""

    def records(self, kind: str) -> tuple[Record, ...]:
        """The newest version of every record of a kind, by key; empty for a kind nobody wrote."""

    def put_record(self, kind: str, key: str, body: str, after_version: int) -> Record | None:
        """Write the version after `after_version`; 0 creates. None, and nothing changes, when that is not the newest.

        Any text is kept as it is. A record created again after a deletion continues its versions.
        """

    def delete_record(self, kind: str, key: str, after_version: int) -> bool:
        """Remove the record; False, and nothing changes, when `after_version` is not the newest version."""


class StoredAmounts(msgspec.Struct, frozen=True):
    """What a store holds. Starts are those of the first and the last trace, None of an empty store."""

    traces: int
    spans: int
    documents: int
    disk_bytes: int
    oldest_ns: int | None
    newest_ns: int | None


class StoreReadout(Protocol):
    """Says how much is stored."""

    def stored(self) -> StoredAmounts:
        """Counts, and bytes on disk of everything together, from what the store knows of itself: cheap at any size.

        Copies that were replaced, and traces that expired, MAY be counted until the store puts them away; so MAY the
        starts be those of such. Traces that no reader has asked for since they were written MAY be missing. A cluster
        tells of the server that answers.
        """


class Store(SpanWriter, TraceReader, GraphReader, AnalyticsReader, TraceIndex, RecordStore, StoreReadout, Protocol):
    """The whole store, as the composition root hands it out."""

    def close(self) -> None:
        """Finish running statements and release the store. Calls after it raise StorageUnavailable."""
