"""An insight: one incident, from the first anomalous minute until all is normal again."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from raylens.model.figures import Entity
from raylens.model.group import Group
from raylens.model.service import ServiceId


class Signal(StrEnum):
    """What of an entity left its expected range."""

    LATENCY = "latency"
    FAULT = "fault"
    ERROR = "error"
    THROTTLE = "throttle"


class Category(StrEnum):
    """What people call it: the three categories of the dashboard."""

    RESPONSE_TIME = "response_time"
    ERROR_RATE = "error_rate"
    THROTTLING = "throttling"


CATEGORY_OF = {
    Signal.LATENCY: Category.RESPONSE_TIME,
    Signal.FAULT: Category.ERROR_RATE,
    Signal.ERROR: Category.ERROR_RATE,
    Signal.THROTTLE: Category.THROTTLING,
}


class InsightState(StrEnum):
    """Whether the incident lasts."""

    ACTIVE = "ACTIVE"
    CLOSED = "CLOSED"


class Anomaly(msgspec.Struct, frozen=True):
    """One signal of one entity outside its expected range, in the bin that begins at `at_s`.

    `observed`, `low` and `high` are seconds for LATENCY and numbers of requests for the others; `low` and `high` bound
    what was expected of this bin's traffic. `surprise` says how unlikely it is: -log10 of a tail probability, at most
    300. `since_s` is the first bin of the run of anomalous bins this one belongs to.
    """

    entity: Entity
    signal: Signal
    at_s: int
    since_s: int
    requests: float
    observed: float
    low: float
    high: float
    surprise: float


class Impact(msgspec.Struct, frozen=True):
    """Requests of the incident by outcome. `error` are 4xx without throttles."""

    ok: int = 0
    error: int = 0
    throttle: int = 0
    fault: int = 0

    @property
    def total(self) -> int:
        return self.ok + self.error + self.throttle + self.fault


class Suspect(msgspec.Struct, frozen=True):
    """Who may have caused an incident, and why: `sentence` is for people, `score` is between 0 and 1.

    An edge is named where the time or the failures arise between caller and callee. Scores of one ranking add up to 1
    at most.
    """

    entity: Entity
    signal: Signal
    score: float
    sentence: str


class InsightEvent(msgspec.Struct, frozen=True):
    """A notable change during an incident, first of all its beginning."""

    at_ns: int
    summary: str
    client_impact: Impact
    root_cause_impact: Impact
    top_services: tuple[ServiceId, ...]


class Deviation(msgspec.Struct, frozen=True):
    """What of which entity was furthest outside its range during an incident."""

    entity: Entity
    signal: Signal


class Insight(msgspec.Struct, frozen=True, kw_only=True):
    """One incident as it is known now.

    `start_ns` is the start of its first anomalous minute, `detected_ns` when it was raised, `end_ns` the end of its
    last anomalous minute and None while it is active. `suspects` and `top_services` hold at least one, best first;
    `signals` are those of all anomalies that belong to it. `deviations` are of the entities concerned, each once, most
    surprising first.
    """

    id: str
    group_name: str
    group_arn: str
    state: InsightState
    start_ns: int
    detected_ns: int
    updated_ns: int
    end_ns: int | None
    summary: str
    signals: tuple[Signal, ...]
    suspects: tuple[Suspect, ...]
    deviations: tuple[Deviation, ...]
    top_services: tuple[ServiceId, ...]
    client_impact: Impact
    root_cause_impact: Impact

    def is_of(self, group: Group) -> bool:
        """Whether it is of this group, not of an earlier one of the same name that was deleted since.

        Account and region are not compared: raylens speaks for one of each, and both may be set anew.
        """
        return self.group_arn.partition(":group/")[2] == group.arn("", "").partition(":group/")[2]

    @property
    def anomalous(self) -> tuple[Entity, ...]:
        """The entities concerned, most surprising first."""
        return tuple(each.entity for each in self.deviations)

    @property
    def root_cause(self) -> Suspect:
        return self.suspects[0]

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories of its signals, each once, those of the root cause first."""
        ordered = (self.root_cause.signal, *self.signals)
        return tuple(dict.fromkeys(CATEGORY_OF[signal] for signal in ordered))
