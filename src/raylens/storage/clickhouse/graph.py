"""Reads the service graph out of ClickHouse."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from raylens.model.graph_builder import GraphBuilder, Seen
from raylens.model.service import ServiceGraph, ServiceId
from raylens.model.time import NS_PER_MINUTE, TimeRange
from raylens.storage.clickhouse.session import Session
from raylens.storage.clickhouse.sql import read_sql

# Caller and callee start within this of each other; Lambda's longest run is 15 minutes.
_MARGIN_MINUTES = 15
# Spans that one pass over a part of the range holds at most, margins aside.
_PART_SPANS = 1_500_000
# Spans between a call and its segment, where their documents do not say; deeper ones are left without an owner.
_MAX_HOPS = 64
_BUCKET = re.compile(r"\{bucket\(([^)]*)\)\}")


class ClickHouseGraph:
    """`GraphReader` on ClickHouse."""

    _session: Session

    def service_graph(self, window: TimeRange) -> ServiceGraph:
        graph = GraphBuilder()
        for part in self._parts(window):
            first, last = _minutes(part)
            parameters = {**_margins(part), "first_minute": first, "last_minute": last, "max_hops": _MAX_HOPS}
            parameters.update(start_ns=part.start_ns, end_ns=part.end_ns)
            _add_nodes(graph, self._session.query(_with_buckets(read_sql("graph_nodes")), parameters))
            _add_edges(graph, self._session.query(_with_buckets(read_sql("graph_edges")), parameters))
        return graph.build()

    def _parts(self, window: TimeRange) -> Iterator[TimeRange]:
        """`window` in pieces of about _PART_SPANS spans: figures add up over time, and so a busy day costs no more
        memory at once than a busy hour. Minutes without spans cost nothing."""
        counts = self._session.query(read_sql("minute_counts"), _margins(window))
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


def _margins(window: TimeRange) -> dict[str, int]:
    first, last = _minutes(window)
    return {"margin_minute": max(0, first - _MARGIN_MINUTES), "last_margin_minute": last + _MARGIN_MINUTES}


def _with_buckets(sql: str) -> str:
    """Spell out `{bucket(x)}`: `model.service.histogram_bucket_ms` in SQL (a contract test compares the two)."""
    return _BUCKET.sub(lambda found: _bucket_sql(found.group(1)), sql)


def _bucket_sql(duration: str) -> str:
    ms = f"toUInt64(intDiv(greatest({duration}, 0) + 500000, 1000000))"
    step = f"intExp10(greatest(length(toString({ms})), 3) - 3)"
    return f"intDiv({ms} + intDiv({step}, 2), {step}) * {step}"


def _add_nodes(graph: GraphBuilder, rows: Iterable[tuple[Any, ...]]) -> None:
    for name, origin, root, in_progress, outcome, response, duration, count, total_ns, start, end in rows:
        seen = Seen(None if in_progress else outcome, count, total_ns, response, duration, start, end)
        graph.add_reporting(ServiceId(name, origin), root, seen)


def _add_edges(graph: GraphBuilder, rows: Iterable[tuple[Any, ...]]) -> None:
    for source, source_type, name, type_, inferred, outcome, response, count, total_ns, start, end in rows:
        seen = Seen(outcome, count, total_ns, response, response, start, end)
        graph.add_call(ServiceId(source, source_type), ServiceId(name, type_), inferred, seen)
