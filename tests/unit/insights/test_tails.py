"""How unlikely counts and deviations are, against exact distributions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

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
    assert found == pytest.approx(exact, rel=0.03, abs=0.1)


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
