from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raylens.errors import InvalidRequest
from raylens.model.time import MAX_EPOCH_S, TimeRange, ns_from_seconds, seconds_from_ns


@pytest.mark.parametrize(
    ("seconds", "ns"),
    [
        (0, 0),
        (1478293361.271, 1_478_293_361_271_000_000),
        (1.478293361271e9, 1_478_293_361_271_000_000),
        (1707993001.053199, 1_707_993_001_053_199_000),
        # the double lies a little below and a little above
        (1461096053.37518, 1_461_096_053_375_180_000),
        (1461096053.4042, 1_461_096_053_404_200_000),
        (0.0000004, 0),
        (0.0000005, 1_000),
        (1707993001, 1_707_993_001_000_000_000),
    ],
)
def test_seconds_become_nanoseconds_to_the_microsecond(seconds: float, ns: int) -> None:
    assert ns_from_seconds(seconds) == ns


def test_the_latest_time_fits_64_bits() -> None:
    assert ns_from_seconds(MAX_EPOCH_S) < 2**63


@given(st.integers(0, 4_000_000_000 * 1_000_000))
def test_microseconds_survive_the_way_through_seconds(us: int) -> None:
    assert ns_from_seconds(seconds_from_ns(us * 1000)) == us * 1000


def test_seconds_print_without_binary_noise() -> None:
    assert repr(seconds_from_ns(1_707_993_001_053_199_000)) == "1707993001.053199"


def test_a_range_holds_its_start_and_not_its_end() -> None:
    window = TimeRange(10, 20)
    assert [window.contains(at) for at in (9, 10, 19, 20)] == [False, True, True, False]


@pytest.mark.parametrize("end_ns", [5_000_000_000, 4_000_000_000])
def test_a_range_that_does_not_go_forward_is_refused(end_ns: int) -> None:
    with pytest.raises(InvalidRequest, match=r"EndTime .* is not after StartTime 5\.000000"):
        TimeRange(5_000_000_000, end_ns)
