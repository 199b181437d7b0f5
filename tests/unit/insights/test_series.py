"""What raises a row of a series, and what does not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from raylens.insights.series import SeriesScorer, SeriesTuning

STEP_S = 300
DAY = 86_400 // STEP_S
START_S = 1_396_310_400.0
RAISE_AT = SeriesTuning().raise_at

Column = NDArray[np.float64]
any_float = st.floats(allow_nan=True, allow_infinity=True)


def scores(values: Sequence[float] | Column, scorer: SeriesScorer | None = None, first: int = 0) -> list[float]:
    """The scores of values in steps of five minutes."""
    scorer = scorer or SeriesScorer()
    return [scorer.score(START_S + (first + row) * STEP_S, float(value)) for row, value in enumerate(values)]


def raised(values: Sequence[float] | Column, after: int = 0) -> list[int]:
    return [row for row, score in enumerate(scores(values)) if score >= RAISE_AT and row >= after]


def noise(rows: int, level: float = 50.0, spread: float = 1.0, seed: int = 7) -> Column:
    return np.random.default_rng(seed).normal(level, spread, rows)


def daily(days: int, seed: int = 7) -> Column:
    """Busy from nine to five, quiet at night, with noise."""
    hour = np.arange(days * DAY) % DAY * 24 / DAY
    return np.where((hour >= 9) & (hour < 17), 80.0, 20.0).astype(float) + noise(days * DAY, 0.0, 1.0, seed)


def is_normal(series: Iterable[Column], after: int) -> bool:
    """Whether rows are raised no more often than chance may do it: twice as often as anomalies are expected."""
    told = [(len(raised(values, after)), len(values) - after) for values in series]
    return sum(alarms for alarms, _ in told) <= 2 * SeriesTuning().prior * sum(rows for _, rows in told)


def test_a_spike_in_a_flat_noisy_series_is_raised_in_its_row() -> None:
    values = noise(1000)
    values[700] += 12.0
    assert raised(values, after=600) == [700]


def test_a_drop_is_raised_as_a_spike_is() -> None:
    values = noise(1000)
    values[700] -= 12.0
    assert raised(values, after=600) == [700]


def test_noise_is_normal() -> None:
    assert is_normal([noise(2000, seed=seed) for seed in range(5)], after=0)


def test_a_daily_pattern_is_normal_after_three_days() -> None:
    assert is_normal([daily(10, seed) for seed in range(5)], after=3 * DAY)


def test_a_day_without_its_usual_rise_is_raised() -> None:
    values = daily(10)
    morning = 8 * DAY + 9 * DAY // 24
    values[morning : morning + 8 * DAY // 24] -= 60.0
    assert morning in raised(values)


def test_quiet_weekends_are_normal_once_known_and_a_quiet_weekday_is_not() -> None:
    values = daily(42)
    for day in range(42):
        if (START_S / 86_400 + day + 3) % 7 >= 5:
            values[day * DAY : (day + 1) * DAY] = noise(DAY, 20.0, seed=day)
    assert is_normal([values], after=28 * DAY)
    holiday = 36 * DAY
    values[holiday : holiday + DAY] = noise(DAY, 20.0, seed=99)
    nine = holiday + 9 * DAY // 24
    assert any(nine <= row < nine + DAY // 24 for row in raised(values))


@pytest.mark.parametrize("day", [1, 5, 8])
def test_a_permanent_shift_is_raised_once_and_is_then_normal(day: int) -> None:
    values = noise(22 * DAY)
    shift = day * DAY + 50
    values[shift:] += 20.0
    told = scores(values)
    assert told[shift] > 0.99
    assert max(told[shift + 1 : shift + DAY]) < RAISE_AT
    # Neither is it news when the same time of the next days and week comes round.
    assert max(told[shift + 1 : shift + 13 * DAY]) < 0.9


def test_an_incident_is_not_news_when_its_time_of_day_or_week_comes_round() -> None:
    values = daily(26)
    incident = 16 * DAY + 10 * DAY // 24
    values[incident : incident + 60] -= 40.0
    told = scores(values)
    assert told[incident] > 0.99
    assert max(told[incident + DAY - 5 : incident + DAY + 60]) < RAISE_AT
    assert max(told[incident + 7 * DAY - 5 : incident + 7 * DAY + 60]) < RAISE_AT


def test_a_drop_among_upward_spikes_is_raised_on_the_first_day() -> None:
    values = noise(DAY)
    values[10::20] += 60.0
    values[245] -= 60.0
    assert 245 in raised(values)


def test_another_level_after_a_pause_is_no_jump_when_it_is_usual_at_that_time() -> None:
    rows = np.arange(12 * DAY)
    values = 50.0 - 30.0 * np.cos(2 * np.pi * rows / DAY) + noise(len(rows))
    pause = slice(10 * DAY, 10 * DAY + DAY // 2)
    scorer = SeriesScorer()
    before = scores(values[: pause.start], scorer)
    after = scores(values[pause.stop :], scorer, first=pause.stop)
    assert len(before) == pause.start
    assert after[0] < RAISE_AT


def test_a_trend_is_normal() -> None:
    assert is_normal([noise(2500, seed=seed) + np.arange(2500) * 0.02 for seed in range(5)], after=500)


def test_noise_that_grows_is_raised() -> None:
    values = np.concatenate([noise(2000), noise(50, spread=6.0)])
    assert len(raised(values, after=2000)) == 1


def test_silence_of_a_noisy_series_is_raised() -> None:
    values = np.concatenate([noise(2000), np.full(50, 50.0)])
    assert len(raised(values, after=2000)) == 1


def test_a_change_of_a_constant_series_is_raised_in_its_row() -> None:
    values = np.full(1000, 0.1)
    values[500:] = 0.2
    assert raised(values) == [500]


@pytest.mark.parametrize("value", [0.0, 0.1, 1e9 / 3, -1e-30])
def test_a_constant_series_is_normal(value: float) -> None:
    assert raised(np.full(1000, value)) == []


def test_spikes_are_normal_in_a_series_of_spikes_and_a_far_larger_one_is_not() -> None:
    rng = np.random.default_rng(3)
    values = np.where(rng.random(3000) < 0.03, rng.normal(100.0, 5.0, 3000), 0.0)
    assert is_normal([values], after=1000)
    values[2500] = 400.0
    assert 2500 in raised(values)


def test_counts_are_normal_and_a_burst_of_them_is_raised_once() -> None:
    values = np.random.default_rng(5).poisson(3.0, 3000).astype(float)
    assert is_normal([values], after=500)
    values[2500:2510] = 40.0
    assert [row for row in raised(values) if 2490 <= row < 2580] == [2500]


def test_rows_after_a_raised_one_are_not_raised_again() -> None:
    values = noise(1000)
    values[700:740:4] += np.linspace(20.0, 200.0, 10)
    assert raised(values, after=600) == [700]


def test_a_row_without_a_value_scores_0_and_teaches_nothing() -> None:
    values = noise(600)
    told, untold = SeriesScorer(), SeriesScorer()
    for row, value in enumerate(values):
        at_s = START_S + row * STEP_S
        for missing in (math.nan, math.inf, -math.inf):
            assert told.score(at_s, missing) == 0.0
        assert told.score(math.nan, 1e6) == 0.0
        assert told.score(at_s, value) == untold.score(at_s, value)


@pytest.mark.parametrize("pause_s", [7_200, 86_400 * 30, -7_200, -86_400 * 400], ids=str)
def test_a_jump_of_the_clock_is_not_raised(pause_s: float) -> None:
    values = noise(1200)
    scorer = SeriesScorer()
    scores(values[:1000], scorer)
    later = [scorer.score(START_S + pause_s + (1000 + row) * STEP_S, value) for row, value in enumerate(values[1000:])]
    assert max(later) < RAISE_AT


def test_irregular_times_are_normal() -> None:
    times = START_S + np.cumsum(np.random.default_rng(2).exponential(STEP_S, 3000))
    scorer = SeriesScorer()
    told = [scorer.score(at_s, value) for at_s, value in zip(times, noise(3000), strict=True)]
    assert sum(score >= RAISE_AT for score in told) <= 3000 * SeriesTuning().prior


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(any_float, any_float), min_size=35, max_size=120), st.integers(0, 20))
def test_a_score_lies_between_0_and_1_for_any_floats(rows: list[tuple[float, float]], calm: int) -> None:
    scorer = SeriesScorer()
    for at_s, value in [*((row * 60.0, 1.0) for row in range(calm)), *rows]:
        assert 0.0 <= scorer.score(at_s, value) <= 1.0


@settings(max_examples=10, deadline=None)
@given(st.floats(1e-6, 1e6), st.booleans())
def test_the_unit_of_the_values_does_not_matter(factor: float, mirrored: bool) -> None:
    values = daily(4)
    values[900] += 100.0
    by = -factor if mirrored else factor
    assert scores(values * by) == pytest.approx(scores(values), rel=0.01, abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 399), st.floats(-1e6, 1e6))
def test_a_score_does_not_depend_on_later_rows(row: int, other: float) -> None:
    values = noise(400)
    changed = values.copy()
    changed[row:] = other
    assert scores(values)[:row] == scores(changed)[:row]


def test_a_copy_goes_on_by_itself() -> None:
    values = daily(4)
    scorer = SeriesScorer()
    scores(values[:800], scorer)
    other = scorer.copy()
    scores(np.full(300, 1e6), other, first=800)
    assert scores(values[800:], scorer, first=800) == scores(values)[800:]


def test_a_copy_scores_as_the_scorer_it_was_made_of() -> None:
    values = daily(4)
    values[900:] += 100.0
    scorer = SeriesScorer()
    scores(values[:901], scorer)
    other = scorer.copy()
    assert scores(values[901:], other, first=901) == scores(values[901:], scorer, first=901)


@pytest.mark.parametrize(("memory", "is_news"), [(200, True), (4000, False)])
def test_a_level_is_news_again_once_it_left_the_memory(memory: int, is_news: bool) -> None:
    values = np.where(np.arange(2100) % 700 == 600, 90.0, noise(2100))
    scorer = SeriesScorer(SeriesTuning(memory=memory, hold=0))
    told = [row for row, score in enumerate(scores(values, scorer)) if score >= RAISE_AT]
    assert 600 in told
    assert (2000 in told) is is_news
