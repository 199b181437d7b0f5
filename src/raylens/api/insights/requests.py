"""What is asked about insights. Instants are epoch seconds or ISO 8601 texts."""

from __future__ import annotations

import msgspec

from raylens.api.analytics.requests import SetMember
from raylens.api.explore.requests import EdgeMember, NodeMember
from raylens.api.protocol.rest_json import Timestamp
from raylens.model.insight import InsightState, Signal

DEFAULT_INSIGHTS = 100
MAX_INSIGHTS = 1_000


class InsightsRequest(msgspec.Struct, frozen=True):
    """The insights that were active at some time from `start` until before `end`, of one group or of all."""

    start: Timestamp | None = None
    end: Timestamp | None = None
    group: str | None = None
    state: InsightState | None = None
    limit: int = DEFAULT_INSIGHTS


class InsightRequest(msgspec.Struct, frozen=True):
    """The id of an insight."""

    id: str


class InsightSwitchRequest(msgspec.Struct, frozen=True):
    """Whether a group is watched, and whether its insights are sent to the webhook; null leaves it as it is."""

    name: str
    insights: bool | None = None
    notifications: bool | None = None


class BandsRequest(msgspec.Struct, frozen=True):
    """Of a node or an edge, one signal minute by minute; `set` gives the range and the group, its filter MUST be
    empty."""

    of: SetMember = msgspec.field(name="set")
    signal: Signal
    node: NodeMember | None = None
    edge: EdgeMember | None = None


class RootCauseRequest(msgspec.Struct, frozen=True):
    """What to explain: a range in which something was wrong, as an incident would be. `set` may have a group.

    `noticed` is where it was noticed and `signal` how; without them the most unusual of everything is explained.
    `normal_start` is from where on the time before the range counts as normal; a day before it where that is not given.
    """

    of: SetMember = msgspec.field(name="set")
    noticed: NodeMember | None = None
    signal: Signal | None = None
    normal_start: Timestamp | None = None
