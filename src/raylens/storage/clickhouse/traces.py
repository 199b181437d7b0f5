"""Finds traces and their parts in ClickHouse."""

from __future__ import annotations

from collections.abc import Sequence

from raylens.model.span import Span
from raylens.model.time import NS_PER_MINUTE, NS_PER_S, TimeRange
from raylens.storage.clickhouse.rows import SPAN_COLUMNS, spans_from_rows
from raylens.storage.clickhouse.session import Session
from raylens.storage.clickhouse.sql import read_sql
from raylens.storage.interface import RangeType, StoredDocument, TraceDocuments, TraceMatch

# So far back a trace that began before a range is recognised at once; one that began earlier costs a second look.
_START_MARGIN_MINUTES = 15
# A segment that ended in a range is found when it started at most this long before it.
_END_MARGIN_MINUTES = 24 * 60


class ClickHouseTraces:
    """`TraceReader` on ClickHouse."""

    _session: Session

    def documents(self, trace_ids: Sequence[bytes], limit_bytes: int) -> dict[bytes, TraceDocuments]:
        parameters = {"trace_ids": _hex(trace_ids), "limit_bytes": limit_bytes}
        found: dict[bytes, list[StoredDocument]] = {}
        totals: dict[bytes, int] = {}
        for *members, total in self._session.query(read_sql("documents"), parameters):
            document = StoredDocument(*members)
            found.setdefault(document.trace_id, []).append(document)
            totals[document.trace_id] = total
        return {
            trace_id: TraceDocuments(tuple(documents), len(documents) < totals[trace_id])
            for trace_id, documents in found.items()
        }

    def find_traces(
        self, window: TimeRange, by: RangeType, limit: int, before: tuple[int, bytes] | None
    ) -> list[TraceMatch]:
        before_ns, before_id = before or (window.end_ns, b"")
        if by is not RangeType.TRACE_ID:
            return self._find(window, by, limit, before_ns, before_id)
        # Newest first: look at the last minute, then at the two before it, the four before those ... so that a page
        # out of a busy day costs what the page holds and not what the day holds.
        matches: list[TraceMatch] = []
        end_ns, step_ns = min(window.end_ns, before_ns + 1), NS_PER_MINUTE
        while end_ns > window.start_ns and len(matches) < limit:
            slice_ = TimeRange(max(window.start_ns, end_ns - step_ns), end_ns)
            wanted = limit - len(matches)
            found = self._find(slice_, by, wanted, before_ns, before_id)
            matches += self._that_began_there(found)
            if len(found) == wanted:
                # perhaps there are more: go on behind the last one looked at
                before_ns, before_id = found[-1].at_ns, found[-1].trace_id
                end_ns = min(slice_.end_ns, before_ns + 1)
            else:
                end_ns, step_ns = slice_.start_ns, step_ns * 4
        return matches

    def _that_began_there(self, found: list[TraceMatch]) -> list[TraceMatch]:
        """Without the traces that began earlier than the margin reaches back: they belong to another time."""
        if not found:
            return []
        rows = self._session.query(read_sql("trace_starts"), {"trace_ids": _hex([m.trace_id for m in found])})
        starts: dict[bytes, int] = dict(rows)
        return [match for match in found if starts.get(match.trace_id, match.at_ns) >= match.at_ns]

    def _find(self, window: TimeRange, by: RangeType, limit: int, before_ns: int, before_id: bytes) -> list[TraceMatch]:
        first_minute = window.start_ns // NS_PER_MINUTE
        margin = _END_MARGIN_MINUTES if by is RangeType.SERVICE else _START_MARGIN_MINUTES
        name = {
            RangeType.TRACE_ID: "find_by_start",
            RangeType.EVENT: "find_by_receipt",
            RangeType.SERVICE: "find_by_end",
        }[by]
        parameters = {
            "margin_minute": max(0, first_minute - margin),
            "last_minute": window.end_ns // NS_PER_MINUTE,
            "first_s": min(window.start_ns // NS_PER_S, 2**32 - 1),
            "last_s": min(window.end_ns // NS_PER_S, 2**32 - 1),
            "start_ns": window.start_ns,
            "end_ns": window.end_ns,
            "before_ns": before_ns,
            "before_id": before_id.hex().rjust(32, "0") if before_id else "f" * 32,
            "limit": limit,
        }
        rows = self._session.query(read_sql(name), parameters)
        return [TraceMatch(trace_id, at_ns) for trace_id, at_ns in rows]

    def spans(self, trace_ids: Sequence[bytes]) -> list[Span]:
        if not trace_ids:
            return []
        first, last, count = self._session.query(read_sql("trace_minutes"), {"trace_ids": _hex(trace_ids)})[0]
        if not count:
            return []
        sql = read_sql("spans").replace("{columns}", ", ".join(SPAN_COLUMNS))
        parameters = {"trace_ids": _hex(trace_ids), "first_minute": first, "last_minute": last}
        return spans_from_rows(self._session.query(sql, parameters))


def _hex(trace_ids: Sequence[bytes]) -> list[str]:
    return [trace_id.hex() for trace_id in trace_ids]
