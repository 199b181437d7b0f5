"""Traffic that is unusual is noted; it is no incident by itself."""

from __future__ import annotations

import random

import numpy as np
import pytest

from raylens.insights.traffic import TrafficWatch, UnusualTraffic
from raylens.model.figures import Entity, Figures
from raylens.model.service import ServiceId

STAGE, TABLE = ServiceId("api/prod"), ServiceId("orders")
CALLED = frozenset({TABLE})
HOURS = 12


def minute(number: int, entering: float, called: float = 500.0) -> Figures:
    counts = np.array([entering, called, called])
    return Figures(
        number * 60,
        (Entity(STAGE), Entity(TABLE), Entity(TABLE, STAGE)),
        counts, np.zeros(3), np.zeros(3), np.zeros(3), np.full((3, 5), np.nan),
    )  # fmt: skip


@pytest.fixture
def watch() -> TrafficWatch:
    """Half a day of 90 to 110 requests a minute behind it."""
    dice = random.Random(3)
    steady = TrafficWatch()
    for number in range(HOURS * 60):
        steady.observe(minute(number, 100 + dice.randint(-10, 10)), CALLED)
    steady.forget_before(HOURS * 3_600)
    return steady


def test_a_surge_is_noted_once_with_what_was_usual(watch: TrafficWatch) -> None:
    for number in range(5):
        watch.observe(minute(HOURS * 60 + number, 400 + number), CALLED)
    noted = watch.noted_between(HOURS * 3_600, (HOURS + 1) * 3_600)
    assert noted is not None
    assert (noted.at_s, noted.requests) == (HOURS * 3_600, 400)
    assert 95 <= noted.usual <= 105


def test_calls_between_services_are_no_traffic_that_enters(watch: TrafficWatch) -> None:
    watch.observe(minute(HOURS * 60, 100, called=90_000.0), CALLED)
    assert watch.noted_between(HOURS * 3_600, (HOURS + 1) * 3_600) is None


def test_what_lies_outside_of_the_time_asked_for_is_not_answered(watch: TrafficWatch) -> None:
    watch.observe(minute(HOURS * 60, 400), CALLED)
    assert watch.noted_between(HOURS * 3_600 + 60, (HOURS + 1) * 3_600) is None
    assert watch.noted_between(0, HOURS * 3_600) is None


def test_what_was_noted_is_forgotten_and_copies_go_their_own_way(watch: TrafficWatch) -> None:
    other = watch.copy()
    watch.observe(minute(HOURS * 60, 400), CALLED)
    assert other.noted_between(0, 10**9) is None
    assert isinstance(watch.noted_between(0, 10**9), UnusualTraffic)
    watch.forget_before(HOURS * 3_600 + 1)
    assert watch.noted_between(0, 10**9) is None
