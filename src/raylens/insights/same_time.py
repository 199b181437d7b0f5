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
        self.columns = Columns(
            rows, {"before": unknown, "peak": unknown, "late": unknown, "yesterday": days, "day_before": days}
        )
        self._slot: int | None = None

    def copy(self) -> SameTime:
        other = SameTime.__new__(SameTime)
        other.columns, other._slot = self.columns.copy(), self._slot
        return other

    def usual(self, rows: Rows, at_s: int) -> Floats:
        """What was reached within half an hour of this time on both days; NaN where that is not known."""
        self._turn_to(at_s // _SLOT_S)
        slot = at_s // _SLOT_S
        near = [each % _SLOTS for each in (slot - 1, slot, slot + 1)]
        both = [np.minimum(self.columns["yesterday"][rows, at], self.columns["day_before"][rows, at]) for at in near]
        return np.asarray(np.fmax.reduce(both))

    def learn(self, rows: Rows, values: Floats) -> None:
        """Take in the values of the bin that `usual` was asked about."""
        c = self.columns
        both = np.minimum(values, c["before"][rows])
        c["peak"][rows] = np.fmax(c["peak"][rows], both)
        c["before"][rows] = values

    def _turn_to(self, slot: int) -> None:
        """Put away the half hours that are over, each half an hour late: until then that of yesterday is asked for.

        Those of which nothing was seen are unknown from then on.
        """
        c, last = self.columns, self._slot
        self._slot = slot
        if last is None or slot == last:
            return
        passed = slot - last if slot > last else _SLOTS + 1
        over = [c["late"], c["peak"]]
        for n in range(min(passed, _SLOTS + 1)):
            self._put_away(last - 1 + n, over[n] if n < len(over) else None)
        c["late"][:] = c["peak"] if passed == 1 else np.nan
        c["peak"][:] = np.nan
        c["before"][:] = np.nan

    def _put_away(self, slot: int, peak: Floats | None) -> None:
        at = slot % _SLOTS
        self.columns["day_before"][:, at] = self.columns["yesterday"][:, at]
        self.columns["yesterday"][:, at] = np.nan if peak is None else peak
