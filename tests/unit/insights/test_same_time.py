"""What was reached at the same time of the two days before."""

import numpy as np

from raylens.insights.same_time import SameTime

_DAY, _NIGHT = 86_400, 2 * 3_600
_ROW = np.array([0])


def _night(memory: SameTime, day: int, values: list[float], start_s: int = _NIGHT) -> float:
    """What is usual when the night's job begins; its values, one a minute, are learned."""
    usual = 0.0
    for n, value in enumerate(values):
        found = float(memory.usual(_ROW, day * _DAY + start_s + 60 * n)[0, 0])
        memory.learn(_ROW, np.array([[value]]))
        usual = found if n == 0 else usual
    memory.usual(_ROW, day * _DAY + start_s + 3_600)
    return usual


def test_what_two_nights_reached_is_usual_in_the_third() -> None:
    memory = SameTime(1, 1)
    found = [_night(memory, day, [1.0, 5.0, 5.0, 1.0]) for day in range(3)]
    assert np.isnan(found[:2]).all()
    assert found[2] == 5.0


def test_the_lower_of_two_nights_counts() -> None:
    memory = SameTime(1, 1)
    found = [_night(memory, day, [high, high]) for day, high in enumerate([9.0, 5.0, 1.0])]
    assert found[2] == 5.0


def test_a_lone_spike_is_not_remembered() -> None:
    memory = SameTime(1, 1)
    assert [_night(memory, day, [1.0, 9.0, 1.0, 1.0]) for day in range(3)][2] == 1.0


def test_a_job_may_begin_half_an_hour_later() -> None:
    memory = SameTime(1, 1)
    for day in range(2):
        _night(memory, day, [5.0, 5.0])
    assert memory.usual(_ROW, 2 * _DAY + _NIGHT + 1_800)[0, 0] == 5.0
    assert np.isnan(memory.usual(_ROW, 2 * _DAY + _NIGHT + 3 * 1_800)[0, 0])


def test_a_night_without_traffic_or_a_jump_of_the_clock_forgets() -> None:
    quiet, jumped = SameTime(1, 1), SameTime(1, 1)
    for day in (0, 1):
        _night(quiet, day, [5.0, 5.0])
        _night(jumped, day, [5.0, 5.0])
    assert np.isnan(quiet.usual(_ROW, 3 * _DAY + _NIGHT)[0, 0])
    jumped.usual(_ROW, 0)
    assert np.isnan(jumped.usual(_ROW, 2 * _DAY + _NIGHT)[0, 0])
