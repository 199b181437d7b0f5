"""Percentiles and shares from buckets, and how far off they may be."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raylens.analytics import merge_histograms, percentiles_ms, share_within
from raylens.analytics.distribution import bucket_range_ms
from raylens.model.service import histogram_bucket_ms

_NS_PER_MS = 1_000_000
durations_ns = st.lists(st.integers(0, 5_000) | st.integers(0, 2_000_000), min_size=1).map(
    lambda values: [value * _NS_PER_MS + value % 999_983 for value in values]
)


def counted(values_ns: list[int]) -> list[tuple[int, int]]:
    return list(Counter(map(histogram_bucket_ms, values_ns)).items())


def test_percentiles_lie_between_the_observations_next_to_the_rank() -> None:
    assert percentiles_ms([(10, 1), (20, 1), (40, 1)], (0, 0.25, 0.5, 0.75, 1)) == (10, 15, 20, 30, 40)


def test_one_observation_is_every_percentile() -> None:
    assert percentiles_ms([(250, 1)], (0.5, 0.99)) == (250, 250)


def test_nothing_counted_has_no_percentiles_and_no_shares() -> None:
    assert percentiles_ms([], (0.5,)) is None
    assert percentiles_ms([(10, 0)], (0.5,)) is None
    assert share_within([], 0, 10) == 0


@given(values_ns=durations_ns, share=st.floats(0, 1))
def test_percentiles_are_off_by_half_a_millisecond_or_half_a_percent(values_ns: list[int], share: float) -> None:
    seen = percentiles_ms(counted(values_ns), (share,))
    assert seen is not None
    exact_ms = np.array(values_ns) / _NS_PER_MS
    at = (len(values_ns) - 1) * share
    larger_ms = float(np.sort(exact_ms)[min(int(at) + 1, len(values_ns) - 1)])
    allowed_ms = 0.5 + (0.005 * larger_ms if larger_ms >= 999.5 else 0)
    assert abs(seen[0] - float(np.quantile(exact_ms, share))) <= allowed_ms + 1e-6


@given(values_ns=durations_ns, low_ms=st.integers(0, 5_000), length_ms=st.integers(0, 5_000))
def test_a_share_is_off_by_no_more_than_the_buckets_at_its_ends(
    values_ns: list[int], low_ms: int, length_ms: int
) -> None:
    high_ms = low_ms + length_ms
    histogram = counted(values_ns)
    rounded_ms = [(value + _NS_PER_MS // 2) // _NS_PER_MS for value in values_ns]
    exact = sum(low_ms <= value < high_ms for value in rounded_ms) / len(values_ns)
    cut = [
        count
        for bucket, count in histogram
        for first, end in [bucket_range_ms(bucket)]
        if first < low_ms < end or first < high_ms < end
    ]
    assert abs(share_within(histogram, low_ms, high_ms) - exact) <= sum(cut) / len(values_ns) + 1e-9


@pytest.mark.parametrize(
    ("bucket", "first", "end"),
    [(0, 0, 1), (999, 999, 1000), (1000, 1000, 1005), (1010, 1005, 1015), (10_000, 9_995, 10_050)],
)
def test_a_bucket_stands_for_the_milliseconds_that_round_to_it(bucket: int, first: int, end: int) -> None:
    assert bucket_range_ms(bucket) == (first, end)
    assert {histogram_bucket_ms(ms * _NS_PER_MS) for ms in range(first, end)} == {bucket}


def test_a_bucket_that_the_range_cuts_is_spread_evenly() -> None:
    assert share_within([(1010, 10)], 1005, 1010) == 0.5


@given(first=durations_ns, second=durations_ns)
def test_merging_loses_nothing(first: list[int], second: list[int]) -> None:
    assert merge_histograms([counted(first), counted(second)]) == tuple(sorted(counted(first + second)))
