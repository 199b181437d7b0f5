"""Numbers and times as the sentences about incidents write them."""

from __future__ import annotations

from datetime import UTC, datetime

from raylens.model.time import NS_PER_S


def clock_time(at_ns: int) -> str:
    """`14:03 UTC`."""
    return datetime.fromtimestamp(at_ns // NS_PER_S, UTC).strftime("%H:%M UTC")


def count_of(count: int, word: str) -> str:
    """`1 request`, `1,204 requests`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def share_of(part: float, whole: float) -> str:
    """`26 %`; with a digit after the point below ten."""
    percent = 100 * part / whole
    if 0 < percent < 0.1:
        return "less than 0.1 %"
    return f"{percent:.0f} %" if percent >= 10 or percent == round(percent) else f"{percent:.1f} %"


def length_of(seconds: float) -> str:
    """`9.3 ms`, `812 ms`, `1.5 s`, `2 min`: two or three digits, as much as people read."""
    if seconds >= 120:
        return f"{seconds / 60:.3g} min"
    if seconds >= 0.9995:
        return f"{seconds:.3g} s"
    return f"{1_000 * seconds:.3g} ms" if seconds >= 0.0009995 else f"{1_000_000 * seconds:.3g} us"
