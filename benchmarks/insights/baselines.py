"""Rankings that know less, as a measure of the others: scored on the same incidents by the same scorer."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import numpy as np

from benchmarks.insights import nezha_causes, petshop_causes
from raylens.insights.figure_matrix import Bins, bins_of, numbered
from raylens.model.figures import Column, Entity, FiguresTable
from raylens.model.insight import Signal, Suspect
from raylens.model.service import CLIENT_TYPE, ServiceId

Calls = Collection[tuple[ServiceId, ServiceId]]
Ranker = Callable[[FiguresTable, FiguresTable, Calls], Iterable[tuple[Entity, float]]]
_MAD_TO_SD = 1.4826
_ANOMALOUS_SD = 3.0


def at_random(reference: FiguresTable, incident: FiguresTable, calls: Calls) -> Iterable[tuple[Entity, float]]:
    """Any entity, by lot; the lot is the same in every run."""
    lot = random.Random(incident.at_s.tobytes() + incident.requests.tobytes())
    return [(entity, lot.random()) for entity in incident.entities]


def by_traffic(reference: FiguresTable, incident: FiguresTable, calls: Calls) -> Iterable[tuple[Entity, float]]:
    """The one with the most requests."""
    columns = numbered(reference, incident, ())
    return zip(columns, bins_of(incident, columns).requests.sum(0), strict=True)


def by_deviation(reference: FiguresTable, incident: FiguresTable, calls: Calls) -> Iterable[tuple[Entity, float]]:
    """The one whose response time or share of faults is furthest from its median, in its own deviations."""
    columns = numbered(reference, incident, ())
    return zip(columns, _deviations(bins_of(reference, columns), bins_of(incident, columns)), strict=True)


def deepest(reference: FiguresTable, incident: FiguresTable, calls: Calls) -> Iterable[tuple[Entity, float]]:
    """The anomalous node farthest downstream that calls no anomalous one, the most deviating first; then the others."""
    deviations = dict(by_deviation(reference, incident, calls))
    anomalous = {entity.service for entity, sd in deviations.items() if sd > _ANOMALOUS_SD}
    above = {caller for caller, callee in calls if callee in anomalous and callee != caller}
    bonus = {entity: 1e6 * (entity.service in anomalous and entity.service not in above) for entity in deviations}
    return [(entity, sd + bonus[entity]) for entity, sd in deviations.items()]


RANKERS: dict[str, Ranker] = {
    "random": at_random,
    "most traffic": by_traffic,
    "largest deviation": by_deviation,
    "deepest anomalous": deepest,
}


def rank_petshop(data: Path, ranker: str) -> dict[str, list[str]]:
    """What one of `RANKERS` suspects in each case of PetShop, as the scorer reads it."""
    return petshop_causes.rank(data, _suspects_of(ranker))


def rank_nezha(data: Path, ranker: str) -> dict[str, list[str]]:
    """The same for the incidents of Nezha."""
    return nezha_causes.rank(data, _suspects_of(ranker))


def _suspects_of(ranker: str) -> Callable[..., tuple[Suspect, ...]]:
    chosen = RANKERS[ranker]

    def ranked(
        reference: FiguresTable, incident: FiguresTable, calls: Calls, *_: Entity | Signal | None
    ) -> tuple[Suspect, ...]:
        found = [(entity, score) for entity, score in chosen(reference, incident, calls) if _may_cause(entity)]
        found.sort(key=lambda each: -each[1])
        return tuple(Suspect(entity, Signal.LATENCY, 0.0, "") for entity, _ in found)

    return ranked


def _may_cause(entity: Entity) -> bool:
    return entity.service.type != CLIENT_TYPE


def _deviations(before: Bins, during: Bins) -> Column:
    times = _deviation(before.seconds, during.seconds)
    faults = _deviation(*(_shares(bins) for bins in (before, during)))
    return np.fmax(np.nan_to_num(times), np.nan_to_num(faults))


def _shares(bins: Bins) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.divide(bins.faults, bins.requests, out=np.zeros_like(bins.faults), where=bins.requests > 0)


def _deviation(
    before: np.ndarray[tuple[int, int], np.dtype[np.float64]], during: np.ndarray[tuple[int, int], np.dtype[np.float64]]
) -> Column:
    with warnings.catch_warnings():
        # of an entity that had no requests nothing is known, which is what NaN says
        warnings.simplefilter("ignore", RuntimeWarning)
        level = np.nanmedian(before, axis=0)
        spread = _MAD_TO_SD * np.nanmedian(np.abs(before - level), axis=0)
        wide = np.where(spread > 0, spread, np.nanstd(before, axis=0) + 1e-6)
        found: Column = (np.nanmax(during, axis=0) - level) / wide
    return found
