from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from raylens.analytics import merge_statistics, statistics_by_period
from raylens.model.graph_builder import Seen, Tally
from raylens.model.outcome import Outcome
from raylens.model.service import Statistics


def counted(*requests: tuple[int, Outcome, int, int]) -> Statistics:
    """The figures of requests given as (count, outcome, response ms, duration ms)."""
    tally = Tally()
    for count, outcome, response_ms, duration_ms in requests:
        tally.add(Seen(outcome, count, count * response_ms * 1_000_000, response_ms, duration_ms, 0, 1))
    return tally.statistics()


def test_figures_of_nothing_are_zeros() -> None:
    assert merge_statistics(()) == Statistics()


def test_everything_is_added_up_and_histograms_are_merged() -> None:
    first = Statistics(1, 2, 3, 4, 100, ((5, 6), (7, 4)))
    second = Statistics(10, 20, 30, 40, 1000, ((7, 90), (9, 10)))

    merged = Statistics(11, 22, 33, 44, 1100, ((5, 6), (7, 94), (9, 10)))
    assert merge_statistics((first, second)) == merged


def test_durations_are_kept_apart_where_they_differ_in_one_part() -> None:
    first = Statistics(ok=1, histogram=((5, 1),), duration_histogram=((50, 1),))
    second = Statistics(ok=1, histogram=((7, 1),))

    assert merge_statistics((first, second)).duration_histogram == ((7, 1), (50, 1))


REQUESTS = st.tuples(st.integers(1, 9), st.sampled_from(Outcome), st.integers(0, 9), st.integers(0, 9))


@given(st.lists(st.lists(REQUESTS, min_size=1, max_size=4), max_size=4))
def test_merged_figures_are_those_of_all_requests_together(parts: list[list[tuple[int, Outcome, int, int]]]) -> None:
    assert merge_statistics(counted(*part) for part in parts) == counted(*(one for part in parts for one in part))


def test_a_period_is_stamped_with_its_end() -> None:
    minutes = {minute: Statistics(ok=minute) for minute in (0, 1, 4, 5, 11)}

    assert {end_s: s.ok for end_s, s in statistics_by_period(minutes, 60).items()} == {
        60: 0, 120: 1, 300: 4, 360: 5, 720: 11,
    }  # fmt: skip
    assert {end_s: s.ok for end_s, s in statistics_by_period(minutes, 300).items()} == {300: 5, 600: 5, 900: 11}
