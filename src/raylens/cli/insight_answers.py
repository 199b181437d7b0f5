"""What the API answers about insights, as typed values. Only the members that the terminal shows."""

from __future__ import annotations

import msgspec


class Service(msgspec.Struct, frozen=True):
    """A node; the type is empty where none was sent."""

    name: str
    type: str = ""


class Entity(msgspec.Struct, frozen=True):
    """A node, or with a `source` the edge from there to `service`."""

    service: Service
    source: Service | None = None


class Suspect(msgspec.Struct, frozen=True):
    """Who may have caused it, and why."""

    entity: Entity
    signal: str
    score: float
    sentence: str


class Impact(msgspec.Struct, frozen=True):
    """Requests during the incident by outcome."""

    requests: int
    ok: int
    error: int
    throttle: int
    fault: int


class Insight(msgspec.Struct, frozen=True):
    """One insight; `end` is null while it is active. Times in epoch seconds."""

    id: str
    group: str
    state: str
    categories: tuple[str, ...]
    start: float
    detected: float
    end: float | None
    summary: str
    root_cause: Suspect
    client_impact: Impact
    root_cause_impact: Impact

    @property
    def is_active(self) -> bool:
        return self.end is None


class Watch(msgspec.Struct, frozen=True):
    """How a group is watched, said for people in `sentence`."""

    group: str
    state: str
    sentence: str
    insights: bool = False
    notifications: bool = False


class InsightList(msgspec.Struct, frozen=True):
    """Insights, and how the groups are watched in which they were looked for."""

    insights: tuple[Insight, ...]
    total: int
    watches: tuple[Watch, ...] = ()
    has_webhook: bool = False


class Event(msgspec.Struct, frozen=True):
    """A notable change."""

    at: float
    summary: str


class Exemplar(msgspec.Struct, frozen=True):
    """A trace that shows the incident, and what it was picked for."""

    trace_id: str
    start: float
    why: str


class ImpactMinute(msgspec.Struct, frozen=True):
    """What clients got in the minute that begins at `start`."""

    start: float
    ok: int
    error: int
    throttle: int
    fault: int


class WholeInsight(msgspec.Struct, frozen=True):
    """Everything about one insight."""

    insight: Insight
    suspects: tuple[Suspect, ...]
    events: tuple[Event, ...] = ()
    exemplars: tuple[Exemplar, ...] = ()
    findings: tuple[str, ...] = ()
    impact: tuple[ImpactMinute, ...] = ()
