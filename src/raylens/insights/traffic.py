"""How many requests enter minute by minute, and when that is unusual: no incident, but often the reason of one."""

from __future__ import annotations

from collections import deque
from collections.abc import Container
from statistics import median

import msgspec

from raylens.insights.series import SeriesScorer
from raylens.model.figures import Figures
from raylens.model.service import ServiceId

# What is usual is the middle of so many minutes.
_USUAL_MINUTES = 60
_FEWEST_MINUTES = 10
# One minute in ten thousand is as rare, one in a week. What follows upon a rare minute belongs to it.
_RARE_DECADES = 4.0
_SAME_S = 15 * 60


class UnusualTraffic(msgspec.Struct, frozen=True):
    """Where the traffic began to be unusual: the minute, its requests, and how many were usual."""

    at_s: int
    requests: int
    usual: int


class TrafficWatch:
    """Notes where the number of entering requests is not what recent minutes, the time of day and the week suggest."""

    def __init__(self) -> None:
        self._scorer = SeriesScorer()
        self._rare_s: int | None = None
        self._recent: deque[int] = deque(maxlen=_USUAL_MINUTES)
        self._notes: tuple[UnusualTraffic, ...] = ()

    def observe(self, figures: Figures, called: Container[ServiceId]) -> None:
        """Take in a minute; requests of services that nobody is known to call count as entering.

        A minute in which none did is as one that is left out.
        """
        entering = 0
        for row, entity in enumerate(figures.entities):
            if entity.source is None and entity.service not in called:
                entering += round(float(figures.requests[row]))
        if not entering:
            return
        if self._scorer.rarity(figures.at_s, entering) >= _RARE_DECADES and len(self._recent) >= _FEWEST_MINUTES:
            if self._rare_s is None or not 0 <= figures.at_s - self._rare_s <= _SAME_S:
                self._notes += (UnusualTraffic(figures.at_s, entering, round(median(self._recent))),)
            self._rare_s = figures.at_s
        self._recent.append(entering)

    def noted_between(self, start_s: int, end_s: int) -> UnusualTraffic | None:
        """The last time it began to be unusual in that time; None where it did not."""
        return next((each for each in reversed(self._notes) if start_s <= each.at_s < end_s), None)

    def forget_before(self, at_s: int) -> None:
        """Drop what was noted before a time."""
        self._notes = tuple(each for each in self._notes if each.at_s >= at_s)

    def copy(self) -> TrafficWatch:
        """One that goes on from here by itself."""
        other = TrafficWatch()
        other._rare_s = self._rare_s
        other._scorer = self._scorer.copy()
        other._recent = self._recent.copy()
        other._notes = self._notes
        return other
