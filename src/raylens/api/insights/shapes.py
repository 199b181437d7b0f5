"""What is answered about insights. Instants are epoch seconds; null is what is not known."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from raylens.api.analytics.shapes import ServiceShape, SetShape
from raylens.model.insight import Category, InsightState, Signal


class EntityShape(msgspec.Struct, frozen=True):
    """A node, or with a `source` the edge from there to `service`. `node_key` is the key of the node on the map."""

    service: ServiceShape
    source: ServiceShape | None
    node_key: str


class SuspectShape(msgspec.Struct, frozen=True):
    """Who may have caused it and why, best first; scores of a ranking add up to 1 at most."""

    entity: EntityShape
    signal: Signal
    score: float
    sentence: str


class ImpactShape(msgspec.Struct, frozen=True):
    """Requests during the incident by outcome."""

    requests: int
    ok: int
    error: int
    throttle: int
    fault: int


class InsightShape(msgspec.Struct, frozen=True):
    """One insight in a list. `end` is null while it is active; `categories` begin with that of the root cause.

    `client_impact` counts what the clients of the group saw, `root_cause_impact` the requests of the root cause.
    """

    id: str
    group: str
    state: InsightState
    categories: tuple[Category, ...]
    start: float
    detected: float
    updated: float
    end: float | None
    summary: str
    root_cause: SuspectShape
    anomalous: tuple[EntityShape, ...]
    client_impact: ImpactShape
    root_cause_impact: ImpactShape


class CategoryCount(msgspec.Struct, frozen=True):
    """How many of the insights that match belong to a category; one may belong to several."""

    category: Category
    active: int
    closed: int


class WatchState(StrEnum):
    """Why a group has insights, or none.

    `off`: switched off. `no_traffic`: nothing was traced yet. `learning`: too little has been seen to tell what is
    normal. `watching`: deviations will be found. `behind`: the watch has not kept up, or has not begun.
    """

    OFF = "off"
    NO_TRAFFIC = "no_traffic"
    LEARNING = "learning"
    WATCHING = "watching"
    BEHIND = "behind"


class WatchShape(msgspec.Struct, frozen=True):
    """How a group is watched. `sentence` says it for people, in English.

    `watched_until` is the end of the last minute that was judged. `ready` of `entities` have been seen often enough;
    `requests_seen` of `requests_needed` and `minutes_seen` of `minutes_needed` is how far the busiest of them is.
    """

    group: str
    state: WatchState
    sentence: str
    insights: bool
    notifications: bool
    watched_until: float | None
    entities: int
    ready: int
    requests_seen: int
    requests_needed: int
    minutes_seen: int
    minutes_needed: int


class InsightsAnswer(msgspec.Struct, frozen=True):
    """Insights, active ones first, then the latest start first; `total` of them match, `insights` may be fewer.

    `categories` holds all three, `watches` the group that was asked for, or all. `has_webhook` says whether
    notifications have anywhere to go.
    """

    insights: tuple[InsightShape, ...]
    total: int
    categories: tuple[CategoryCount, ...]
    watches: tuple[WatchShape, ...]
    has_webhook: bool


class InsightEventShape(msgspec.Struct, frozen=True):
    """A notable change, oldest first."""

    at: float
    summary: str
    client_impact: ImpactShape
    root_cause_impact: ImpactShape
    top_services: tuple[ServiceShape, ...]


class ExemplarShape(msgspec.Struct, frozen=True):
    """A trace that shows the incident; `why` is what was picked for."""

    trace_id: str
    start: float
    why: str


class ImpactNode(msgspec.Struct, frozen=True):
    """A node of the impact graph; `key` as on the map. `signal` is what was anomalous, null where nothing was."""

    key: str
    service: ServiceShape
    is_client: bool
    is_root_cause: bool
    signal: Signal | None


class ImpactEdge(msgspec.Struct, frozen=True):
    """Calls between two nodes, by their keys."""

    source: str
    target: str
    is_root_cause: bool
    signal: Signal | None


class ImpactMinute(msgspec.Struct, frozen=True):
    """What clients of the group got in the minute that begins at `start`."""

    start: float
    ok: int
    error: int
    throttle: int
    fault: int


class InsightAnswer(msgspec.Struct, frozen=True):
    """Everything about one insight.

    `suspects` is the whole ranking. `anomalous_set` and `normal_set` are the traces that were compared, ready to be
    asked about; `findings` is what stands out in the first, in words. `impact` has a minute for each that had requests,
    from some minutes before the incident on.
    """

    insight: InsightShape
    suspects: tuple[SuspectShape, ...]
    events: tuple[InsightEventShape, ...]
    exemplars: tuple[ExemplarShape, ...]
    anomalous_set: SetShape
    normal_set: SetShape | None
    findings: tuple[str, ...]
    nodes: tuple[ImpactNode, ...]
    edges: tuple[ImpactEdge, ...]
    impact: tuple[ImpactMinute, ...]


class BandMinute(msgspec.Struct, frozen=True):
    """One minute: what was observed, null without requests, and what was expected, null while too little was seen.

    Seconds for `latency`, numbers of requests for the others.
    """

    start: float
    observed: float | None
    low: float | None
    high: float | None
    is_anomalous: bool


class BandsAnswer(msgspec.Struct, frozen=True):
    """A signal and the range it was expected in, oldest first."""

    of: SetShape = msgspec.field(name="set")
    signal: Signal
    minutes: tuple[BandMinute, ...]


class RootCauseAnswer(msgspec.Struct, frozen=True):
    """Suspects, best first; empty where nothing differs from what is normal, or too little is stored to tell.

    `summary` says in a sentence what was compared and found.
    """

    suspects: tuple[SuspectShape, ...]
    summary: str
    anomalous_set: SetShape
    normal_set: SetShape | None
