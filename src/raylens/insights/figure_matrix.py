"""Figures of two stretches of time as matrices, bins by entities, so that whole graphs are judged at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from raylens.model.figures import RESPONSE_MEASURES, Column, Entity, FiguresTable
from raylens.model.service import ServiceId

Matrix = NDArray[np.float64]
# Which part of all requests each quantile speaks for, where a mean is not known: half way to its neighbours.
_QUANTILES = ((1, 0.70), (2, 0.925), (3, 0.97), (4, 1.0))


class Bins(msgspec.Struct, frozen=True):
    """Rows are bins, oldest first, columns entities. Without requests all is 0 and the time NaN.

    `seconds` is the mean response time, or an estimate of it from the quantiles that are known.
    """

    requests: Matrix
    faults: Matrix
    errors: Matrix
    throttles: Matrix
    seconds: Matrix

    @property
    def count(self) -> int:
        return len(self.requests)


def numbered(
    reference: FiguresTable, incident: FiguresTable, calls: Collection[tuple[ServiceId, ServiceId]]
) -> dict[Entity, int]:
    """A column for every entity that has figures, and for every service that is only known from calls."""
    services = (Entity(service) for call in calls for service in call)
    everything = (*reference.entities, *incident.entities, *services)
    return {entity: number for number, entity in enumerate(dict.fromkeys(everything))}


def bins_of(table: FiguresTable, columns: Mapping[Entity, int]) -> Bins:
    """The table as matrices; a bin in which nothing at all was observed has no row."""
    starts, row = np.unique(table.at_s, return_inverse=True)
    column = np.array([columns[entity] for entity in table.entities], np.int64)[table.entity]
    shape = (len(starts), len(columns))

    def filled(values: Column, missing: float = 0.0) -> Matrix:
        matrix = np.full(shape, missing)
        matrix[row, column] = values
        return matrix

    return Bins(
        requests=filled(table.requests),
        faults=filled(table.faults),
        errors=filled(table.errors),
        throttles=filled(table.throttles),
        seconds=filled(mean_response_s(table.response_s), np.nan),
    )


def mean_response_s(response_s: NDArray[np.float64]) -> Column:
    """The mean where it is known, else what the known quantiles make likely: each stands for the requests around it."""
    mean = response_s[:, RESPONSE_MEASURES.index("mean")]
    if not np.isnan(mean).any():
        return mean
    total, below = np.zeros(len(response_s)), np.zeros(len(response_s))
    for measure, until in _QUANTILES:
        known = ~np.isnan(response_s[:, measure])
        total[known] += (until - below[known]) * response_s[known, measure]
        below[known] = until
    estimate = np.divide(total, below, out=np.full(len(response_s), np.nan), where=below > 0)
    return np.where(np.isnan(mean), estimate, mean)


def without_nan(rows: Sequence[float] | Matrix) -> Matrix:
    """The same with 0 for what is not known."""
    return np.nan_to_num(np.asarray(rows, np.float64), nan=0.0)
