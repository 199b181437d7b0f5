"""How long questions take when a million traces are stored."""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from benchmarks.lab_traffic import RARE_RESTAURANT, Loaded, load_traces
from benchmarks.report import Row
from benchmarks.server import Server, running_server

TRACES = int(os.environ.get("RAYLENS_BENCH_TRACES", "1000000"))
# A folder to keep the store in, and to find it again: loading a million traces takes minutes.
KEPT = os.environ.get("RAYLENS_BENCH_DATA")
_HOURS = 6
# After a start the last minute of what was written is worked out again, and counts as settled a minute later.
_SETTLE_S = 100
_TABLE = 'service(id(name: "Reservations", type: "AWS::DynamoDB::Table"))'
_BUSY = 'annotation.restaurantName = "이태원 맛집"'
_RARE = f'annotation.restaurantName = "{RARE_RESTAURANT}"'


def measure_reads() -> list[Row]:
    """What people ask, over TRACES traces in six hours, warm, through the HTTP API."""
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(KEPT or scratch) / f"data-{TRACES}"
        loaded = store_of(data)
        with running_server(data) as server:
            time.sleep(_SETTLE_S)
            return _rows(server, loaded)


def measure_growth() -> list[Row]:
    """The same questions over 0.1, 1 and 10 million spans."""
    rows = []
    for traces in (11_000, 111_000, 1_110_000):
        with tempfile.TemporaryDirectory() as scratch:
            data = Path(KEPT or scratch) / f"data-{traces}"
            loaded = store_of(data, traces)
            with running_server(data) as server:
                time.sleep(_SETTLE_S)
                rows += [replace(row, budget=None) for row in _rows(server, loaded)]
    return rows


def store_of(data: Path, traces: int = TRACES) -> Loaded:
    """A store of so many traces at `data`: the one that is kept there, else a new one."""
    told = data.with_suffix(".json")
    if told.exists():
        return msgspec.json.decode(told.read_bytes(), type=Loaded)
    end_s = time.time()
    loaded = load_traces(data, traces, end_s - _HOURS * 3600, end_s)
    told.write_bytes(msgspec.json.encode(loaded))
    return loaded


def _rows(server: Server, loaded: Loaded) -> list[Row]:
    rng = random.Random(1)
    start, end = loaded.start_s - 60, loaded.end_s + 60
    whole = {"StartTime": start // 60 * 60, "EndTime": end // 60 * 60 + 60}
    page = {"StartTime": start, "EndTime": end}

    def traces() -> None:
        found = server.call("/Traces", TraceIds=rng.sample(loaded.sample_ids, 5))
        assert len(found["Traces"]) == 5

    def one_trace() -> None:
        assert server.call("/Traces", TraceIds=rng.sample(loaded.sample_ids, 1))["Traces"]

    def summaries(text: str | None = None, **members: float) -> Callable[[], None]:
        asked = {**page, **members, **({} if text is None else {"FilterExpression": text})}

        def ask() -> None:
            assert server.call("/TraceSummaries", **asked)["TraceSummaries"]

        return ask

    def old_page() -> None:
        middle = rng.uniform(start + 3600, end - 3600)
        assert server.call("/TraceSummaries", StartTime=start, EndTime=middle)["TraceSummaries"]

    def graph(**asked: object) -> Callable[[], None]:
        def ask() -> None:
            assert server.call("/ServiceGraph", **asked)["Services"]

        return ask

    def filtered_graph() -> None:
        asked = {"start": whole["StartTime"], "end": whole["EndTime"], "filter": f"{_BUSY} AND fault"}
        assert server.call("/api/v1/service-graph", **asked)["Services"]

    def series(selector: str, period: int) -> Callable[[], None]:
        def ask() -> None:
            asked = {**whole, "EntitySelectorExpression": selector, "Period": period}
            assert server.call("/TimeSeriesServiceStatistics", **asked)["TimeSeriesServiceStatistics"]

        return ask

    one_set = {"start": start, "end": end}

    def group_by(kind: str, key: str = "") -> Callable[[], None]:
        def ask() -> None:
            assert server.call("/api/v1/group-by", set=one_set, attribute={"kind": kind, "key": key})["rows"]

        return ask

    def compare() -> None:
        other = {**one_set, "filter": "!fault"}
        assert server.call("/api/v1/compare", a={**one_set, "filter": "fault"}, b=other)["attributes"]

    def row(what: str, ask: Callable[[], None], times: int, budget: float | None) -> Row:
        return Row(what, _median_ms(ask, times), "ms", budget, lower_is_better=True)

    at = f"{loaded.traces:,} traces, {loaded.spans:,} spans"
    return [
        row(f"A trace by id, {at}", one_trace, 30, 15),
        row("  BatchGetTraces of 5", traces, 30, 15),
        row("First page of summaries (250 traces)", summaries(), 10, 300),
        row("  a page from the middle", old_page, 10, 300),
        row("  two conditions, frequent", summaries(f"{_BUSY} AND fault"), 10, 300),
        row(
            "  two conditions, a service's answer and an annotation",
            summaries(f"{_TABLE} {{ ok }} AND {_BUSY}"),
            10,
            300,
        ),
        row("  two conditions, rare", summaries(f"{_RARE} AND responsetime > 0.02"), 10, 300),
        row("  a rare annotation value", summaries(_RARE), 10, 50),
        row("  a root cause", summaries('rootcause.fault.exception { name = "ValidationError" }'), 10, 300),
        row("Service graph, 6 h, whole minutes", graph(**whole), 10, 100),
        row("  with both ends inside a minute", graph(StartTime=start + 600.5, EndTime=end - 600.5), 10, None),
        row("  filtered by two conditions", filtered_graph, 5, 1000),
        row("Time series, 6 h at 60 s, a service", series(_TABLE, 60), 10, 100),
        row("Group by status", group_by("status"), 5, 500),
        row("  by an annotation", group_by("annotation", "restaurantName"), 5, 500),
        row("  by response-time root cause", group_by("response_time_root_cause"), 5, 500),
        row("Comparison of faults with all others, all attributes", compare, 3, 2000),
        Row("Disk, all tables", loaded.disk_bytes / loaded.spans, "bytes/span", 60, lower_is_better=True),
        Row("  memory while reading, peak", server.memory_mb("VmHWM"), "MB", 1024, lower_is_better=True),
    ]


def _median_ms(question: Callable[[], None], times: int) -> float:
    question()
    waits = []
    for _ in range(times):
        began = time.perf_counter()
        question()
        waits.append(time.perf_counter() - began)
    return statistics.median(waits) * 1000
