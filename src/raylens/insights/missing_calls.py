"""Requests that ended before they made the calls they usually make."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec
import numpy as np

from raylens.insights.figure_matrix import Bins, Matrix
from raylens.insights.losses import more_traffic, ratio, spread
from raylens.model.figures import Column, Entity
from raylens.model.service import ServiceId

# A callee that is called by fewer of the requests says little when it is not called.
_LEAST_CALLS = 0.02
# Fewer standard deviations than this are as usual.
_LEAST_SD = 1.0


class CutShort(msgspec.Struct, frozen=True):
    """By entity: requests that did not make a call, of the callee that misses the most, and its noise."""

    requests: Column
    noise: Column
    callee: tuple[Entity | None, ...]


def requests_cut_short(
    columns: Mapping[Entity, int],
    reference: Bins,
    incident: Bins,
    calls: Collection[tuple[ServiceId, ServiceId]],
    recent_bins: int,
) -> CutShort:
    """How many requests of each caller must have ended early, by the calls that its callees got per request of it.

    Of a callee without figures of its edges, all callers together are counted, and share alike by their requests.
    """
    size = len(columns)
    entities = tuple(columns)
    requests, noise = np.zeros(size), np.zeros(size)
    callee: list[Entity | None] = [None] * size
    pairs = _pairs(columns, calls)
    if not pairs or not reference.count:
        return CutShort(requests, noise, tuple(callee))
    above = np.zeros((size, len(pairs)))
    for number, (callers, _) in enumerate(pairs):
        above[callers, number] = 1.0
    targets = [target for _, target in pairs]
    made = [(bins.requests @ above, bins.requests[:, targets]) for bins in (reference, incident)]
    recent = tuple(each[-recent_bins:] for each in made[0])
    per_request, lately = (ratio(got.sum(0), sources.sum(0), 0.0) for sources, got in (made[0], recent))
    # What drifted before the incident is no part of it: the lower of both is what can be expected.
    missed = [_missed(*made[0], per_request), _missed(*made[1], np.minimum(per_request, lately))]
    total = missed[1].sum(0)
    noises = np.sqrt((spread(missed[0], len(missed[1])) * more_traffic(reference, incident)[targets]) ** 2 + 1.0)
    for number in np.flatnonzero(total > _LEAST_SD * noises).tolist():
        callers, target = pairs[number]
        if per_request[number] < _LEAST_CALLS:
            continue
        share = ratio(incident.requests[:, callers].sum(0), np.full(len(callers), made[1][0][:, number].sum()), 0.0)
        for caller, part in zip(callers, share, strict=True):
            if total[number] * part > requests[caller]:
                requests[caller], noise[caller] = total[number] * part, noises[number] * part
                callee[caller] = entities[target]
    return CutShort(requests, noise, tuple(callee))


def _missed(sources: Matrix, got: Matrix, per_request: Column) -> Matrix:
    return sources - np.divide(got, per_request, out=sources.copy(), where=per_request > 0)


def _pairs(
    columns: Mapping[Entity, int], calls: Collection[tuple[ServiceId, ServiceId]]
) -> list[tuple[list[int], int]]:
    """Columns of callers and of what is called: an edge with its one caller, or a node with all that have no edge."""
    edges = [entity for entity in columns if entity.source is not None]
    pairs = [([columns[Entity(e.source)]], columns[e]) for e in edges if e.source and Entity(e.source) in columns]
    callers: dict[ServiceId, list[int]] = {}
    for caller, callee in dict.fromkeys(calls):
        if Entity(callee, caller) not in columns and caller != callee and Entity(caller) in columns:
            callers.setdefault(callee, []).append(columns[Entity(caller)])
    measured = {edge.service for edge in edges}
    pairs += [(who, columns[Entity(callee)]) for callee, who in callers.items() if callee not in measured]
    return pairs
