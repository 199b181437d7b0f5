"""A job that one process of a fleet does."""

from __future__ import annotations

import pytest

from raylens.clock import ManualClock
from raylens.insights.lease import LOST_AFTER_S, RENEWED_EVERY_S, Lease
from raylens.model.time import NS_PER_S
from tests.unit.groups.records import RecordsInMemory


class Fleet:
    """Processes that share a store, each with a clock of its own."""

    def __init__(self) -> None:
        self.store = RecordsInMemory()
        self.clocks = (ManualClock(1_000 * NS_PER_S), ManualClock(90_000 * NS_PER_S))
        self.first, self.second = (Lease(self.store, "job", clock) for clock in self.clocks)

    def pass_time(self, seconds: float) -> None:
        for clock in self.clocks:
            clock.advance(seconds)


@pytest.fixture
def fleet() -> Fleet:
    return Fleet()


def test_the_first_who_asks_holds_it_and_the_others_do_not(fleet: Fleet) -> None:
    assert fleet.first.hold()
    assert not fleet.second.hold()
    assert fleet.first.hold()


def test_it_stays_with_who_renews_it_whatever_the_clocks_of_others_say(fleet: Fleet) -> None:
    for _ in range(10):
        assert fleet.first.hold()
        assert not fleet.second.hold()
        fleet.pass_time(RENEWED_EVERY_S + 1)


def test_it_is_taken_over_when_the_holder_has_not_renewed_it_for_long_enough(fleet: Fleet) -> None:
    fleet.first.hold()
    assert not fleet.second.hold()
    fleet.pass_time(LOST_AFTER_S - 1)
    assert not fleet.second.hold()
    fleet.pass_time(1)
    assert fleet.second.hold()


def test_who_lost_it_while_it_slept_does_not_hold_it_any_more(fleet: Fleet) -> None:
    fleet.first.hold()
    fleet.second.hold()
    fleet.pass_time(LOST_AFTER_S)
    fleet.second.hold()
    assert not fleet.first.hold()
    assert fleet.second.hold()


def test_a_released_lease_is_free_at_once(fleet: Fleet) -> None:
    fleet.first.hold()
    fleet.first.release()
    assert fleet.second.hold()
    assert not fleet.first.hold()


def test_releasing_what_is_not_held_takes_it_from_nobody(fleet: Fleet) -> None:
    fleet.first.hold()
    fleet.second.release()
    assert not fleet.second.hold()
    assert fleet.first.hold()


def test_of_two_who_take_it_at_the_same_time_one_succeeds(fleet: Fleet) -> None:
    took: list[bool] = []
    fleet.store.before_write = lambda: took.append(fleet.second.hold())
    assert not fleet.first.hold()
    assert took == [True]


def test_a_clock_that_goes_back_makes_no_second_holder(fleet: Fleet) -> None:
    fleet.first.hold()
    fleet.second.hold()
    fleet.clocks[1].advance(-3_600)
    assert not fleet.second.hold()
    fleet.clocks[1].advance(LOST_AFTER_S - 1)
    assert not fleet.second.hold()


def test_a_clock_that_jumps_ahead_takes_it_over_and_who_held_it_finds_out_when_it_renews(fleet: Fleet) -> None:
    fleet.first.hold()
    fleet.second.hold()
    fleet.clocks[1].advance(3_600)
    assert fleet.second.hold()
    fleet.pass_time(RENEWED_EVERY_S)
    assert (fleet.first.hold(), fleet.second.hold()) == (False, True)
