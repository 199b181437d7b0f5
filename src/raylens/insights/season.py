"""What a series usually does at a time of the day or of the week."""

from __future__ import annotations

import math
from typing import Self

# A slot follows a residual of more typical deviations only so far (Huber): an incident of today would otherwise echo as
# an anomaly of the opposite sign tomorrow. The deviation follows in full, so that a lasting change is learned.
_BELIEVED_DEVIATIONS = 3.0
# With fewer rows the deviation of a slot says nothing.
_FEWEST = 4
DAY_S = 86_400
WEEK_S = 7 * DAY_S


class Season:
    """Mean and typical deviation of a series in each slot of a period, learned from timestamps.

    A slot is known once a row fell into it. It then forgets exponentially, over about `laps` periods.
    """

    __slots__ = ("_deviations", "_first_s", "_laps", "_means", "_period_s", "_rows", "_slot_s")

    def __init__(self, period_s: int, slot_s: int, laps: float) -> None:
        self._period_s = period_s
        self._slot_s = slot_s
        self._laps = laps
        self._first_s = math.inf
        self._means: dict[int, float] = {}
        self._deviations: dict[int, float] = {}
        self._rows: dict[int, int] = {}

    def copy(self) -> Self:
        other = type(self)(self._period_s, self._slot_s, self._laps)
        other._first_s = self._first_s
        other._means = self._means.copy()
        other._deviations = self._deviations.copy()
        other._rows = self._rows.copy()
        return other

    def is_complete(self, at_s: float) -> bool:
        """Whether the earliest row lies a whole period back, so that slots tell of earlier periods."""
        return at_s - self._first_s >= self._period_s

    def residual(self, at_s: float, value: float, step_s: float) -> tuple[float, float] | None:
        """How far the value lies from its slot's mean, and how far values there usually did; then it is learned.

        None in a slot seen for the first time. `step_s` is the time a row stands for.
        """
        # The earliest, not the first: what came before a clock went back cannot be told from what comes after.
        self._first_s = min(self._first_s, at_s)
        slot = int(at_s % self._period_s // self._slot_s)
        mean = self._means.get(slot)
        if mean is None:
            self._means[slot] = value
            self._deviations[slot] = 0.0
            self._rows[slot] = 1
            return None
        residual = value - mean
        deviation = self._deviations[slot]
        self._rows[slot] += 1
        # The plain mean at first. Rows further apart than a slot is long leave one row in it each period.
        weight = max(1.0 / self._rows[slot], min(step_s / self._slot_s, 1.0) / self._laps)
        self._means[slot] = mean + weight * self._believed(slot, residual)
        self._deviations[slot] = deviation + weight * (abs(residual) - deviation)
        return residual, deviation

    def _believed(self, slot: int, residual: float) -> float:
        if self._rows[slot] < _FEWEST:
            return residual
        most = _BELIEVED_DEVIATIONS * self._deviations[slot]
        return min(max(residual, -most), most)
