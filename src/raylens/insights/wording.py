"""Numbers and times as the sentences about incidents write them."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from raylens.model.time import NS_PER_S


def clock_time(at_ns: int) -> str:
    """`14:03 UTC`."""
    return datetime.fromtimestamp(at_ns // NS_PER_S, UTC).strftime("%H:%M UTC")


def count_of(count: int, word: str) -> str:
    """`1 request`, `1,204 requests`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def duration_text(seconds: float) -> str:
    """Three digits at most: `812 ms`, `1.24 s`, `3 min 20 s`."""
    if seconds >= 120:
        return f"{int(seconds // 60)} min {int(seconds % 60)} s"
    if seconds >= 1:
        return f"{_digits(seconds)} s"
    return f"{_digits(seconds * 1e3)} ms" if seconds >= 1e-3 else f"{_digits(seconds * 1e6)} µs"


def percent_text(share: float) -> str:
    """A share as people write it: `96 %`, `1.4 %`, `0.02 %`."""
    percent = 100 * share
    if percent >= 10 or percent == 0:
        return f"{percent:.0f} %"
    return f"{percent:.1f} %" if percent >= 1 else f"{percent:.2g} %"


def _digits(value: float) -> str:
    places = max(0, 2 - math.floor(math.log10(value))) if value > 0 else 0
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
