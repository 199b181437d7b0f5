"""Reads the service graph out of ClickHouse: settled minutes as they were computed, the others from their spans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from raylens.model.graph_builder import GraphBuilder, Seen
from raylens.model.service import ServiceGraph, ServiceId
from raylens.model.time import NS_PER_MINUTE, NS_PER_S, TimeRange
from raylens.storage.clickhouse.session import Session
from raylens.storage.clickhouse.sql import read_sql

# Caller and callee start within this of each other; Lambda's longest run is 15 minutes.
_MARGIN_MINUTES = 15
# Spans that one pass over a part of the range holds at most, margins aside.
_PART_SPANS = 1_500_000
# A part no longer than this looks at the traces of its own minutes only, or the margins would cost more than it.
_SHORT_MINUTES = 10
# Spans between a call and its segment, where their documents do not say; deeper ones are left without an owner.
_MAX_HOPS = 64
_MACRO = re.compile(r"\{(bucket|minute_of)\(([^)]*)\)\}")
_THESE_TRACES = (
    "trace_id IN (SELECT trace_id FROM spans WHERE minute BETWEEN {first_minute:UInt32} AND {last_minute:UInt32})"
)
_LAST_S = 2**32 - 1


class ClickHouseGraph:
    """`GraphReader` on ClickHouse."""

    _session: Session

    def service_graph(self, window: TimeRange) -> ServiceGraph:
        first, last = _minutes(window)
        progress_s = self._progress_s()
        unsettled = set(self._touched_minutes(progress_s, _LAST_S, first, last))
        # a minute that the range cuts through is counted from its spans: what was computed is the whole of it
        if window.start_ns % NS_PER_MINUTE:
            unsettled.add(first)
        if window.end_ns % NS_PER_MINUTE:
            unsettled.add(last)
        graph = GraphBuilder()
        parameters = {"first_minute": first, "last_minute": last, "left_out": sorted(unsettled)}
        _add_computed(graph, self._session.query(read_sql("graph_minutes"), parameters))
        for run in _runs(sorted(unsettled)):
            start_ns, end_ns = max(run.start_ns, window.start_ns), min(run.end_ns, window.end_ns)
            for part in self._parts(TimeRange(start_ns, end_ns)):
                _add_nodes(graph, self._session.query(_spell_out("graph_nodes", part), _parameters(part)))
                _add_edges(graph, self._session.query(_spell_out("graph_edges", part), _parameters(part)))
        return graph.build()

    def compute_graph_minutes(self, now_ns: int, settle_s: int) -> int:
        until_s, since_s = now_ns // NS_PER_S - settle_s, self._progress_s()
        if until_s <= since_s:
            return 0
        range_of_receipt = {"since_s": since_s, "until_s": until_s}
        first, last, count = self._session.query(read_sql("received_minutes"), range_of_receipt)[0]
        minutes: list[int] = []
        if count:
            minutes = self._touched_minutes(since_s, until_s, max(0, first - _MARGIN_MINUTES), last + _MARGIN_MINUTES)
        for run in _runs(minutes):
            for part in self._parts(run):
                self._compute(part, now_ns)
        if minutes:
            # figures first, then that they are complete, then how far: a death in between repeats work and loses none
            self._session.command(
                "INSERT INTO graph_generations "
                "SELECT arrayJoin({minutes:Array(UInt32)}), {generation:UInt64}, fromUnixTimestamp({now_s:UInt32})",
                {"minutes": minutes, "generation": now_ns, "now_s": now_ns // NS_PER_S},
            )
        self._session.command("INSERT INTO graph_progress SELECT 1, {until_s:UInt32}", {"until_s": until_s})
        return len(minutes)

    def _compute(self, part: TimeRange, generation: int) -> None:
        parameters = {**_parameters(part), "generation": generation, "now_s": generation // NS_PER_S}
        figures = "requests, response_ns, first_ns, last_ns, fromUnixTimestamp({now_s:UInt32})"
        self._session.command(
            "INSERT INTO graph_minutes SELECT minute, {generation:UInt64}, false, '', '', name, origin, root, "
            f"in_progress, outcome, response_ms, duration_ms, {figures} "
            f"FROM ({_spell_out('graph_nodes', part, by_minute=True)})",
            parameters,
        )
        self._session.command(
            "INSERT INTO graph_minutes SELECT minute, {generation:UInt64}, true, source_name, source_type, "
            f"target_name, target_type, inferred, false, outcome, response_ms, response_ms, {figures} "
            f"FROM ({_spell_out('graph_edges', part, by_minute=True)})",
            parameters,
        )

    def _progress_s(self) -> int:
        """The second of receipt up to which the computed minutes hold every span; 0 when none is computed."""
        progress_s: int = self._session.query("SELECT max(until_s) FROM graph_progress")[0][0]
        return progress_s

    def _touched_minutes(self, since_s: int, until_s: int, first: int, last: int) -> list[int]:
        parameters = {"since_s": since_s, "until_s": until_s, "first_minute": first, "last_minute": last}
        return [row[0] for row in self._session.query(read_sql("touched_minutes"), parameters)]

    def _parts(self, window: TimeRange) -> Iterator[TimeRange]:
        """`window` in pieces of about _PART_SPANS spans: figures add up over time, and so a busy day costs no more
        memory at once than a busy hour. Minutes without spans cost nothing."""
        counts = self._session.query(read_sql("minute_counts"), _parameters(window))
        first, last = _minutes(window)
        held, begin = 0, window.start_ns
        for minute, count in counts:
            if not first <= minute <= last:
                continue
            if held and held + count > _PART_SPANS:
                yield TimeRange(begin, minute * NS_PER_MINUTE)
                held, begin = 0, minute * NS_PER_MINUTE
            held += count
        if held:
            yield TimeRange(begin, window.end_ns)


def _minutes(window: TimeRange) -> tuple[int, int]:
    """The first and the last minute that `window` touches."""
    return window.start_ns // NS_PER_MINUTE, (window.end_ns - 1) // NS_PER_MINUTE


def _runs(minutes: Sequence[int]) -> Iterator[TimeRange]:
    """The time that ascending minutes cover, neighbours together."""
    begin = previous = None
    for minute in minutes:
        if begin is None or previous is None:
            begin = minute
        elif minute != previous + 1:
            yield TimeRange(begin * NS_PER_MINUTE, (previous + 1) * NS_PER_MINUTE)
            begin = minute
        previous = minute
    if begin is not None and previous is not None:
        yield TimeRange(begin * NS_PER_MINUTE, (previous + 1) * NS_PER_MINUTE)


def _parameters(window: TimeRange) -> dict[str, int]:
    first, last = _minutes(window)
    return {
        "start_ns": window.start_ns,
        "end_ns": window.end_ns,
        "first_minute": first,
        "last_minute": last,
        "margin_minute": max(0, first - _MARGIN_MINUTES),
        "last_margin_minute": last + _MARGIN_MINUTES,
        "max_hops": _MAX_HOPS,
    }


def _spell_out(name: str, part: TimeRange, by_minute: bool = False) -> str:
    """A graph statement with its macros spelled out.

    `{bucket(x)}` is `model.service.histogram_bucket_ms` in SQL (a contract test compares the two), `{minute_of(x)}` is
    the minute of a time where rows are wanted by minute.
    """
    first, last = _minutes(part)
    sql = read_sql(name).replace("{of_these_traces}", _THESE_TRACES if last - first < _SHORT_MINUTES else "true")

    def spelled(found: re.Match[str]) -> str:
        macro, argument = found.groups()
        if macro == "bucket":
            return _bucket_sql(argument)
        return f"intDiv({argument}, {NS_PER_MINUTE})" if by_minute else "0"

    return _MACRO.sub(spelled, sql)


def _bucket_sql(duration: str) -> str:
    ms = f"toUInt64(intDiv(greatest({duration}, 0) + 500000, 1000000))"
    step = f"intExp10(greatest(length(toString({ms})), 3) - 3)"
    return f"intDiv({ms} + intDiv({step}, 2), {step}) * {step}"


def _add_computed(graph: GraphBuilder, rows: Iterable[tuple[Any, ...]]) -> None:
    for is_edge, source, source_type, name, type_, flag, in_progress, *figures in rows:
        outcome, response, duration, count, total_ns, start, end = figures
        seen = Seen(None if in_progress else outcome, count, total_ns, response, duration, start, end)
        if is_edge:
            graph.add_call(ServiceId(source, source_type), ServiceId(name, type_), flag, seen)
        else:
            graph.add_reporting(ServiceId(name, type_), flag, seen)


def _add_nodes(graph: GraphBuilder, rows: Iterable[tuple[Any, ...]]) -> None:
    for _, name, origin, root, in_progress, outcome, response, duration, count, total_ns, start, end in rows:
        seen = Seen(None if in_progress else outcome, count, total_ns, response, duration, start, end)
        graph.add_reporting(ServiceId(name, origin), root, seen)


def _add_edges(graph: GraphBuilder, rows: Iterable[tuple[Any, ...]]) -> None:
    for _, source, source_type, name, type_, inferred, outcome, response, count, total_ns, start, end in rows:
        seen = Seen(outcome, count, total_ns, response, response, start, end)
        graph.add_call(ServiceId(source, source_type), ServiceId(name, type_), inferred, seen)
