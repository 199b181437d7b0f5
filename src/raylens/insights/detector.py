"""Tells anomalous bins of nodes and edges from usual ones, bin by bin."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from raylens.insights.baseline_rates import RateBaselines, RateView
from raylens.insights.baseline_times import TimeBaselines, TimeView
from raylens.insights.columns import Columns, Floats
from raylens.insights.roll import Roll, Rows
from raylens.insights.same_time import SameTime
from raylens.insights.tuning import TUNING, Tuning
from raylens.model.figures import RESPONSE_MEASURES, Entity, Figures
from raylens.model.insight import Anomaly, Signal

RATES = (Signal.FAULT, Signal.ERROR, Signal.THROTTLE)
# The measure that stands for response time in a chart: the first that is known.
_CHARTED = (0, 3, 2, 1, 4)
_BACKWARDS_S = 1e9


class Readiness(msgspec.Struct, frozen=True):
    """How many entities can be judged, and how far the one seen most has got."""

    entities: int = 0
    ready: int = 0
    requests_seen: int = 0
    requests_needed: int = 0
    minutes_seen: int = 0
    minutes_needed: int = 0


class _Views(msgspec.Struct, frozen=True):
    entities: tuple[Entity, ...]
    ready: NDArray[np.bool_]
    rates: RateView
    times: TimeView


class Judgement(msgspec.Struct, frozen=True):
    """What is thought of one bin, which begins at `at_s` and lasts `bin_s`.

    `anomalies` are of nodes and edges, of every signal, in no order.
    """

    at_s: int
    bin_s: int
    anomalies: tuple[Anomaly, ...]
    readiness: Readiness
    tuning: Tuning = TUNING
    views: _Views | None = None

    def expected(self, entity: Entity, signal: Signal) -> tuple[float, float] | None:
        """The lowest and the highest value that would not have been anomalous in this bin.

        Seconds of LATENCY (the mean, or what else is known), numbers of requests of the others. None where the entity
        had no requests, or too little of it has been seen.
        """
        views, t = self.views, self.tuning
        if views is None or entity not in views.entities:
            return None
        row = views.entities.index(entity)
        if not views.ready[row]:
            return None
        at = np.array([row])
        if signal is not Signal.LATENCY:
            low, high = views.rates.bands(at, np.array([RATES.index(signal)]), t.anomalous_surprise)
            return float(low[0]), float(high[0])
        known = [each for each in _CHARTED if not np.isnan(views.times.observed[row, each])]
        if not known:
            return None
        low, high = views.times.bands(at, np.array(known[:1]), t.anomalous_surprise)
        return float(low[0]), float(high[0])


class Detector:
    """Learns what is usual of every entity from bins in order of time, and judges each bin by those before it.

    A bin that is skipped is one in which nothing was seen. A bin that begins no later than the one before, or long
    after it, is what a restart or a clock that was put right looks like: levels start anew from it without anything
    being judged, how far they usually stray is kept.
    """

    def __init__(self, bin_s: int = 60, tuning: Tuning = TUNING) -> None:
        self._bin_s, self._tuning = bin_s, tuning
        self._roll = Roll(tuning.max_entities)
        rows = self._roll.capacity
        self._rates, self._times = RateBaselines(rows, tuning), TimeBaselines(rows, tuning)
        self._same_time = SameTime(rows, len(RATES) + len(RESPONSE_MEASURES))
        # `seen_s` is when by the data's clock, `lived_s` by the detector's own, which does not jump
        zero = np.zeros(())
        kinds = np.full(1 + len(RATES), np.nan)
        self._seen = Columns(rows, {"seen_s": zero, "lived_s": zero, "bins": zero, "requests": zero, "since_s": kinds})
        self._last_s: int | None = None
        self._lived_s = 0.0

    @property
    def refused(self) -> int:
        """How many times an entity was not watched because there were too many."""
        return self._roll.refused

    @property
    def nbytes(self) -> int:
        """Memory of the baselines."""
        return sum(each.nbytes for each in self._columns)

    @property
    def _columns(self) -> tuple[Columns, ...]:
        return self._rates.columns, self._times.columns, self._same_time.columns, self._seen

    def copy(self) -> Detector:
        """The same, from now on apart."""
        other = Detector.__new__(Detector)
        other._bin_s, other._tuning = self._bin_s, self._tuning
        other._roll = self._roll.copy()
        other._rates, other._times = self._rates.copy(), self._times.copy()
        other._same_time, other._seen = self._same_time.copy(), self._seen.copy()
        other._last_s, other._lived_s = self._last_s, self._lived_s
        return other

    def observe(self, figures: Figures) -> Judgement:
        """Judge the next bin, then learn from it."""
        t, seen = self._tuning, self._seen
        self._pass_time(figures.at_s)
        busy = np.flatnonzero(figures.requests > 0)
        rows = self._rows(tuple(figures.entities[n] for n in busy), figures.at_s)
        # without a row an entity is not watched; the last of two rows of one entity counts
        kept = np.flatnonzero(rows >= 0)
        busy, rows = busy[kept], rows[kept]
        entities = tuple(figures.entities[n] for n in busy)
        requests = figures.requests[busy].astype(np.float64)
        failed = np.stack([figures.faults[busy], figures.errors[busy], figures.throttles[busy]], axis=1)
        passed = figures.at_s - seen["seen_s"][rows]
        elapsed_s = np.where(passed > 0, passed, _BACKWARDS_S)
        elapsed_s = np.where(seen["bins"][rows] == 0, self._bin_s, elapsed_s)
        ready = (seen["bins"][rows] >= t.learn_bins) & (seen["requests"][rows] >= t.learn_requests)
        judged = ready & (elapsed_s <= t.long_gap_s)

        usual = self._same_time.usual(rows, figures.at_s)
        rates = self._rates.judge(rows, requests, failed, judged, usual[:, : len(RATES)])
        times = self._times.judge(
            rows, requests, figures.response_s[busy], elapsed_s, judged, usual[:, len(RATES) :], self._bin_s
        )
        measures, slow = times.best()
        surprises = np.concatenate([rates.surprise, slow[:, None]], axis=1)
        anomalous = surprises >= t.anomalous_surprise
        # a run of anomalous bins is one without a normal bin and without one that had no requests
        since = np.where((elapsed_s <= self._bin_s)[:, None], seen["since_s"][rows], np.nan)
        since = np.where(anomalous, np.where(np.isnan(since), figures.at_s, since), np.nan)
        seen["since_s"][rows] = since
        views = _Views(entities, judged, rates, times)
        anomalies = self._anomalies(figures.at_s, views, failed, measures, surprises, since)

        self._rates.learn(rows, requests, failed, elapsed_s, anomalous[:, : len(RATES)], self._bin_s)
        failing = np.asarray(anomalous[:, : len(RATES)].any(axis=1))
        self._times.learn(rows, requests, times, elapsed_s, anomalous[:, -1], failing, self._bin_s)
        self._same_time.learn(rows, np.concatenate([failed / requests[:, None], times.observed], axis=1))
        seen["seen_s"][rows] = figures.at_s
        seen["lived_s"][rows] = self._lived_s
        seen["bins"][rows] += 1
        seen["requests"][rows] += requests
        self._forget()
        return Judgement(figures.at_s, self._bin_s, anomalies, self._readiness(), t, views)

    def _pass_time(self, at_s: int) -> None:
        if self._last_s is not None:
            passed = at_s - self._last_s
            # a gap is lived through only so far: whoever was away for months still knows its services
            self._lived_s += min(passed, self._tuning.long_gap_s) if passed > 0 else 0
            if passed <= 0:
                self._seen["seen_s"][:] = np.inf
        self._last_s = at_s

    def _rows(self, entities: Sequence[Entity], at_s: int) -> Rows:
        rows, fresh = self._roll.rows_of(entities)
        for columns in self._columns:
            columns.grow(self._roll.capacity)
            if fresh:
                columns.reset(fresh)
        return rows

    def _anomalies(
        self,
        at_s: int,
        views: _Views,
        failed: Floats,
        measures: NDArray[np.int64],
        surprises: Floats,
        since: Floats,
    ) -> tuple[Anomaly, ...]:
        surprise = self._tuning.anomalous_surprise
        rows, kinds = np.nonzero(~np.isnan(since))
        slow = kinds == len(RATES)
        observed, low, high = np.empty(len(rows)), np.empty(len(rows)), np.empty(len(rows))
        observed[~slow] = failed[rows[~slow], kinds[~slow]]
        low[~slow], high[~slow] = views.rates.bands(rows[~slow], kinds[~slow], surprise)
        chosen = measures[rows[slow]]
        observed[slow] = np.exp(views.times.observed[rows[slow], chosen])
        low[slow], high[slow] = views.times.bands(rows[slow], chosen, surprise)
        return tuple(
            Anomaly(
                entity=views.entities[row],
                signal=(*RATES, Signal.LATENCY)[kind],
                at_s=at_s,
                since_s=int(since[row, kind]),
                requests=float(views.rates.requests[row]),
                observed=float(observed[n]),
                low=float(low[n]),
                high=float(high[n]),
                surprise=float(surprises[row, kind]),
            )
            for n, (row, kind) in enumerate(zip(rows, kinds, strict=True))
        )

    def _forget(self) -> None:
        held = self._roll.held()
        gone = held[self._lived_s - self._seen["lived_s"][held] > self._tuning.forget_s]
        if len(gone):
            self._roll.forget(gone)

    def _readiness(self) -> Readiness:
        t, held = self._tuning, self._roll.held()
        bins, requests = self._seen["bins"][held], self._seen["requests"][held]
        if not len(held):
            most, seen = 0.0, 0.0
        else:
            best = int(np.argmax(np.minimum(bins / t.learn_bins, 1) + np.minimum(requests / t.learn_requests, 1)))
            most, seen = bins[best], requests[best]
        return Readiness(
            len(held),
            int(((bins >= t.learn_bins) & (requests >= t.learn_requests)).sum()),
            int(seen),
            int(t.learn_requests),
            int(most * self._bin_s / 60),
            -(-t.learn_bins * self._bin_s // 60),
        )
