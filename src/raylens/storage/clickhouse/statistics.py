"""Figures of nodes and edges over time, out of ClickHouse."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from raylens.filterexpr.ast import EdgeTest, NodeSelector, ServiceTest
from raylens.model.graph_builder import Seen, Tally
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
        tallies: dict[int, Tally] = {}
        if first > last or (of is not None and not _may_match(of, where.account_id)):
            return {}
        if where.selects_all:
            unsettled = self.changed_minutes(self.progress_s(), first, last)
            self._add_computed_minutes(tallies, of, first, last, unsettled)
            condition = Condition("true", {})
        else:
            unsettled = list(range(first, last + 1))
            condition = narrowed(self._session, filter_condition(self._session, where, first, last), first, last)
        if unsettled:
            self._add_minutes(tallies, of, unsettled, condition)
        return {minute: tally.statistics() for minute, tally in tallies.items()}

    def _add_computed_minutes(
        self, tallies: dict[int, Tally], of: ServiceTest | EdgeTest | None, first: int, last: int, left_out: list[int]
    ) -> None:
        bound = Parameters("s")
        selected = _selected_computed(of, bound)
        parameters = {"first_minute": first, "last_minute": last, "left_out": left_out, **bound.values}
        sql = read_sql("statistics_computed").replace("{selected}", selected)
        _add(tallies, self._session.query(sql, parameters))

    def _add_minutes(
        self, tallies: dict[int, Tally], of: ServiceTest | EdgeTest | None, minutes: list[int], condition: Condition
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
        _add(tallies, self._session.query(sql.replace("{selected}", selected), parameters))


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


def _add(tallies: dict[int, Tally], rows: Iterable[tuple[Any, ...]]) -> None:
    for minute, outcome, response_ms, requests, response_ns in rows:
        at_ns = minute * NS_PER_MINUTE
        seen = Seen(outcome, requests, response_ns, response_ms, response_ms, at_ns, at_ns)
        tallies.setdefault(minute, Tally()).add(seen)
