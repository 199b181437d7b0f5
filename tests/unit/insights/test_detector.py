"""What is usual is learned, what is not is told, whatever clocks and services do."""

from collections.abc import Iterable
from functools import cache

import msgspec
import numpy as np
import pytest

from raylens.insights.detector import Detector, Judgement
from raylens.insights.tuning import TUNING
from raylens.model.figures import RESPONSE_MEASURES, Entity, Figures, no_figures
from raylens.model.insight import Anomaly, Signal
from raylens.model.service import ServiceId

SHOP, TABLE = Entity(ServiceId("shop")), Entity(ServiceId("orders", "AWS::DynamoDB::Table"))
_SPREAD = np.array([1.1, 1.0, 1.6, 1.9, 2.5])


def _bin(
    minute: int,
    entities: Iterable[Entity] = (SHOP,),
    requests: float = 200,
    faults: float = 0,
    errors: float = 0,
    throttles: float = 0,
    seconds: float = 0.1,
) -> Figures:
    """A bin in which all entities have the same figures, with a little noise that depends on the minute."""
    named = tuple(entities)
    ones = np.ones(len(named))
    noise = np.exp(0.04 * np.sin(np.arange(len(RESPONSE_MEASURES)) + 2.1 * minute))
    times = np.tile(seconds * _SPREAD * noise, (len(named), 1))
    return Figures(minute * 60, named, requests * ones, faults * ones, errors * ones, throttles * ones, times)


def _trained(minutes: int = 180, requests: float = 200) -> Detector:
    return _taught(minutes, requests).copy()


@cache
def _taught(minutes: int, requests: float) -> Detector:
    detector = Detector()
    for minute in range(minutes):
        detector.observe(_bin(minute, requests=requests))
    return detector


def _signals(judgement: Judgement) -> set[Signal]:
    return {each.signal for each in judgement.anomalies}


@pytest.mark.parametrize(
    ("figures", "signal"),
    [
        (_bin(180, faults=12), Signal.FAULT),
        (_bin(180, errors=12), Signal.ERROR),
        (_bin(180, throttles=12), Signal.THROTTLE),
        (_bin(180, seconds=0.3), Signal.LATENCY),
    ],
)
def test_each_signal_is_told_from_the_others(figures: Figures, signal: Signal) -> None:
    (anomaly,) = _trained().observe(figures).anomalies
    assert (anomaly.entity, anomaly.signal, anomaly.at_s, anomaly.since_s) == (SHOP, signal, 10_800, 10_800)
    assert anomaly.observed > anomaly.high >= anomaly.low


def test_only_rises_matter() -> None:
    assert _trained().observe(_bin(180, seconds=0.02)).anomalies == ()


def test_a_rise_too_small_to_matter_is_no_anomaly() -> None:
    detector = _trained()
    assert detector.observe(_bin(180, seconds=0.106)).anomalies == ()
    assert detector.observe(_bin(181, faults=1)).anomalies == ()


def test_one_slow_request_of_a_few_is_weak_evidence_at_most() -> None:
    detector = _trained(requests=5)
    slow = _bin(180, requests=5)
    slow.response_s[:, [0, 2, 3, 4]] *= 20
    assert all(each.surprise < 2.5 for each in detector.observe(slow).anomalies)


def test_a_run_of_anomalous_bins_keeps_its_beginning() -> None:
    detector = _trained()
    since = [detector.observe(_bin(180 + n, faults=30)).anomalies[0].since_s for n in range(3)]
    assert since == [180 * 60] * 3


def test_the_band_is_what_would_not_be_anomalous() -> None:
    detector = _trained()
    band = detector.copy().observe(_bin(180)).expected(SHOP, Signal.FAULT)
    assert band is not None
    low, high = band
    assert low == 0
    assert _signals(detector.copy().observe(_bin(180, faults=high))) == set()
    assert _signals(detector.copy().observe(_bin(180, faults=high + 1))) == {Signal.FAULT}


def test_the_band_of_response_times_holds_what_is_usual() -> None:
    band = _trained().observe(_bin(180)).expected(SHOP, Signal.LATENCY)
    assert band is not None
    assert 0.05 < band[0] < 0.11 < band[1] < 0.2


def test_nothing_is_expected_of_what_was_hardly_seen_or_is_not_there() -> None:
    detector = Detector()
    assert detector.observe(_bin(0)).expected(SHOP, Signal.FAULT) is None
    assert _trained().observe(_bin(180)).expected(TABLE, Signal.FAULT) is None
    assert _trained().observe(no_figures(180 * 60, [SHOP])).expected(SHOP, Signal.LATENCY) is None


