"""Hours of steady traffic with one incident in it, made of recorded requests: what a detector needs to learn from.

    |------- steady, healthy -------|--- fault ---|--- recovery ---| now

Each request of the history is one that was recorded, with the fault off or on, told again as of another time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from random import Random
from typing import NamedTuple

import msgspec

from raylens.lab.replay import RecordedTrace, retimed

_MINUTE_S = 60
# Of a hundred requests: reservations made, lists read, and a few bad ones, as real clients send them.
KIND_WEIGHTS = {"create": 50, "read": 47, "invalid": 3}
# Traffic rises and falls by a fifth within some 100 minutes.
_SWELL, _SWELL_S = 0.2, 6_000


class Recording(msgspec.Struct, frozen=True):
    """Requests that were recorded, by kind, with the fault off and on.

    `extra` are those that the fault itself sent while it was on, `extra_per_s` how many a second.
    """

    healthy: Mapping[str, tuple[RecordedTrace, ...]]
    faulty: Mapping[str, tuple[RecordedTrace, ...]]
    extra: tuple[RecordedTrace, ...] = ()
    extra_per_s: float = 0.0

    @property
    def count(self) -> int:
        return sum(len(each) for pool in (self.healthy, self.faulty) for each in pool.values()) + len(self.extra)


class HistoryPlan(msgspec.Struct, frozen=True, kw_only=True):
    """When what happens, in epoch seconds. The fault acts from `fault_start_s` until before `fault_end_s`."""

    start_s: int
    fault_start_s: int
    fault_end_s: int
    end_s: int
    requests_per_minute: float

    def is_faulty(self, at_s: float) -> bool:
        return self.fault_start_s <= at_s < self.fault_end_s


class Arrival(NamedTuple):
    """One request of the history: when, and which recorded request it is like."""

    at_s: float
    trace: RecordedTrace


def plan_history(
    now_s: float, history_s: int, fault_s: int, recovery_s: int, requests_per_minute: float
) -> HistoryPlan:
    """A history that ends with the last whole minute; the fault begins and ends with a minute."""
    end_s = int(now_s) // _MINUTE_S * _MINUTE_S
    fault_end_s = end_s - _whole_minutes(recovery_s)
    return HistoryPlan(
        start_s=end_s - _whole_minutes(history_s),
        fault_start_s=fault_end_s - _whole_minutes(fault_s),
        fault_end_s=fault_end_s,
        end_s=end_s,
        requests_per_minute=requests_per_minute,
    )


def arrivals(plan: HistoryPlan, recording: Recording, random: Random) -> Iterator[Arrival]:
    """The requests of a history, oldest first: at random times, as of many clients that know nothing of each other."""
    kinds, weights = list(KIND_WEIGHTS), list(KIND_WEIGHTS.values())
    steady_per_s = plan.requests_per_minute / 60
    # Thinning: candidates at the highest rate there is, of which so many are taken as the rate of the moment asks for.
    most_per_s = steady_per_s * (1 + _SWELL) + recording.extra_per_s
    at_s = float(plan.start_s)
    while (at_s := at_s + random.expovariate(most_per_s)) < plan.end_s:
        is_faulty = plan.is_faulty(at_s)
        rate_per_s = steady_per_s * (1 + _SWELL * math.sin(at_s * math.tau / _SWELL_S))
        drawn_per_s = random.random() * most_per_s
        if drawn_per_s < rate_per_s:
            pool = recording.faulty if is_faulty else recording.healthy
            yield Arrival(at_s, random.choice(pool[random.choices(kinds, weights)[0]]))
        elif is_faulty and drawn_per_s < rate_per_s + recording.extra_per_s:
            yield Arrival(at_s, random.choice(recording.extra))


def history_documents(plan: HistoryPlan, recording: Recording, random: Random) -> Iterator[list[str]]:
    """The segment documents of each request of a history, oldest first."""
    for arrival in arrivals(plan, recording, random):
        yield retimed(arrival.trace, arrival.at_s, random)


def _whole_minutes(span_s: int) -> int:
    return -(-span_s // _MINUTE_S) * _MINUTE_S
