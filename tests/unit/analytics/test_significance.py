"""The tests of significance against known answers."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raylens.analytics.effect_size import cohens_h, largest_difference, order_effect, total_variation
from raylens.analytics.significance import chi_square_p, cliffs_delta, fisher_exact_p, mann_whitney_p, q_values


@pytest.mark.parametrize(
    ("count_a", "n_a", "count_b", "n_b", "p"),
    [
        # Fisher's tea: three of four cups told right
        (3, 4, 1, 4, 0.4857142857),
        # Agresti, Categorical Data Analysis: all four right
        (4, 4, 0, 4, 0.0285714286),
        # ten against ten, nothing in common: 2 / C(20, 10)
        (10, 10, 0, 10, 2 / 184_756),
        (5, 10, 5, 10, 1.0),
        (0, 10, 0, 10, 1.0),
    ],
)
def test_fisher_is_exact(count_a: int, n_a: int, count_b: int, n_b: int, p: float) -> None:
    assert fisher_exact_p(count_a, n_a, count_b, n_b) == pytest.approx(p, rel=1e-8)


def test_a_difference_beyond_all_doubt_has_the_smallest_p_and_not_zero() -> None:
    assert 0 < fisher_exact_p(10_000, 10_000, 0, 10_000) < 1e-300


def test_chi_square_of_a_textbook_table() -> None:
    """On two degrees of freedom the tail is exp(-x / 2); on one, x = 2 has 0.1573 in the published tables."""
    assert chi_square_p([(30, 10), (10, 10), (20, 40)]) == pytest.approx(math.exp(-(10 + 20 / 3) / 2))
    assert chi_square_p([(55, 45), (45, 55)]) == pytest.approx(0.1573, abs=1e-4)
    assert chi_square_p([(50, 50), (50, 50)]) == 1.0


def test_chi_square_of_one_category_tells_nothing() -> None:
    assert chi_square_p([(5, 9), (0, 0)]) == 1.0


def test_cliffs_delta_counts_pairs() -> None:
    assert cliffs_delta([(1, 0, 2), (2, 2, 0)]) == 1.0
    assert cliffs_delta([(1, 1, 1), (2, 1, 1)]) == 0.0
    assert cliffs_delta([(1, 3, 1), (2, 1, 3)]) == -0.5
    assert cliffs_delta([(1, 3, 0)]) == 0.0


def test_mann_whitney_of_separate_and_of_equal_samples() -> None:
    separate = [(value, int(value < 10), int(value >= 10)) for value in range(20)]
    assert mann_whitney_p(separate) == pytest.approx(0.000182672, rel=1e-5)
    assert mann_whitney_p([(5, 10, 10)]) == 1.0
    assert mann_whitney_p([(5, 10, 0)]) == 1.0


def test_q_is_the_rate_at_which_a_p_would_just_be_a_finding() -> None:
    """The worked example of Benjamini and Hochberg with four tests."""
    assert q_values([0.01, 0.04, 0.03, 0.5]) == pytest.approx({0.01: 0.04, 0.03: 0.16 / 3, 0.04: 0.16 / 3, 0.5: 0.5})
    assert q_values([0.02, 0.02, 0.5]) == pytest.approx({0.02: 0.03, 0.5: 0.5})


@given(
    count_a=st.integers(0, 60), more_a=st.integers(0, 60), count_b=st.integers(0, 60), more_b=st.integers(0, 600)
)  # fmt: skip
def test_changing_places_changes_no_bit(count_a: int, more_a: int, count_b: int, more_b: int) -> None:
    n_a, n_b = count_a + more_a, count_b + more_b
    there, back = [(count_a, count_b), (more_a, more_b)], [(count_b, count_a), (more_b, more_a)]
    assert fisher_exact_p(count_a, n_a, count_b, n_b) == fisher_exact_p(count_b, n_b, count_a, n_a)
    assert chi_square_p(there) == chi_square_p(back)
    assert total_variation(there) == total_variation(back)
    rows = [(1, count_a, count_b), (2, more_a, more_b)]
    swapped = [(value, b, a) for value, a, b in rows]
    assert mann_whitney_p(rows) == mann_whitney_p(swapped)
    assert cliffs_delta(rows) == -cliffs_delta(swapped)


def test_a_rare_value_weighs_as_much_as_a_common_one_that_moves_further() -> None:
    assert cohens_h(0.021, 0.001) == pytest.approx(cohens_h(0.612, 0.5), abs=0.01)
    assert cohens_h(1, 0) == pytest.approx(3.14159, abs=1e-5)


def test_sets_with_nothing_in_common_have_the_whole_effect_less_chance() -> None:
    assert total_variation([(1000, 0), (0, 1000)]) == 1.0
    assert largest_difference([(1000, 0)], 1000, 1000) == pytest.approx(1.0)
    assert order_effect(-1.0, 1000, 1000) == 1.0


def test_what_chance_gives_is_no_effect() -> None:
    assert total_variation([(6, 4), (4, 6)] * 20) == 0.0
    assert total_variation([]) == largest_difference([], 5, 5) == order_effect(0.0, 0, 5) == 0.0


def test_the_effect_does_not_depend_on_how_large_the_baseline_is() -> None:
    small = total_variation([(480, 20), (20, 480)])
    large = total_variation([(480, 20_000), (20, 480_000)])
    assert small == pytest.approx(large, abs=0.02)


def test_the_server_starts_without_scipy() -> None:
    code = "import raylens.app, raylens.analytics, sys; assert not [m for m in sys.modules if m.startswith('scipy')]"
    subprocess.run([sys.executable, "-c", code], check=True)
