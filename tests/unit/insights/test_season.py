"""What is usual at a time of day or week."""

from __future__ import annotations

import pytest

from raylens.insights.season import DAY_S, Season


def test_a_slot_seen_for_the_first_time_tells_nothing() -> None:
    season = Season(DAY_S, 1800, 5.0)
    assert season.residual(0.0, 5.0, 300.0) is None
    assert season.residual(1800.0, 5.0, 300.0) is None
    assert season.residual(DAY_S + 60.0, 7.0, 300.0) == (2.0, 0.0)


def test_a_slot_follows_a_lasting_change_over_its_laps() -> None:
    season = Season(DAY_S, 1800, 2.0)
    for day in range(20):
        season.residual(day * DAY_S, 10.0, 1800.0)
    for day in range(20, 30):
        season.residual(day * DAY_S, 20.0, 1800.0)
    told = season.residual(30 * DAY_S, 20.0, 1800.0)
    assert told is not None
    assert told[0] == pytest.approx(0.0, abs=0.1)


def test_a_slot_does_not_follow_a_single_outlier() -> None:
    season = Season(DAY_S, 1800, 5.0)
    for day in range(20):
        season.residual(day * DAY_S, 10.0 + (-1.0) ** day, 1800.0)
    season.residual(20 * DAY_S, 1_000.0, 1800.0)
    told = season.residual(21 * DAY_S, 10.0, 1800.0)
    assert told is not None
    assert abs(told[0]) < 2.0


def test_an_hourly_row_weighs_no_more_in_a_half_hour_than_one_that_fills_it() -> None:
    hourly, half_hourly = Season(DAY_S, 1800, 5.0), Season(DAY_S, 1800, 5.0)
    for day in range(9):
        assert hourly.residual(day * DAY_S, day, 3600.0) == half_hourly.residual(day * DAY_S, day, 1800.0)


def test_a_season_is_complete_a_period_after_its_earliest_row() -> None:
    season = Season(DAY_S, 1800, 5.0)
    assert not season.is_complete(10.0 * DAY_S)
    season.residual(10.0 * DAY_S, 1.0, 300.0)
    assert not season.is_complete(10.9 * DAY_S)
    assert season.is_complete(11.0 * DAY_S)
    season.residual(9.0 * DAY_S, 1.0, 300.0)
    assert not season.is_complete(9.5 * DAY_S)


def test_a_copy_learns_by_itself() -> None:
    season = Season(DAY_S, 1800, 5.0)
    season.residual(0.0, 5.0, 300.0)
    other = season.copy()
    other.residual(0.0, 100.0, 300.0)
    assert season.residual(0.0, 5.0, 300.0) == (0.0, 0.0)
