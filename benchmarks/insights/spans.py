"""Root causes of recorded incidents, asked of a running server that was sent their spans as X-Ray documents."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks.insights.span_documents import Recorded, documents_of, read_spans
from benchmarks.server import Server, running_server

Traces = Mapping[str, list[Recorded]]
_DOCUMENTS_PER_CALL = 50
_MINUTE_US = 60_000_000
# The fault-free minutes were recorded between the incidents. They are moved before them all: normal is what was before.
_GAP_US = 3_600 * 1_000_000


def rank(data: Path) -> dict[str, list[str]]:
    """The suspects of every incident by its id, best first: services, of an edge the callee."""
    folder = data / "inputs" / "spans"
    incidents = read_spans(folder / "incidents.csv.gz")
    normal_us = min(_start_us(traces) for traces in incidents.values()) - _GAP_US
    jobs: list[Callable[[Server], None]] = []
    for name, traces in read_spans(folder / "baseline.csv.gz").items():
        for minute in _by_minute(traces):
            normal_us -= _MINUTE_US
            shift_us = _start_us(minute) - normal_us // _MINUTE_US * _MINUTE_US
            jobs.append(partial(_send, incident=name, traces=minute, earlier_us=shift_us))
    found: dict[str, list[str]] = {}
    for name, traces in incidents.items():
        jobs.append(partial(_send, incident=name, traces=traces))
    for name, traces in incidents.items():
        jobs.append(partial(_ask, incident=name, traces=traces, normal_start_s=normal_us / 1e6 - 60, found=found))
    _run(jobs)
    return found


def _run(jobs: Sequence[Callable[[Server], None]]) -> None:
    """All of them in order, by one server after another should one die: what it answered is stored, and what is sent
    twice counts once."""
    pending = list(jobs)
    with tempfile.TemporaryDirectory() as directory:
        while pending:
            flags = ("--accept-past-days", "0", "--retention-days", "3650")
            with running_server(Path(directory) / "data", *flags) as server:
                try:
                    while pending:
                        pending[0](server)
                        pending.pop(0)
                except OSError:
                    if server.process.poll() is None:
                        raise


def _ask(server: Server, incident: str, traces: Traces, normal_start_s: float, found: dict[str, list[str]]) -> None:
    found[incident] = _suspects(server, traces, normal_start_s)


def _suspects(server: Server, traces: Traces, normal_start_s: float) -> list[str]:
    start_us = _start_us(traces) // _MINUTE_US * _MINUTE_US
    end_us = max(min(span.start_us for span in spans) for spans in traces.values()) + 1
    answer = server.call(
        "/api/v1/root-causes",
        set={"start": start_us / 1e6, "end": end_us / 1e6},
        normal_start=normal_start_s,
    )
    return list(dict.fromkeys(each["entity"]["service"]["name"] for each in answer["suspects"]))


def _send(server: Server, incident: str, traces: Traces, earlier_us: int = 0) -> None:
    documents = [
        document for trace, spans in traces.items() for document in documents_of(incident, trace, spans, earlier_us)
    ]
    for first in range(0, len(documents), _DOCUMENTS_PER_CALL):
        call = documents[first : first + _DOCUMENTS_PER_CALL]
        refused = server.call("/TraceSegments", TraceSegmentDocuments=call)["UnprocessedTraceSegments"]
        if refused:
            raise RuntimeError(json.dumps(refused[0]))


def _by_minute(traces: Traces) -> Iterable[Traces]:
    minutes: dict[int, dict[str, list[Recorded]]] = {}
    for trace, spans in traces.items():
        minutes.setdefault(min(span.start_us for span in spans) // _MINUTE_US, {})[trace] = spans
    return minutes.values()


def _start_us(traces: Traces) -> int:
    return min(span.start_us for spans in traces.values() for span in spans)