def test_readiness_counts_up_to_what_is_needed() -> None:
    detector = Detector()
    first = detector.observe(_bin(0, requests=10)).readiness
    assert (first.entities, first.ready, first.requests_seen, first.minutes_seen) == (1, 0, 10, 1)
    for minute in range(1, first.minutes_needed):
        last = detector.observe(_bin(minute, requests=10)).readiness
    assert (last.ready, last.minutes_seen, last.requests_seen) == (1, last.minutes_needed, 120)
    assert last.requests_needed == TUNING.learn_requests


def test_a_new_service_is_learned_before_it_is_judged() -> None:
    detector = _trained()
    for minute in range(180, 180 + TUNING.learn_bins):
        assert detector.observe(_bin(minute, (SHOP, TABLE), faults=0, seconds=0.1)).anomalies == ()
    slow = [_bin(200, (TABLE,), faults=60), _bin(201, (TABLE,), faults=60)]
    assert {each.entity for figures in slow for each in detector.observe(figures).anomalies} == {TABLE}


def test_a_bin_without_traffic_judges_nothing() -> None:
    assert _trained().observe(no_figures(180 * 60, [SHOP])).anomalies == ()


@pytest.mark.parametrize("minute", [60, 179, 180 + 30 * 1_440])
def test_the_first_bin_after_a_jump_of_the_clock_is_learned_from_not_judged(minute: int) -> None:
    detector = _trained()
    assert detector.observe(_bin(minute, seconds=0.15)).anomalies == ()
    assert detector.observe(_bin(minute + 1, seconds=0.15)).anomalies == ()
    assert _signals(detector.observe(_bin(minute + 2, seconds=0.6))) == {Signal.LATENCY}


def test_skipped_minutes_change_nothing() -> None:
    detector = _trained()
    assert detector.observe(_bin(240)).anomalies == ()
    assert _signals(detector.observe(_bin(300, faults=20))) == {Signal.FAULT}


def test_a_copy_goes_its_own_way_and_a_replay_ends_the_same() -> None:
    detector = _trained()
    checkpoint = detector.copy()
    for minute in range(180, 195):
        detector.observe(_bin(minute, faults=40, seconds=0.4))
    late = [checkpoint.observe(_bin(minute)) for minute in range(180, 195)]
    straight = _trained(195)
    assert not any(each.anomalies for each in late)
    ends = [each.observe(_bin(195, faults=9, seconds=0.2)).anomalies for each in (checkpoint, straight)]
    assert ends[0] == ends[1] != ()


def test_times_of_failures_do_not_become_the_usual_ones() -> None:
    detector = _trained()
    for minute in range(180, 300):
        detector.observe(_bin(minute, faults=160, seconds=0.002))
    assert _signals(detector.observe(_bin(300))) == set()


def test_entities_unseen_for_long_are_forgotten_and_their_rows_used_again() -> None:
    tuning = msgspec.structs.replace(TUNING, forget_s=3_600, max_entities=2)
    detector = Detector(60, tuning)
    for minute in range(10):
        detector.observe(_bin(minute, (SHOP, TABLE)))
    for minute in range(10, 80):
        readiness = detector.observe(_bin(minute)).readiness
    assert readiness.entities == 1
    other = Entity(ServiceId("other"))
    assert detector.observe(_bin(80, (SHOP, other))).readiness.entities == 2
    assert detector.refused == 0


def test_entities_beyond_the_limit_are_left_out_and_counted() -> None:
    detector = Detector(60, msgspec.structs.replace(TUNING, max_entities=1))
    assert detector.observe(_bin(0, (SHOP, TABLE))).readiness.entities == 1
    assert detector.refused == 1


def test_many_entities_are_judged_as_each_alone() -> None:
    alone, among = _trained(), Detector()
    others = tuple(Entity(ServiceId(f"other-{n}")) for n in range(40))
    for minute in range(180):
        among.observe(_bin(minute, (*others, SHOP)))
    one = alone.observe(_bin(180, faults=20, seconds=0.3)).anomalies
    many = among.observe(_bin(180, (*others, SHOP), faults=20, seconds=0.3)).anomalies
    assert len(many) == 41 * len(one)
    assert [each for each in many if each.entity == SHOP] == list(one)
    assert all(isinstance(each, Anomaly) for each in many)
