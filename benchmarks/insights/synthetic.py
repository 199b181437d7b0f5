"""Made-up applications with known incidents, for what recorded data lacks; each with what is expected of it."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

import msgspec
import numpy as np
from numpy.typing import NDArray

from raylens.insights.detector import Detector
from raylens.insights.incidents import Incident, Incidents
from raylens.insights.tuning import TUNING, Tuning
from raylens.model.figures import RESPONSE_MEASURES, Entity, Figures
from raylens.model.insight import Signal
from raylens.model.service import ServiceId

BIN_S = 60
HOUR, DAY = 60, 1_440
# a Monday, midnight
BEGIN_S = 1_700_438_400
_QUANTILES = (0.50, 0.90, 0.95, 0.99)

WEB, ORDERS, TABLE, SEARCH = ServiceId("web"), ServiceId("orders"), ServiceId("table"), ServiceId("search")
BATCH, STORE = ServiceId("batch"), ServiceId("store")
CALLS = ((WEB, ORDERS), (ORDERS, TABLE), (WEB, SEARCH), (BATCH, STORE))
# median seconds and requests a minute
USUAL = {
    Entity(WEB): (0.120, 200.0),
    Entity(ORDERS): (0.060, 120.0),
    Entity(TABLE): (0.010, 240.0),
    Entity(SEARCH): (0.035, 150.0),
    Entity(BATCH): (0.800, 30.0),
    Entity(STORE): (0.020, 90.0),
    Entity(TABLE, ORDERS): (0.012, 240.0),
    Entity(STORE, BATCH): (0.022, 90.0),
}
Minutes = NDArray[np.float64]


class Effect(msgspec.Struct, frozen=True):
    """From minute `begin` until before `end`, of some entities: shares of outcomes, and of requests slowed down."""

    begin: int
    end: int
    entities: tuple[Entity, ...]
    fault: float = 0.0
    error: float = 0.0
    throttle: float = 0.0
    slower: float = 1.0
    slowed: float = 1.0


class Expected(msgspec.Struct, frozen=True):
    """One insight: begins at `begin` or soon after, lasts at least until `end`; `culprit` is among its entities."""

    begin: int
    end: int
    culprit: Entity
    signal: Signal
    delay: int = 4
    over_by: int | None = None


class Story(msgspec.Struct, frozen=True):
    """What happens in so many minutes. `load` and `pace` scale requests and times, `stamp` makes stamps of minutes."""

    name: str
    minutes: int
    effects: tuple[Effect, ...] = ()
    expected: tuple[Expected, ...] = ()
    usual: Mapping[Entity, tuple[float, float]] = MappingProxyType(USUAL)
    load: Callable[[Minutes], Minutes] = np.ones_like
    pace: Callable[[Minutes], Minutes] = np.ones_like
    stamp: Callable[[int], int] = lambda minute: BEGIN_S + minute * BIN_S
    skipped: tuple[tuple[int, int], ...] = ()
    absent: tuple[tuple[Entity, int, int], ...] = ()
    fault: float = 0.002
    outliers: float = 0.002


class Outcome(msgspec.Struct, frozen=True):
    found: int
    missed: int
    false: int
    insights: tuple[Incident, ...]


def tell(story: Story, seed: int = 1) -> Iterator[Figures]:
    """The figures of a story, bin by bin."""
    rng = np.random.default_rng(seed)
    minutes = np.arange(story.minutes, dtype=np.float64)
    columns = [_columns(story, entity, minutes, rng) for entity in story.usual]
    entities = tuple(story.usual)
    for minute in range(story.minutes):
        if any(begin <= minute < end for begin, end in story.skipped):
            continue
        there = [n for n in range(len(entities)) if columns[n][minute, 0] > 0]
        rows = np.array([columns[n][minute] for n in there]).reshape(len(there), 4 + len(RESPONSE_MEASURES))
        requests, faults, errors, throttles = rows[:, :4].T
        names = tuple(entities[n] for n in there)
        yield Figures(story.stamp(minute), names, requests, faults, errors, throttles, rows[:, 4:])


def _columns(story: Story, entity: Entity, minutes: Minutes, rng: np.random.Generator) -> NDArray[np.float64]:
    median_s, usual = story.usual[entity]
    requests = rng.poisson(usual * story.load(minutes))
    for absent, begin, end in story.absent:
        if absent == entity:
            requests[begin:end] = 0
    shares = np.tile([story.fault, 0.001, 0.0], (len(minutes), 1))
    slower, slowed = np.ones(len(minutes)), np.ones(len(minutes))
    for effect in story.effects:
        if entity in effect.entities:
            during = slice(effect.begin, effect.end)
            shares[during] = np.maximum(shares[during], [effect.fault, effect.error, effect.throttle])
            slower[during], slowed[during] = effect.slower, effect.slowed
    outcomes = rng.multinomial(requests, np.column_stack([shares, 1 - shares.sum(axis=1)]))
    most = max(int(requests.max()), 1)
    level = np.log(median_s * story.pace(minutes))
    # services have good and bad minutes, and single requests that take ten times as long
    times = level[:, None] + rng.normal(0, 0.05, len(minutes))[:, None] + rng.normal(0, 0.4, (len(minutes), most))
    times += np.log(slower)[:, None] * (rng.random(times.shape) < slowed[:, None])
    times += np.log(10.0) * (rng.random(times.shape) < story.outliers)
    seconds = np.sort(np.where(np.arange(most) < requests[:, None], np.exp(times), np.inf), axis=1)
    counted = np.maximum(requests, 1)
    places = [np.ceil(counted * quantile).astype(int) - 1 for quantile in _QUANTILES]
    quantiles = np.column_stack([np.take_along_axis(seconds, place[:, None], axis=1)[:, 0] for place in places])
    means = np.where(np.isfinite(seconds), seconds, 0.0).sum(axis=1) / counted
    # to the millisecond, as the store has them
    quantiles = np.where(np.isfinite(quantiles), np.ceil(quantiles * 1e3) / 1e3, np.nan)
    return np.column_stack([requests, outcomes[:, :3], means, quantiles])


def insights_of(story: Story, tuning: Tuning = TUNING, seed: int = 1) -> tuple[Incident, ...]:
    """Every insight that is raised, as it was last known."""
    detector, incidents, latest = Detector(BIN_S, tuning), Incidents(tuning), dict[str, Incident]()
    for figures in tell(story, seed):
        for change in incidents.advance(detector.observe(figures), CALLS):
            latest[change.incident.key] = change.incident
    return tuple(latest.values())


def outcome_of(story: Story, tuning: Tuning = TUNING, seed: int = 1) -> Outcome:
    """Each expected incident is found once at most; every further insight is a false one."""
    insights = insights_of(story, tuning, seed)
    left, found = list(insights), 0
    for expected in story.expected:
        match = next((each for each in left if _matches(expected, each, story)), None)
        if match is not None:
            left.remove(match)
            found += 1
    return Outcome(found, len(story.expected) - found, len(left), insights)


def _matches(expected: Expected, insight: Incident, story: Story) -> bool:
    begin_s, latest_s = story.stamp(expected.begin), story.stamp(expected.begin + expected.delay)
    over_s = story.stamp(expected.over_by) if expected.over_by else None
    concerned = {(each.entity, each.signal) for each in insight.anomalies}
    return (
        begin_s <= insight.start_s
        and insight.detected_s <= latest_s + BIN_S
        and (expected.culprit, expected.signal) in concerned
        and insight.last_anomalous_s + BIN_S >= story.stamp(expected.end)
        and (over_s is None or (insight.closed_s is not None and insight.closed_s <= over_s))
    )


def _day(minutes: Minutes) -> Minutes:
    """0 at night, 1 at noon, rising from six to nine."""
    hour = minutes % DAY / HOUR
    return np.clip(np.minimum((hour - 6) / 3, (22 - hour) / 4), 0.0, 1.0)


def _few(requests: float) -> dict[Entity, tuple[float, float]]:
    return {entity: (median_s, requests) for entity, (median_s, _) in USUAL.items()}


WEB_, ORDERS_, TABLE_, SEARCH_ = (Entity(each) for each in (WEB, ORDERS, TABLE, SEARCH))
BATCH_, STORE_, TO_TABLE = Entity(BATCH), Entity(STORE), Entity(TABLE, ORDERS)
SHOP = (TABLE_, TO_TABLE, ORDERS_, WEB_)
E = 4 * HOUR  # everything has been learned

STORIES: Sequence[Story] = (
    Story("three quiet days", 3 * DAY),
    Story(
        "3 % faults for five minutes",
        E + 2 * HOUR,
        (Effect(E, E + 5, SHOP, fault=0.03),),
        (Expected(E, E + 4, TABLE_, Signal.FAULT),),
    ),
    Story(
        "throttling of one table",
        E + 2 * HOUR,
        (Effect(E, E + 6, (TABLE_, TO_TABLE), throttle=0.15),),
        (Expected(E, E + 6, TABLE_, Signal.THROTTLE, delay=2),),
    ),
    Story(
        "faults here, slow there, one cause",
        E + 2 * HOUR,
        (Effect(E, E + 8, (TABLE_, TO_TABLE, ORDERS_), slower=4), Effect(E, E + 8, (WEB_,), fault=0.3)),
        (Expected(E, E + 8, TABLE_, Signal.LATENCY, delay=2),),
    ),
    Story(
        "two applications at once",
        E + 2 * HOUR,
        (Effect(E, E + 6, SHOP, slower=3), Effect(E + 1, E + 8, (STORE_, BATCH_), fault=0.2)),
        (Expected(E, E + 6, TABLE_, Signal.LATENCY), Expected(E + 1, E + 8, STORE_, Signal.FAULT)),
    ),
    Story(
        "every tenth request is slow",
        E + 2 * HOUR,
        (Effect(E, E + 10, (ORDERS_, WEB_), slower=6, slowed=0.12),),
        (Expected(E, E + 9, ORDERS_, Signal.LATENCY),),
    ),
    Story(
        "an outage of two hours",
        E + 4 * HOUR,
        (Effect(E, E + 2 * HOUR, SHOP, fault=0.6),),
        (Expected(E, E + 2 * HOUR, TABLE_, Signal.FAULT, delay=1, over_by=E + 2 * HOUR + 1),),
    ),
    Story(
        "faults that come and go",
        E + 3 * HOUR,
        tuple(Effect(E + n, E + n + 2, SHOP, fault=0.2) for n in range(0, 40, 4)),
        (Expected(E, E + 38, TABLE_, Signal.FAULT, delay=2),),
    ),
    Story(
        "a release doubles response times for good",
        E + 18 * HOUR,
        (Effect(E, E + 18 * HOUR, (ORDERS_, WEB_), slower=2),),
        (Expected(E, E + 20, ORDERS_, Signal.LATENCY, over_by=E + HOUR),),
    ),
    Story(
        "a release doubles response times, and is withdrawn",
        E + 18 * HOUR,
        (Effect(E, E + 3 * HOUR, (ORDERS_, WEB_), slower=2), Effect(E + 5 * HOUR, E + 5 * HOUR + 10, SHOP, slower=2)),
        (
            Expected(E, E + 20, ORDERS_, Signal.LATENCY, over_by=E + HOUR),
            Expected(E + 5 * HOUR, E + 5 * HOUR + 9, ORDERS_, Signal.LATENCY),
        ),
    ),
    Story(
        "5 % client errors for good",
        E + 20 * HOUR,
        (Effect(E, E + 20 * HOUR, (SEARCH_,), error=0.05),),
        (Expected(E, E + HOUR, SEARCH_, Signal.ERROR, over_by=E + 8 * HOUR),),
    ),
    Story("a slow drift to the double", 2 * DAY, pace=lambda minutes: np.exp2(np.clip((minutes - 360) / DAY, 0, 1))),
    Story("a gap of an hour", E + 4 * HOUR, skipped=((E, E + HOUR),)),
    Story("a gap of two days", E + 4 * HOUR + 2 * DAY, skipped=((E, E + 2 * DAY),)),
    Story(
        "an incident after a gap of two days",
        E + 4 * HOUR + 2 * DAY,
        (Effect(E + 2 * DAY + 10, E + 2 * DAY + 16, SHOP, fault=0.1, slower=3),),
        (Expected(E + 2 * DAY + 10, E + 2 * DAY + 16, TABLE_, Signal.FAULT),),
        skipped=((E, E + 2 * DAY),),
    ),
    Story(
        "a clock put back by an hour",
        E + 5 * HOUR,
        (Effect(E + HOUR, E + HOUR + 6, SHOP, fault=0.1),),
        (Expected(E + HOUR, E + HOUR + 6, TABLE_, Signal.FAULT),),
        stamp=lambda minute: BEGIN_S + (minute if minute < E else minute - HOUR) * BIN_S,
    ),
    Story(
        "a clock put forward by a year",
        E + 4 * HOUR,
        pace=lambda minutes: np.where(minutes < E, 1.0, 1.3),
        stamp=lambda minute: BEGIN_S + (minute if minute < E else minute + 365 * DAY) * BIN_S,
    ),
    Story(
        "services that come and go",
        2 * DAY,
        absent=((SEARCH_, 0, 9 * HOUR), (STORE_, 12 * HOUR, 30 * HOUR), (BATCH_, 20 * HOUR, 2 * DAY)),
    ),
    Story("no traffic at night", 3 * DAY, load=lambda minutes: (_day(minutes) > 0.2).astype(float)),
    Story(
        "four days with mornings",
        4 * DAY,
        (Effect(3 * DAY + 600, 3 * DAY + 606, SHOP, fault=0.05),),
        (Expected(3 * DAY + 600, 3 * DAY + 605, TABLE_, Signal.FAULT),),
        load=lambda minutes: 0.15 + _day(minutes),
        pace=lambda minutes: 1.0 + 0.6 * _day(minutes),
    ),
    Story(
        "a job every night, and once at noon",
        4 * DAY,
        (
            *(Effect(n * DAY + 2 * HOUR, n * DAY + 2 * HOUR + 20, (TABLE_, TO_TABLE), slower=4) for n in range(4)),
            *(Effect(n * DAY + 2 * HOUR, n * DAY + 2 * HOUR + 20, (SEARCH_,), error=0.1) for n in range(4)),
            Effect(3 * DAY + 12 * HOUR, 3 * DAY + 12 * HOUR + 20, (TABLE_, TO_TABLE), slower=4),
        ),
        (
            # two nights are news, the third is not
            *(
                Expected(n * DAY + 2 * HOUR, n * DAY + 2 * HOUR + 18, entity, signal)
                for n in range(2)
                for entity, signal in ((TABLE_, Signal.LATENCY), (SEARCH_, Signal.ERROR))
            ),
            Expected(3 * DAY + 12 * HOUR, 3 * DAY + 12 * HOUR + 18, TABLE_, Signal.LATENCY),
        ),
    ),
    Story("ten requests a minute, now and then one fails", 2 * DAY, usual=_few(10.0), fault=0.01),
    Story(
        "ten requests a minute, two of ten fail once",
        2 * DAY,
        (Effect(DAY, DAY + 1, (TABLE_,), fault=0.12),),
        usual=_few(10.0),
    ),
    Story(
        "ten requests a minute, half of them fail",
        2 * DAY,
        (Effect(DAY, DAY + 8, (TABLE_, TO_TABLE), fault=0.5),),
        (Expected(DAY, DAY + 7, TABLE_, Signal.FAULT),),
        usual=_few(10.0),
    ),
    Story("one request a minute", 3 * DAY, usual=_few(1.0), fault=0.01, outliers=0.02),
    Story("single requests are slow", 2 * DAY, usual=_few(40.0), outliers=0.02),
)


def main() -> None:
    """Print a table: found, missed and false insights of each story."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    print(f"{'story':52} {'found':>7} {'missed':>7} {'false':>7} {'seconds':>8}")
    for story in STORIES:
        if options.only not in story.name:
            continue
        began = time.process_time()
        outcomes = [outcome_of(story, seed=seed) for seed in range(1, options.seeds + 1)]
        counts = (sum(getattr(each, name) for each in outcomes) for name in ("found", "missed", "false"))
        print(f"{story.name:52} {' '.join(f'{n:7}' for n in counts)} {time.process_time() - began:8.1f}")
        if options.only:
            for each in outcomes[0].insights:
                _explain(each)


def _explain(insight: Incident) -> None:
    start, detected, last = (
        (each - BEGIN_S) / BIN_S for each in (insight.start_s, insight.detected_s, insight.last_anomalous_s)
    )
    print(f"  from minute {start:.0f}, raised {detected:.0f}, last {last:.0f}, {insight.signal}")
    for worst in insight.anomalies[:6]:
        print(
            f"    {worst.entity.label} {worst.signal} at {(worst.at_s - BEGIN_S) / BIN_S:.0f} of {worst.requests:.0f}:"
            f" {worst.observed:.4g} not {worst.low:.4g} to {worst.high:.4g}, surprise {worst.surprise:.1f}"
        )


if __name__ == "__main__":
    main()
