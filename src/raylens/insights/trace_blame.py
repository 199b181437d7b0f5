"""Who is to blame for what the traces of an incident lost."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from raylens.insights.blame import confidence, surprise
from raylens.insights.trace_evidence import Evidence, TraceEvidence
from raylens.model.figures import Entity
from raylens.model.insight import Signal

# Calls of one service to several others, or from and to it, that slow down together say that it is the one; by so much
# more than what speaks for the other end of a single call.
_MORE_EXPLAINED = 1.5


def blame_from_traces(evidence: TraceEvidence, signal: Signal | None) -> dict[Entity, float]:
    """How much each entity lost the traces, as far as that is certain: of their seconds, or of them.

    Where time was noticed seconds count, where failures were requests that strayed, and without a signal both. What is
    more unusual counts more. The time between two services is that of their edge, unless all that one of them calls,
    or is called by, explains more: then it is that service's.
    """
    seconds = {entity: weight / max(evidence.took_s, 1e-9) for entity, weight in _weights(evidence.seconds).items()}
    strayed = {entity: weight / max(evidence.incident, 1) for entity, weight in _weights(evidence.strayed).items()}
    seconds = _at_common_ends(seconds)
    if signal is not None and (seconds if signal is Signal.LATENCY else strayed):
        return seconds if signal is Signal.LATENCY else strayed
    return {entity: seconds.get(entity, 0.0) + strayed.get(entity, 0.0) for entity in {**seconds, **strayed}}


def _weights(found: Mapping[Entity, Evidence]) -> dict[Entity, float]:
    entities = tuple(found)
    lost, noise = (np.array([getattr(found[entity], name) for entity in entities]) for name in ("lost", "noise"))
    weights = np.maximum(lost, 0.0) * confidence(lost, noise) * np.log(2.0 + surprise(lost, noise))
    return {entity: float(weight) for entity, weight in zip(entities, weights, strict=True) if weight > 0}


def _at_common_ends(seconds: Mapping[Entity, float]) -> dict[Entity, float]:
    explained: dict[Entity, float] = defaultdict(float)
    for entity, weight in seconds.items():
        explained[Entity(entity.service)] += weight
        if entity.source is not None:
            explained[Entity(entity.source)] += weight
    moved: dict[Entity, float] = defaultdict(float)
    for entity, weight in seconds.items():
        if entity.source is None:
            moved[entity] += weight
            continue
        caller, callee = Entity(entity.source), Entity(entity.service)
        is_callers = explained[caller] > _MORE_EXPLAINED * explained[callee]
        moved[caller if is_callers else entity] += weight
    return {entity: weight for entity, weight in moved.items() if math.isfinite(weight)}
