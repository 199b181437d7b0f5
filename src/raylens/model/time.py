"""Time inside is integer nanoseconds; float epoch seconds live only in decoders and encoders."""

from __future__ import annotations

import msgspec

from raylens.errors import InvalidRequest

NS_PER_S = 1_000_000_000
NS_PER_MINUTE = 60 * NS_PER_S

# Beyond this, nanoseconds no longer fit the 64-bit columns (year 2262).
MAX_EPOCH_S = 9_000_000_000.0


def ns_from_seconds(seconds: float) -> int:
    """Integer nanoseconds of float epoch seconds, to the microsecond.

    A double near 1.7e9 resolves about 0.24 us, so digits below a microsecond are noise of the encoding.
    """
    return int(seconds * 1_000_000 + 0.5) * 1000


def seconds_from_ns(ns: int) -> float:
    """Float seconds, rounded to the microsecond so that encoders print no binary noise."""
    return round(ns / NS_PER_S, 6)


class TimeRange(msgspec.Struct, frozen=True):
    """A half-open range of time: `start_ns` is inside, `end_ns` is not.

    Raises: InvalidRequest when the end is not after the start.
    """

    start_ns: int
    end_ns: int

    def __post_init__(self) -> None:
        if self.end_ns <= self.start_ns:
            raise InvalidRequest(
                f"EndTime {seconds_from_ns(self.end_ns):f} is not after StartTime {seconds_from_ns(self.start_ns):f}"
            )

    @property
    def minutes(self) -> tuple[int, int]:
        """The first and the last minute of the epoch that it touches."""
        return self.start_ns // NS_PER_MINUTE, (self.end_ns - 1) // NS_PER_MINUTE

    def contains(self, at_ns: int) -> bool:
        return self.start_ns <= at_ns < self.end_ns
