"""Root causes of the PetShop incidents, from the figures of their windows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from benchmarks.insights.service_metrics import Case, Scenario, joined, petshop_node, petshop_service, read_petshop
from raylens.insights.root_cause import rank_suspects
from raylens.model.figures import Entity, FiguresTable
from raylens.model.insight import Signal, Suspect

_SIGNALS = {"availability": Signal.FAULT, "latency": Signal.LATENCY}


def rank(data: Path, ranker: Callable[..., tuple[Suspect, ...]] = rank_suspects) -> dict[str, list[str]]:
    """The suspects of every faulty window by its id, best first."""
    scenarios, cases = read_petshop(data)
    noticed = json.loads((data / "inputs" / "petshop" / "rca_cases.json").read_text())
    return {
        case.id: suspects_of(case, scenarios[case.scenario], noticed[case.id], ranker)
        for case in cases
        if case.id in noticed
    }


def suspects_of(
    case: Case, scenario: Scenario, noticed: dict[str, str], ranker: Callable[..., tuple[Suspect, ...]]
) -> list[str]:
    """The first bin of a window was recorded just before the trouble, everything else that is normal months later."""
    first = int(case.window.at_s.min())
    before, during = _split(case.window, first + case.window.bin_s)
    older = joined([scenario.normal, scenario.more_normal])
    shift = first - case.window.bin_s - int(older.at_s.max())
    older = msgspec.structs.replace(older, at_s=older.at_s + shift)
    found = ranker(
        joined([older, before]),
        during,
        scenario.calls,
        Entity(petshop_service(noticed["target_node"])),
        _SIGNALS[noticed["target_metric"]],
    )
    return [petshop_node(suspect.entity.service) for suspect in found]


def _split(table: FiguresTable, at_s: int) -> tuple[FiguresTable, FiguresTable]:
    return rows_of(table, table.at_s < at_s), rows_of(table, table.at_s >= at_s)


def rows_of(table: FiguresTable, chosen: np.ndarray) -> FiguresTable:
    """The chosen rows of a table."""
    return FiguresTable(
        table.bin_s,
        table.entities,
        table.at_s[chosen],
        table.entity[chosen],
        table.requests[chosen],
        table.faults[chosen],
        table.errors[chosen],
        table.throttles[chosen],
        table.response_s[chosen],
    )
