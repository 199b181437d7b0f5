"""Finds traces and their parts in ClickHouse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from raylens.model.span import Span
from raylens.model.time import NS_PER_MINUTE, NS_PER_S, TimeRange
from raylens.storage.clickhouse.filters import EVERY_ROW, Condition, filter_condition, narrowed
from raylens.storage.clickhouse.index import ClickHouseIndex
from raylens.storage.clickhouse.places import places_of
from raylens.storage.clickhouse.rows import SPAN_COLUMNS, spans_from_rows
from raylens.storage.clickhouse.sql import read_sql
from raylens.storage.interface import (
    EVERY_TRACE,
    RangeType,
    StoredDocument,
    TraceDocuments,
    TraceFilter,
    TraceMatch,
    TraceOrder,
    TracePlace,
    TraceSet,
)

# How an order is written, and what lies behind a place in it. A response time of -1 is none; for FASTEST such traces
# are set behind all others.
_SLOW = "(response_ns, start_ns, trace_id)"
_FAST = "(if(response_ns < 0, -9223372036854775808, -response_ns), start_ns, trace_id)"
_PLACE_ID = "toFixedString(unhex({after_id:String}), 16)"
_ORDERS: dict[TraceOrder, tuple[str, str]] = {
    TraceOrder.NEWEST: (
        "start_ns DESC, trace_id DESC",
        f"(start_ns, trace_id) < ({{after_start_ns:Int64}}, {_PLACE_ID})",
    ),
    TraceOrder.OLDEST: ("start_ns, trace_id", f"(start_ns, trace_id) > ({{after_start_ns:Int64}}, {_PLACE_ID})"),
    TraceOrder.SLOWEST: (
        "response_ns DESC, start_ns DESC, trace_id DESC",
        f"{_SLOW} < ({{after_response_ns:Int64}}, {{after_start_ns:Int64}}, {_PLACE_ID})",
    ),
    TraceOrder.FASTEST: (
        "response_ns < 0, response_ns, start_ns DESC, trace_id DESC",
        f"{_FAST} < ({{after_response_ns:Int64}}, {{after_start_ns:Int64}}, {_PLACE_ID})",
    ),
}
_BY_START = (TraceOrder.NEWEST, TraceOrder.OLDEST)
_LOWEST = -(1 << 63)
# Rows that are read beyond a page: some may be older copies.
_SPARE_ROWS = 50


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

    def documents_mentioning(self, trace_id: bytes, text: str, limit_bytes: int) -> tuple[StoredDocument, ...]:
        parameters = {"trace_id": trace_id.hex(), "text": text, "limit_bytes": limit_bytes}
        rows = self._session.query(read_sql("documents_mentioning"), parameters)
        return tuple(StoredDocument(*row) for row in rows)

    def list_traces(
        self, of: TraceSet, order: TraceOrder, limit: int, after: TracePlace | None = None
    ) -> list[TracePlace]:
        self.refresh_index()
        window = _window_after(of.window, order, after)
        if window is None:
            return []
        condition = filter_condition(self._session, of.where, *window.minutes)
        condition = narrowed(self._session, condition, *window.minutes)
        found: list[TracePlace] = []
        is_whole = order not in _BY_START or "those_traces" in condition.parameters
        for slice_ in (window,) if is_whole else _slices(window, order):
            found += self._list_slice(slice_, order, limit - len(found), after, condition)
            if len(found) >= limit:
                break
        return found

    def _list_slice(
        self, window: TimeRange, order: TraceOrder, limit: int, after: TracePlace | None, condition: Condition
    ) -> list[TracePlace]:
        """Rows come without FINAL, so that older copies of traces are among them: those are found out and left out."""
        found: dict[bytes, TracePlace] = {}
        while True:
            wanted = limit - len(found) + _SPARE_ROWS
            rows = self._list_rows(window, order, wanted, after, condition)
            counting = self._counting_rows(rows)
            for minute, trace_id, generation, start_ns, response_ns in rows:
                after = TracePlace(trace_id, start_ns, None if response_ns < 0 else response_ns)
                if (minute, trace_id, generation) in counting:
                    found.setdefault(trace_id, after)
            if len(rows) < wanted or len(found) >= limit:
                return list(found.values())[:limit]

    def _list_rows(
        self, window: TimeRange, order: TraceOrder, limit: int, after: TracePlace | None, condition: Condition
    ) -> list[tuple[Any, ...]]:
        ordered, behind = _ORDERS[order]
        first, last = window.minutes
        parameters = {
            "first_minute": first, "last_minute": last, "start_ns": window.start_ns, "end_ns": window.end_ns,
            "limit": limit, **condition.parameters,
        }  # fmt: skip
        if after is not None:
            parameters |= {
                "after_id": after.trace_id.hex(),
                "after_start_ns": after.start_ns,
                "after_response_ns": _response_key(order, after.response_ns),
            }
        # Of copies with one place the newest first: a page may end between two of them.
        ordered += ", generation DESC"
        sql = read_sql("list_traces").replace("{condition}", condition.sql).replace("{order}", ordered)
        return self._session.query(sql.replace("{after}", "true" if after is None else behind), parameters)

    def _counting_rows(self, rows: Sequence[tuple[Any, ...]]) -> set[tuple[int, bytes, int]]:
        """Minute, id and generation of those that are the newest copy of their trace and not deleted."""
        if not rows:
            return set()
        minutes = sorted({row[0] for row in rows})
        parameters = {"minutes": minutes, "trace_ids": _hex([row[1] for row in rows])}
        newest = self._session.query(read_sql("newest_rows"), parameters)
        return {(minute, trace_id, generation) for minute, trace_id, generation, deleted in newest if not deleted}

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


def _window_after(window: TimeRange, order: TraceOrder, after: TracePlace | None) -> TimeRange | None:
    """The part of a range that may hold what comes after a place; None when there is none."""
    if after is None or order not in _BY_START:
        return window
    start_ns, end_ns = window.start_ns, window.end_ns
    if order is TraceOrder.NEWEST:
        end_ns = min(end_ns, after.start_ns + 1)
    else:
        start_ns = max(start_ns, after.start_ns)
    return TimeRange(start_ns, end_ns) if start_ns < end_ns else None


def _slices(window: TimeRange, order: TraceOrder) -> Iterator[TimeRange]:
    """The range from the end where an order begins: two minutes, then sixteen times as many ...

    So a page out of a busy day costs what the page holds and not what the day holds.
    """
    step_ns = 2 * NS_PER_MINUTE
    start_ns, end_ns = window.start_ns, window.end_ns
    while start_ns < end_ns:
        if order is TraceOrder.NEWEST:
            slice_ = TimeRange(max(start_ns, end_ns - step_ns), end_ns)
            end_ns = slice_.start_ns
        else:
            slice_ = TimeRange(start_ns, min(end_ns, start_ns + step_ns))
            start_ns = slice_.end_ns
        step_ns *= 16
        yield slice_


def _response_key(order: TraceOrder, response_ns: int | None) -> int:
    """What stands for a response time where an order compares."""
    if order is TraceOrder.FASTEST:
        return _LOWEST if response_ns is None else -response_ns
    return -1 if response_ns is None else response_ns


def _hex(trace_ids: Sequence[bytes]) -> list[str]:
    return [trace_id.hex() for trace_id in trace_ids]
