"""Figures of all nodes and edges at once, minute by minute, as columns out of ClickHouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from raylens.model.figures import Entity, FiguresTable
from raylens.model.outcome import Outcome
from raylens.model.service import ServiceId
from raylens.model.time import NS_PER_MINUTE, NS_PER_S, TimeRange
from raylens.storage.clickhouse.filters import EVERY_ROW, Condition, filter_condition, narrowed
from raylens.storage.clickhouse.graph import spell_out, stretch_parameters, stretches
from raylens.storage.clickhouse.sql import read_sql
from raylens.storage.clickhouse.statistics import ClickHouseStatistics
from raylens.storage.interface import EVERY_TRACE, TraceFilter

_MINUTE_S = NS_PER_MINUTE // NS_PER_S
_NAMES = ("source_name", "source_type", "name", "type")
_LEVELS = (0.5, 0.9, 0.95, 0.99)
# Of float levels the rank ceil(level * requests) is that of whole percents for every number of requests up to two
# million, which was tried.
_FIGURES = ", ".join(
    (
        "toFloat64(sum(requests)) AS total",
        *(
            f"toFloat64(sumIf(requests, outcome = {int(outcome)})) AS {outcome.name.lower()}s"
            for outcome in (Outcome.FAULT, Outcome.ERROR, Outcome.THROTTLE)
        ),
        "sum(response_ns) / sum(requests) AS mean_ns",
        f"quantilesExactWeighted{_LEVELS}(response_ms, requests) AS percentiles_ms",
    )
)


class ClickHouseFigures(ClickHouseStatistics):
    """The part of `GraphReader` that goes through everything minute by minute.

    A computed minute of 500 nodes and 2,000 edges was read in 0.13 s with histograms of 110 values each and in 0.24 s
    with 180, at best, and in up to thrice that while parts merge; two hours of 30 nodes and 60 edges in 0.33 s. Half of
    it is percentiles.
    """

    def figures_by_minute(self, window: TimeRange, where: TraceFilter = EVERY_TRACE) -> FiguresTable:
        self.refresh_index()
        first, last = -(-window.start_ns // NS_PER_MINUTE), -(-window.end_ns // NS_PER_MINUTE) - 1
        if first > last:
            return _table([])
        minutes = TimeRange(first * NS_PER_MINUTE, (last + 1) * NS_PER_MINUTE)
        if not where.selects_all:
            condition = narrowed(self._session, filter_condition(self._session, where, first, last), first, last)
            return _table([self._from_traces(minutes, (), condition)])
        unsettled = self.changed_minutes(self.progress_s(), first, last)
        parameters = {"first_minute": first, "last_minute": last, "left_out": unsettled}
        sql = read_sql("figures_computed").replace("{figures}", _FIGURES)
        parts = [self._session.query_arrow(sql, parameters)]
        parts += [self._from_traces(minutes, stretch, EVERY_ROW) for stretch in stretches(unsettled)]
        return _table(parts)

    def _from_traces(self, window: TimeRange, minutes: Sequence[int], condition: Condition) -> Any:
        sql = spell_out("figures_traces", condition).replace("{figures}", _FIGURES)
        return self._session.query_arrow(sql, {**stretch_parameters(window, minutes), **condition.parameters})


def _table(parts: Sequence[pa.Table]) -> FiguresTable:
    """One table of several answers, whose minutes differ."""
    parts = [part for part in parts if part.num_rows]
    if not parts:
        none = np.empty(0)
        return FiguresTable(
            _MINUTE_S, (), none.astype(np.int64), none.astype(np.int64), none, none, none, none, np.empty((0, 5))
        )
    table = pa.concat_tables([_with_plain_names(part) for part in parts]).combine_chunks()
    minutes = table["minute"].to_numpy()
    order = np.argsort(minutes, kind="stable")
    entities, entity = _entities(table)
    requests, faults, errors, throttles, mean_ns = (
        table[name].to_numpy()[order] for name in ("total", "faults", "errors", "throttles", "mean_ns")
    )
    percentiles_ms = table["percentiles_ms"].combine_chunks().flatten().to_numpy().reshape(-1, len(_LEVELS))[order]
    return FiguresTable(
        _MINUTE_S,
        entities,
        minutes[order].astype(np.int64) * _MINUTE_S,
        entity[order],
        requests,
        faults,
        errors,
        throttles,
        np.column_stack((mean_ns / NS_PER_S, percentiles_ms / 1_000)),
    )


def _with_plain_names(part: pa.Table) -> pa.Table:
    """Names come as dictionaries out of one statement and as texts out of the other."""
    for name in _NAMES:
        part = part.set_column(part.schema.get_field_index(name), name, part[name].cast(pa.string()))
    return part


def _entities(table: pa.Table) -> tuple[tuple[Entity, ...], np.ndarray[Any, np.dtype[np.int64]]]:
    """The distinct entities in a stable order, and which of them each row speaks of."""
    codes = table["as_edge"].to_numpy().astype(np.int64)
    for name in _NAMES:
        column = table[name].combine_chunks().dictionary_encode()
        codes = codes * len(column.dictionary) + column.indices.to_numpy().astype(np.int64)
    _, firsts, rows = np.unique(codes, return_index=True, return_inverse=True)
    found = [_entity(row) for row in table.select(["as_edge", *_NAMES]).take(firsts).to_pylist()]
    order = sorted(range(len(found)), key=lambda place: (found[place].service, found[place].source or _NO_SOURCE))
    place_of = np.empty(len(order), np.int64)
    place_of[order] = np.arange(len(order))
    return tuple(found[place] for place in order), place_of[rows]


_NO_SOURCE = ServiceId("")


def _entity(row: dict[str, Any]) -> Entity:
    source = ServiceId(row["source_name"], row["source_type"]) if row["as_edge"] else None
    return Entity(ServiceId(row["name"], row["type"]), source)
