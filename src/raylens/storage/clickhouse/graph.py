"""Reads the service graph out of ClickHouse: settled minutes as they were computed, the others from the trace index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from raylens.model.graph_builder import GraphBuilder, Seen
from raylens.model.service import ServiceGraph, ServiceId
from raylens.model.time import NS_PER_MINUTE, NS_PER_S, TimeRange
from raylens.storage.clickhouse.filters import EVERY_ROW, Condition, filter_condition, narrowed
from raylens.storage.clickhouse.index import ClickHouseIndex
from raylens.storage.clickhouse.sql import read_sql
from raylens.storage.interface import EVERY_TRACE, TraceFilter

# Another process may be writing rows of the trace index that it stamped this long ago.
_OVERLAP_S = 60
_MACRO = re.compile(r"\{(bucket|minute_of|of_these_minutes)\(([^)]*)\)\}")
_LAST_MINUTE = 2**32 - 2
_LAST_S = 2**32 - 1
# So many separate stretches of time are asked for one by one, each touching only its own traces.
_MAX_STRETCHES = 8


class ClickHouseGraph(ClickHouseIndex):
    """`GraphReader` on ClickHouse."""

    def service_graph(self, window: TimeRange, where: TraceFilter = EVERY_TRACE) -> ServiceGraph:
        self.refresh_index()
        graph = GraphBuilder()
        if not where.selects_all:
            condition = filter_condition(self._session, where, *window.minutes)
            self._add_from_index(graph, window, narrowed(self._session, condition, *window.minutes))
            return graph.build()
        first, last = window.minutes
        unsettled = set(self.changed_minutes(self.progress_s(), first, last))
        # a minute that the range cuts through is counted from its traces: what was computed is the whole of it
        if window.start_ns % NS_PER_MINUTE:
            unsettled.add(first)
        if window.end_ns % NS_PER_MINUTE:
            unsettled.add(last)
        parameters = {"first_minute": first, "last_minute": last, "left_out": sorted(unsettled)}
        _add_computed(graph, self._session.query(read_sql("graph_minutes"), parameters))
        for minutes in stretches(sorted(unsettled)):
            self._add_from_index(graph, window, EVERY_ROW, minutes)
        return graph.build()

    def _add_from_index(
        self, graph: GraphBuilder, window: TimeRange, condition: Condition, minutes: Sequence[int] = ()
    ) -> None:
        parameters = {**stretch_parameters(window, minutes), **condition.parameters}
        _add_nodes(graph, self._session.query(spell_out("graph_nodes", condition), parameters))
        _add_edges(graph, self._session.query(spell_out("graph_edges", condition), parameters))
        if self.has_links():
            _add_links(graph, self._session.query(spell_out("graph_links", condition), parameters))

    def compute_graph_minutes(self) -> int:
        now_ns = self._clock.now_ns()
        self.refresh_index()
        # What was worked out since is read from the index in any case: computed now, it would be computed again.
        # Another process may still be writing rows that it stamped in that time.
        until_s = now_ns // NS_PER_S - _OVERLAP_S
        minutes = self.changed_minutes(self.progress_s(), 0, _LAST_MINUTE, until_s)
        for stretch in stretches(minutes):
            self._compute(stretch, now_ns)
        if minutes:
            # figures first, then that they are complete, then how far: a death in between repeats work and loses none
            self._session.command(
                "INSERT INTO graph_generations "
                "SELECT arrayJoin({minutes:Array(UInt32)}), {generation:UInt64}, fromUnixTimestamp({now_s:UInt32})",
                {"minutes": minutes, "generation": now_ns, "now_s": now_ns // NS_PER_S},
            )
        self._session.command("INSERT INTO graph_progress SELECT 1, {until_s:UInt32}", {"until_s": until_s})
        return len(minutes)

    def _compute(self, minutes: Sequence[int], generation: int) -> None:
        window = TimeRange(minutes[0] * NS_PER_MINUTE, (minutes[-1] + 1) * NS_PER_MINUTE)
        parameters = {**stretch_parameters(window, minutes), "generation": generation, "now_s": generation // NS_PER_S}
        figures = "requests, response_ns, first_ns, last_ns, fromUnixTimestamp({now_s:UInt32})"
        self._session.command(
            "INSERT INTO graph_minutes SELECT minute, {generation:UInt64}, false, '', '', name, type, root, "
            f"in_progress, outcome, response_ms, duration_ms, {figures}, false, 0 "
            f"FROM ({spell_out('graph_nodes', EVERY_ROW, by_minute=True)})",
            parameters,
        )
        self._session.command(
            "INSERT INTO graph_minutes SELECT minute, {generation:UInt64}, true, source_name, source_type, "
            f"name, type, inferred, false, outcome, response_ms, response_ms, {figures}, false, 0 "
            f"FROM ({spell_out('graph_edges', EVERY_ROW, by_minute=True)})",
            parameters,
        )
        if self.has_links():
            self._session.command(
                "INSERT INTO graph_minutes SELECT minute, {generation:UInt64}, true, source_name, source_type, "
                f"name, type, false, false, outcome, response_ms, response_ms, {figures}, true, age_ms "
                f"FROM ({spell_out('graph_links', EVERY_ROW, by_minute=True)})",
                parameters,
            )

    def progress_s(self) -> int:
        """The computed minutes hold every trace that was worked out before this second; 0 when none is computed."""
        progress_s: int = self._session.query("SELECT max(until_s) FROM graph_progress")[0][0]
        return progress_s

    def changed_minutes(self, since_s: int, first: int, last: int, until_s: int = _LAST_S) -> list[int]:
        """The minutes from `first` to `last` in which traces lie that were worked out in a stretch of time."""
        parameters = {"since_s": since_s, "until_s": until_s, "first_minute": first, "last_minute": last}
        return [row[0] for row in self._session.query(read_sql("changed_minutes"), parameters)]


def stretches(minutes: Sequence[int]) -> list[list[int]]:
    """Ascending minutes, neighbours together; all of them together where that would be many questions."""
    stretches: list[list[int]] = []
    for minute in minutes:
        if stretches and stretches[-1][-1] == minute - 1:
            stretches[-1].append(minute)
        else:
            stretches.append([minute])
    return stretches if len(stretches) <= _MAX_STRETCHES else [list(minutes)]


def stretch_parameters(window: TimeRange, minutes: Sequence[int]) -> dict[str, Any]:
    """The range, narrowed to some minutes where any are given."""
    first, last = window.minutes
    if minutes:
        first, last = minutes[0], minutes[-1]
    return {
        "start_ns": max(window.start_ns, first * NS_PER_MINUTE),
        "end_ns": min(window.end_ns, (last + 1) * NS_PER_MINUTE),
        "first_minute": first,
        "last_minute": last,
        "minutes": list(minutes) if minutes and len(minutes) <= last - first else [],
    }


def spell_out(name: str, condition: Condition, by_minute: bool = False) -> str:
    """A graph statement with its condition and macros spelled out.

    `{bucket(x)}` is `model.service.histogram_bucket_ms` in SQL (a contract test compares the two), `{minute_of(x)}` is
    the minute of a time where rows are wanted by minute, `{of_these_minutes(x)}` that the time lies in the range.
    """

    def spelled(found: re.Match[str]) -> str:
        macro, argument = found.groups()
        if macro == "bucket":
            return bucket_sql(argument)
        if macro == "of_these_minutes":
            return (
                f"{argument} >= {{start_ns:Int64}} AND {argument} < {{end_ns:Int64}} AND "
                f"(empty({{minutes:Array(UInt32)}}) OR {_minute_of(argument)} IN {{minutes:Array(UInt32)}})"
            )
        return _minute_of(argument) if by_minute else "0"

    return _MACRO.sub(spelled, read_sql(name)).replace("{condition}", condition.sql)


def _minute_of(time_ns: str) -> str:
    return f"intDiv({time_ns}, {NS_PER_MINUTE})"


def bucket_sql(duration: str) -> str:
    """`model.service.histogram_bucket_ms` of a duration in SQL."""
    ms = f"toUInt64(intDiv(greatest({duration}, 0) + 500000, 1000000))"
    step = f"intExp10(greatest(length(toString({ms})), 3) - 3)"
    return f"intDiv({ms} + intDiv({step}, 2), {step}) * {step}"


def _add_computed(graph: GraphBuilder, rows: Iterable[tuple[Any, ...]]) -> None:
    for is_edge, is_link, source, source_type, name, type_, flag, in_progress, *figures in rows:
        outcome, response, duration, age, count, total_ns, start, end = figures
        seen = Seen(None if in_progress else outcome, count, total_ns, response, duration, start, end)
        if is_link:
            graph.add_link(ServiceId(source, source_type), ServiceId(name, type_), seen, age)
        elif is_edge:
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


def _add_links(graph: GraphBuilder, rows: Iterable[tuple[Any, ...]]) -> None:
    for _, source, source_type, name, type_, outcome, response, age, count, total_ns, start, end in rows:
        seen = Seen(outcome, count, total_ns, response, response, start, end)
        graph.add_link(ServiceId(source, source_type), ServiceId(name, type_), seen, age)
