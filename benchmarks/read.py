"""How long questions take when a million traces are stored."""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.lab_traffic import load_traces
from benchmarks.report import Row
from benchmarks.server import running_server

TRACES = int(os.environ.get("RAYLENS_BENCH_TRACES", "1000000"))
_HOURS = 6


def measure_reads() -> list[Row]:
    """Trace by id, a page of summaries and the service graph over TRACES traces in six hours, warm."""
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        end_s = time.time()
        loaded = load_traces(data, TRACES, end_s - _HOURS * 3600, end_s)
        with running_server(data) as server:
            rng = random.Random(1)
            start, end = end_s - _HOURS * 3600 - 60, end_s + 60

            def traces() -> None:
                found = server.call("/Traces", TraceIds=rng.sample(loaded.sample_ids, 5))
                assert len(found["Traces"]) == 5

            def page() -> None:
                assert server.call("/TraceSummaries", StartTime=start, EndTime=end)["TraceSummaries"]

            def old_page() -> None:
                middle = rng.uniform(start + 3600, end - 3600)
                assert server.call("/TraceSummaries", StartTime=start, EndTime=middle)["TraceSummaries"]

            whole = (start // 60 * 60, end // 60 * 60 + 60)

            def graph() -> None:
                assert server.call("/ServiceGraph", StartTime=whole[0], EndTime=whole[1])["Services"]

            def cut_graph() -> None:
                assert server.call("/ServiceGraph", StartTime=start + 600.5, EndTime=end - 600.5)["Services"]

            def graph_of_spans() -> None:
                for minute in range(5):
                    begin = whole[0] + 3 * 3600 + minute * 60
                    assert server.call("/ServiceGraph", StartTime=begin + 1, EndTime=begin + 60)["Services"]

            at = f"{TRACES:,} traces, {loaded.spans:,} spans"
            return [
                Row(f"BatchGetTraces of 5, {at}", _median_ms(traces, 30), "ms", 15, lower_is_better=True),
                Row("First page of summaries (250 traces)", _median_ms(page, 10), "ms", 300, lower_is_better=True),
                Row("  a page from the middle", _median_ms(old_page, 10), "ms", 300, lower_is_better=True),
                Row("Service graph, 6 h, whole minutes", _median_ms(graph, 10), "ms", 100, lower_is_better=True),
                Row("  with both ends inside a minute", _median_ms(cut_graph, 10), "ms", None),
                Row("  five single minutes, from their spans", _median_ms(graph_of_spans, 5), "ms", None),
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
