"""PetShop: which of the windows hold an incident, found as the product finds it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from benchmarks.insights.petshop_causes import rows_of
from benchmarks.insights.service_metrics import Calls, Scenario, joined, petshop_node, read_petshop
from raylens.insights.detector import Detector
from raylens.insights.incidents import Incident, Incidents
from raylens.insights.root_cause import rank_suspects
from raylens.insights.tuning import TUNING, Tuning
from raylens.model.figures import Figures, FiguresTable, no_figures

BIN_S = 300
# Windows lie as far from the history as the recording was: 130 days. The stamps of a window begin with 0.
APART_S = 130 * 86_400


def detect(data: Path, tuning: Tuning = TUNING) -> dict[str, list[dict[str, Any]]]:
    """The insights raised in each window, from a detector that has seen the normal operation of its scenario."""
    scenarios, cases = read_petshop(data)
    trained: dict[int, Detector] = {}
    found = {}
    for case in cases:
        scenario = scenarios[case.scenario]
        if id(scenario.normal) not in trained:
            trained[id(scenario.normal)] = _trained(scenario.normal, tuning)
        begin_s = int(scenario.normal.at_s.max()) + APART_S
        insights = _run(trained[id(scenario.normal)].copy(), case.window, begin_s, scenario.calls, tuning)
        found[case.id] = [
            {
                "start": each.start_s - begin_s,
                "end": (each.closed_s or each.last_anomalous_s + BIN_S) - begin_s,
                "detected_at": each.detected_s - begin_s,
                "kind": each.signal.value,
                "root_causes": _causes(each, each.start_s - begin_s, scenario, case.window),
            }
            for each in insights
        ]
    return found


def _causes(incident: Incident, start_s: int, scenario: Scenario, window: FiguresTable) -> list[str]:
    """The ranking of everything since the incident began; what else was anomalous stands behind it."""
    older = scenario.normal
    older = msgspec.structs.replace(older, at_s=older.at_s - BIN_S - int(older.at_s.max()))
    before, during = rows_of(window, window.at_s < start_s), rows_of(window, window.at_s >= start_s)
    suspects = rank_suspects(joined([older, before]), during, scenario.calls, signal=incident.signal)
    entities = [each.entity for each in suspects] + [each.entity for each in incident.anomalies]
    return list(dict.fromkeys(petshop_node(each.service) for each in entities))


def _trained(normal: FiguresTable, tuning: Tuning) -> Detector:
    detector = Detector(BIN_S, tuning)
    for figures in normal.bins():
        detector.observe(figures)
    return detector


def _run(detector: Detector, window: FiguresTable, begin_s: int, calls: Calls, tuning: Tuning) -> list[Incident]:
    incidents, latest = Incidents(tuning), {}
    by_start = {figures.at_s: figures for figures in window.bins()}
    for at_s in range(0, 5 * BIN_S, BIN_S):
        seen = by_start.get(at_s, no_figures(at_s))
        figures = Figures(begin_s + at_s, *(getattr(seen, name) for name in Figures.__struct_fields__[1:]))
        for change in incidents.advance(detector.observe(figures), calls):
            latest[change.incident.key] = change.incident
    return list(latest.values())
