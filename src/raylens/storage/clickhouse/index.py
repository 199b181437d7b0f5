"""Keeps the trace index: works out the traces of which something was stored, whenever somebody is about to read.

A trace that received messages is also worked out when something is stored of a trace that sent them: its row says which
node they were sent to and how old they were, so that a sender that arrives late changes the graph like anything late.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from raylens.clock import Clock
from raylens.model.span import Link
from raylens.model.time import NS_PER_S
from raylens.storage.clickhouse.places import places_of
from raylens.storage.clickhouse.session import UNMERGED, Session
from raylens.storage.clickhouse.sql import read_sql
from raylens.traceindex import Send, index_rows, links_in, sends_in
from raylens.traceindex.columns import SPAN_COLUMNS, TREE_COLUMNS

# An insert is visible when it returns, and was stamped when it began; one that takes longer says so (`rewind`).
_OVERLAP_S = 3
# After a start somebody else's insert may still be on its way.
_START_OVERLAP_S = 60
# A trace's spans are looked for this far around those that were touched. Where a parent is missing there, or a span
# goes on beyond, the documents tell where the rest is.
_MARGIN_MINUTES = 5
# Spans worked out at once; each takes some 400 bytes meanwhile.
_PART_SPANS = 100_000
_EXACT_TRACES = 1_000
_MAX_PARTS = 16
# later than any minute
_NOWHERE = 2**32 - 1
# Spans stored within so much are gone through in one pass, which bounds the list of their traces.
_SLICE_SPANS = 3_000_000


class _Part(msgspec.Struct, frozen=True):
    """Touched traces that begin in a range of minutes, and until when they were seen to go on; or one share of them."""

    from_minute: int
    to_minute: int
    last_minute: int
    share: int = 0
    shares: int = 1


class ClickHouseIndex:
    """Brings the table `traces` up to date; the other parts of the store read it."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._refreshing = threading.Lock()
        self._rewinding = threading.Lock()
        self._rewound_s: int | None = None
        self._until_s: int | None = None
        # fingerprints of the seconds that the last pass saw: those of the overlap are mostly unchanged
        self._seen: dict[int, int] = {}
        self._generation = 0
        self._asked = 0
        self._served = 0

    def refresh_index(self) -> int:
        """Work out every trace of which something was stored before this call; return how many there were.

        Calls from several threads are served by one pass that began after they came.
        """
        asked = self._asked = self._asked + 1
        with self._refreshing:
            if self._served >= asked:
                return 0
            serving = self._asked
            traces = self._refresh()
            self._served = serving
            return traces

    def rewind_index(self, stamp_s: int) -> None:
        """What was stamped at `stamp_s` became visible only now: the next pass looks at it again."""
        with self._rewinding:
            self._rewound_s = stamp_s if self._rewound_s is None else min(self._rewound_s, stamp_s)

    def forget_progress(self) -> None:
        """Begin again with what the store says of its progress."""
        with self._refreshing:
            self._until_s, self._seen = None, {}

    def _refresh(self) -> int:
        if self._until_s is None:
            until_s = self._session.query("SELECT max(until_s) FROM trace_index_progress")[0][0]
            self._until_s = max(0, until_s - _START_OVERLAP_S)
        now_ns = self._clock.now_ns()
        # a clock that was set back stamps what is stored now before what was seen
        since_s, traces = max(0, min(self._until_s, now_ns // NS_PER_S) - _OVERLAP_S), 0
        with self._rewinding:
            rewound_s = self._rewound_s
        if rewound_s is not None:
            since_s = min(since_s, rewound_s)
        stored = self._session.query(read_sql("index_stored"), {"since_s": since_s})
        seen = {second: fingerprint for second, _, fingerprint in stored}
        changed = [(second, spans) for second, spans, mark in stored if self._seen.get(second) != mark]
        for first_s, last_s in _slices(changed):
            # above every earlier one, even when the clock stands still: of equal ones neither row would give way
            generation = self._generation = max(now_ns, self._generation + 1)
            stretch = {"since_s": first_s, "until_s": last_s}
            touched = self._session.query(read_sql("index_touched"), stretch)
            receivers = self._receivers(stretch)
            for part in _parts(touched):
                self._work_out(part, stretch, generation)
            for some in _in_thousands(receivers):
                self._work_out_exactly(some, generation)
            traces += sum(row[2] for row in touched) + len(receivers)
            self._until_s = min(last_s, now_ns // NS_PER_S)
            self._session.command(
                "INSERT INTO trace_index_progress SELECT 1, {until_s:UInt32}", {"until_s": self._until_s}
            )
        self._until_s, self._seen = now_ns // NS_PER_S, seen
        with self._rewinding:
            # only now, so that a pass which failed is made up for; another insert may have gone back further meanwhile
            if self._rewound_s == rewound_s:
                self._rewound_s = None
        return traces

    def _work_out(self, part: _Part, stretch: dict[str, int], generation: int) -> None:
        first, last = max(0, part.from_minute - _MARGIN_MINUTES), part.last_minute + _MARGIN_MINUTES
        parameters = {
            **stretch,
            "first_minute": first,
            "last_minute": last,
            "from_minute": part.from_minute,
            "to_minute": part.to_minute,
            "share": part.share,
            "shares": part.shares,
        }
        table = self._session.query_arrow(_with_columns("index_spans"), parameters)
        if not table.num_rows:
            return
        rows = index_rows(table, generation, self._sends(table, generation))
        # a missing parent, or something that goes on, may lie outside the range that was read
        open_ = pc.or_(
            rows.column("partial"), pc.greater_equal(rows.column("last_minute"), pa.scalar(last, pa.uint32()))
        )
        self._session.insert_arrow("traces", rows.filter(pc.invert(open_)), UNMERGED)
        wider = [trace_id.hex() for trace_id in rows.column("trace_id").filter(open_).to_pylist()]
        for some in _in_thousands(wider):
            found = self._work_out_exactly(some, generation)
            first, last = min(first, found[0]), max(last, found[1])
        self._forget_moved(first, last, generation)

    def _work_out_exactly(self, trace_ids: list[str], generation: int) -> tuple[int, int]:
        first, last, table = self._spans_of(trace_ids, SPAN_COLUMNS)
        if table is not None and table.num_rows:
            rows = index_rows(table, generation, self._sends(table, generation))
            self._session.insert_arrow("traces", rows, UNMERGED)
        return first, last

    def _spans_of(self, trace_ids: list[str], columns: Sequence[str]) -> tuple[int, int, Any]:
        """The spans of some traces, behind the first and the last minute in which they begin; None for none."""
        places = places_of(self._session, trace_ids, columns)
        if places is None:
            return _NOWHERE, 0, None
        return places.first, places.last, self._session.query_arrow(places.sql, places.parameters)

    def has_links(self) -> bool:
        """Whether any trace is known to have received from another."""
        return bool(self._session.query("SELECT count() FROM trace_links")[0][0])

    def _receivers(self, stretch: dict[str, int]) -> list[str]:
        """Traces that are to be worked out because something was stored of one they received from.

        Where their links lead depends on it: the sender may be new, be completed, or have been answered by a node of
        its own. Receivers of which something was stored too are left out: they are worked out anyway.
        """
        if not self.has_links():
            return []
        return [row[0].hex() for row in self._session.query(read_sql("index_receivers"), stretch)]

    def _sends(self, table: Any, generation: int) -> dict[Link, Send]:
        """What the links of these spans lead to.

        Who received from whom is noted down first: a sender that is not stored yet is touched by a later pass, which
        looks there.
        """
        links = links_in(table)
        if not links:
            return {}
        pairs = sorted({(link.trace_id, receiver) for receiver, link in links})
        self._session.insert_arrow(
            "trace_links",
            pa.table(
                {
                    "sender": pa.array([sender for sender, _ in pairs], pa.binary(16)),
                    "receiver": pa.array([receiver for _, receiver in pairs], pa.binary(16)),
                    "indexed_at": pa.array([generation // NS_PER_S] * len(pairs), pa.uint32()),
                }
            ),
        )
        wanted = {link for _, link in links}
        sends: dict[Link, Send] = {}
        for some in _in_thousands(sorted({link.trace_id.hex() for link in wanted})):
            *_, senders = self._spans_of(some, TREE_COLUMNS)
            if senders is not None and senders.num_rows:
                sends |= sends_in(senders, wanted)
        return sends

    def _forget_moved(self, first: int, last: int, generation: int) -> None:
        parameters = {"first_minute": first, "last_minute": last, "generation": generation}
        moved = self._session.query(read_sql("index_moved"), parameters)
        if moved:
            self._session.insert_arrow(
                "traces",
                pa.table(
                    {
                        "minute": pa.array([minute for minute, _ in moved], pa.uint32()),
                        "trace_id": pa.array([trace_id for _, trace_id in moved], pa.binary(16)),
                        "generation": pa.array([generation] * len(moved), pa.uint64()),
                        "deleted": pa.array([1] * len(moved), pa.uint8()),
                        "indexed_at": pa.array([generation // NS_PER_S] * len(moved), pa.uint32()),
                    }
                ),
            )


def _with_columns(name: str, columns: Sequence[str] = SPAN_COLUMNS) -> str:
    return read_sql(name).replace("{columns}", ", ".join(columns))


def _in_thousands(trace_ids: Sequence[str]) -> Iterator[list[str]]:
    for at in range(0, len(trace_ids), _EXACT_TRACES):
        yield list(trace_ids[at : at + _EXACT_TRACES])


def _slices(stored: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """First and last second of storage of stretches that hold about _SLICE_SPANS spans each."""
    first: int | None = None
    held = 0
    for position, (second, spans) in enumerate(stored):
        first = second if first is None else first
        held += spans
        if held >= _SLICE_SPANS or position == len(stored) - 1:
            yield first, second
            first, held = None, 0


def _parts(touched: list[tuple[Any, ...]]) -> Iterator[_Part]:
    """Touched traces, sorted by their first minute, in parts that can be worked out at once.

    A part ends early where the next traces go on much longer, so that one long trace does not widen all of them; a
    minute that is too much for one part is shared out among several.
    """
    part: _Part | None = None
    held = 0
    # what is sparse over days takes few parts, and not one for every few minutes
    reach = (touched[-1][0] - touched[0][0]) // _MAX_PARTS if touched else 0
    width = max(2 * _MARGIN_MINUTES, reach)
    for first, last, _, spans in touched:
        wide = part is not None and max(last, part.last_minute) - part.from_minute > width
        if part is not None and first != part.to_minute and (held + spans > _PART_SPANS or wide):
            yield from _shared_out(part, held)
            part, held = None, 0
        part = (
            _Part(first, first, last) if part is None else _Part(part.from_minute, first, max(last, part.last_minute))
        )
        held += spans
    if part is not None:
        yield from _shared_out(part, held)


def _shared_out(part: _Part, spans: int) -> Iterator[_Part]:
    shares = -(-spans // _PART_SPANS)
    for share in range(shares):
        yield msgspec.structs.replace(part, share=share, shares=shares)
