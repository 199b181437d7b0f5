"""Why a stretch of time went wrong."""

from __future__ import annotations

import msgspec

from raylens.insights.records import ComparedTraces, Exemplar
from raylens.insights.root_cause import rank_suspects
from raylens.model.figures import Entity
from raylens.model.insight import Signal, Suspect
from raylens.model.time import TimeRange
from raylens.storage.interface import Store, TraceFilter


class Explanation(msgspec.Struct, frozen=True):
    """Suspects, and what shows why."""

    suspects: tuple[Suspect, ...] = ()
    summary: str = ""
    findings: tuple[str, ...] = ()
    exemplars: tuple[Exemplar, ...] = ()
    anomalous: ComparedTraces | None = None
    normal: ComparedTraces | None = None


def explain_window(
    store: Store,
    window: TimeRange,
    normal: TimeRange,
    where: TraceFilter,
    noticed: Entity | None = None,
    signal: Signal | None = None,
) -> Explanation:
    """Suspects of a window, compared with the time before it."""
    reference, incident = store.figures_by_minute(normal, where), store.figures_by_minute(window, where)
    calls = {(e.source, e.service) for e in (*reference.entities, *incident.entities) if e.source is not None}
    return Explanation(rank_suspects(reference, incident, calls, noticed, signal))
