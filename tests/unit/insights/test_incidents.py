"""Which anomalies are one incident, when it is raised and when it is over."""

import msgspec
import pytest
from benchmarks.insights.synthetic import STORIES, Story, outcome_of

from raylens.insights.detector import Judgement, Readiness
from raylens.insights.incidents import ChangeKind, IncidentChange, Incidents
from raylens.insights.tuning import TUNING
from raylens.model.figures import Entity
from raylens.model.insight import Anomaly, Signal
from raylens.model.service import ServiceId

WEB, ORDERS, TABLE, BATCH = (ServiceId(each) for each in ("web", "orders", "table", "batch"))
CALLS = [(WEB, ORDERS), (ORDERS, TABLE)]
# the shortest; all of them are told by `python -m benchmarks.insights.synthetic`
_QUICK = [each for each in STORIES if each.minutes <= 6 * 60]


def _anomaly(
    minute: int,
    service: ServiceId = TABLE,
    signal: Signal = Signal.FAULT,
    surprise: float = 9,
    requests: float = 100,
    since: int | None = None,
) -> Anomaly:
    since_s = 60 * (minute if since is None else since)
    return Anomaly(Entity(service), signal, minute * 60, since_s, requests, 20, 0, 5, surprise)


def _judged(minute: int, *anomalies: Anomaly, ready: int = 10) -> Judgement:
    return Judgement(minute * 60, 60, anomalies, Readiness(entities=ready, ready=ready))


def _run(incidents: Incidents, *judgements: Judgement) -> list[IncidentChange]:
    return [change for judgement in judgements for change in incidents.advance(judgement, CALLS)]


def _kinds(changes: list[IncidentChange]) -> list[str]:
    return [change.kind.value for change in changes]


@pytest.mark.parametrize("story", _QUICK, ids=lambda story: story.name)
def test_stories_end_as_they_should(story: Story) -> None:
    outcome = outcome_of(story)
    assert (outcome.found, outcome.missed, outcome.false) == (len(story.expected), 0, 0)


def test_an_overwhelming_bin_opens_at_once() -> None:
    (change,) = _run(Incidents(), _judged(5, _anomaly(5)))
    assert change.kind is ChangeKind.OPENED
    assert (change.incident.start_s, change.incident.detected_s, change.incident.closed_s) == (300, 360, None)
    assert change.incident.signal is Signal.FAULT


def test_one_slow_bin_opens_nothing_two_do() -> None:
    incidents = Incidents()
    assert _run(incidents, _judged(5, _anomaly(5, signal=Signal.LATENCY))) == []
    (change,) = _run(incidents, _judged(6, _anomaly(6, signal=Signal.LATENCY, since=5)))
    assert (change.kind, change.incident.start_s) == (ChangeKind.OPENED, 300)


def test_weak_anomalies_open_when_they_persist() -> None:
    changes = _run(Incidents(), *(_judged(minute, _anomaly(minute, surprise=2.5, since=0)) for minute in range(8)))
    assert changes[0].kind is ChangeKind.OPENED
    assert changes[0].incident.start_s == 0
    assert 120 < changes[0].incident.detected_s <= 360


def test_an_anomaly_before_a_normal_bin_is_not_the_beginning() -> None:
    slow = [_anomaly(minute, signal=Signal.LATENCY, since=since) for minute, since in ((3, 3), (5, 5), (6, 5))]
    changes = _run(Incidents(), _judged(3, slow[0]), _judged(4), _judged(5, slow[1]), _judged(6, slow[2]))
    assert changes[0].incident.start_s == 300


def test_few_requests_never_open_by_themselves() -> None:
    assert _run(Incidents(), *(_judged(minute, _anomaly(minute, requests=4)) for minute in range(5))) == []


def test_the_more_is_watched_the_more_it_takes() -> None:
    assert _kinds(_run(Incidents(), _judged(5, _anomaly(5, surprise=5.5), ready=10))) == ["opened"]
    assert _run(Incidents(), _judged(5, _anomaly(5, surprise=5.5), ready=5_000)) == []


def test_related_anomalies_are_one_incident_unrelated_ones_are_two() -> None:
    changes = _run(Incidents(), _judged(5, _anomaly(5, TABLE), _anomaly(5, WEB), _anomaly(5, BATCH)))
    members = [{each.entity.service for each in change.incident.anomalies} for change in changes]
    assert members == [{TABLE, WEB}, {BATCH}]


def test_an_edge_belongs_to_its_ends() -> None:
    edge = msgspec.structs.replace(_anomaly(5), entity=Entity(TABLE, ORDERS))
    assert len(_run(Incidents(), _judged(5, edge, _anomaly(5, WEB)))) == 1


def test_an_incident_changes_while_it_lasts_and_ends_with_its_last_anomalous_bin() -> None:
    changes = _run(
        Incidents(), _judged(5, _anomaly(5)), _judged(6, _anomaly(6, surprise=20)), *map(_judged, range(7, 12))
    )
    assert _kinds(changes) == ["opened", "changed", "closed"]
    last = changes[-1].incident
    assert (last.last_anomalous_s, last.closed_s) == (360, 420)
    assert last.strands[0].worst.surprise == 20
    assert len({change.incident.key for change in changes}) == 1


def test_the_same_signal_soon_after_the_end_opens_the_old_one_again() -> None:
    quiet = TUNING.quiet_bins
    incidents = Incidents()
    changes = _run(incidents, _judged(5, _anomaly(5)), *(_judged(6 + n) for n in range(quiet)))
    changes += _run(incidents, _judged(6 + quiet, _anomaly(6 + quiet)))
    assert _kinds(changes) == ["opened", "closed", "opened"]
    assert changes[-1].incident.key == changes[0].incident.key
    assert (changes[-1].incident.start_s, changes[-1].incident.closed_s) == (300, None)


def test_another_signal_after_a_pause_is_another_incident() -> None:
    incidents = Incidents()
    first = _run(incidents, _judged(5, _anomaly(5, TABLE)), _judged(6), _judged(7))
    second = _run(incidents, _judged(8, _anomaly(8, WEB, Signal.THROTTLE)))
    assert "opened" in _kinds(second)
    assert second[-1].incident.key != first[0].incident.key or second[0].incident.key != first[0].incident.key


def test_a_quiet_gap_in_the_data_ends_an_incident_too() -> None:
    changes = _run(Incidents(), _judged(5, _anomaly(5)), _judged(500))
    assert _kinds(changes) == ["opened", "closed"]
    assert changes[-1].incident.closed_s == 360


def test_a_clock_put_back_ends_what_lasts() -> None:
    incidents = Incidents()
    changes = _run(incidents, _judged(50, _anomaly(50)), _judged(10, _anomaly(10)))
    assert _kinds(changes) == ["opened", "closed", "opened"]
    assert changes[2].incident.key != changes[0].incident.key


def test_an_incident_whose_bins_are_judged_anew_after_a_restart_is_the_same() -> None:
    bins = [_judged(5, _anomaly(5)), _judged(6, _anomaly(6)), *map(_judged, range(7, 12))]
    before = _run(Incidents(), *bins[:1])[0].incident
    after = _run(Incidents(), *bins)
    assert _kinds(after) == ["opened", "changed", "closed"]
    assert after[-1].incident.key == before.key
    assert after[-1].incident.start_s == before.start_s


def test_a_copy_goes_its_own_way() -> None:
    incidents = Incidents()
    _run(incidents, _judged(5, _anomaly(5)))
    copy = incidents.copy()
    _run(copy, *map(_judged, range(6, 12)))
    assert copy.open == ()
    assert len(incidents.open) == 1
