"""Who may have caused an incident, the likeliest first, and why."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
import numpy as np

from raylens.insights.blame import Mask, Walk, blame_of, credible, surprise
from raylens.insights.call_shares import call_shares
from raylens.insights.figure_matrix import Bins, Matrix, bins_of, numbered
from raylens.insights.losses import Loss, Usual, recent_bins, requests_lost, time_lost, usual_seconds
from raylens.insights.missing_calls import CutShort, requests_cut_short
from raylens.insights.trace_evidence import TraceEvidence
from raylens.model.figures import Column, Entity, FiguresTable
from raylens.model.insight import Signal, Suspect
from raylens.model.service import CLIENT_TYPE, ServiceId

_LEAST_SCORE = 0.005
_COUNTED = {Signal.FAULT: "faults", Signal.ERROR: "errors", Signal.THROTTLE: "throttles"}


class _Case(msgspec.Struct, frozen=True):
    """An incident and what was before, by column of `entities`."""

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
    case = _case(columns, reference, incident, calls)
    if not case.reference.count or not case.incident.count:
        return ()
    at = columns.get(noticed) if noticed is not None else None
    lost_s = time_lost(case.reference, case.incident, case.usual, case.walk.shares)
    failed = {each: _failed(case, (each,)) for each in _COUNTED}
    signal = signal or _most_unusual({Signal.LATENCY: lost_s, **failed}, at)
    blame = blame_of(lost_s if signal is Signal.LATENCY else _all_failed(case, signal), case.walk, at)
    blame = _with_callers_of_new(blame, case)
    kinds = [_kind(failed, number, signal) for number in range(len(columns))]
    return tuple(
        Suspect(case.entities[number], kinds[number], float(blame[number]), case.entities[number].label)
        for number in np.argsort(-blame, kind="stable")
        if blame[number] >= _LEAST_SCORE
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
    shares = call_shares(columns, during.requests.sum(0), calls)
    return _Case(
        entities,
        before,
        during,
        usual_seconds(before, reference.bin_s),
        Walk(shares, is_client, ~seen_before & ~seen_now & ~is_edge & ~is_client),
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
    return Loss(
        np.where(is_more, np.maximum(loss.total, 0.0) + riddle, loss.total),
        np.where(is_more, np.maximum(loss.own, 0.0) + riddle, loss.own),
        np.where(is_more, np.hypot(loss.total_noise, cut.noise), loss.total_noise),
        np.where(is_more, np.hypot(loss.own_noise, cut.noise), loss.own_noise),
    )


def _most_unusual(losses: dict[Signal, Loss], at: int | None) -> Signal:
    found = {signal: surprise(loss.total, loss.total_noise) for signal, loss in losses.items()}
    return max(found, key=lambda signal: float(found[signal].max() if at is None else found[signal][at]))


def _kind(failed: dict[Signal, Loss], number: int, noticed: Signal) -> Signal:
    """As what the suspect itself shows it: of failures the class that rose the most."""
    if noticed is Signal.LATENCY:
        return noticed
    best = max(failed, key=lambda signal: float(failed[signal].total[number]))
    return best if failed[best].total[number] > 0 else noticed


def _with_callers_of_new(blame: Column, case: _Case) -> Column:
    """Who is called for the first time did not change: those who began to call it did."""
    callers = case.walk.shares.T.tocsr()
    for _ in range(2):
        for number in np.flatnonzero(~case.seen_before & ~case.walk.silent & (blame > 0)):
            row = slice(callers.indptr[number], callers.indptr[number + 1])
            parts = callers.data[row]
            if parts.size:
                blame[callers.indices[row]] += blame[number] * parts / parts.sum()
                blame[number] = 0.0
    return blame
