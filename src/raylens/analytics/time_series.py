"""Figures of minutes added up to longer periods."""

from __future__ import annotations

from collections.abc import Mapping

from raylens.model.service import Statistics, merge_statistics

_MINUTE_S = 60


def statistics_by_period(by_minute: Mapping[int, Statistics], period_s: int) -> dict[int, Statistics]:
    """Figures by the end of their period in epoch seconds, from those by minute of the epoch.

    Periods are whole minutes and aligned to the epoch: with 300 seconds, the one that ends at 08:55 holds the minutes
    that begin at 08:50 to 08:54. A period without any minute is left out.
    """
    parts: dict[int, list[Statistics]] = {}
    for minute, statistics in by_minute.items():
        end_s = (minute * _MINUTE_S // period_s + 1) * period_s
        parts.setdefault(end_s, []).append(statistics)
    return {end_s: merge_statistics(of_period) for end_s, of_period in parts.items()}
