<<<<<<< HEAD
"""How unlikely counts and deviations are, against exact distributions."""
=======
"""How rare numbers are told to be."""

from __future__ import annotations

import math
>>>>>>> series

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

<<<<<<< HEAD
from raylens.insights.tails import count_beyond, count_surprise, student_deviation, student_surprise


def _one(value: float) -> np.ndarray:
    return np.array([float(value)])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 2_000), st.floats(0.001, 0.9), st.floats(3.0, 20_000.0), st.floats(0.0, 1.0))
def test_surprise_of_a_count_is_the_upper_tail_of_the_beta_binomial(
    of: int, share: float, firmness: float, part: float
) -> None:
    alpha, beta = share * firmness, (1 - share) * firmness
    least = int(of * share) + 1
    count = min(of, int(least + part * (of - least)))
    if count <= of * share:
        return
    terms = stats.betabinom.logpmf(np.arange(count, of + 1), of, alpha, beta)
    exact = min(-np.logaddexp.reduce(terms) / np.log(10), 300.0)
    found = count_surprise(_one(count), _one(of), _one(alpha), _one(beta))[0]
    assert found == pytest.approx(exact, rel=0.03, abs=0.05)


def test_two_of_ten_are_far_less_surprising_than_two_hundred_of_a_thousand() -> None:
    few, many = count_surprise(np.array([2.0, 200.0]), np.array([10.0, 1_000.0]), np.full(2, 1.0), np.full(2, 199.0))
    assert few < 3 < 15 < many


def test_no_failure_and_fewer_than_expected_surprise_nobody() -> None:
    assert count_surprise(np.array([0.0, 4.0]), _one(100), _one(5), _one(95)).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("of", [10.0, 491.99999, 10_000.0])
def test_the_count_beyond_is_the_least_that_surprises(of: float) -> None:
    least = count_beyond(2.0, _one(of), _one(2), _one(198))
    around = np.array([least[0] - 1, least[0]])
    below, at = count_surprise(around, np.full(2, of), np.full(2, 2.0), np.full(2, 198.0))
    assert below < 2.0 <= at


def test_deviation_and_surprise_are_inverse() -> None:
    freedom = np.array([4.2, 20.0])
    assert student_surprise(student_deviation(2.3, freedom), freedom) == pytest.approx([2.3, 2.3])
=======
from raylens.insights.tail_memory import TailMemory


def memory_of(numbers: list[float], margin: float = 0.0) -> TailMemory:
    memory = TailMemory(4_000, 0.05, margin)
    for number in numbers:
        memory.add(number)
    return memory


def test_inside_of_what_was_seen_rarity_is_counted() -> None:
    memory = memory_of([float(number) for number in range(999)])
    assert memory.rarity(989.0) == pytest.approx(math.log10(1000 / 11))
    assert memory.rarity(9.0) == pytest.approx(math.log10(1000 / 11))
    assert memory.rarity(499.0) == pytest.approx(math.log10(2), abs=0.01)


def test_beyond_what_was_seen_the_fit_tells_the_tail_probability_of_an_exponential_distribution() -> None:
    memory = memory_of(list(stats.expon.ppf((np.arange(4000) + 0.5) / 4000)))
    assert memory.rarity(13.8) == pytest.approx(-math.log10(stats.expon.sf(13.8)), abs=0.4)


def test_the_same_distance_is_less_rare_beyond_a_heavy_tail() -> None:
    quantiles = (np.arange(4000) + 0.5) / 4000
    light, heavy = stats.norm.ppf(quantiles), stats.t.ppf(quantiles, df=2.5)
    beyond = 3.0 * float(max(light)), 3.0 * float(max(heavy))
    assert memory_of(list(light)).rarity(beyond[0]) > memory_of(list(heavy)).rarity(beyond[1]) + 1.0


def test_a_number_within_the_margin_counts_as_seen() -> None:
    numbers = [float(number) for number in range(-500, 501)]
    assert memory_of(numbers, margin=0.1).rarity(550.0) == memory_of(numbers).rarity(495.0)


def test_nothing_is_rare_among_fewer_than_30_numbers() -> None:
    memory = memory_of([1.0] * 29)
    assert memory.rarity(1e9) == 0.0
    memory.add(1.0)
    assert memory.rarity(1e9) == 4.0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-1e100, 1e100), max_size=60), st.integers(1, 40))
def test_a_memory_holds_its_latest_numbers(numbers: list[float], capacity: int) -> None:
    memory, latest = TailMemory(capacity, 0.05, 0.1), TailMemory(capacity, 0.05, 0.1)
    for number in numbers:
        memory.add(number)
    for number in numbers[-capacity:]:
        latest.add(number)
    assert len(memory) == min(len(numbers), capacity)
    assert [memory.rarity(number) for number in numbers] == [latest.rarity(number) for number in numbers]
    assert memory.copy().rarity(0.0) == memory.rarity(0.0)
>>>>>>> series
