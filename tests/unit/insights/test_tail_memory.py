"""How rare numbers are told to be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

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
