"""Who may have caused an incident: blame walks from where it was noticed down to where the loss arises."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
import numpy as np

from raylens.insights.call_shares import Shares, call_shares
from raylens.insights.figure_matrix import Bins, Matrix, bins_of, numbered
from raylens.insights.losses import Loss, Usual, requests_lost, time_lost, usual_seconds
from raylens.model.figures import Column, Entity, FiguresTable
from raylens.model.insight import Signal, Suspect
from raylens.model.service import ServiceId

# A loss counts by what is beyond so many standard deviations of what is normal.
_CERTAIN_SD = 2.0
# Longer chains of calls end in what they have reached; circles do, too.
_MAX_STEPS = 64
_LEAST_SCORE = 0.005


class TraceEvidence(msgspec.Struct, frozen=True):
    """Placeholder until traces are read."""


class _Case(msgspec.Struct, frozen=True):
    """An incident and what was before, by column of `entities`."""

    entities: tuple[Entity, ...]
    reference: Bins
    incident: Bins
    shares: Shares
    usual: Usual
    seen_before: Column


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
    weights = np.ones(case.incident.count)
    lost_s = time_lost(case.reference, case.incident, case.usual, case.shares, weights)
    lost = {each: _failed(case, each, weights) for each in (Signal.FAULT, Signal.ERROR, Signal.THROTTLE)}
    signal = signal or _most_unusual(lost_s, lost, at)
    if signal is Signal.LATENCY:
        blame = _blame(lost_s, case.shares, at)
        kinds = [Signal.LATENCY] * len(columns)
    else:
        failed = _all_failed(case, weights, signal)
        blame = _blame(failed, case.shares, at)
        kinds = [_kind(lost, number, signal) for number in range(len(columns))]
    blame = _blame_callers_of_new(blame, case)
    order = np.argsort(-blame, kind="stable")
    return tuple(
        Suspect(case.entities[number], kinds[number], float(blame[number]), case.entities[number].label)
        for number in order
        if blame[number] >= _LEAST_SCORE
    )


def _case(
    columns: dict[Entity, int],
    reference: FiguresTable,
    incident: FiguresTable,
    calls: Collection[tuple[ServiceId, ServiceId]],
) -> _Case:
    before, during = bins_of(reference, columns), bins_of(incident, columns)
    return _Case(
        tuple(columns),
        before,
        during,
        call_shares(columns, during.requests.sum(0), calls),
        usual_seconds(before, reference.bin_s),
        before.requests.sum(0) > 0,
    )


def _counts(bins: Bins, signal: Signal) -> Matrix:
    return {Signal.FAULT: bins.faults, Signal.ERROR: bins.errors, Signal.THROTTLE: bins.throttles}[signal]


def _failed(case: _Case, signal: Signal, weights: Column) -> Loss:
    before, during = (_counts(bins, signal) for bins in (case.reference, case.incident))
    return requests_lost(before, during, case.reference, case.incident, case.shares, weights)


def _all_failed(case: _Case, weights: Column, signal: Signal) -> Loss:
    before, during = (
        bins.faults + bins.throttles + (bins.errors if signal is Signal.ERROR else 0)
        for bins in (case.reference, case.incident)
    )
    return requests_lost(before, during, case.reference, case.incident, case.shares, weights)


def _surprise(loss: Loss) -> Column:
    return np.divide(loss.total, loss.total_noise, out=np.zeros_like(loss.total), where=loss.total_noise > 0)


def _most_unusual(lost_s: Loss, lost: dict[Signal, Loss], at: int | None) -> Signal:
    found = {Signal.LATENCY: _surprise(lost_s)} | {signal: _surprise(loss) for signal, loss in lost.items()}
    return max(found, key=lambda signal: float(found[signal].max() if at is None else found[signal][at]))


def _kind(lost: dict[Signal, Loss], number: int, otherwise: Signal) -> Signal:
    best = max(lost, key=lambda signal: float(lost[signal].total[number]))
    return best if lost[best].total[number] > 0 else otherwise


def _blame(loss: Loss, shares: Shares, at: int | None) -> Column:
    """How much of the loss ends where, as shares of what is explained from."""
    certain = np.maximum(loss.total - _CERTAIN_SD * loss.total_noise, 0.0)
    own = np.maximum(loss.own - _CERTAIN_SD * loss.own_noise, 0.0)
    passed = shares.multiply(certain[np.newaxis, :]).tocsr()
    whole = np.maximum(certain, np.asarray(passed.sum(1)).ravel() + own)
    scale = np.divide(1.0, whole, out=np.zeros_like(whole), where=whole > 0)
    step = passed.multiply(scale[:, np.newaxis]).tocsr()
    stays = np.where(whole > 0, own * scale, 0.0)
    credit = _start(certain, loss, shares, at)
    blame = np.zeros_like(credit)
    for _ in range(_MAX_STEPS):
        blame += credit * stays
        credit = step.T @ credit
        if credit.sum() < _LEAST_SCORE:
            break
    return blame


def _start(certain: Column, loss: Loss, shares: Shares, at: int | None) -> Column:
    if at is not None:
        start = np.zeros_like(certain)
        start[at] = 1.0
        return start
    calls_of = shares.T.tocsr()
    reached = (calls_of @ (certain > 0).astype(float)) > 0
    weight = np.where((certain > 0) & ~reached, np.sqrt(np.maximum(_surprise(loss), 0.0)), 0.0)
    return weight / weight.sum() if weight.sum() > 0 else weight


def _blame_callers_of_new(blame: Column, case: _Case) -> Column:
    """Who is called for the first time did not change: those who began to call it did."""
    new = ~case.seen_before & (blame > 0)
    callers = case.shares.T.tocsr()
    for _ in range(2):
        for number in np.flatnonzero(new):
            row = slice(callers.indptr[number], callers.indptr[number + 1])
            parts = callers.data[row]
            if parts.size:
                blame[callers.indices[row]] += blame[number] * parts / parts.sum()
                blame[number] = 0.0
        new = ~case.seen_before & (blame > 0)
    return blame
