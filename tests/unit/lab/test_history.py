from __future__ import annotations

from collections import Counter
from itertools import pairwise
from random import Random

import pytest

from raylens.lab.history import Arrival, HistoryPlan, Recording, arrivals, plan_history
from raylens.lab.replay import RecordedTrace

NOW_S = 1_700_000_025.0


def trace(name: str) -> RecordedTrace:
    return RecordedTrace(0.0, 1.0, (name,), ())


def pool(prefix: str) -> dict[str, tuple[RecordedTrace, ...]]:
    return {kind: (trace(f"{prefix} {kind}"),) for kind in ("create", "read", "invalid")}


RECORDING = Recording(pool("healthy"), pool("faulty"))
FLOODED = Recording(pool("healthy"), pool("faulty"), (trace("extra"),), extra_per_s=2.0)
PLAN = plan_history(NOW_S, 3 * 3600, 12 * 60, 25 * 60, 45)


def happened(recording: Recording, plan: HistoryPlan = PLAN, seed: int = 1) -> list[Arrival]:
    return list(arrivals(plan, recording, Random(seed)))


def test_a_history_ends_with_the_last_whole_minute_and_all_its_parts_begin_with_one() -> None:
    assert PLAN.end_s == 1_700_000_025 // 60 * 60
    assert (PLAN.end_s - PLAN.start_s, PLAN.end_s - PLAN.fault_end_s) == (10_800, 1_500)
    assert PLAN.fault_end_s - PLAN.fault_start_s == 720
    assert not any(at % 60 for at in (PLAN.start_s, PLAN.fault_start_s, PLAN.fault_end_s))


def test_requests_come_in_order_within_the_history() -> None:
    times = [arrival.at_s for arrival in happened(RECORDING)]
    assert PLAN.start_s < times[0] and times[-1] < PLAN.end_s
    assert all(earlier < later for earlier, later in pairwise(times))


@pytest.mark.parametrize("seed", range(3))
def test_there_are_as_many_as_were_asked_for_and_no_two_minutes_are_alike(seed: int) -> None:
    per_minute = Counter(int(arrival.at_s) // 60 for arrival in happened(RECORDING, seed=seed))
    assert len(per_minute) == 180
    assert sum(per_minute.values()) / 180 == pytest.approx(45, rel=0.1)
    assert len(set(per_minute.values())) > 10


def test_while_the_fault_is_on_requests_are_those_recorded_with_it_on() -> None:
    for at_s, like in happened(RECORDING):
        is_faulty = PLAN.fault_start_s <= at_s < PLAN.fault_end_s
        assert like.texts[0].startswith("faulty" if is_faulty else "healthy")


def test_most_requests_create_or_read_and_a_few_are_bad() -> None:
    kinds = Counter(arrival.trace.texts[0].split()[1] for arrival in happened(RECORDING))
    total = kinds.total()
    assert 0.45 < kinds["create"] / total < 0.55
    assert 0.01 < kinds["invalid"] / total < 0.06


def test_what_the_fault_itself_sends_comes_on_top_while_it_is_on() -> None:
    extra = [arrival.at_s for arrival in happened(FLOODED) if arrival.trace.texts == ("extra",)]
    assert PLAN.fault_start_s <= extra[0] and extra[-1] < PLAN.fault_end_s
    assert len(extra) / 720 == pytest.approx(2.0, rel=0.15)
    others = len(happened(FLOODED)) - len(extra)
    assert others / 180 == pytest.approx(45, rel=0.1)


def test_without_a_fault_everything_is_healthy() -> None:
    plan = plan_history(NOW_S, 1800, 0, 0, 45)
    assert {arrival.trace.texts[0].split()[0] for arrival in happened(RECORDING, plan)} == {"healthy"}
