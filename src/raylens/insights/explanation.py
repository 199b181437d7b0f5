"""An incident explained: who may have caused it, what sets its traces apart, and which of them show it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from raylens.analytics import ComparisonState, compare_sets
from raylens.analytics.defining import defining_attributes, mark_defining
from raylens.insights.incident_sets import traces_hit, traces_through, within
from raylens.insights.records import Exemplar
from raylens.insights.root_cause import rank_suspects
from raylens.insights.trace_evidence import TraceEvidence, gather_evidence
from raylens.insights.trace_pieces import TracePieces, take_apart
from raylens.insights.wording import duration_text
from raylens.model.figures import Entity, FiguresTable
from raylens.model.ids import format_trace_id
from raylens.model.insight import Signal, Suspect
from raylens.model.service import ServiceId
from raylens.model.time import NS_PER_S, TimeRange
from raylens.storage.interface import (
    AnalyticsReader,
    GraphReader,
    Store,
    TraceFilter,
    TraceOrder,
    TraceReader,
    TraceSet,
)
from raylens.traces import assemble_traces

# Traces read of each side, and spans at most: of monstrous traces fewer.
SAMPLED_TRACES = 300
MOST_SPANS = 15_000
_TRACES_AT_ONCE = 50
# Values of each attribute that are counted, and findings that are told.
_COMPARED_VALUES = 20
MOST_FINDINGS = 5
# The traces of the incident are compared with those of a time before it that is so much longer, an hour at least.
_TIMES_AS_LONG = 4
_LEAST_COMPARED_NS = 3_600 * NS_PER_S
MOST_EXEMPLARS = 5


class Explanation(msgspec.Struct, frozen=True):
    """Why an incident happened, as far as the store can tell.

    `suspects` are best first, empty where nothing is unusual or nothing normal is stored. `anomalous` are the traces of
    the incident that the first of them hit, `normal` those that went through it just before; without a suspect all.
    """

    suspects: tuple[Suspect, ...]
    summary: str
    anomalous: TraceSet
    normal: TraceSet
    findings: tuple[str, ...] = ()
    exemplars: tuple[Exemplar, ...] = ()


def explain_window(
    store: Store,
    window: TimeRange,
    normal: TimeRange,
    where: TraceFilter,
    noticed: Entity | None = None,
    signal: Signal | None = None,
) -> Explanation:
    """Explain what was wrong in `window` with the traces of `where`, compared with the time `normal` before it.

    Figures of all requests are read, and a sample of traces of each side: those through `noticed`, where that is given.
    The work does not grow with the traffic beyond what the figures by minute take.
    """
    before, during = store.figures_by_minute(normal, where), store.figures_by_minute(window, where)
    calls = _calls(store, window, where, (before, during))
    through = where if noticed is None else within(where, traces_through(noticed))
    traces = _evidence(store, TraceSet(normal, through), TraceSet(window, through))
    suspects = rank_suspects(before, during, calls, noticed, signal, traces)
    if not suspects:
        return Explanation((), _no_suspect(before, during), TraceSet(window, through), TraceSet(normal, through))
    first = suspects[0]
    hit = within(where, traces_hit(first.entity, first.signal, _slow_s(first, before)))
    anomalous = TraceSet(window, hit)
    usual = TraceSet(_just_before(window, normal), within(where, traces_through(first.entity)))
    return Explanation(
        suspects,
        _summary(suspects, traces),
        anomalous,
        usual,
        _findings(store, anomalous, usual),
        _exemplars(store, anomalous, first),
    )


def _just_before(window: TimeRange, normal: TimeRange) -> TimeRange:
    """The end of the normal time: enough to compare with, since every trace of both sets is counted."""
    length_ns = max(_TIMES_AS_LONG * (window.end_ns - window.start_ns), _LEAST_COMPARED_NS)
    return TimeRange(max(normal.start_ns, normal.end_ns - length_ns), normal.end_ns)


def _calls(
    store: GraphReader, window: TimeRange, where: TraceFilter, tables: Sequence[FiguresTable]
) -> set[tuple[ServiceId, ServiceId]]:
    """Calls of the window, clients included, and those that only the time before had. Messages are no calls."""
    found = {(edge.source, edge.target) for edge in store.service_graph(window, where).edges if not edge.is_link}
    measured = [entity for table in tables for entity in table.entities if entity.source is not None]
    return found | {(entity.source, entity.service) for entity in measured if entity.source is not None}


def _evidence(store: Store, normal: TraceSet, incident: TraceSet) -> TraceEvidence | None:
    before, during = (_sample(store, each) for each in (normal, incident))
    return gather_evidence(before, during) if before and during else None


def _sample(store: Store, of: TraceSet) -> list[TracePieces]:
    ids = store.sample(of, SAMPLED_TRACES)
    pieces: list[TracePieces] = []
    spans = 0
    for first in range(0, len(ids), _TRACES_AT_ONCE):
        found = store.spans(ids[first : first + _TRACES_AT_ONCE])
        spans += len(found)
        pieces += [take_apart(trace) for trace in assemble_traces(found).values()]
        if spans > MOST_SPANS:
            break
    return pieces


def _slow_s(suspect: Suspect, before: FiguresTable) -> float | None:
    """From where on a response is slow: what nine of ten usually were below; None of what was never seen."""
    if suspect.entity not in before.entities:
        return None
    rows = before.entity == before.entities.index(suspect.entity)
    p90 = before.response_s[rows, 2]
    known = p90[np.isfinite(p90)]
    if not known.size:
        return None
    # in milliseconds, as histograms count and as people write it
    return math.ceil(float(np.median(known)) * 1e3 + 1) / 1e3


def _summary(suspects: Sequence[Suspect], traces: TraceEvidence | None) -> str:
    if traces is None:
        return suspects[0].sentence
    return f"{suspects[0].sentence} Compared were {traces.incident:,} traces with {traces.reference:,} from before."


def _no_suspect(before: FiguresTable, during: FiguresTable) -> str:
    if not len(during.at_s):
        return "No requests were traced in this range."
    if not len(before.at_s):
        return "Nothing is stored of the time before, so that what is normal is not known."
    return "Nothing differs from what was normal before by more than it usually varies."


def _findings(store: AnalyticsReader, anomalous: TraceSet, normal: TraceSet) -> tuple[str, ...]:
    sizes, counts = store.compare(anomalous, normal, _COMPARED_VALUES)
    marked = mark_defining(counts, defining_attributes(each.where.expression for each in (anomalous, normal)))
    comparison = compare_sets(sizes, marked, store.compare_paths(anomalous, normal, _COMPARED_VALUES))
    if comparison.state is not ComparisonState.DIFFERENT:
        return ()
    told = [(abs(each.effect), each.sentence) for each in comparison.findings]
    told += [(abs(each.effect), each.sentence) for each in comparison.path_findings]
    return tuple(sentence for _, sentence in sorted(told, key=lambda each: -each[0])[:MOST_FINDINGS])


def _exemplars(store: TraceReader, anomalous: TraceSet, suspect: Suspect) -> tuple[Exemplar, ...]:
    """The slowest of them, and the first: where it began."""
    label = suspect.entity.label
    what = f"slow at {label}" if suspect.signal is Signal.LATENCY else f"a {suspect.signal.value} at {label}"
    first = store.list_traces(anomalous, TraceOrder.OLDEST, 1)
    slowest = store.list_traces(anomalous, TraceOrder.SLOWEST, MOST_EXEMPLARS)
    found = [Exemplar(format_trace_id(place.trace_id), place.start_ns, f"the first: {what}") for place in first]
    for place in slowest:
        took = "" if place.response_ns is None else f", answered in {duration_text(place.response_ns / 1e9)}"
        found.append(Exemplar(format_trace_id(place.trace_id), place.start_ns, what + took))
    by_id = {each.trace_id: each for each in reversed(found)}
    return tuple(sorted(by_id.values(), key=found.index)[:MOST_EXEMPLARS])
