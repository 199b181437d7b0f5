"""How rare a number is among the latest numbers of its kind."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, bisect_right
from typing import Self

# Nothing is said about fewer numbers, and the weight of a tail is not judged by fewer exceedances.
_FEWEST = 30
_FEWEST_IN_TAIL = 10
# What is said of a number beyond all others where these do not differ at all: rare, but nothing tells how rare.
_BEYOND_CONSTANT_DECADES = 4.0
# A fit to thousands of numbers tells nothing about rarer ones than this.
_MOST_DECADES = 12.0


class TailMemory:
    """The latest `capacity` numbers, kept in order of time and in order of size; 16 bytes each.

    Rarity is told in decades: 3.0 of a number that one of a thousand numbers reaches. Inside of what was seen it is
    counted. Beyond, a generalized Pareto distribution is fitted by moments to the outermost `tail_share`: in a series
    where spikes are normal its tail is heavy, and the same distance is less rare than in a calm one. Before that the
    number moves by the share `margin` towards the median: that it is a little more extreme than others is no news.

    Sources: Hosking and Wallis, Technometrics 29 (1987), the estimators; Siffer et al., KDD 2017, peaks over threshold
    on streams.
    """

    __slots__ = ("_capacity", "_margin", "_next", "_ordered", "_recent", "_tail_share")

    def __init__(self, capacity: int, tail_share: float, margin: float) -> None:
        self._capacity = capacity
        self._margin = margin
        self._tail_share = tail_share
        self._ordered = array("d")
        # A ring once it is full; `_next` is where its oldest number lies.
        self._recent = array("d")
        self._next = 0

    def __len__(self) -> int:
        return len(self._ordered)

    def copy(self) -> Self:
        other = type(self)(self._capacity, self._tail_share, self._margin)
        other._ordered = self._ordered[:]
        other._recent = self._recent[:]
        other._next = self._next
        return other

    def judge(self, number: float) -> float:
        """The rarity of a finite number among those before it; then it is remembered, and the oldest may leave."""
        decades = self.rarity(number)
        self.add(number)
        return decades

    def add(self, number: float) -> None:
        ordered, recent = self._ordered, self._recent
        if len(recent) < self._capacity:
            recent.append(number)
        else:
            del ordered[bisect_left(ordered, recent[self._next])]
            recent[self._next] = number
            self._next = (self._next + 1) % self._capacity
        ordered.insert(bisect_right(ordered, number), number)

    def rarity(self, number: float) -> float:
        """How rare it is that a number lies so far out on this number's side of the median, in decades.

        0 while less than 30 numbers are known.
        """
        ordered = self._ordered
        count = len(ordered)
        if count < _FEWEST:
            return 0.0
        median = 0.5 * (ordered[(count - 1) // 2] + ordered[count // 2])
        number -= self._margin * (number - median)
        not_below = count - bisect_left(ordered, number)
        not_above = bisect_right(ordered, number)
        as_far = min(not_below, not_above)
        if as_far:
            return math.log10((count + 1) / (as_far + 1))
        in_tail = max(_FEWEST_IN_TAIL, int(count * self._tail_share))
        if not_above:
            edge = ordered[-in_tail - 1]
            return _decades_beyond([each - edge for each in ordered[-in_tail:]], number - edge, count)
        edge = ordered[in_tail]
        return _decades_beyond([edge - each for each in ordered[:in_tail]], edge - number, count)


def _decades_beyond(exceedances: list[float], exceedance: float, count: int) -> float:
    """Rarity of an exceedance larger than all of `exceedances`, the outermost of `count` numbers."""
    in_tail = len(exceedances)
    mean = sum(exceedances) / in_tail
    if mean <= 0.0:
        return _BEYOND_CONSTANT_DECADES
    variance = sum((each / mean - 1.0) ** 2 for each in exceedances) / in_tail
    # A negative shape would give the tail an end and call what lies beyond impossible: it counts as exponential.
    shape = max(0.0, 0.5 * (1.0 - 1.0 / variance)) if variance > 0.0 else 0.0
    distance = exceedance / mean / (1.0 - shape)
    nats = distance if shape < 1e-3 else math.log1p(shape * distance) / shape
    return min(_MOST_DECADES, math.log10(count / in_tail) + nats / math.log(10.0))
