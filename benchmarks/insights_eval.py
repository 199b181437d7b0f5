"""Find the incidents of recorded applications and name their causes, as the product does, and score that.

    python benchmarks/insights_eval.py [--data DIR] [--out predictions.json] [--track NAME ...] [--score]

DIR holds `inputs/` in the layout of `benchmarks/data/insights`, which is the default; nothing else of it is read. With
`--score` its `labels/` are read afterwards, and the figures printed beside those of simple methods.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.insights import baselines, nab, nezha, nezha_causes, petshop, petshop_causes, simple_detection, spans
from benchmarks.insights.score import score

BUNDLED = Path(__file__).resolve().parent / "data" / "insights"
Predictions = dict[str, Any]
_TRACKS: dict[str, Callable[[Path], Predictions]] = {
    "petshop": lambda data: {"detect": petshop.detect(data), "rca": petshop_causes.rank(data)},
    "nezha": lambda data: {"detect": nezha.detect(data), "rca": nezha_causes.rank(data)},
    "spans": lambda data: {"rca": spans.rank(data)},
    "nab": nab.predict,
}
# What knows less, as a measure.
_SIMPLE: dict[str, dict[str, Callable[[Path], Predictions]]] = {
    "3 sigma": {
        "petshop": lambda data: {"detect": simple_detection.three_sigma_petshop(data)},
        "nezha": lambda data: {"detect": simple_detection.three_sigma_nezha(data)},
    },
    "sliding Gaussian": {"nab": simple_detection.sliding_gaussian},
    **{
        name: {
            "petshop": lambda data, name=name: {"rca": baselines.rank_petshop(data, name)},  # type: ignore[misc]
            "nezha": lambda data, name=name: {"rca": baselines.rank_nezha(data, name)},  # type: ignore[misc]
        }
        for name in baselines.RANKERS
    },
}
_PERCENTLESS = ("standard", "false a system-day", "minutes to detect, median")


def predict(data: Path, tracks: Mapping[str, Callable[[Path], Predictions]], system: str) -> Predictions:
    """The predictions of a system for some tracks, as `score` reads them; says on the way how long each took."""
    predictions: Predictions = {"format": "insights-pred/1", "system": system}
    for name, track in tracks.items():
        began_s = time.perf_counter()
        predictions[name] = track(data)
        print(f"{system}: {name} took {time.perf_counter() - began_s:.1f} s", file=sys.stderr, flush=True)
    return predictions


def table(systems: Mapping[str, Mapping[str, Mapping[str, float | None]]]) -> str:
    """Figures of several systems as a Markdown table, a line for each figure that any of them has."""
    lines = [f"| Track | Figure | {' | '.join(systems)} |", f"|---|---|{'---:|' * len(systems)}"]
    for track in _TRACKS:
        figures = dict.fromkeys(figure for each in systems.values() for figure in each.get(track, {}))
        for figure in figures:
            values = (each.get(track, {}).get(figure) for each in systems.values())
            lines.append(f"| {track} | {figure} | {' | '.join(_shown(figure, value) for value in values)} |")
    return "\n".join(lines)


def _shown(figure: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.1f}" if figure in _PERCENTLESS else f"{value:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=BUNDLED)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--track", action="append", choices=list(_TRACKS))
    parser.add_argument("--score", action="store_true")
    asked = parser.parse_args()
    if not (asked.data / "inputs").is_dir():
        parser.error(f"{asked.data} has no folder inputs/")
    if not (asked.out or asked.score):
        parser.error("nothing to do: --out says where predictions go, --score prints figures")
    tracks = {name: _TRACKS[name] for name in asked.track or _TRACKS if (asked.data / "inputs" / name).is_dir()}
    predictions = predict(asked.data, tracks, "raylens")
    if asked.out:
        asked.out.write_text(json.dumps(predictions))
    if asked.score:
        systems = {"raylens": score(asked.data, predictions)}
        for name, simple in _SIMPLE.items():
            chosen = {track: simple[track] for track in tracks if track in simple}
            systems[name] = score(asked.data, predict(asked.data, chosen, name))
        print(table(systems))


if __name__ == "__main__":
    main()
