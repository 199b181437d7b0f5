"""What an insight says while its incident lasts: its state, its words, and what was notable on the way."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5

import msgspec

from raylens.insights.incidents import Incident
from raylens.insights.traffic import UnusualTraffic
from raylens.insights.wording import clock_time, count_of, duration_text, percent_text
from raylens.model.figures import Entity
from raylens.model.group import Group
from raylens.model.insight import Anomaly, Deviation, Impact, Insight, InsightEvent, InsightState, Signal, Suspect
from raylens.model.service import ServiceId
from raylens.model.time import NS_PER_MINUTE, NS_PER_S

MAX_TOP_SERVICES = 5
MAX_ANOMALOUS = 100
MAX_EVENTS = 200
# While an incident changes, something is said of it at least so often.
_EVENT_EVERY_NS = 15 * NS_PER_MINUTE
_NOTABLE_FACTOR = 2.0
_WAITING_FACTOR = 1.1

_IS_HIGH = {
    Signal.LATENCY: "Response times {are} unusually high",
    Signal.FAULT: "Faults {are} unusually frequent",
    Signal.ERROR: "Client errors {are} unusually frequent",
    Signal.THROTTLE: "Throttling {is} unusually frequent",
}
_VERBS = {
    InsightState.ACTIVE: {"are": "are", "is": "is"},
    InsightState.CLOSED: {"are": "were", "is": "was"},
}


class Measured(msgspec.Struct, frozen=True):
    """What requests met since an incident began: those of the group's clients, and those of the root cause.

    `response_s` is how long the clients waited on average, `usual_response_s` how long before the incident; None where
    there were no requests. `traffic` is where the traffic began to be unusual shortly before or during it, if it did.
    """

    clients: Impact
    root_cause: Impact
    response_s: float | None = None
    usual_response_s: float | None = None
    traffic: UnusualTraffic | None = None


def insight_id(group_arn: str, incident: Incident) -> str:
    """The id that every process of a fleet gives to an incident of a group; of version 5, as X-Ray asks for 1 to 5."""
    return str(uuid5(NAMESPACE_URL, f"{group_arn}/insight/{incident.start_s}/{incident.key}"))


def suspects_of(incident: Incident) -> tuple[Suspect, ...]:
    """Who may be the cause, by surprise alone: for where nothing better is known."""
    worst = incident.anomalies
    total = sum(anomaly.surprise for anomaly in worst)
    return tuple(
        Suspect(each.entity, each.signal, each.surprise / total, f"{each.entity.label} deviates most from its past.")
        for each in worst
    )


def insight_of(
    incident: Incident,
    group: Group,
    group_arn: str,
    suspects: Sequence[Suspect],
    measured: Measured,
    now_ns: int,
    previous: Insight | None = None,
) -> Insight:
    """The insight of an incident as it is now; what `previous` settled stays: its id, and when it was detected."""
    worst = incident.anomalies
    state = InsightState.ACTIVE if incident.closed_s is None else InsightState.CLOSED
    insight = Insight(
        id=insight_id(group_arn, incident) if previous is None else previous.id,
        group_name=group.name,
        group_arn=group_arn,
        state=state,
        start_ns=incident.start_s * NS_PER_S,
        detected_ns=incident.detected_s * NS_PER_S if previous is None else previous.detected_ns,
        updated_ns=now_ns,
        end_ns=None if incident.closed_s is None else end_ns_of(incident),
        summary="",
        signals=tuple(dict.fromkeys(each.signal for each in worst)),
        suspects=tuple(suspects),
        deviations=_deviations(worst)[:MAX_ANOMALOUS],
        top_services=_top_services(worst),
        client_impact=measured.clients,
        root_cause_impact=measured.root_cause,
    )
    return msgspec.structs.replace(
        insight, summary=summary_of(insight, _waiting_sentence(measured), _traffic_sentence(measured))
    )


def end_ns_of(incident: Incident) -> int:
    """The end of the incident's last anomalous minute."""
    return incident.last_anomalous_s * NS_PER_S + NS_PER_MINUTE


def summary_of(insight: Insight, *more: str) -> str:
    """The insight in sentences: what is wrong since when, why, and whom it concerns; then `more`.

    At least two, and no full stop in the first but its own: Grafana shows of a closed insight what follows the first
    full stop, and fails without one.
    """
    what = _IS_HIGH[insight.root_cause.signal].format(**_VERBS[insight.state])
    when = f"since {clock_time(insight.start_ns)}"
    if insight.end_ns is not None:
        when = f"from {clock_time(insight.start_ns)} to {clock_time(insight.end_ns)}"
    parts = (f"{what} {when}.", insight.root_cause.sentence, _impact_sentence(insight.client_impact), *more)
    return " ".join(part for part in parts if part)


