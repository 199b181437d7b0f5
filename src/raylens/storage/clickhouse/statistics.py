"""Figures of nodes and edges over time, out of ClickHouse."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from raylens.filterexpr.ast import EdgeTest, NodeSelector, ServiceTest
from raylens.model.outcome import Outcome
from raylens.model.service import CLIENT_TYPE, Statistics
from raylens.model.time import NS_PER_MINUTE, TimeRange
from raylens.storage.clickhouse.filter_sql import Parameters
from raylens.storage.clickhouse.filters import Condition, filter_condition, narrowed
from raylens.storage.clickhouse.graph import ClickHouseGraph, spell_out
from raylens.storage.clickhouse.sql import read_sql
from raylens.storage.interface import EVERY_TRACE, TraceFilter


class ClickHouseStatistics(ClickHouseGraph):
    """The part of `GraphReader` that goes minute by minute."""

    def statistics_by_minute(
        self, window: TimeRange, of: ServiceTest | EdgeTest | None, where: TraceFilter = EVERY_TRACE
    ) -> dict[int, Statistics]:
        self.refresh_index()
        first, last = -(-window.start_ns // NS_PER_MINUTE), -(-window.end_ns // NS_PER_MINUTE) - 1
        found: dict[int, Statistics] = {}
        if first > last or (of is not None and not _may_match(of, where.account_id)):
            return {}
        if where.selects_all:
            unsettled = self.changed_minutes(self.progress_s(), first, last)
            self._add_computed_minutes(found, of, first, last, unsettled)
            condition = Condition("true", {})
        else:
            unsettled = list(range(first, last + 1))
            condition = narrowed(self._session, filter_condition(self._session, where, first, last), first, last)
        if unsettled:
            self._add_minutes(found, of, unsettled, condition)
        return found

    def _add_computed_minutes(
        self,
        found: dict[int, Statistics],
        of: ServiceTest | EdgeTest | None,
        first: int,
        last: int,
        left_out: list[int],
    ) -> None:
        bound = Parameters("s")
        selected = _selected_computed(of, bound)
        parameters = {"first_minute": first, "last_minute": last, "left_out": left_out, **bound.values}
        sql = read_sql("statistics_computed").replace("{selected}", selected)
        _add(found, self._session.query(_by_minute(sql), parameters))

    def _add_minutes(
        self, found: dict[int, Statistics], of: ServiceTest | EdgeTest | None, minutes: list[int], condition: Condition
    ) -> None:
        bound = Parameters("s")
        is_edge = isinstance(of, EdgeTest) and of.source.type != CLIENT_TYPE
        if isinstance(of, EdgeTest) and is_edge:
            selected = _both(
                _names(of.source, "source_name", "source_type", bound), _names(of.target, "name", "type", bound)
            )
        elif isinstance(of, EdgeTest):
            selected = _both("root", _client_names(of.source, bound), _names(of.target, "name", "type", bound))
        else:
            selected = "root" if of is None else _names(of.node, "name", "type", bound)
        parameters = {
            "first_minute": minutes[0], "last_minute": minutes[-1], "minutes": minutes,
            **condition.parameters, **bound.values,
        }  # fmt: skip
        sql = spell_out("statistics_edges" if is_edge else "statistics_nodes", condition)
        _add(found, self._session.query(_by_minute(sql.replace("{selected}", selected)), parameters))


def _may_match(of: ServiceTest | EdgeTest, account_id: str) -> bool:
    """Whether nodes of this account can be meant: the graph does not tell accounts apart (inferred)."""
    nodes = (of.node,) if isinstance(of, ServiceTest) else (of.source, of.target)
    return all(node.account_id in (None, account_id) for node in nodes)


def _selected_computed(of: ServiceTest | EdgeTest | None, bound: Parameters) -> str:
    """The rows of `graph_minutes` that are meant: those of an inferred node are the edges that lead to it."""
    if of is None:
        return "NOT is_edge AND flag"
    if isinstance(of, ServiceTest):
        return _both("(NOT is_edge OR flag)", _names(of.node, "name", "type", bound))
    target = _names(of.target, "name", "type", bound)
    if of.source.type == CLIENT_TYPE:
        return _both("NOT is_edge AND flag", _client_names(of.source, bound), target)
    return _both("is_edge", _names(of.source, "source_name", "source_type", bound), target)


def _names(node: NodeSelector, name: str, type_: str, bound: Parameters) -> str:
    conditions = [] if node.name is None else [f"{name} = {bound.bind(node.name)}"]
    if node.type is not None:
        conditions.append(f"{type_} = {bound.bind(node.type)}")
    return " AND ".join(conditions) or "true"


def _client_names(node: NodeSelector, bound: Parameters) -> str:
    """A client has the name of the service that it calls."""
    return "true" if node.name is None else f"name = {bound.bind(node.name)}"


def _both(*conditions: str) -> str:
    return " AND ".join(conditions)


def _by_minute(sql: str) -> str:
    """Figures of one minute in one row, out of rows by minute, class and bucket."""
    classes = ", ".join(f"sumIf(counted, outcome = {int(outcome)})" for outcome in Outcome)
    histogram = "sumMap([toUInt64(ms)], [toUInt64(counted)])"
    return f"SELECT minute, {classes}, sum(total_ns), {histogram} FROM ({sql}) GROUP BY minute"


def _add(found: dict[int, Statistics], rows: Iterable[tuple[Any, ...]]) -> None:
    """Minutes are either computed or not, so that no minute comes twice."""
    for minute, ok, error, throttle, fault, response_ns, (values, counts) in rows:
        histogram = tuple(zip(values, counts, strict=True))
        found[minute] = Statistics(ok, error, throttle, fault, response_ns, histogram)
