"""Finds traces and their parts in ClickHouse."""

from __future__ import annotations

from collections.abc import Sequence

from raylens.model.span import Span
from raylens.model.time import NS_PER_MINUTE, NS_PER_S, TimeRange
from raylens.storage.clickhouse.filters import EVERY_ROW, Condition, filter_condition, narrowed
from raylens.storage.clickhouse.index import ClickHouseIndex
from raylens.storage.clickhouse.places import places_of
from raylens.storage.clickhouse.rows import SPAN_COLUMNS, spans_from_rows
from raylens.storage.clickhouse.sql import read_sql
from raylens.storage.interface import EVERY_TRACE, RangeType, StoredDocument, TraceDocuments, TraceFilter, TraceMatch


class ClickHouseTraces(ClickHouseIndex):
    """`TraceReader` on ClickHouse."""

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
        self,
        window: TimeRange,
        by: RangeType,
        limit: int,
        before: tuple[int, bytes] | None,
        where: TraceFilter = EVERY_TRACE,
    ) -> list[TraceMatch]:
        self.refresh_index()
        before_ns, before_id = before or (window.end_ns, b"")
        condition = filter_condition(self._session, where, *window.minutes)
        if by is not RangeType.TRACE_ID:
            return self._find(window, by, limit, before_ns, before_id, condition)
        end_ns = min(window.end_ns, before_ns + 1)
        if end_ns <= window.start_ns:
            return []
        condition = narrowed(self._session, condition, *TimeRange(window.start_ns, end_ns).minutes)
        if "those_traces" in condition.parameters:
            return self._find(TimeRange(window.start_ns, end_ns), by, limit, before_ns, before_id, condition)
        # Newest first: look at the last minutes, then at sixteen times as many before them ... so that a page out of a
        # busy day costs what the page holds and not what the day holds.
        matches: list[TraceMatch] = []
        step_ns = 2 * NS_PER_MINUTE
        while end_ns > window.start_ns and len(matches) < limit:
            slice_ = TimeRange(max(window.start_ns, end_ns - step_ns), end_ns)
            matches += self._find(slice_, by, limit - len(matches), before_ns, before_id, condition)
            end_ns, step_ns = slice_.start_ns, step_ns * 16
        return matches

    def count_traces(self, window: TimeRange) -> int:
        first, last = window.minutes
        parameters = {
            "first_minute": first, "last_minute": last, "start_ns": window.start_ns, "end_ns": window.end_ns,
        }  # fmt: skip
        count: int = self._session.query(read_sql("count_by_start"), parameters)[0][0]
        return count

    def _find(
        self, window: TimeRange, by: RangeType, limit: int, before_ns: int, before_id: bytes, condition: Condition
    ) -> list[TraceMatch]:
        first, last = window.minutes
        name = {
            RangeType.TRACE_ID: "find_by_start",
            RangeType.EVENT: "find_by_receipt",
            RangeType.SERVICE: "find_by_end",
        }[by]
        parameters = {
            "first_minute": first,
            "last_minute": last,
            "first_s": min(window.start_ns // NS_PER_S, 2**32 - 1),
            "start_ns": window.start_ns,
            "end_ns": window.end_ns,
            "before_ns": before_ns,
            "before_id": before_id.hex().rjust(32, "0") if before_id else "f" * 32,
            "limit": limit,
            **condition.parameters,
        }
        those = (
            "true"
            if condition == EVERY_ROW
            else f"trace_id IN (SELECT trace_id FROM traces FINAL WHERE {condition.sql})"
        )
        sql = read_sql(name).replace("{condition}", condition.sql).replace("{those_traces}", those)
        return [TraceMatch(trace_id, at_ns) for trace_id, at_ns in self._session.query(sql, parameters)]

    def spans(self, trace_ids: Sequence[bytes]) -> list[Span]:
        if not trace_ids:
            return []
        places = places_of(self._session, _hex(trace_ids), SPAN_COLUMNS)
        return [] if places is None else spans_from_rows(self._session.query(places.sql, places.parameters))


def _hex(trace_ids: Sequence[bytes]) -> list[str]:
    return [trace_id.hex() for trace_id in trace_ids]
