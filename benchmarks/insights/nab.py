"""Scores for every row of the series of the Numenta Anomaly Benchmark (github.com/numenta/NAB, MIT)."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from raylens.insights.series import SeriesScorer, SeriesTuning


def predict(data: Path) -> dict[str, float | dict[str, list[float]]]:
    """`threshold`, one for all, and `scores`: a list, a number a row, under `<category>/<file>.csv`.

    Reads the files `<category>/<file>.csv.gz` (columns timestamp and value) below `data/inputs/nab`, each with a scorer
    of its own that sees its rows once, in their order.
    """
    tuning = SeriesTuning()
    folder = data / "inputs" / "nab"
    scores: dict[str, list[float]] = {}
    for file in sorted(folder.glob("*/*.csv.gz")):
        scorer = SeriesScorer(tuning)
        scores[str(file.relative_to(folder).with_suffix(""))] = [scorer.score(*row) for row in _rows(file)]
    return {"threshold": tuning.raise_at, "scores": scores}


def _rows(file: Path) -> Iterator[tuple[float, float]]:
    with gzip.open(file, "rt", newline="") as lines:
        for row in csv.DictReader(lines):
            at = datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC)
            yield at.timestamp(), float(row["value"])
