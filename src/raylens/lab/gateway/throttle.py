"""A stage's throttle: a token bucket."""

from __future__ import annotations

DEFAULT_BURST = 5_000  # an account's default


class TokenBucket:
    """Holds at most `burst` tokens, refilled at `rate_per_s`; starts full. A rate of 0 never refills."""

    def __init__(self, rate_per_s: float, burst: int, now_ns: int) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._tokens = float(burst)
        self._filled_ns = now_ns

    def take(self, now_ns: int) -> bool:
        """Take one token if there is one. A clock that went back refills nothing."""
        elapsed_s = max(0, now_ns - self._filled_ns) / 1_000_000_000
        self._tokens = min(float(self._burst), self._tokens + elapsed_s * self._rate_per_s)
        self._filled_ns = now_ns
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
