"""Root causes of recorded incidents, asked of a running server that was sent their spans as X-Ray documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
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
    baseline = read_spans(folder / "baseline.csv.gz")
    incidents = read_spans(folder / "incidents.csv.gz")
    begin_us = min(_start_us(traces) for traces in incidents.values())
    with running_server(None, "--accept-past-days", "0", "--retention-days", "3650") as server:
        normal_us = begin_us
        for name, traces in baseline.items():
            for minute in _by_minute(traces):
                normal_us -= _MINUTE_US
                shift_us = _start_us(minute) - (normal_us - _GAP_US) // _MINUTE_US * _MINUTE_US
                _send(server, name, minute, shift_us)
        for name, traces in incidents.items():
            _send(server, name, traces)
        start_s = (normal_us - 2 * _GAP_US) / 1e6
        return {name: _suspects(server, traces, start_s) for name, traces in incidents.items()}


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
