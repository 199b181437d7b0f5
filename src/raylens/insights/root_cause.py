"""Who may have caused an incident, the likeliest first, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec
import numpy as np

from raylens.insights.blame import Blame, Mask, Walk, blame_of, confidence, credible, surprise, with_callees
from raylens.insights.call_shares import call_shares
from raylens.insights.figure_matrix import Bins, Matrix, bins_of, numbered
from raylens.insights.losses import Loss, Usual, recent_bins, requests_lost, time_lost, usual_seconds
from raylens.insights.missing_calls import CutShort, requests_cut_short
from raylens.insights.suspect_sentences import Symptom, sentence_of
from raylens.insights.trace_blame import TraceBlame, blame_common_ends, blame_from_traces
from raylens.insights.trace_evidence import TraceEvidence
from raylens.model.figures import Column, Entity, FiguresTable
from raylens.model.insight import Signal, Suspect
from raylens.model.service import CLIENT_TYPE, ServiceId

_LEAST_SCORE = 0.005
_FEW_STRETCHES = 10
# Losses that are believed by less are nothing that anybody would look into: two standard deviations.
_LEAST_SURE = 0.1
_COUNTED = {Signal.FAULT: "faults", Signal.ERROR: "errors", Signal.THROTTLE: "throttles"}


class _Case(msgspec.Struct, frozen=True):
    """An incident and what was before, by column of `entities`."""

    columns: Mapping[Entity, int]
    entities: tuple[Entity, ...]
    reference: Bins
    incident: Bins
    usual: Usual
    walk: Walk
    cut_short: CutShort
    seen_before: Mask


def rank_suspects(
    reference: FiguresTable,
    incident: FiguresTable,
    calls: Collection[tuple[ServiceId, ServiceId]],
    noticed: Entity | None = None,
    signal: Signal | None = None,
    traces: TraceEvidence | None = None,
) -> tuple[Suspect, ...]:
    """Who may have caused what was noticed, the likeliest first; empty where nothing is unusual or normal is unknown.

    `reference` are normal bins, the last just before the incident, `incident` its own; both may have edges as their
    callers saw them. `calls` are (caller, callee). Without `noticed` everything unusual is explained that no unusual
    caller has, without `signal` the most unusual one.
    """
    columns = numbered(reference, incident, calls)
    if not len(reference.at_s) or not len(incident.at_s) or (noticed is not None and noticed not in columns):
        return ()
    case = _case(columns, reference, incident, calls)
    at = columns[noticed] if noticed is not None else None
    lost_s = time_lost(case.reference, case.incident, case.usual, case.walk.shares)
    failed = {each: _failed(case, (each,)) for each in _COUNTED}
    losses = {Signal.LATENCY: lost_s, **failed}
    traced = TraceBlame({}, 0.0) if traces is None else blame_from_traces(traces, signal)
    seen = max(float(confidence(loss.total, loss.total_noise).max()) for loss in losses.values())
    if at is None and max(seen, traced.sure) < _LEAST_SURE:
        return ()
    signal = signal or _most_unusual(losses, at)
    loss = lost_s if signal is Signal.LATENCY else _all_failed(case, signal)
    blame = blame_of(loss, case.walk, at, signal is Signal.LATENCY)
    likely, began = _with_callers_of_new(blame.likely, case)
    # What a stretch of normal time may lose is known the better the more such stretches were seen.
    stretches = case.reference.count / case.incident.count
    sure = float(likely @ confidence(loss.own, loss.own_noise)) * stretches / (stretches + _FEW_STRETCHES)
    likely = _with_traces(likely, sure, traced, case)
    kinds = [_kind(failed, number, signal) for number in range(len(likely))]
    chosen = [number for number in np.argsort(-likely, kind="stable") if likely[number] >= _LEAST_SCORE]
    return tuple(
        Suspect(
            case.entities[number],
            kinds[number],
            float(likely[number]),
            sentence_of(_symptom(case, number, kinds[number], noticed, blame, began, traces)),
        )
        for number in chosen
    )


def _case(
    columns: dict[Entity, int],
    reference: FiguresTable,
    incident: FiguresTable,
    calls: Collection[tuple[ServiceId, ServiceId]],
) -> _Case:
    before, during = bins_of(reference, columns), bins_of(incident, columns)
    entities = tuple(columns)
    seen_before, seen_now = (bins.requests.sum(0) > 0 for bins in (before, during))
    is_client = np.array([e.service.type == CLIENT_TYPE and not e.is_edge for e in entities], np.bool_)
    is_edge = np.array([entity.is_edge for entity in entities], np.bool_)
    requests = during.requests.sum(0)
    shares = call_shares(columns, requests, calls)
    return _Case(
        columns,
        entities,
        before,
        during,
        usual_seconds(before, reference.bin_s),
        Walk(shares, is_client, ~seen_before & ~seen_now & ~is_edge & ~is_client, ~is_edge & ~is_client, requests),
        requests_cut_short(columns, before, during, calls, recent_bins(reference.bin_s)),
        seen_before,
    )


def _failed(case: _Case, signals: Collection[Signal]) -> Loss:
    before, during = (_count(bins, signals) for bins in (case.reference, case.incident))
    return requests_lost(before, during, case.reference, case.incident, case.walk.shares)


def _count(bins: Bins, signals: Collection[Signal]) -> Matrix:
    counted: Matrix = sum((getattr(bins, _COUNTED[signal]) for signal in signals), np.zeros_like(bins.requests))
    return counted


def _all_failed(case: _Case, signal: Signal) -> Loss:
    """Failures that may have led to those that were noticed; ended early counts as failed where nothing else says so.

    A callee's throttle or fault may become any failure of the caller, a callee's 4xx are usual answers: they count
    where 4xx were noticed.
    """
    signals = {Signal.FAULT, Signal.THROTTLE, signal}
    loss = _failed(case, sorted(signals))
    cut = case.cut_short
    # What callees that failed explain is no riddle, and who ever tells of failures tells of all.
    tells = _count(case.incident, signals).sum(0) + _count(case.reference, signals).sum(0) > 0
    explained = case.walk.shares @ np.maximum(loss.total, 0.0)
    riddle = np.where(tells, 0.0, np.maximum(cut.requests - explained, 0.0))
    is_more = credible(riddle, cut.noise) > credible(loss.own, loss.own_noise)
    solved: Column = case.walk.shares @ with_callees(
        np.where(is_more, credible(riddle, cut.noise), 0.0), case.walk.shares
    )
    own = np.where(loss.own > 0, np.maximum(loss.own - solved, 0.0), loss.own)
    return Loss(
        np.where(is_more, np.maximum(loss.total, 0.0) + riddle, loss.total),
        np.where(is_more, np.maximum(own, 0.0) + riddle, own),
        np.where(is_more, np.hypot(loss.total_noise, cut.noise), loss.total_noise),
        np.where(is_more, np.hypot(loss.own_noise, cut.noise), loss.own_noise),
    )


def _surprises(loss: Loss) -> Column:
    return surprise(loss.total, loss.total_noise)


def _most_unusual(losses: dict[Signal, Loss], at: int | None) -> Signal:
    found = {signal: _surprises(loss) for signal, loss in losses.items()}
    return max(found, key=lambda signal: float(found[signal].max() if at is None else found[signal][at]))


def _kind(failed: dict[Signal, Loss], number: int, noticed: Signal) -> Signal:
    """As what the suspect itself shows it: of failures the class that rose the most."""
    if noticed is Signal.LATENCY:
        return noticed
    best = max(failed, key=lambda signal: float(failed[signal].total[number]))
    return best if failed[best].total[number] > 0 else noticed


def _with_callers_of_new(blame: Column, case: _Case) -> tuple[Column, dict[int, Entity]]:
    """Who is called for the first time did not change: those who began to call it did, and what they began to call."""
    blame = blame.copy()
    began: dict[int, Entity] = {}
    callers = case.walk.shares.T.tocsr()
    for _ in range(2):
        for number in np.flatnonzero(~case.seen_before & ~case.walk.silent & (blame > 0)):
            row = slice(callers.indptr[number], callers.indptr[number + 1])
            parts = callers.data[row]
            if parts.size:
                blame[callers.indices[row]] += blame[number] * parts / parts.sum()
                blame[number] = 0.0
                began |= {int(caller): case.entities[number] for caller in callers.indices[row]}
    return blame, began


def _with_traces(likely: Column, sure: float, traced: TraceBlame, case: _Case) -> Column:
    """Figures know of all requests, traces of each what it waited for: both count by how far they can be believed."""
    found = np.array([traced.likely.get(entity, 0.0) for entity in case.entities])
    if traced.sure <= 0 or found.sum() <= 0:
        return likely
    both = (sure * likely + traced.sure * found) / (sure + traced.sure)
    moved = blame_common_ends({case.entities[number]: float(both[number]) for number in np.flatnonzero(both)})
    return np.array([moved.get(entity, 0.0) for entity in case.entities])


def _symptom(
    case: _Case,
    number: int,
    signal: Signal,
    noticed: Entity | None,
    blame: Blame,
    began: Mapping[int, Entity],
    traces: TraceEvidence | None,
) -> Symptom:
    entity = case.entities[number]
    requests, seconds = case.incident.requests[:, number], case.incident.seconds[:, number]
    known = np.isfinite(seconds) & (requests > 0)
    usual = case.usual.nearest(case.incident.seconds)[known, number]
    counted = () if signal is Signal.LATENCY else (signal,)
    before, during = (_count(bins, counted)[:, number] for bins in (case.reference, case.incident))
    grown, strayed = (traces.seconds.get(entity), traces.strayed.get(entity)) if traces is not None else (None, None)
    is_slow = signal is Signal.LATENCY
    return Symptom(
        entity=entity,
        signal=signal,
        seconds=float(np.average(seconds[known], weights=requests[known])) if known.any() else None,
        usual_seconds=float(usual.mean()) if known.any() and np.isfinite(usual).all() else None,
        requests=float(requests.sum()),
        failed=float(during.sum()),
        usual_share=float(before.sum() / max(case.reference.requests[:, number].sum(), 1.0)),
        has_callees=bool(case.walk.shares.indptr[number + 1] > case.walk.shares.indptr[number]),
        is_passed_on=bool(blame.passed_on[number]),
        noticed=noticed,
        share=float(blame.explained[number]),
        cut_short=float(case.cut_short.requests[number]),
        not_called=case.cut_short.callee[number],
        traces=traces.incident if traces is not None else 0,
        traced_s=grown.lost if grown is not None and is_slow and grown.is_certain else 0.0,
        strayed=strayed.lost if strayed is not None and not is_slow and strayed.is_certain else 0.0,
        began=began.get(number),
    )
