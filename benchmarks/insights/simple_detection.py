"""Detection that knows less, as a measure: three standard deviations, and a sliding normal distribution."""

from __future__ import annotations

import csv
import gzip
import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.insights.service_metrics import petshop_node, read_nezha, read_petshop
from raylens.model.figures import Entity, FiguresTable
from raylens.model.service import ServiceId

_SD = 3.0
# A bin right after another that was out of its range belongs to the same insight.
_QUIET_BINS = 3
# Rows of the window, as NAB's own detector of this kind has it; and the threshold that serves it best on these series.
_WINDOW_ROWS, _WINDOW_SD = 6_400, 7.0


def three_sigma_petshop(data: Path) -> dict[str, list[dict[str, Any]]]:
    """Insights of windows in which anything is three standard deviations above its history."""
    scenarios, cases = read_petshop(data)
    found = {}
    for case in cases:
        normal = scenarios[case.scenario].normal
        found[case.id] = _insights(_out_of_range(normal, case.window), 300, petshop_node)
    return found


def three_sigma_nezha(data: Path) -> dict[str, list[dict[str, Any]]]:
    """The same, of whole streams."""
    found = {}
    for stream in read_nezha(data):
        normal = next(each.figures for each in stream.segments if each.is_history)
        bins: dict[int, list[tuple[float, Entity, str]]] = {}
        for segment in stream.segments:
            if not segment.is_history:
                bins |= _out_of_range(normal, segment.figures)
        found[stream.name] = _insights(bins, 60, lambda service: service.name)
    return found


def sliding_gaussian(data: Path) -> dict[str, Any]:
    """NAB: how many standard deviations each row lies off the mean of a window before it."""
    folder = data / "inputs" / "nab"
    scores = {}
    for path in sorted(folder.glob("*/*.csv.gz")):
        with gzip.open(path, "rt") as file:
            values = np.array([float(row["value"]) for row in csv.DictReader(file)])
        off = _deviations(values)
        scores[str(path.relative_to(folder)).removesuffix(".gz")] = list(off / (off + _WINDOW_SD))
    return {"threshold": 0.5, "scores": scores}


def _deviations(values: NDArray[np.float64]) -> NDArray[np.float64]:
    rows = np.arange(len(values))
    firsts = np.maximum(rows - _WINDOW_ROWS, 0)
    sums, squares = (np.concatenate([[0.0], np.cumsum(each)]) for each in (values, values**2))
    count = np.maximum(rows - firsts, 1)
    mean = (sums[rows] - sums[firsts]) / count
    sd = np.sqrt(np.maximum((squares[rows] - squares[firsts]) / count - mean**2, 0.0))
    deviations: NDArray[np.float64] = np.divide(np.abs(values - mean), sd, out=np.zeros(len(values)), where=sd > 0)
    return deviations


def _out_of_range(normal: FiguresTable, judged: FiguresTable) -> dict[int, list[tuple[float, Entity, str]]]:
    """By bin what is above its range, by how many standard deviations, and in which way."""
    ranges: dict[tuple[Entity, str], tuple[float, float]] = {}
    samples: dict[tuple[Entity, str], list[float]] = {}
    for _, entity, kind, value in _measures(normal):
        samples.setdefault((entity, kind), []).append(value)
    for key, values in samples.items():
        ranges[key] = float(np.mean(values)), max(float(np.std(values)), 1e-9)
    found: dict[int, list[tuple[float, Entity, str]]] = {}
    for at_s, entity, kind, value in _measures(judged):
        mean, sd = ranges.get((entity, kind), (math.inf, 1.0))
        if value > mean + _SD * sd:
            found.setdefault(at_s, []).append(((value - mean) / sd, entity, kind))
    return found


def _measures(table: FiguresTable) -> Iterable[tuple[int, Entity, str, float]]:
    for row, number in enumerate(table.entity):
        at_s, entity = int(table.at_s[row]), table.entities[number]
        yield at_s, entity, "fault", float(table.faults[row] / table.requests[row])
        known = table.response_s[row][~np.isnan(table.response_s[row])]
        if len(known):
            yield at_s, entity, "latency", float(known[0])


def _insights(
    bins: Mapping[int, list[tuple[float, Entity, str]]], bin_s: int, name_of: Callable[[ServiceId], str]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for at_s in sorted(bins):
        if found and at_s - found[-1]["end"] <= _QUIET_BINS * bin_s:
            found[-1]["end"] = at_s + bin_s
            continue
        worst = sorted(bins[at_s], key=lambda each: -each[0])
        causes = list(dict.fromkeys(name_of(entity.service) for _, entity, _ in worst))
        found.append(
            {
                "start": at_s, "end": at_s + bin_s, "detected_at": at_s + bin_s, "kind": worst[0][2],
                "root_causes": causes,
            }
        )  # fmt: skip
    return found
