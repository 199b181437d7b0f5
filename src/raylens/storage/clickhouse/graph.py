"""Reads the service graph out of ClickHouse."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from raylens.model.graph_builder import GraphBuilder, Seen
from raylens.model.service import ServiceGraph, ServiceId
from raylens.model.time import NS_PER_MINUTE, TimeRange
from raylens.storage.clickhouse.session import Session
from raylens.storage.clickhouse.sql import read_sql

# Caller and callee start within this of each other; Lambda's longest run is 15 minutes.
_MARGIN_MINUTES = 15
# Independent subsegments between a call and its segment; deeper ones are left without an owner.
_MAX_HOPS = 64
_BUCKET = re.compile(r"\{bucket\(([^)]*)\)\}")


class ClickHouseGraph:
    """`GraphReader` on ClickHouse."""

    _session: Session

    def service_graph(self, window: TimeRange) -> ServiceGraph:
        first, last = window.start_ns // NS_PER_MINUTE, (window.end_ns - 1) // NS_PER_MINUTE
        parameters = {
            "start_ns": window.start_ns,
            "end_ns": window.end_ns,
            "first_minute": first,
            "last_minute": last,
            "margin_minute": max(0, first - _MARGIN_MINUTES),
            "last_margin_minute": last + _MARGIN_MINUTES,
            "max_hops": _MAX_HOPS,
        }
        nodes = self._session.query(_with_buckets(read_sql("graph_nodes")), parameters)
        edges = self._session.query(_with_buckets(read_sql("graph_edges")), parameters)
        return _graph_from_rows(nodes, edges)


def _with_buckets(sql: str) -> str:
    """Spell out `{bucket(x)}`: `model.service.histogram_bucket_ms` in SQL (a contract test compares the two)."""
    return _BUCKET.sub(lambda found: _bucket_sql(found.group(1)), sql)


def _bucket_sql(duration: str) -> str:
    ms = f"toUInt64(intDiv(greatest({duration}, 0) + 500000, 1000000))"
    step = f"intExp10(greatest(length(toString({ms})), 3) - 3)"
    return f"intDiv({ms} + intDiv({step}, 2), {step}) * {step}"


def _graph_from_rows(node_rows: Iterable[tuple[Any, ...]], edge_rows: Iterable[tuple[Any, ...]]) -> ServiceGraph:
    graph = GraphBuilder()
    for name, origin, root, in_progress, outcome, response, duration, count, total_ns, start, end in node_rows:
        seen = Seen(None if in_progress else outcome, count, total_ns, response, duration, start, end)
        graph.add_reporting(ServiceId(name, origin), root, seen)
    for source, source_type, name, type_, inferred, outcome, response, count, total_ns, start, end in edge_rows:
        seen = Seen(outcome, count, total_ns, response, response, start, end)
        graph.add_call(ServiceId(source, source_type), ServiceId(name, type_), inferred, seen)
    return graph.build()
