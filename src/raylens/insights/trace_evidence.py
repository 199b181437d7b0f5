"""What traces of an incident show beside those of normal times: whose own time grew, whose requests went otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec
import numpy as np

from raylens.insights.trace_pieces import Operation, TracePieces, Visit
from raylens.model.figures import Column, Entity
from raylens.model.service import ServiceId

# Below so many normal examples a time or a shape is not compared.
_LEAST_EXAMPLES = 3
# Nearly all normal minutes lie within this share of their deviations, so many standard deviations wide.
_TAIL, _TAIL_SD = 0.90, 1.645
# Losses of so many standard deviations are told of.
_CERTAIN_SD = 3.0
# What is not measured better: times are stored in microseconds, and clocks of two machines differ.
_LEAST_NOISE_S = 1e-4
# A request that went another way than usual and called someone last: who is to blame is not known, the two share.
_LAST_CALLEE = 0.45


class Evidence(msgspec.Struct, frozen=True):
    """So much was lost, in all traces that were read; `noise` is its standard deviation when nothing is wrong."""

    lost: float
    noise: float

    @property
    def is_certain(self) -> bool:
        return self.lost > _CERTAIN_SD * self.noise


class TraceEvidence(msgspec.Struct, frozen=True):
    """Of nodes, and of edges for the time between caller and callee.

    `seconds` are what their own time grew by; all traces of the incident took `took_s`. `strayed` are requests that
    went another way than before, at whom no callee had strayed. Counts are of the traces that were read: `reference`,
    `incident`.
    """

    reference: int
    incident: int
    took_s: float
    seconds: Mapping[Entity, Evidence]
    strayed: Mapping[Entity, Evidence]


def gather_evidence(reference: Sequence[TracePieces], incident: Sequence[TracePieces]) -> TraceEvidence:
    """What sets the traces of an incident apart, operation by operation: another mix of requests is no difference."""
    return TraceEvidence(
        reference=len(reference),
        incident=len(incident),
        took_s=sum(own.seconds for pieces in incident for own in pieces.times),
        seconds=dict(_seconds(reference, incident)),
        strayed=dict(_strayed(reference, incident)),
    )


def _seconds(reference: Sequence[TracePieces], incident: Sequence[TracePieces]) -> Iterable[tuple[Entity, Evidence]]:
    times: dict[tuple[Entity, tuple[str, ...]], list[float]] = defaultdict(list)
    for pieces in reference:
        for own in pieces.times:
            times[own.entity, own.operation].append(own.seconds)
    usual = {key: float(np.median(found)) for key, found in times.items() if len(found) >= _LEAST_EXAMPLES}
    before, during = _grown(reference, usual), _grown(incident, usual)
    for entity, minutes in during.items():
        now = np.concatenate([np.array(each) for each in minutes.values()])
        then = [np.array(each) for each in before[entity].values()]
        every = np.concatenate(then)
        means = np.array([each.mean() for each in then])
        level = float(np.median(means))
        between = _width(means - level)
        within = _width(every - np.median(every)) / np.sqrt(len(now))
        noise = float(np.sqrt(between**2 + within**2 + _LEAST_NOISE_S**2))
        yield entity, Evidence(float(now.mean() - level) * len(now), noise * len(now))


def _grown(
    pieces: Iterable[TracePieces], usual: Mapping[tuple[Entity, tuple[str, ...]], float]
) -> dict[Entity, dict[int, list[float]]]:
    """By entity and minute: how much more than usual each trace spent there."""
    found: dict[Entity, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for each in pieces:
        here: dict[Entity, float] = defaultdict(float)
        for own in each.times:
            level = usual.get((own.entity, own.operation))
            if level is not None:
                here[own.entity] += own.seconds - level
        for entity, seconds in here.items():
            found[entity][each.minute].append(seconds)
    return found


def _width(deviations: Column) -> float:
    return float(np.quantile(np.abs(deviations), _TAIL)) / _TAIL_SD if len(deviations) else 0.0


class _Shapes(msgspec.Struct, frozen=True):
    """How often requests to each operation went which way, by minute."""

    requests: dict[Operation, Counter[int]]
    went: dict[tuple[Operation, object], Counter[int]]


def _strayed(reference: Sequence[TracePieces], incident: Sequence[TracePieces]) -> Iterable[tuple[Entity, Evidence]]:
    before, during = _shapes(reference), _shapes(incident)
    unusual = {key: weight for key in during.went if (weight := _unusual(before, during, *key)) > 0}
    then, now = (_blamed(pieces, unusual) for pieces in (reference, incident))
    for service, found in now.items():
        expected = then.get(service, 0.0) * len(incident) / max(len(reference), 1)
        yield Entity(service), Evidence(found - expected, float(np.sqrt(expected + 1.0)))


def _shapes(pieces: Iterable[TracePieces]) -> _Shapes:
    shapes = _Shapes(defaultdict(Counter), defaultdict(Counter))
    for each in pieces:
        for visit in each.visits:
            operation = (visit.service, visit.operation)
            shapes.requests[operation][each.minute] += 1
            shapes.went[operation, visit.shape][each.minute] += 1
    return shapes


def _unusual(before: _Shapes, during: _Shapes, operation: Operation, shape: object) -> float:
    """How likely a request that went this way would not have before the incident."""
    requests, now = before.requests[operation], during.requests[operation].total()
    total = requests.total()
    if total < _LEAST_EXAMPLES:
        return 0.0
    went = before.went[operation, shape]
    usual, share = (went.total() + 0.5) / (total + 1), during.went[operation, shape].total() / now
    chance = usual * (1 - usual)
    # Minutes differ by more than chance: what people ask for, and what the data says, changes.
    drift = max(0.0, sum((went[m] / n - usual) ** 2 * n - chance for m, n in requests.items())) / total
    sd = float(np.sqrt(chance / now + chance / total + drift + 0.5 / now**2))
    certain = max(0.0, share - usual) ** 2
    return (certain / (certain + (3 * sd) ** 2)) ** 2 * max(0.0, 1 - usual / share)


def _blamed(pieces: Iterable[TracePieces], unusual: Mapping[tuple[Operation, object], float]) -> dict[ServiceId, float]:
    """Requests that strayed, by service: those below which none did, with whom they called last."""
    blamed: dict[ServiceId, float] = defaultdict(float)
    for each in pieces:
        weights = [unusual.get(((visit.service, visit.operation), visit.shape), 0.0) for visit in each.visits]
        below = _most_below(each.visits, weights)
        for visit, weight, deeper in zip(each.visits, weights, below, strict=True):
            own = weight * (1 - deeper)
            if own <= 0:
                continue
            if visit.outcome or not visit.callees:
                blamed[visit.service] += own
            else:
                blamed[visit.service] += own * (1 - _LAST_CALLEE)
                blamed[visit.callees[-1]] += own * _LAST_CALLEE
    return blamed


def _most_below(visits: Sequence[Visit], weights: Collection[float]) -> list[float]:
    """Of each visit the highest weight of those that it led to."""
    below = [0.0] * len(visits)
    for number, (visit, weight) in reversed(list(enumerate(zip(visits, weights, strict=True)))):
        if visit.parent is not None:
            below[visit.parent] = max(below[visit.parent], weight, below[number])
    return below
