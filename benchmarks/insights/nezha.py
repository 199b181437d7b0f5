"""Nezha: the incidents of whole days, found as the product finds them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.insights.service_metrics import EVERY_CALLEE, Segment, Stream, read_nezha
from raylens.insights.detector import Detector
from raylens.insights.incidents import Incident, Incidents
from raylens.insights.tuning import TUNING, Tuning
from raylens.model.figures import Figures, no_figures

BIN_S = 60


def detect(data: Path, tuning: Tuning = TUNING) -> dict[str, list[dict[str, Any]]]:
    """The insights raised in each stream by a detector that has seen its history, wherever that lies in time."""
    return {stream.name: [_shown(each) for each in _run(stream, tuning)] for stream in read_nezha(data)}


def _shown(incident: Incident) -> dict[str, Any]:
    return {
        "start": incident.start_s,
        "end": incident.closed_s or incident.last_anomalous_s + BIN_S,
        "detected_at": incident.detected_s,
        "kind": incident.signal.value,
        "root_causes": list(dict.fromkeys(each.entity.service.name for each in incident.anomalies)),
    }


def _run(stream: Stream, tuning: Tuning) -> list[Incident]:
    detector = Detector(BIN_S, tuning)
    for segment in stream.segments:
        if segment.is_history:
            for figures in _bins(segment):
                detector.observe(figures)
    incidents, latest = Incidents(tuning), {}
    for segment in stream.segments:
        if not segment.is_history:
            for figures in _bins(segment):
                for change in incidents.advance(detector.observe(figures), stream.calls):
                    latest[change.incident.key] = change.incident
    return list(latest.values())


def _bins(segment: Segment) -> list[Figures]:
    by_start = {figures.at_s: _counted(figures) for figures in segment.figures.bins()}
    return [by_start.get(at_s, no_figures(at_s)) for at_s in range(segment.start_s, segment.end_s, BIN_S)]


def _counted(figures: Figures) -> Figures:
    """Without the edges to all callees together: how many calls these were is not recorded."""
    kept = [n for n, entity in enumerate(figures.entities) if entity.service != EVERY_CALLEE]
    columns = (figures.requests, figures.faults, figures.errors, figures.throttles, figures.response_s)
    return Figures(figures.at_s, tuple(figures.entities[n] for n in kept), *(column[kept] for column in columns))
