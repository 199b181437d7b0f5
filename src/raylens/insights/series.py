"""How sure one may be that a row of a numeric series is anomalous, told from that row and earlier ones."""

from __future__ import annotations

import math
from collections import deque
from typing import Self

import msgspec

from raylens.insights.season import DAY_S, WEEK_S, Season
from raylens.insights.tail_memory import TailMemory

# Values are cut off here, so that sums of squares of their differences are still floats.
_LARGEST = 1e100
# A difference this small beside the value is rounding.
_ROUNDING = 1e-9


class SeriesTuning(msgspec.Struct, frozen=True):
    """The one configuration for all series. Counts are numbers of rows.

    None is critical: with the margin, the prior, the memory or the level's weight halved or doubled, the standard score
    of the Numenta benchmark (`benchmarks.insights.nab`) stays above 60, of 71.8 as they are.
    """

    # A row that is scored as high is worth raising: an anomaly is then the likelier explanation.
    raise_at: float = 0.5
    # The share of rows that begin an anomaly: one in four days at a row in five minutes.
    prior: float = 1 / 1_200
    # What is rare is judged by so many rows: two weeks at a row in five minutes.
    memory: int = 4_000
    # The outermost share of them, to which the tail's weight is fitted.
    tail_share: float = 0.05
    # A difference has to be larger than what was seen by more than this share: that keeps noise from being news.
    margin: float = 0.1
    # Weight of the newest row in the level that the next row is compared with.
    level_weight: float = 0.1
    # Rows whose spread is judged.
    recent: int = 12
    # A gap of so many usual steps ends what was recent.
    gap_steps: float = 12.0
    day_slot_s: int = 1_800
    day_laps: float = 5.0
    week_slot_s: int = 3_600
    week_laps: float = 4.0
    # Weight of the newest row in the usual deviation of all slots.
    deviation_weight: float = 0.005
    # Rows after a raised one that belong to the same anomaly.
    hold: int = 80


class SeriesScorer:
    """Scores the rows of one series as they come, in constant time and bounded memory (some 300 kB when full).

    Four views of a row are compared with what they were in the latest rows, and the rarest decides: the jump from the
    recent level (spikes, shifts, drops); the spread of the recent rows (bursts, new noise, silence); the difference
    from what is usual at this time of day, in units of what is usual at that time; and as much of this difference as
    the time of the week does not explain. Rarity is a tail probability, so neither scale nor shape of a series
    matters, and what stays becomes normal, since it is remembered.
    """

    def __init__(self, tuning: SeriesTuning | None = None) -> None:
        self._tuning = t = tuning or SeriesTuning()
        self._level: float | None = None
        self._recent: deque[float] = deque(maxlen=t.recent)
        self._last_s: float | None = None
        self._step_s: float | None = None
        self._day = Season(DAY_S, t.day_slot_s, t.day_laps)
        self._week = Season(WEEK_S, t.week_slot_s, t.week_laps)
        self._usual_deviation = 0.0
        self._jumps = TailMemory(t.memory, t.tail_share, t.margin)
        self._spreads = TailMemory(t.memory, t.tail_share, t.margin)
        self._day_residuals = TailMemory(t.memory, t.tail_share, t.margin)
        self._calendar_residuals = TailMemory(t.memory, t.tail_share, t.margin)
        self._held = 0

    def copy(self) -> Self:
        """A scorer that goes on from here by itself."""
        other = type(self)(self._tuning)
        other._level = self._level
        other._recent = self._recent.copy()
        other._last_s, other._step_s = self._last_s, self._step_s
        other._day, other._week = self._day.copy(), self._week.copy()
        other._usual_deviation = self._usual_deviation
        other._jumps, other._spreads = self._jumps.copy(), self._spreads.copy()
        other._day_residuals, other._calendar_residuals = self._day_residuals.copy(), self._calendar_residuals.copy()
        other._held = self._held
        return other

    def score(self, at_s: float, value: float) -> float:
        """How sure it is that an anomaly begins at this row, 0..1; `tuning.raise_at` and more is worth raising.

        It is the share that anomalies have among rows as rare as this one. The rows after a raised one score less
        than half: they belong to the anomaly that is known. A row without a finite value or time scores 0 and teaches
        nothing; time may stand still, jump or go back.
        """
        t = self._tuning
        if not (math.isfinite(value) and math.isfinite(at_s)):
            return 0.0
        normal = math.pow(10.0, -self.rarity(at_s, value))
        score = t.prior / (t.prior + normal)
        if self._held:
            self._held -= 1
            return score * t.raise_at
        if score >= t.raise_at:
            self._held = t.hold
        return score

    def rarity(self, at_s: float, value: float) -> float:
        """How rare a finite value at a finite time is, in decades of its tail probability; then it is learned."""
        value = min(max(value, -_LARGEST), _LARGEST)
        step_s = self._step_to(at_s)
        return max(self._jump(value), self._spread(value), self._calendar(at_s, value, step_s))

    def _step_to(self, at_s: float) -> float:
        """The usual time from row to row, in seconds (0 while unknown); forgets what was recent after a gap."""
        last_s, self._last_s = self._last_s, at_s
        passed_s = 0.0 if last_s is None else at_s - last_s
        if passed_s > 0.0:
            step_s = self._step_s
            # A running median: a tenth up or down with every row, so that gaps do not lengthen it.
            self._step_s = passed_s if step_s is None else step_s * (1.1 if passed_s > step_s else 1 / 1.1)
            if step_s is not None and passed_s > self._tuning.gap_steps * step_s:
                self._forget_recent()
        elif last_s is not None and self._step_s is not None and -passed_s > self._tuning.gap_steps * self._step_s:
            self._forget_recent()
        return self._step_s or 0.0

    def _forget_recent(self) -> None:
        self._level = None
        self._recent.clear()

    def _jump(self, value: float) -> float:
        if self._level is None:
            self._level = value
            return 0.0
        jump = _difference(value, self._level)
        self._level += self._tuning.level_weight * jump
        return self._jumps.judge(jump)

    def _spread(self, value: float) -> float:
        recent = self._recent
        recent.append(value)
        count = len(recent)
        if count < self._tuning.recent:
            return 0.0
        mean = sum(recent) / count
        return self._spreads.judge(math.sqrt(sum([(each - mean) * (each - mean) for each in recent]) / count))

    def _calendar(self, at_s: float, value: float, step_s: float) -> float:
        """The rarer of two differences: from the time of day, in its own units, and what the week leaves of it."""
        day = self._day.residual(at_s, value, step_s)
        week = self._week.residual(at_s, value, step_s)
        if day is None:
            return 0.0
        off_day, deviation = day
        usual = self._usual_deviation
        self._usual_deviation += self._tuning.deviation_weight * (abs(off_day) - usual)
        # Half of what is usual at all times goes in, or a slot that was calm twice by chance would be sure of itself.
        scale = deviation + 0.5 * usual
        off = off_day if week is None or not self._week.is_complete(at_s) else _agreed(off_day, week[0])
        return max(
            self._day_residuals.judge(off_day / scale if scale > 0.0 else 0.0), self._calendar_residuals.judge(off)
        )


def _agreed(off_day: float, off_week: float) -> float:
    """How far a value is off by both accounts, or a shift of last week would be news when the week comes round."""
    return min(off_day, off_week, key=abs) if off_day * off_week > 0.0 else 0.0


def _difference(value: float, level: float) -> float:
    difference = value - level
    return 0.0 if abs(difference) <= _ROUNDING * abs(value) else difference
