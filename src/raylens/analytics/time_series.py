"""Figures of minutes added up to longer periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from raylens.analytics.distribution import merge_histograms
from raylens.model.service import Statistics

_MINUTE_S = 60


def merge_statistics(parts: Iterable[Statistics]) -> Statistics:
    """The figures of all requests that are counted in any of the parts; zeros of none."""
    parts = tuple(parts)
    histogram = merge_histograms(part.histogram for part in parts)
    durations = merge_histograms(
        part.histogram if part.duration_histogram is None else part.duration_histogram for part in parts
    )
    return Statistics(
        ok=sum(part.ok for part in parts),
        error=sum(part.error for part in parts),
        throttle=sum(part.throttle for part in parts),
        fault=sum(part.fault for part in parts),
        response_ns=sum(part.response_ns for part in parts),
        histogram=histogram,
        duration_histogram=None if durations == histogram else durations,
    )


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
