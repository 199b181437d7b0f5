"""Who is to blame for what the traces of an incident lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import msgspec
import numpy as np

from raylens.insights.blame import confidence, surprise
from raylens.insights.trace_evidence import Evidence, TraceEvidence
from raylens.model.figures import Entity
from raylens.model.insight import Signal

# Calls of one service to several others, or from and to it, that slow down together say that it is the one; by so much
# more than what speaks for the other end of a single call.
_MORE_EXPLAINED = 1.5


class TraceBlame(msgspec.Struct, frozen=True):
    """How likely each entity is where it began, adding up to 1; empty where the traces do not tell. `sure` says how far
    the losses that this rests on can be believed, from 0 to 1."""

    likely: Mapping[Entity, float]
    sure: float


def blame_from_traces(evidence: TraceEvidence, signal: Signal | None) -> TraceBlame:
    """Blame by how much each entity lost the traces for certain: of their seconds, or of them.

    Where time was noticed seconds count, where failures were requests that strayed, and without a signal both. What is
    more unusual counts more.
    """
    seconds = _weights(evidence.seconds, max(evidence.took_s, 1e-9))
    strayed = _weights(evidence.strayed, max(evidence.incident, 1))
    chosen = seconds if signal is Signal.LATENCY else strayed
    weights = chosen if signal is not None and chosen else [*seconds, *strayed]
    total = sum(weight for _, weight, _ in weights)
    if total <= 0:
        return TraceBlame({}, 0.0)
    likely: dict[Entity, float] = defaultdict(float)
    for entity, weight, _ in weights:
        likely[entity] += weight / total
    return TraceBlame(dict(likely), sum(weight * sure for _, weight, sure in weights) / total)


def blame_common_ends(likely: Mapping[Entity, float]) -> dict[Entity, float]:
    """The time between two services is that of their edge, unless all that the caller calls, or is called by, explains
    more than all that the callee does: then it is the caller's."""
    explained: dict[Entity, float] = defaultdict(float)
    for entity, part in likely.items():
        explained[Entity(entity.service)] += part
        if entity.source is not None:
            explained[Entity(entity.source)] += part
    moved: dict[Entity, float] = defaultdict(float)
    for entity, part in likely.items():
        callee = Entity(entity.service)
        caller = callee if entity.source is None else Entity(entity.source)
        moved[caller if explained[caller] > _MORE_EXPLAINED * explained[callee] else entity] += part
    return dict(moved)


def _weights(found: Mapping[Entity, Evidence], of_all: float) -> list[tuple[Entity, float, float]]:
    """By entity its part of the whole, weighted, and how far that is believed."""
    entities = tuple(found)
    lost, noise = (np.array([getattr(found[entity], name) for entity in entities]) for name in ("lost", "noise"))
    sure = confidence(lost, noise)
    weights = np.maximum(lost, 0.0) * sure * np.log(2.0 + surprise(lost, noise)) / of_all
    return [each for each in zip(entities, weights.tolist(), sure.tolist(), strict=True) if each[1] > 0]