def events_of(before: Insight | None, now: Insight, last: InsightEvent | None) -> tuple[InsightEvent, ...]:
    """What is notable about the insight as it is now; empty when nothing is, and two of one that is found when it is
    over.

    Notable are its beginning and its end, another root cause, other services in front, twice or half the share of
    failing requests, and after a quarter of an hour any change. Source: X-Ray developer guide, insights; the rules are
    inferred.
    """
    if before is None or last is None:
        beginning = _event(now, now.detected_ns, f"Detected. {now.root_cause.sentence}")
        return (beginning,) if now.end_ns is None else (beginning, _ended(now, now.end_ns))
    if now.state is InsightState.CLOSED:
        return () if before.state is InsightState.CLOSED else (_ended(now, now.updated_ns),)
    notable = _notable(before, now, last)
    return () if notable is None else (_event(now, now.updated_ns, notable),)


def _notable(before: Insight, now: Insight, last: InsightEvent) -> str | None:
    if before.state is InsightState.CLOSED:
        return f"Begun again. {now.root_cause.sentence}"
    if before.root_cause.entity != now.root_cause.entity:
        return f"Another root cause: {now.root_cause.sentence}"
    joined = [each for each in now.top_services if each not in last.top_services]
    if joined:
        return f"Now anomalous too: {', '.join(each.label for each in joined)}."
    if _has_turned(_failing(last.client_impact), _failing(now.client_impact)):
        return _impact_sentence(now.client_impact)
    if last.client_impact != now.client_impact and now.updated_ns - last.at_ns >= _EVENT_EVERY_NS:
        return f"Still going on. {_impact_sentence(now.client_impact)}"
    return None


def _ended(insight: Insight, at_ns: int) -> InsightEvent:
    return _event(insight, at_ns, f"Ended. {_impact_sentence(insight.client_impact)}")


def corrected(insight: Insight, now_ns: int) -> tuple[Insight, InsightEvent]:
    """An active insight whose incident is none any more: figures were corrected, or nobody watches the group now."""
    closed = msgspec.structs.replace(
        insight, state=InsightState.CLOSED, end_ns=min(now_ns, insight.updated_ns), updated_ns=now_ns
    )
    closed = msgspec.structs.replace(closed, summary=summary_of(closed))
    return closed, _event(closed, now_ns, "Closed: what is stored now is not anomalous, or the group is not watched.")


def _event(insight: Insight, at_ns: int, summary: str) -> InsightEvent:
    return InsightEvent(at_ns, summary, insight.client_impact, insight.root_cause_impact, insight.top_services)


def _impact_sentence(clients: Impact) -> str:
    if not clients.total:
        return "No requests of clients were seen meanwhile."
    parts = [
        f"{count:,} ({percent_text(count / clients.total)}) {what}"
        for count, what in (
            (clients.fault, "ended in a fault"),
            (clients.throttle, "were throttled"),
            (clients.error, "ended in a client error"),
        )
        if count
    ]
    requests = count_of(clients.total, "client request")
    return f"None of {requests} failed." if not parts else f"Of {requests}, {', '.join(parts)}."


def _waiting_sentence(measured: Measured) -> str:
    """How much longer clients waited; empty where they did not."""
    now_s, usual_s = measured.response_s, measured.usual_response_s
    if now_s is None or usual_s is None or now_s < _WAITING_FACTOR * usual_s:
        return ""
    return f"Clients waited {duration_text(now_s)} on average, {duration_text(usual_s)} before."


def _traffic_sentence(measured: Measured) -> str:
    noted = measured.traffic
    if noted is None:
        return ""
    return (
        f"Traffic was unusual at {clock_time(noted.at_s * NS_PER_S)}: {count_of(noted.requests, 'request')} a minute, "
        f"{noted.usual:,} before."
    )


def _failing(impact: Impact) -> float:
    return (impact.fault + impact.throttle + impact.error) / impact.total if impact.total else 0.0


def _has_turned(before: float, now: float) -> bool:
    """Whether a share doubled or halved, and by more than a percent of all requests."""
    if abs(now - before) <= 0.01:
        return False
    return now >= before * _NOTABLE_FACTOR or now <= before / _NOTABLE_FACTOR


def _deviations(worst: Sequence[Anomaly]) -> tuple[Deviation, ...]:
    signals: dict[Entity, Signal] = {}
    for each in worst:
        signals.setdefault(each.entity, each.signal)
    return tuple(Deviation(entity, signal) for entity, signal in signals.items())


def _top_services(worst: Sequence[Anomaly]) -> tuple[ServiceId, ...]:
    return tuple(dict.fromkeys(each.entity.service for each in worst))[:MAX_TOP_SERVICES]
