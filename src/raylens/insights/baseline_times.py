"""The usual response times of each entity, and how far they stray."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from raylens.insights.columns import Columns, Floats
from raylens.insights.roll import Rows
from raylens.insights.tails import binomial_surprise, student_deviation, student_surprise
from raylens.insights.tuning import Tuning
from raylens.model.figures import RESPONSE_MEASURES

MEASURES = len(RESPONSE_MEASURES)
Bools = NDArray[np.bool_]
_UNKNOWN = 1e6
# The part of requests that must be slow for a measure to rise: those above a percentile; one in twenty moves the mean.
_SLOW_PART = np.array([0.05, 0.50, 0.10, 0.05, 0.01])


class TimeView(msgspec.Struct, frozen=True):
    """One bin against its baselines, a row for each entity and a column for each measure, in natural logarithms.

    `surprise` is 0 where nothing is judged, `spread` includes how little the level is known.
    """

    observed: Floats
    level: Floats
    spread: Floats
    ceiling: Floats
    freedom: Floats
    surprise: Floats

    def best(self) -> tuple[NDArray[np.int64], Floats]:
        """The most surprising measure of each entity, and its surprise for having been chosen among all."""
        chosen = np.argmax(self.surprise, axis=1)
        most = np.take_along_axis(self.surprise, chosen[:, None], axis=1)[:, 0]
        # five measures of one distribution are worth about two independent ones
        return chosen, np.maximum(most - np.log10(2.0), 0.0)

    def bands(self, rows: Rows, measures: Rows, surprise: float) -> tuple[Floats, Floats]:
        """The shortest and the longest seconds that are expected in this bin, for pairs of row and measure."""
        at = (rows, measures)
        reach = student_deviation(surprise, self.freedom[at]) * self.spread[at]
        level, ceiling = self.level[at], self.ceiling[at]
        return np.exp(2.0 * level - ceiling - reach), np.exp(ceiling + reach)


class TimeBaselines:
    """A level that wanders, seen through noise: a Kalman filter for each measure, on logarithms.

    The noise is that of a bin with the usual number of requests; fewer requests make more of it.
    """

    def __init__(self, rows: int, tuning: Tuning) -> None:
        self._tuning = tuning
        zeros, unknown = np.zeros(MEASURES), np.full(MEASURES, _UNKNOWN)
        noise = np.full(MEASURES, tuning.spread_prior**2)
        tail = np.full(MEASURES, 3.0 + 6.0 / (tuning.freedom - 4.0))
        self.columns = Columns(
            rows,
            {
                "level": zeros, "doubt": unknown, "noise": noise, "tail": tail, "bins": zeros, "usual": np.zeros(()),
                "off_s": np.zeros(()), "recent": zeros,
                "waiting": np.zeros(()), "late_squared": zeros, "late_far": zeros,
            },
        )  # fmt: skip

    def copy(self) -> TimeBaselines:
        other = TimeBaselines.__new__(TimeBaselines)
        other._tuning, other.columns = self._tuning, self.columns.copy()
        return other

    def judge(
        self,
        rows: Rows,
        requests: Floats,
        response_s: Floats,
        elapsed_s: Floats,
        judged: Bools,
        same_time: Floats,
        bin_s: int,
    ) -> TimeView:
        """The bin against what was usual before it, and at the same time of other days (`same_time`, logarithms) where
        that was far above; `judged` says of which rows enough is known."""
        t, c = self._tuning, self.columns
        observed = np.log(np.maximum(response_s, t.least_response_s))
        level = c["level"][rows]
        variance = self._doubt(rows, elapsed_s, bin_s) + c["noise"][rows] * self._thinness(rows, requests)
        spread = np.sqrt(variance)
        with np.errstate(invalid="ignore"):
            base = np.where(same_time > level + t.far_above * spread, same_time, level)
        ceiling = base + self._margin(base)
        freedom = self._freedom(rows)
        surprise = student_surprise((observed - ceiling) / spread, freedom)
        # a percentile of few requests is the time of one of them, and every service has its odd slow request
        slow = np.maximum(requests[:, None] * _SLOW_PART, 1.0)
        surprise = np.minimum(surprise, binomial_surprise(slow, requests[:, None], t.outlier_share))
        sure = judged[:, None] & (c["bins"][rows] >= t.learn_bins) & (elapsed_s <= t.long_gap_s)[:, None]
        return TimeView(observed, level, spread, ceiling, freedom, np.where(sure & ~np.isnan(observed), surprise, 0.0))

    def learn(
        self,
        rows: Rows,
        requests: Floats,
        view: TimeView,
        elapsed_s: Floats,
        anomalous: Bools,
        failing: Bools,
        bin_s: int,
    ) -> None:
        """Take the bin into the baselines; little of what is anomalous, until it has settled.

        `failing` rows teach nothing: the times of unusually many failures are not those of answers.
        """
        t, c = self._tuning, self.columns
        known = ~np.isnan(view.observed) & ~failing[:, None]
        # what is only usual for the time of day does not move the level of the whole day
        with np.errstate(invalid="ignore"):
            raised = view.ceiling > view.level + self._margin(view.level) + t.far_above * view.spread
            known &= ~(raised & (view.observed > view.level))
        first = known & (c["bins"][rows] == 0)
        doubt = self._doubt(rows, elapsed_s, bin_s)
        thin = self._thinness(rows, requests)
        noise = c["noise"][rows]
        off_by = np.where(known, view.observed - view.level, 0.0)
        clipped = np.clip(off_by, -t.clip * view.spread, t.clip * view.spread)
        # after a gap or at the first sight there is nothing to protect
        fresh = first | (doubt > noise)
        step = np.where(fresh, off_by, clipped)
        weight = np.where(known, np.where(anomalous[:, None] & ~fresh, t.anomalous_weight, 1.0), 0.0)
        gain = doubt / (doubt + noise * thin)
        level = view.level + weight * gain * step
        # what falls teaches less than what rises: a new low level must not look like noise before it has settled
        narrow = np.maximum(clipped, -t.far_below * view.spread)
        squared = np.maximum((np.square(narrow) - doubt) / thin, 0.0)
        # only the upper tail is ever asked about; what is far below says nothing of it
        far = 2.0 * np.clip(off_by / view.spread, 0.0, t.tail_clip) ** 4
        with np.errstate(invalid="ignore"):
            below = (known & (off_by < -t.far_below * view.spread)).any(axis=1)
        strange = anomalous | below
        self._learn_spread(rows, squared, far, known & ~fresh, anomalous)
        c["doubt"][rows] = np.where(known, doubt * (1 - weight * gain), doubt)
        c["bins"][rows] += weight
        usual = c["usual"][rows]
        c["usual"][rows] = np.where(usual > 0, usual + (np.log(requests) - usual) / 60, np.log(requests))
        c["level"][rows] = self._settled(rows, view, level, strange & ~failing, bin_s)

    def _learn_spread(self, rows: Rows, squared: Floats, far: Floats, known: Bools, anomalous: Bools) -> None:
        """Learn from deviations, from anomalous ones a bin late: a lone one is how this entity is, a run of them is an
        incident and teaches little."""
        t, c = self._tuning, self.columns
        waiting, run = c["waiting"][rows], (anomalous & (c["waiting"][rows] > 0))[:, None]
        lone = (waiting > 0)[:, None] & ~run
        seen = np.minimum(c["bins"][rows], t.spread_bins)
        for late in (True, False):
            if late:
                weight, squares, fars = (
                    np.where(lone & (c["late_far"][rows] > 0), 1.0, 0.0),
                    c["late_squared"][rows],
                    c["late_far"][rows],
                )
            else:
                weight, squares, fars = np.where(known & ~anomalous[:, None], 1.0, 0.0), squared, far
            noise, tail = c["noise"][rows], c["tail"][rows]
            noise = noise + weight / (seen + t.spread_prior_bins) * (squares - noise)
            c["noise"][rows] = np.maximum(noise, t.spread_floor**2)
            c["tail"][rows] = tail + weight / (seen + t.tail_prior_bins) * (fars - tail)
        held = known & anomalous[:, None] & ~run
        c["late_squared"][rows] = np.where(held, squared, 0.0)
        c["late_far"][rows] = np.where(held, far, 0.0)
        c["waiting"][rows] = anomalous

    def _settled(self, rows: Rows, view: TimeView, level: Floats, off: Bools, bin_s: int) -> Floats:
        t, c = self._tuning, self.columns
        off_s = np.maximum(c["off_s"][rows] + np.where(off, bin_s, -3.0 * bin_s), 0.0)
        known = ~np.isnan(view.observed)
        recent = np.where(c["off_s"][rows][:, None] > 0, c["recent"][rows], view.observed)
        recent = np.where(known, recent + 0.2 * (view.observed - recent), recent)
        settled = off_s >= t.settle_s
        c["off_s"][rows] = np.where(settled, 0.0, off_s)
        c["recent"][rows] = recent
        adopt = settled[:, None] & ~np.isnan(recent)
        c["doubt"][rows] = np.where(adopt, c["noise"][rows], c["doubt"][rows])
        return np.where(adopt, recent, level)

    def _margin(self, level: Floats) -> Floats:
        """By how much a level may rise before it concerns anybody."""
        t = self._tuning
        return np.asarray(np.log1p(np.maximum(t.relevant_ratio, t.relevant_s * np.exp(-level))))

    def _doubt(self, rows: Rows, elapsed_s: Floats, bin_s: int) -> Floats:
        """How uncertain the level is now: a random walk since it was last seen, such that a steady stream of bins is
        followed within `level_memory_s`."""
        t, c = self._tuning, self.columns
        walk = c["noise"][rows] * bin_s / t.level_memory_s**2
        return np.minimum(c["doubt"][rows] + walk * np.minimum(elapsed_s, 1e9)[:, None], _UNKNOWN)

    def _freedom(self, rows: Rows) -> Floats:
        """The freedom of the t distribution that has tails like those seen: its kurtosis is 3 + 6 / (freedom - 4)."""
        t = self._tuning
        heavy = np.maximum(self.columns["tail"][rows] - 3.0, 1e-3)
        return np.clip(4.0 + 6.0 / heavy, t.least_freedom, t.most_freedom)

    def _thinness(self, rows: Rows, requests: Floats) -> Floats:
        """How much noisier a bin is for having fewer requests than usual."""
        usual = self.columns["usual"][rows]
        return 0.5 + 0.5 * np.maximum(np.exp(usual - np.log(requests)), 1.0)[:, None]
