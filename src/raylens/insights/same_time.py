"""What each entity did at the same time of the two days before."""

from __future__ import annotations

import numpy as np

from raylens.insights.columns import Columns, Floats
from raylens.insights.roll import Rows

_DAY_S = 86_400
_SLOTS = 48
_SLOT_S = _DAY_S // _SLOTS


class SameTime:
    """A nightly job is no incident: what was reached on both of the last two days at about this time is usual.

    Of every half hour the highest value is kept that two bins in a row reached, so that a lone spike is not; of two
    days the lower one counts, so that yesterday's incident is not usual today. Values may be anything that compares.
    """

    def __init__(self, rows: int, values: int) -> None:
        unknown = np.full(values, np.nan)
        days = np.full((_SLOTS, values), np.nan)
        self.columns = Columns(rows, {"before": unknown, "peak": unknown, "yesterday": days, "day_before": days})
        self._slot: int | None = None

    def copy(self) -> SameTime:
        other = SameTime.__new__(SameTime)
        other.columns, other._slot = self.columns.copy(), self._slot
        return other

    def usual(self, rows: Rows, at_s: int) -> Floats:
        """What was reached within half an hour of this time on both days; NaN where that is not known."""
        self._turn_to(at_s // _SLOT_S)
        slot = at_s // _SLOT_S % _SLOTS
        near = [(slot - 1) % _SLOTS, slot, (slot + 1) % _SLOTS]
        # the half hour before was overwritten by today's
        newest = np.stack([self.columns["yesterday"][rows, each] for each in near[1:]])
        older = np.stack([self.columns["day_before"][rows, each] for each in near[1:]])
        before = self.columns["day_before"][rows, near[0]]
        reached = np.fmax.reduce(np.minimum(newest, older))
        return np.asarray(np.fmax(reached, np.minimum(before, newest[0])))

    def learn(self, rows: Rows, values: Floats) -> None:
        """Take in the values of the bin that `usual` was asked about."""
        c = self.columns
        both = np.minimum(values, c["before"][rows])
        c["peak"][rows] = np.fmax(c["peak"][rows], both)
        c["before"][rows] = values

    def _turn_to(self, slot: int) -> None:
        """Put away the half hour that is over; those of which nothing was seen are unknown from now on."""
        c, last = self.columns, self._slot
        self._slot = slot
        if last is None or slot == last:
            return
        passed = slot - last if slot > last else _SLOTS
        for n in range(min(passed, _SLOTS)):
            at = (last + n) % _SLOTS
            c["day_before"][:, at] = c["yesterday"][:, at]
            c["yesterday"][:, at] = c["peak"] if n == 0 else np.nan
        c["peak"][:] = np.nan
        c["before"][:] = np.nan
