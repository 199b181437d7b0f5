"""The reservoir of a sampling rule on the caller's side: so many requests a second, then a share of the rest."""

from __future__ import annotations

from collections.abc import Callable

_SECOND_NS = 1_000_000_000


class LocalReservoir:
    """Samples the first `size_per_s` requests of each second, then a `fixed_rate` share."""

    def __init__(self, size_per_s: int, fixed_rate: float, random: Callable[[], float]) -> None:
        self._size_per_s = size_per_s
        self._fixed_rate = fixed_rate
        self._random = random
        self._second = -1
        self._taken_count = 0

    def take(self, now_ns: int) -> bool:
        """Whether the reservoir of this second had one left; it is used up by asking."""
        second = now_ns // _SECOND_NS
        if second != self._second:
            self._second, self._taken_count = second, 0
        if self._taken_count >= self._size_per_s:
            return False
        self._taken_count += 1
        return True

    def sample(self, now_ns: int) -> bool:
        """The decision for one request."""
        return self.take(now_ns) or self._random() < self._fixed_rate
