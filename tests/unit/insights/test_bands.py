"""What was expected of a node or an edge: the detector over its figures once more."""

from __future__ import annotations

import numpy as np
import pytest

from raylens.analytics import statistics_by_period
from raylens.insights.bands import _ANY, _figures, expected_bands
from raylens.insights.detector import Detector
from raylens.model.insight import Signal
from raylens.model.service import Statistics


def quiet(minute: int, fault: int | None = None, slower: float = 1.0) -> Statistics:
    """A minute of about a hundred requests of about 50 ms, one or two of which fail."""
    rng = np.random.default_rng(minute)
    total = int(rng.poisson(100))
    ms, counts = np.unique(np.round(rng.lognormal(np.log(50 * slower), 0.3, total)).astype(int), return_counts=True)
    failed = int(rng.binomial(total, 0.015)) if fault is None else fault
    histogram = tuple(zip(ms.tolist(), counts.tolist(), strict=True))
    return Statistics(total - failed, 0, 0, failed, int(ms @ counts) * 1_000_000, histogram)


DAY = {minute * 60: quiet(minute) for minute in range(120)}
LAST_S = 119 * 60


@pytest.mark.parametrize("signal", list(Signal))
def test_a_band_is_what_the_detector_expected(signal: Signal) -> None:
    detector = Detector()
    judged = {at_s: detector.observe(_figures(at_s, DAY[at_s])) for at_s in DAY}
    found = expected_bands(DAY, 60, 0, signal)
    for band in (found[5], found[30], found[-1]):
        expected = None if band.low is None else (band.low, band.high)
        assert expected == judged[band.at_s].expected(_ANY, signal)


def test_what_was_observed_is_counted_as_it_was() -> None:
    (faults,) = expected_bands(DAY, 60, LAST_S, Signal.FAULT)
    (seconds,) = expected_bands(DAY, 60, LAST_S, Signal.LATENCY)
    last = DAY[LAST_S]
    assert (faults.at_s, faults.observed) == (LAST_S, last.fault)
    assert seconds.observed == pytest.approx(last.response_ns / last.total / 1e9)


def test_a_usual_minute_lies_within_its_band() -> None:
    for signal in Signal:
        for band in expected_bands(DAY, 60, 100 * 60, signal):
            assert band.low is not None and band.high is not None
            assert band.low <= band.observed <= band.high
            assert not band.is_anomalous


def test_a_minute_of_faults_is_anomalous_and_above_its_band() -> None:
    (band,) = expected_bands({**DAY, LAST_S + 60: quiet(120, fault=30)}, 60, LAST_S + 60, Signal.FAULT)
    assert band.is_anomalous and band.high is not None and band.observed == 30 > band.high


def test_a_slow_minute_is_anomalous_in_its_times_alone() -> None:
    slow = {**DAY, LAST_S + 60: quiet(120, slower=3)}
    assert [expected_bands(slow, 60, LAST_S + 60, s)[0].is_anomalous for s in Signal] == [True, False, False, False]


def test_nothing_is_expected_of_what_was_hardly_seen() -> None:
    bands = expected_bands({at_s: DAY[at_s] for at_s in range(0, 300, 60)}, 60, 0, Signal.FAULT)
    assert [(band.low, band.high) for band in bands] == [(None, None)] * 5


def test_minutes_without_requests_have_no_band() -> None:
    assert expected_bands({60: Statistics()}, 60, 0, Signal.FAULT) == ()
    assert expected_bands({}, 60, 0, Signal.LATENCY) == ()


def test_the_band_of_five_minutes_is_narrower_than_five_bands() -> None:
    """Chance evens out over a longer time, which a sum of bands would not know."""
    minutes = expected_bands(DAY, 60, 115 * 60, Signal.FAULT)
    by_end = statistics_by_period({at_s // 60: each for at_s, each in DAY.items()}, 300)
    (five,) = expected_bands({end_s - 300: each for end_s, each in by_end.items()}, 300, 115 * 60, Signal.FAULT)
    assert five.observed == sum(band.observed for band in minutes)
    assert five.high is not None
    assert five.observed <= five.high < sum(band.high or 0 for band in minutes)


def test_a_minute_is_judged_by_those_before_it_alone() -> None:
    """What comes later changes nothing."""
    whole = expected_bands(DAY, 60, 60 * 60, Signal.ERROR)
    part = expected_bands({at_s: each for at_s, each in DAY.items() if at_s < 110 * 60}, 60, 60 * 60, Signal.ERROR)
    assert whole[:50] == part


def test_percentiles_of_a_minute_are_values_that_so_many_percent_reached() -> None:
    histogram = ((1, 50), (2, 40), (7, 5), (9, 5))
    (row,) = _figures(60, Statistics(ok=100, response_ns=100_000_000, histogram=histogram)).response_s
    assert list(row) == [0.001, 0.001, 0.002, 0.007, 0.009]
