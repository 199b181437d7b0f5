"""Percentiles, merging and shares of durations that were counted in buckets (`model.service.histogram_bucket_ms`).

A bucket stands for whole milliseconds: itself alone up to a second, and above it for all that round to the same three
significant digits. It is therefore off by at most half a millisecond below a second, and by at most 0.5 % (and that
half millisecond) above.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from raylens.model.service import Histogram


def percentiles_ms(histogram: Histogram, shares: Sequence[float]) -> tuple[float, ...] | None:
    """The durations in milliseconds below which each of `shares` (0 to 1) lies; None when nothing was counted.

    Interpolated between the two observations next to the rank, as numpy's `linear`. Both are known to their buckets,
    and interpolation adds nothing to that: the answer is off by at most 0.5 ms where the two lie below a second, and
    by 0.5 % of the larger and 0.5 ms above.
    """
    rows = [(bucket_ms, count) for bucket_ms, count in sorted(histogram) if count]
    total = sum(count for _, count in rows)
    if not total:
        return None
    ends = list(accumulate(count for _, count in rows))
    return tuple(_at_rank(rows, ends, (total - 1) * share) for share in shares)


def share_within(histogram: Histogram, low_ms: int, high_ms: int) -> float:
    """Which share lasted at least `low_ms` and less than `high_ms`; 0 when nothing was counted.

    Exact to the millisecond below a second. A wider bucket that the range cuts is taken to be spread evenly, so the
    answer is off by no more than the counts of the (at most two) buckets that hold the ends of the range.
    """
    total = sum(count for _, count in histogram)
    within = 0.0
    for bucket_ms, count in histogram:
        first_ms, end_ms = bucket_range_ms(bucket_ms)
        covered_ms = min(end_ms, high_ms) - max(first_ms, low_ms)
        within += count * max(covered_ms, 0) / (end_ms - first_ms)
    return within / total if total else 0.0


def bucket_range_ms(bucket_ms: int) -> tuple[int, int]:
    """The first whole millisecond that is counted as `bucket_ms`, and the first after it that is not."""
    # The step to the left of a power of ten is smaller than the step to its right: 9,995 is the first of 10,000.
    below, above = _step_ms(bucket_ms - 1), _step_ms(bucket_ms)
    return bucket_ms - below // 2, bucket_ms + (above + 1) // 2


def _step_ms(ms: int) -> int:
    step = 1
    while ms >= 1000 * step:
        step *= 10
    return step


def _at_rank(rows: Sequence[tuple[int, int]], ends: Sequence[int], rank: float) -> float:
    """The value at `rank` of the sorted observations, counted from 0, between two of them in proportion."""
    lower_rank = int(rank)
    at = bisect_right(ends, lower_rank)
    lower_ms = rows[at][0]
    upper_ms = rows[at if lower_rank + 1 < ends[at] else min(at + 1, len(rows) - 1)][0]
    return lower_ms + (rank - lower_rank) * (upper_ms - lower_ms)
