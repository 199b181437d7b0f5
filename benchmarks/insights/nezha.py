"""Nezha: the incidents of whole days, found as the product finds them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.insights.nezha_causes import moved, prepared, through_calls
from benchmarks.insights.petshop_causes import rows_of
from benchmarks.insights.service_metrics import EVERY_CALLEE, Segment, Stream, joined, read_nezha
from raylens.insights.detector import Detector
from raylens.insights.incidents import Incident, Incidents
from raylens.insights.root_cause import rank_suspects
from raylens.insights.tuning import TUNING, Tuning
from raylens.model.figures import Figures, no_figures

BIN_S = 60


def detect(data: Path, tuning: Tuning = TUNING) -> dict[str, list[dict[str, Any]]]:
    """The insights raised in each stream by a detector that has seen its history, wherever that lies in time."""
    found = {}
    for stream in read_nezha(data):
        insights = _run(stream, tuning)
        found[stream.name] = [
            {
                "start": each.start_s,
                "end": _end_s(each),
                "detected_at": each.detected_s,
                "kind": each.signal.value,
                "root_causes": _causes(each, insights, stream),
            }
            for each in insights
        ]
    return found


def _end_s(incident: Incident) -> int:
    return incident.closed_s or incident.last_anomalous_s + BIN_S


def _causes(incident: Incident, insights: Sequence[Incident], stream: Stream) -> list[str]:
    """The ranking of all minutes of the incident; what else was anomalous stands behind it.

    Normal are the history and the minutes before in which no insight was open.
    """
    history = [prepared(each.figures, stream.calls) for each in stream.segments if each.is_history]
    segment = next(each for each in stream.segments if each.start_s <= incident.start_s < each.end_s)
    figures = prepared(segment.figures, stream.calls)
    at_s = figures.at_s
    normal = at_s < incident.start_s
    for other in insights:
        normal &= (at_s < other.start_s) | (at_s >= _end_s(other))
    during = rows_of(figures, (at_s >= incident.start_s) & (at_s < _end_s(incident)))
    before = joined([*(moved(each, int(at_s.min()) - BIN_S) for each in history), rows_of(figures, normal)])
    calls = [*stream.calls, *through_calls(stream.calls, during)]
    suspects = rank_suspects(before, during, calls, signal=incident.signal)
    entities = [each.entity for each in suspects] + [each.entity for each in incident.anomalies]
    return list(dict.fromkeys(each.service.name for each in entities))


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
