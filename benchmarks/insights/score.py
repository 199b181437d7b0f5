"""Scores predictions against the labels of the insights benchmark.

    {"format": "insights-pred/1", "system": name of what predicted,
     "petshop": {"detect": {case: [insight, ...]}, "rca": {case: [node, ...]}},
     "nezha":   {"detect": {stream: [insight, ...]}, "rca": {incident: [service, ...]}},
     "spans":   {"rca": {incident: [service, ...]}},
     "nab":     {"threshold": t, "scores": {series: [score of each row, 0 to 1]}}}

    insight = {"start": s, "end": s, "detected_at": s, "kind": latency|fault|error|throttle, "root_causes": [name, ...]}

Times are seconds, from the first row of the window in petshop and of the epoch in nezha. `start` is the start of the
first anomalous bin, `detected_at` when a live system would have raised it. What a track lacks counts as missed.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

Labels = Mapping[str, Any]
Ranked = tuple[str, Sequence[str]]

_PETSHOP_BIN_S, _NEZHA_BIN_S = 300.0, 60.0
# An insight may match an incident of Nezha that began so long ago; until the grace is over it is not held against it.
_HIT_S, _GRACE_S = 360.0, 600.0
_DAY_S = 86_400.0
_KINDS = {"latency": ("latency",), "availability": ("fault", "error")}
# NAB's standard profile: what a row of false alarm costs, and how many rows at the beginning are not scored.
_NAB_FALSE_ALARM = 0.11
_NAB_PROBATION, _NAB_PROBATION_ROWS = 0.15, 5_000


class Raised(NamedTuple):
    """An insight of the predictions."""

    start: float
    end: float
    detected_at: float
    kind: str | None
    root_causes: tuple[str, ...]


def score(data: Path, predictions: Mapping[str, Any]) -> dict[str, dict[str, float | None]]:
    """The figures of every track that was predicted; None where nothing can be said.

    Raises: ValueError for predictions in another format, of cases that do not exist, or of insights that were raised
    before the end of their first bin.
    """
    if predictions.get("format") != "insights-pred/1":
        raise ValueError(f"the format is {predictions.get('format')!r}, 'insights-pred/1' was expected")
    found: dict[str, dict[str, float | None]] = {}
    for track in ("petshop", "nezha", "spans", "nab"):
        if track in predictions:
            labels = json.loads((data / "labels" / f"{track}.json").read_text())
            predicted = predictions[track]
            if track == "petshop":
                found[track] = _petshop(labels["cases"], predicted)
            elif track == "nezha":
                found[track] = _nezha(labels, predicted)
            elif track == "spans":
                found[track] = _ranks("cause", ((v["service"], predicted["rca"].get(i, ())) for i, v in labels.items()))
            else:
                found[track] = {"standard": nab_score(data, labels, predicted["scores"], float(predicted["threshold"]))}
    return found


def _petshop(cases: Labels, predicted: Mapping[str, Any]) -> dict[str, float | None]:
    faulty = {id_: case for id_, case in cases.items() if case["positive"]}
    causes: dict[str, float | None] = {}
    if "rca" in predicted:
        _known(predicted["rca"], faulty)
        causes = _ranks("cause", ((case["root_cause"], predicted["rca"].get(id_, ())) for id_, case in faulty.items()))
    if "detect" not in predicted:
        return causes
    raised = {id_: [_raised(each, _PETSHOP_BIN_S, id_) for each in predicted["detect"].get(id_, ())] for id_ in cases}
    _known(predicted["detect"], cases)
    detected = early = kinds = 0
    ranked: list[Ranked] = []
    for id_, case in faulty.items():
        early += any(each.start < case["onset_t"] for each in raised[id_])
        good = sorted(
            (each for each in raised[id_] if each.start >= case["onset_t"]), key=lambda each: each.detected_at
        )
        detected += bool(good)
        kinds += bool(good) and good[0].kind in _KINDS[case["target_metric"]]
        ranked.append((case["root_cause"], good[0].root_causes if good else ()))
    normal = [id_ for id_ in cases if id_ not in faulty]
    alarmed = sum(bool(raised[id_]) for id_ in normal)
    return {
        **_detection(detected, alarmed + early, len(faulty)),
        "normal windows alarmed": _ratio(alarmed, len(normal)),
        "alarmed before onset": _ratio(early, len(faulty)),
        "kind right": _ratio(kinds, detected),
        **_ranks("end to end", ranked),
        **causes,
    }


def _nezha(streams: Labels, predicted: Mapping[str, Any]) -> dict[str, float | None]:
    causes = _nezha_causes(streams, predicted["rca"]) if "rca" in predicted else {}
    if "detect" not in predicted:
        return causes
    _known(predicted["detect"], streams)
    false = false_quiet = 0
    quiet_days = 0.0
    delays: list[float] = []
    ranked: list[Ranked] = []
    for name, labels in streams.items():
        raised = [_raised(each, _NEZHA_BIN_S, name) for each in predicted["detect"].get(name, ())]
        matched, wrong, wrong_quiet = _matched(labels, sorted(raised, key=lambda each: each.detected_at))
        false, false_quiet = false + wrong + wrong_quiet, false_quiet + wrong_quiet
        quiet_days += sum(
            (each["end"] - each["start"]) / _DAY_S for each in labels["segments"] if each["role"] == "quiet"
        )
        for id_, incident in labels["incidents"].items():
            if incident["headline"]:
                insight = matched.get(id_)
                ranked.append((incident["service"], insight.root_causes if insight else ()))
                if insight:
                    delays.append((insight.detected_at - incident["start"]) / 60)
    return {
        **_detection(len(delays), false, len(ranked)),
        "false a system-day": _ratio(false_quiet, quiet_days),
        "minutes to detect, median": statistics.median(delays) if delays else None,
        **_ranks("end to end", ranked),
        **causes,
    }


def _nezha_causes(streams: Labels, predicted: Mapping[str, Sequence[str]]) -> dict[str, float | None]:
    incidents = {id_: each for labels in streams.values() for id_, each in labels["incidents"].items()}
    _known(predicted, incidents)
    headline = ((each["service"], predicted.get(id_, ())) for id_, each in incidents.items() if each["headline"])
    return _ranks("cause", headline)


def _matched(labels: Labels, raised: Iterable[Raised]) -> tuple[dict[str, Raised], int, int]:
    """The first insight of each incident, and how many belong to none: in stretches with faults, and in quiet ones."""
    incidents = sorted(labels["incidents"].items(), key=lambda item: item[1]["start"])
    following = [incident["start"] for _, incident in incidents[1:]] + [math.inf]
    matched: dict[str, Raised] = {}
    false = false_quiet = 0
    for insight in raised:
        at = insight.detected_at
        segment = next((each for each in labels["segments"] if each["start"] <= at < each["end"] + 60), None)
        if segment is None or segment["role"] == "history":
            continue
        ages = {
            id_: at - incident["start"]
            for (id_, incident), next_start in zip(incidents, following, strict=True)
            if incident["start"] <= at <= min(incident["start"] + _GRACE_S, next_start)
        }
        hit = [id_ for id_, age in ages.items() if age <= _HIT_S]
        if hit:
            matched.setdefault(hit[-1], insight)
        elif not ages and not any(each["start"] - 60 <= at <= each["end"] + 120 for each in labels["ignore"]):
            if segment["role"] == "quiet":
                false_quiet += 1
            else:
                false += 1
    return matched, false, false_quiet


def nab_score(data: Path, labels: Labels, scores: Mapping[str, Sequence[float]], threshold: float) -> float:
    """NAB's score of the standard profile: 100 for every window found at its beginning and no false alarm, 0 for none.

    Source: Lavin and Ahmad, "Evaluating Real-Time Anomaly Detection Algorithms", 2015.
    """
    _known(scores, labels)
    total, windows = 0.0, 0
    for name, ranges in labels.items():
        with gzip.open(data / "inputs" / "nab" / f"{name}.gz", "rt") as file:
            times = [row["timestamp"].split(".")[0] for row in csv.DictReader(file)]
        alarms = [score >= threshold for score in scores.get(name, [0.0] * len(times))]
        if len(alarms) != len(times):
            raise ValueError(f"{name} has {len(alarms)} scores, {len(times)} were expected")
        spans = [(times.index(first.split(".")[0]), times.index(last.split(".")[0])) for first, last in ranges]
        total += _nab_series(alarms, spans)
        windows += len(spans)
    return 100 * (total + windows) / (2 * windows)


def _nab_series(alarms: Sequence[bool], windows: Sequence[tuple[int, int]]) -> float:
    """Between -1 for each window that was missed and 1 for each found at its beginning; less for false alarms."""
    probation = min(math.floor(_NAB_PROBATION * len(alarms)), _NAB_PROBATION * _NAB_PROBATION_ROWS)
    best = [-1.0] * len(windows)
    lost, number = 0.0, 0
    for row, is_alarm in enumerate(alarms):
        while number < len(windows) and row > windows[number][1]:
            number += 1
        if not is_alarm or row < probation:
            continue
        if number < len(windows) and row >= windows[number][0]:
            first, last = windows[number]
            gain = _sigmoid(-(last - row + 1) / (last - first + 1)) / _sigmoid(-1.0)
            best[number] = max(best[number], gain)
        elif number == 0:
            lost += _NAB_FALSE_ALARM
        else:
            first, last = windows[number - 1]
            lost -= _NAB_FALSE_ALARM * _sigmoid((row - last) / (last - first))
    return sum(best) - lost


def _sigmoid(position: float) -> float:
    return -1.0 if position > 3 else 2 / (1 + math.exp(5 * position)) - 1


def _raised(insight: Mapping[str, Any], bin_s: float, where: str) -> Raised:
    start = float(insight["start"])
    detected_at = float(insight.get("detected_at", start + bin_s))
    end = float(insight.get("end", detected_at))
    if detected_at < start + bin_s - 1e-6 or end < start:
        raise ValueError(
            f"{where}: detected at {detected_at}, ended at {end}: the first bin is {start} and {bin_s} long"
        )
    return Raised(start, end, detected_at, insight.get("kind"), tuple(insight.get("root_causes", ())))


def _known(given: Iterable[str], known: Iterable[str]) -> None:
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"there is no case {unknown[0]!r}, nor {len(unknown) - 1} others that were predicted")


def _detection(detected: int, false: int, incidents: int) -> dict[str, float | None]:
    precision, recall = _ratio(detected, detected + false), _ratio(detected, incidents)
    f1 = 2 * precision * recall / (precision + recall) if precision and recall else None
    return {"precision": precision, "recall": recall, "F1": f1}


def _ranks(what: str, ranked: Iterable[Ranked]) -> dict[str, float | None]:
    pairs = list(ranked)
    return {
        f"{what} top-{k}": _ratio(sum(truth in ranking[:k] for truth, ranking in pairs), len(pairs)) for k in (1, 3)
    }


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
