"""Judges a group's minutes as they settle, and again when what was stored of them changes."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping

import msgspec

from raylens.insights.judge import Judge
from raylens.insights.tuning import TUNING, Tuning
from raylens.model.figures import Figures, no_figures
from raylens.model.time import NS_PER_MINUTE, NS_PER_S, TimeRange
from raylens.storage.interface import GraphReader, TraceFilter

_log = logging.getLogger(__name__)

# A minute is judged this long after its end: segments are sent when they are complete, and some time later.
SETTLE_S = 20
# What changed of younger minutes is taken in with every judging; of older ones by judging everything again.
_YOUNG_MINUTES = 15
# How far back incidents are looked for when a watch begins or begins again.
LOOK_BACK_MINUTES = 24 * 60
# The time of day is learned from so many days, or from fewer where they would have more rows than this.
HISTORY_MINUTES = 7 * 24 * 60
_HISTORY_ROWS = 5_000_000
# About so many rows are read at once: 25 MB.
_ROWS_AT_ONCE = 200_000
# An older minute counts as changed by so many requests and by this share of what was known of it. Every trace that
# took longer than a quarter of an hour changes one by a little.
_CHANGED_REQUESTS = 10
_CHANGED_SHARE = 0.1
# Judging a day again waits so long after the last time, and twice as long each time while more keeps changing: with
# thousands of entities it takes a minute.
_AGAIN_S, _LONGEST_AGAIN_S = 15, 960
# To see whether older minutes changed takes at most a fiftieth of the time: a day of a million traces is counted in
# some 0.2 s.
_COUNT_PAUSE = 50
# A clock that went back by more than this has a new idea of the time: begin again with it.
_BACK_MINUTES = 60


class _Counted(msgspec.Struct, frozen=True):
    """Requests that entered in each minute of a day, which ends with the minute `until`."""

    until: int
    requests: Mapping[int, int]


class _Tip(msgspec.Struct):
    """The judge of the youngest minute, `minute`, and what it was told of each minute after the settled one."""

    judge: Judge
    minute: int
    prints: dict[int, bytes]


class MinuteWatch:
    """The incidents of one set of traces, minute by minute. One thread uses it.

    Everything is worked out of the store: a new one finds what an older one found, and what fails is made up for by the
    next call. It holds the state of a detector twice and a number for each minute of the last day.
    """

    def __init__(
        self, store: GraphReader, is_stopping: Callable[[], bool] = lambda: False, tuning: Tuning = TUNING
    ) -> None:
        """Once `is_stopping` says so nothing more is judged."""
        self._store = store
        self._is_stopping = is_stopping
        self._tuning = tuning
        # The tip of the last minute that is taken for settled; None before anything was judged.
        self._settled: _Tip | None = None
        self._tip = _Tip(Judge(60, tuning), 0, {})
        self._counted = _Counted(0, {})
        self._count_from_ns = 0
        self._again_s = _AGAIN_S

    def advance(self, now_ns: int, where: TraceFilter) -> Judge | None:
        """Judge what is there to judge; the judge after the youngest minute, None where nothing is new."""
        last = (now_ns - SETTLE_S * NS_PER_S) // NS_PER_MINUTE - 1
        settled = self._settled
        if settled is None or self._is_elsewhere(last) or self._has_changed(settled, last, now_ns, where):
            if not self._begin(last, now_ns, where):
                return None
        elif last <= self._tip.minute:
            return None
        self._judge_young(last, where)
        return self._tip.judge

    @property
    def judged_until_ns(self) -> int:
        """The end of the youngest minute that was judged."""
        return (self._tip.minute + 1) * NS_PER_MINUTE

    def _is_elsewhere(self, last: int) -> bool:
        """Whether the clock is too far from what was judged last to go on from there."""
        return not -_BACK_MINUTES <= last - self._tip.minute <= LOOK_BACK_MINUTES

    def _has_changed(self, settled: _Tip, last: int, now_ns: int, where: TraceFilter) -> bool:
        """Whether minutes that are taken for settled hold something else than was judged.

        What they hold is remembered only where it is not news: judging again may fail, and is tried again then.
        """
        if now_ns < self._count_from_ns:
            return False
        began_s = time.monotonic()
        before, now = self._counted, self._count(settled.minute, where)
        self._count_from_ns = now_ns + round(_COUNT_PAUSE * (time.monotonic() - began_s) * NS_PER_S)
        minutes = {
            each for each in (*before.requests, *now.requests) if last - LOOK_BACK_MINUTES < each <= before.until
        }
        if any(_is_change(before.requests.get(each, 0), now.requests.get(each, 0)) for each in minutes):
            self._again_s = min(2 * self._again_s, _LONGEST_AGAIN_S)
            return True
        self._counted, self._again_s = now, max(self._again_s // 2, _AGAIN_S)
        return False

    def _begin(self, last: int, now_ns: int, where: TraceFilter) -> bool:
        """Judge the last day from its beginning, having learned from the days before it; False when told to stop."""
        began_s, until = time.monotonic(), max(0, last - _YOUNG_MINUTES)
        # Counted first: what arrives while minutes are judged is then found to have changed.
        counted, judge, minutes = self._count(until, where), Judge(60, self._tuning), 0
        for figures in self._history(until, where):
            if self._is_stopping():
                return False
            judge.judge(figures)
            minutes += 1
        self._settled, self._counted = _Tip(judge, until, {}), counted
        self._tip = _Tip(judge.copy(), until, {})
        self._count_from_ns = max(self._count_from_ns, now_ns + self._again_s * NS_PER_S)
        _log.info("judged %d minutes of history in %.1f s", minutes, time.monotonic() - began_s)
        return True

    def _history(self, until: int, where: TraceFilter) -> Iterator[Figures]:
        """The minutes up to `until` that have any figures, oldest first."""
        end = until + 1
        rows_per_minute = self._rows_between(end - 60, end, where) / 60
        minutes = HISTORY_MINUTES if not rows_per_minute else int(_HISTORY_ROWS / rows_per_minute)
        at = max(0, end - min(HISTORY_MINUTES, max(LOOK_BACK_MINUTES, minutes)))
        length = 60
        while at < end:
            read = self._read(at, min(at + length, end), where)
            yield from read.values()
            at += length
            rows = sum(len(each.entities) for each in read.values())
            length = max(15, min(LOOK_BACK_MINUTES, 2 * length, length * _ROWS_AT_ONCE // max(rows, 1)))

    def _rows_between(self, first: int, end: int, where: TraceFilter) -> int:
        return sum(len(each.entities) for each in self._read(max(0, first), end, where).values())

    def _judge_young(self, last: int, where: TraceFilter) -> None:
        settled, tip = self._settled, self._tip
        assert settled is not None
        read = self._read(settled.minute + 1, last + 1, where)
        prints = {minute: _fingerprint(figures) for minute, figures in read.items()}
        if any(tip.prints.get(each) != prints.get(each) for each in range(settled.minute + 1, tip.minute + 1)):
            tip = self._tip = _Tip(settled.judge.copy(), settled.minute, {})
        self._go_on(tip, last, read)
        tip.prints = prints
        self._go_on(settled, last - _YOUNG_MINUTES, read)
        for each in (settled, tip):
            each.judge.forget_before((settled.minute - LOOK_BACK_MINUTES) * 60)

    @staticmethod
    def _go_on(tip: _Tip, until: int, read: Mapping[int, Figures]) -> None:
        for minute in range(tip.minute + 1, until + 1):
            tip.judge.judge(read.get(minute) or no_figures(minute * 60))
            tip.minute = minute

    def _read(self, first: int, end: int, where: TraceFilter) -> dict[int, Figures]:
        """The figures of the minutes that have any."""
        if first >= end:
            return {}
        window = TimeRange(first * NS_PER_MINUTE, end * NS_PER_MINUTE)
        return {each.at_s // 60: each for each in self._store.figures_by_minute(window, where).bins()}

    def _count(self, until: int, where: TraceFilter) -> _Counted:
        first = max(0, until - LOOK_BACK_MINUTES)
        window = TimeRange(first * NS_PER_MINUTE, (until + 1) * NS_PER_MINUTE)
        found = self._store.statistics_by_minute(window, None, where)
        return _Counted(until, {minute: statistics.total for minute, statistics in found.items()})


def _is_change(before: int, now: int) -> bool:
    return abs(now - before) > max(_CHANGED_REQUESTS, _CHANGED_SHARE * before)


def _fingerprint(figures: Figures) -> bytes:
    """The same for the same figures, whatever the order of their rows."""
    rows = sorted(
        (entity.label, figures.requests[n], figures.faults[n], figures.errors[n], figures.throttles[n],
         figures.response_s[n].tobytes())
        for n, entity in enumerate(figures.entities)
    )  # fmt: skip
    return hashlib.blake2b(repr(rows).encode(), digest_size=16).digest()
