"""Where the time comes from: the system in production, a test's hand in tests."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """The wall clock. MUST NOT block; MAY go backwards, as system clocks do."""

    def now_ns(self) -> int:
        """Nanoseconds since the Unix epoch."""


class SystemClock:
    """The operating system's wall clock."""

    def now_ns(self) -> int:
        return time.time_ns()


class ManualClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now_ns: int) -> None:
        self._now_ns = now_ns

    def now_ns(self) -> int:
        return self._now_ns

    def advance(self, seconds: float) -> None:
        """Move the clock by `seconds`; a negative value moves it back."""
        self._now_ns += round(seconds * 1_000_000_000)
