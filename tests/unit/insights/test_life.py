"""What an insight says while its incident lasts."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from raylens.insights.incidents import Incident, Strand
from raylens.insights.life import Measured, corrected, events_of, insight_id, insight_of, suspects_of
from raylens.model.figures import Entity
from raylens.model.group import ExpressionVersion, Group
from raylens.model.insight import Anomaly, Category, Impact, Insight, InsightEvent, InsightState, Signal, Suspect
from raylens.model.service import ServiceId
from raylens.model.time import NS_PER_MINUTE, NS_PER_S

SHOP, TABLE, QUEUE = (ServiceId(name) for name in ("shop", "orders", "jobs"))
GROUP = Group(name="Default", unique_id="", versions=(ExpressionVersion(None, 0),))
ARN = "arn:aws:xray:us-east-1:000000000000:group/Default"
START_S = 50_400  # 14:00 UTC


def an_anomaly(service: ServiceId, surprise: float, signal: Signal = Signal.FAULT) -> Anomaly:
    return Anomaly(Entity(service), signal, START_S, START_S, 100.0, 30.0, 0.0, 4.0, surprise)


def an_incident(*anomalies: Anomaly, closed_s: int | None = None) -> Incident:
    strands = anomalies or (an_anomaly(SHOP, 8.0), an_anomaly(TABLE, 12.0))
    return Incident(
        key="k",
        start_s=START_S,
        detected_s=START_S + 120,
        last_anomalous_s=START_S + 240 if closed_s is None else closed_s - 60,
        closed_s=closed_s,
        strands=tuple(Strand(each, each, each.surprise, START_S) for each in strands),
    )


def an_insight(
    incident: Incident | None = None,
    impact: Impact | None = None,
    previous: Insight | None = None,
    minute: int = 5,
    suspect: ServiceId = TABLE,
) -> Insight:
    impact = impact or Impact(ok=70, fault=30)
    suspects = (Suspect(Entity(suspect), Signal.FAULT, 1.0, f"{suspect.name} v1.2 failed."),)
    at_ns = START_S * NS_PER_S + minute * NS_PER_MINUTE
    return insight_of(incident or an_incident(), GROUP, ARN, suspects, Measured(impact, impact), at_ns, previous)


def told(insights: Iterator[Insight] | list[Insight]) -> list[str]:
    """The summaries of the events of an insight as it goes, up to the first full stop or colon."""
    before: Insight | None = None
    events: list[InsightEvent] = []
    for insight in insights:
        events += events_of(before, insight, events[-1] if events else None)
        before = insight
    return [each.summary.replace(":", ".").split(".")[0] for each in events]


def test_a_summary_says_what_since_when_why_and_whom_it_concerns() -> None:
    assert an_insight().summary == (
        "Faults are unusually frequent since 14:00 UTC. orders v1.2 failed. "
        "Of 100 client requests, 30 (30 %) ended in a fault."
    )


def test_of_a_closed_one_it_says_from_when_to_when() -> None:
    closed = an_insight(an_incident(closed_s=START_S + 600))
    assert closed.summary.startswith("Faults were unusually frequent from 14:00 UTC to 14:10 UTC. orders")
    assert (closed.state, closed.end_ns) == (InsightState.CLOSED, (START_S + 600) * NS_PER_S)


def test_clients_that_waited_longer_are_mentioned() -> None:
    suspects = (Suspect(Entity(TABLE), Signal.LATENCY, 1.0, "orders is slow."),)

    def summary(now_s: float | None, usual_s: float | None) -> str:
        measured = Measured(Impact(ok=9), Impact(), now_s, usual_s)
        return insight_of(an_incident(), GROUP, ARN, suspects, measured, 0).summary

    assert summary(0.4123, 0.0161).endswith(
        "None of 9 client requests failed. Clients waited 412 ms on average, 16.1 ms before."
    )
    for same in ((0.5, 0.5), (None, 0.5), (0.5, None)):
        assert "waited" not in summary(*same)


def test_without_requests_of_clients_it_says_so() -> None:
    assert an_insight(impact=Impact()).summary.endswith("No requests of clients were seen meanwhile.")


def test_the_id_is_that_of_the_incident_and_stays() -> None:
    first = an_insight()
    assert first.id == insight_id(ARN, an_incident())
    assert first.id[14] == "5"
    moved = replace(an_incident(), start_s=START_S - 60, key="another")
    later = an_insight(moved, previous=first)
    assert (later.id, later.detected_ns) == (first.id, first.detected_ns)
    assert later.start_ns == first.start_ns - NS_PER_MINUTE
    assert insight_id(ARN, moved) != first.id


def test_services_come_by_surprise_and_signals_of_one_category_count_once() -> None:
    insight = an_insight(
        an_incident(an_anomaly(SHOP, 5.0), an_anomaly(SHOP, 9.0, Signal.ERROR), an_anomaly(TABLE, 7.0, Signal.LATENCY))
    )
    assert insight.top_services == (SHOP, TABLE)
    assert insight.signals == (Signal.ERROR, Signal.LATENCY, Signal.FAULT)
    assert insight.categories == (Category.ERROR_RATE, Category.RESPONSE_TIME)


def test_where_nothing_better_is_known_the_most_surprising_is_suspected() -> None:
    suspects = suspects_of(an_incident())
    assert [each.entity.service for each in suspects] == [TABLE, SHOP]
    assert sum(each.score for each in suspects) == 1.0


def test_an_insight_begins_and_ends_with_an_event() -> None:
    first = an_insight()
    last = an_insight(an_incident(closed_s=START_S + 600), previous=first)
    assert told([first, first, last, last]) == ["Detected", "Ended"]


def test_one_that_is_found_when_it_is_over_has_both_at_once() -> None:
    events = events_of(None, an_insight(an_incident(closed_s=START_S + 600)), None)
    assert [each.at_ns // NS_PER_S - START_S for each in events] == [120, 600]


def test_another_root_cause_and_another_service_in_front_are_told() -> None:
    first = an_insight()
    other = an_insight(previous=first, suspect=SHOP)
    joined = an_insight(an_incident(an_anomaly(SHOP, 8.0), an_anomaly(QUEUE, 9.0)), previous=other, suspect=SHOP)
    assert told([first, other, joined]) == ["Detected", "Another root cause", "Now anomalous too"]


def test_twice_the_share_of_failing_requests_is_told_and_a_little_more_is_not() -> None:
    shares = [Impact(ok=100 - faults, fault=faults) for faults in (10, 12, 19, 25, 11)]
    insights = [an_insight(impact=impact) for impact in shares]
    assert told(insights) == [
        "Detected",
        "Of 100 client requests, 25 (25 %) ended in a fault",
        "Of 100 client requests, 11 (11 %) ended in a fault",
    ]


def test_while_it_changes_something_is_told_every_quarter_of_an_hour() -> None:
    insights = [an_insight(impact=Impact(ok=10 * n, fault=5 * n), minute=n) for n in range(2, 40)]
    assert told(insights) == ["Detected", "Still going on", "Still going on"]
    same = [an_insight(minute=n) for n in range(2, 40)]
    assert told(same) == ["Detected"]


def test_one_that_opens_again_says_so() -> None:
    first = an_insight()
    closed = an_insight(an_incident(closed_s=START_S + 300), previous=first)
    again = an_insight(previous=closed, minute=8)
    assert told([first, closed, again]) == ["Detected", "Ended", "Begun again"]


def test_what_turns_out_to_be_none_is_closed_and_says_why() -> None:
    closed, event = corrected(an_insight(), START_S * NS_PER_S + 9 * NS_PER_MINUTE)
    assert closed.state is InsightState.CLOSED
    assert closed.end_ns == an_insight().updated_ns
    assert closed.summary.startswith("Faults were")
    assert event.summary.startswith("Closed: ")
