"""The watch over the groups whose insights are switched on: one process of a fleet does it for all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence

import msgspec

from raylens.clock import Clock
from raylens.errors import InvalidRequest, QueryTooLarge, StorageError, StorageTimeout
from raylens.filterexpr import print_filter
from raylens.filterexpr.ast import EdgeTest, NodeSelector, ServiceTest
from raylens.groups import Groups, traces_of
from raylens.insights.explanation import Explanation, explain_window
from raylens.insights.incidents import Incident
from raylens.insights.judge import Judge
from raylens.insights.lease import Lease
from raylens.insights.life import (
    MAX_EVENTS,
    Measured,
    corrected,
    end_ns_of,
    events_of,
    insight_id,
    insight_of,
    suspects_of,
)
from raylens.insights.minutes import MinuteWatch
from raylens.insights.records import ComparedTraces, InsightDetail, Insights, WatchStatus
from raylens.insights.traffic import UnusualTraffic
from raylens.model.figures import Entity
from raylens.model.group import Group
from raylens.model.insight import Impact, Insight, InsightEvent, InsightState, Signal, Suspect
from raylens.model.service import CLIENT_TYPE, ServiceId, Statistics, merge_statistics
from raylens.model.time import NS_PER_MINUTE, NS_PER_S, TimeRange
from raylens.storage.interface import Store, TraceFilter, TraceSet

_log = logging.getLogger(__name__)

Notify = Callable[[Group, Insight, InsightEvent], None]

# The time before an incident that it is compared with; its last minutes may hold the beginning of what was found.
_NORMAL_NS = 3 * 60 * NS_PER_MINUTE
_BEFORE_NS = 2 * NS_PER_MINUTE
# Traffic that became unusual so long before an incident may be its reason.
_TRAFFIC_BEFORE_S = 600
# Causes are looked for again when other entities deviate, and otherwise so often.
_EXPLAINED_EVERY_NS = 5 * NS_PER_MINUTE
# An incident that is found anew in what is stored is the insight that lasted at this time or close to it.
_NEAR_NS = 15 * NS_PER_MINUTE
# What happened longer ago is no news: the watch began, or began again.
_NEWS_NS = 30 * NS_PER_MINUTE
# Throttling of such a share of requests is what an incident is about.
_THROTTLED = 0.05
_FORGET_EVERY_NS = 60 * NS_PER_MINUTE
_NS_PER_DAY = 24 * 60 * NS_PER_MINUTE


class _Explained(msgspec.Struct, frozen=True):
    """What was found out about an insight, when, and of which entities; and how long clients waited before it."""

    at_ns: int
    entities: frozenset[Entity]
    suspects: tuple[Suspect, ...]
    detail: InsightDetail
    usual_response_s: float | None


class InsightWatch:
    """Watches every group that has insights switched on. `run` blocks; one thread calls it, again and again."""

    def __init__(
        self,
        store: Store,
        groups: Groups,
        insights: Insights,
        clock: Clock,
        *,
        region: str,
        account_id: str,
        retention_days: int,
        notify: Notify = lambda *_: None,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        """`notify` hears of every event of a group that has notifications switched on, before it can be read.

        While `is_stopping` says so, what would take long is not begun and not gone on with.
        """
        self._store = store
        self._groups = groups
        self._insights = insights
        self._clock = clock
        self._region = region
        self._account_id = account_id
        self._retention_ns = retention_days * _NS_PER_DAY
        self._notify = notify
        self._is_stopping = is_stopping
        self._lease = Lease(store, "insights", clock)
        self._watches: dict[str, _GroupWatch] = {}
        self._forgotten_ns = 0

    def run(self) -> bool:
        """Bring all insights up to date; False where another process does it.

        A group that cannot be watched keeps no other from it. Raises: what kept the first of them, at the end.
        """
        if not self._lease.hold():
            self._watches.clear()
            return False
        now_ns = self._clock.now_ns()
        watched = {self._arn(group): group for group in self._groups.list_all() if group.insights_enabled}
        for arn in self._watches.keys() - watched.keys():
            del self._watches[arn]
        self._close_unwatched(watched.keys(), now_ns)
        failed: list[StorageError | InvalidRequest] = []
        for arn, group in watched.items():
            if self._is_stopping():
                break
            try:
                self._advance(now_ns, group, arn)
            except (StorageError, InvalidRequest) as error:
                # what cannot be asked of one group's traces may well be asked of another's
                _log.error("the group '%s' could not be watched: %s", group.name, error)
                failed.append(error)
        self._forget(now_ns)
        if failed:
            raise failed[0]
        return True

    def release(self) -> None:
        """Let another process of the fleet go on at once."""
        self._lease.release()

    def _advance(self, now_ns: int, group: Group, arn: str) -> None:
        if arn not in self._watches:
            self._watches[arn] = _GroupWatch(self._store, self._insights, self._notify, self._is_stopping)
        self._watches[arn].advance(now_ns, group, arn, traces_of(self._groups, group, self._account_id))

    def _arn(self, group: Group) -> str:
        return group.arn(self._region, self._account_id)

    def _close_unwatched(self, watched: Collection[str], now_ns: int) -> None:
        for insight in self._insights.list(state=InsightState.ACTIVE):
            if insight.group_arn not in watched:
                _close(self._insights, insight, now_ns)

    def _forget(self, now_ns: int) -> None:
        """Remove insights that are older than the traces they speak of."""
        if 0 <= now_ns - self._forgotten_ns < _FORGET_EVERY_NS:
            return
        self._forgotten_ns = now_ns
        for insight in self._insights.list(state=InsightState.CLOSED):
            if insight.updated_ns < now_ns - self._retention_ns:
                self._insights.remove(insight.id)


class _GroupWatch:
    """The watch over one group."""

    def __init__(self, store: Store, insights: Insights, notify: Notify, is_stopping: Callable[[], bool]) -> None:
        self._store = store
        self._insights = insights
        self._notify = notify
        self._minutes = MinuteWatch(store, is_stopping)
        self._explained: dict[str, _Explained] = {}

    def advance(self, now_ns: int, group: Group, arn: str, where: TraceFilter) -> None:
        judge = self._minutes.advance(now_ns, where)
        if judge is None:
            return
        known = [each for each in self._insights.list(group.name) if each.group_arn == arn]
        # the end of the last minute judged and not the clock: whoever tells of it again tells of the same event
        at_ns = self._minutes.judged_until_ns
        incidents = judge.incidents()
        matched = match_insights(incidents, known, arn)
        for incident in incidents:
            traffic = judge.traffic_noted(incident.start_s - _TRAFFIC_BEFORE_S, end_ns_of(incident) // NS_PER_S)
            self._bring_up_to_date(incident, matched.get(incident.key), at_ns, group, arn, where, traffic)
        claimed = {insight.id for insight in matched.values()}
        for insight in known:
            if insight.state is InsightState.ACTIVE and insight.id not in claimed:
                _close(self._insights, insight, at_ns)
        # last: whoever reads that a minute was judged finds the insights that came of it
        self._insights.put_watch_status(group.name, _status(judge, at_ns))

    def _bring_up_to_date(
        self,
        incident: Incident,
        previous: Insight | None,
        at_ns: int,
        group: Group,
        arn: str,
        where: TraceFilter,
        traffic: UnusualTraffic | None,
    ) -> None:
        if previous is not None and is_settled(incident, previous):
            return
        explained = self._explain(incident, previous, at_ns, where)
        end_ns = at_ns if incident.closed_s is None else end_ns_of(incident)
        window = TimeRange(incident.start_s * NS_PER_S, max(end_ns, end_ns_of(incident)))
        clients = self._statistics(window, None, where)
        cause = self._statistics(window, _selector(explained.suspects[0].entity), where)
        measured = Measured(_impact(clients), _impact(cause), _mean_s(clients), explained.usual_response_s, traffic)
        insight = insight_of(incident, group, arn, explained.suspects, measured, at_ns, previous)
        before = None if previous is None else self._insights.detail(previous.id)
        events = () if before is None else before.events
        new = events_of(previous, insight, events[-1] if events else None)
        # the first event is the detection and stays; of the others the latest
        events = (*events, *new)
        events = (*events[:1], *events[1:][-(MAX_EVENTS - 1) :])
        self._explained[insight.id] = explained
        for event in new:
            if group.notifications_enabled and at_ns - event.at_ns <= _NEWS_NS:
                self._notify(group, insight, event)
        self._insights.put(insight, msgspec.structs.replace(explained.detail, events=events))
        if insight.state is InsightState.CLOSED:
            self._explained.pop(insight.id, None)

    def _explain(self, incident: Incident, previous: Insight | None, at_ns: int, where: TraceFilter) -> _Explained:
        entities = frozenset(each.entity for each in incident.anomalies)
        known = None if previous is None else self._explained.get(previous.id)
        is_known = known is not None and known.entities == entities and incident.closed_s is None
        if known is not None and is_known and 0 <= at_ns - known.at_ns < _EXPLAINED_EVERY_NS:
            return known
        start_ns = incident.start_s * NS_PER_S
        normal = TimeRange(max(0, start_ns - _NORMAL_NS), start_ns - _BEFORE_NS)
        suspects, detail = self._causes(incident, normal, where)
        return _Explained(at_ns, entities, suspects, detail, _mean_s(self._statistics(normal, None, where)))

    def _causes(
        self, incident: Incident, normal: TimeRange, where: TraceFilter
    ) -> tuple[tuple[Suspect, ...], InsightDetail]:
        """Who may have caused it, and what shows that; by surprise alone where the store cannot tell more."""
        window = TimeRange(incident.start_s * NS_PER_S, end_ns_of(incident))
        try:
            explanation = explain_window(self._store, window, normal, where, signal=signal_to_explain(incident))
        except (QueryTooLarge, StorageTimeout) as error:
            _log.warning("the incident %s could not be explained: %s", incident.key, error)
            return suspects_of(incident), InsightDetail()
        return explanation.suspects or suspects_of(incident), _detail(explanation)

    def _statistics(self, window: TimeRange, of: ServiceTest | EdgeTest | None, where: TraceFilter) -> Statistics:
        return merge_statistics(self._store.statistics_by_minute(window, of, where).values())


def _impact(of: Statistics) -> Impact:
    return Impact(of.ok, of.error, of.throttle, of.fault)


def _mean_s(of: Statistics) -> float | None:
    return of.response_ns / of.total / NS_PER_S if of.total else None


def match_insights(incidents: Sequence[Incident], known: Sequence[Insight], arn: str) -> dict[str, Insight]:
    """Which insight each incident is already known as, by the incident's key; at most one each.

    By id, else by time and a common entity: late figures may move the beginning of an incident, and a process that
    begins again may see another one.
    """
    by_id = {insight.id: insight for insight in known}
    matched = {incident.key: by_id.pop(id_) for incident in incidents if (id_ := insight_id(arn, incident)) in by_id}
    for incident in incidents:
        if incident.key in matched:
            continue
        near = [each for each in by_id.values() if _is_same(incident, each)]
        if near:
            best = min(
                near, key=lambda each: (each.state is InsightState.CLOSED, abs(each.start_ns - incident.start_s))
            )
            matched[incident.key] = by_id.pop(best.id)
    return matched


def signal_to_explain(incident: Incident) -> Signal | None:
    """What of an incident is to be explained; None for whatever is most unusual.

    Throttling, where a part of an entity's requests met it: SDKs wait and call again, so that response times grow too
    and by more standard deviations, but they are what follows. Source: AWS SDKs and tools reference, retry behaviour.
    """
    throttled = (each for each in incident.anomalies if each.signal is Signal.THROTTLE)
    return Signal.THROTTLE if any(each.observed > _THROTTLED * each.requests for each in throttled) else None


def _is_same(incident: Incident, insight: Insight) -> bool:
    if incident.start_s * NS_PER_S > (insight.end_ns or insight.updated_ns) + _NEAR_NS:
        return False
    if end_ns_of(incident) < insight.start_ns - _NEAR_NS:
        return False
    return not {each.entity for each in incident.anomalies}.isdisjoint(insight.anomalous)


def is_settled(incident: Incident, insight: Insight) -> bool:
    """Whether both ended, and at the same time."""
    return (
        insight.state is InsightState.CLOSED
        and incident.closed_s is not None
        and insight.end_ns == end_ns_of(incident)
        and insight.start_ns == incident.start_s * NS_PER_S
    )


def _close(insights: Insights, insight: Insight, now_ns: int) -> None:
    closed, event = corrected(insight, now_ns)
    detail = insights.detail(insight.id) or InsightDetail()
    insights.put(closed, msgspec.structs.replace(detail, events=(*detail.events, event)))


def _detail(explanation: Explanation) -> InsightDetail:
    return InsightDetail(
        exemplars=explanation.exemplars,
        findings=explanation.findings,
        anomalous=_compared(explanation.anomalous),
        normal=_compared(explanation.normal),
    )


def _compared(traces: TraceSet) -> ComparedTraces:
    """The group is the insight's; the filter is what was added to it."""
    return ComparedTraces(traces.window.start_ns, traces.window.end_ns, print_filter(traces.where.expression))


def _status(judge: Judge, until_ns: int) -> WatchStatus:
    ready = judge.readiness
    return WatchStatus(
        until_ns,
        ready.entities,
        ready.ready,
        ready.requests_seen,
        ready.requests_needed,
        ready.minutes_seen,
        ready.minutes_needed,
    )


def _selector(entity: Entity) -> ServiceTest | EdgeTest:
    if entity.source is None:
        return ServiceTest(_node(entity.service))
    return EdgeTest(_node(entity.source), _node(entity.service))


def _node(service: ServiceId) -> NodeSelector:
    return NodeSelector(service.name, service.type) if service.type != CLIENT_TYPE else NodeSelector(None, CLIENT_TYPE)
