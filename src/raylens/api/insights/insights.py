"""Insights in a list, and whether a group is watched."""

from __future__ import annotations

from collections.abc import Iterable

from raylens.api.context import Services
from raylens.api.insights.insight_shapes import insight_shape, names_in
from raylens.api.insights.requests import MAX_INSIGHTS, InsightsRequest, InsightSwitchRequest
from raylens.api.insights.shapes import CategoryCount, InsightsAnswer, WatchShape
from raylens.api.insights.watches import watch_shape
from raylens.api.protocol.rest_json import Timestamp, ns_from_timestamp
from raylens.errors import InvalidRequest, NotFound, UnknownGroup
from raylens.groups import InsightsChange
from raylens.insights.records import WatchStatus
from raylens.model.group import Group
from raylens.model.insight import Category, Insight, InsightState
from raylens.model.time import MAX_EPOCH_S, NS_PER_S, TimeRange, seconds_from_ns


async def list_insights(services: Services, request: InsightsRequest) -> InsightsAnswer:
    """Incidents that lasted at some time in a range, of a group or of all, and how each group is watched.

    Without start or end the range has none. Incidents of groups that were deleted are among all.
    Raises: InvalidRequest for unreadable or inverted times, a limit out of range, and a group that does not exist.
    """
    window = _window(request.start, request.end)
    if not 1 <= request.limit <= MAX_INSIGHTS:
        raise InvalidRequest(f"limit is {request.limit}, 1 to {MAX_INSIGHTS:,} was expected")

    def read() -> tuple[list[Insight], tuple[WatchShape, ...]]:
        group = None if request.group is None else _group(services, request.group)
        name = None if group is None else group.name
        found = services.insights.list(name, window, request.state)
        watched = services.groups.list_all() if group is None else (group,)
        own = [each for each in found if group is None or each.is_of(group)]
        return own, tuple(_watch(services, each) for each in watched)

    found, watches = await services.read(read)
    return InsightsAnswer(
        insights=tuple(insight_shape(each, names_in(each)) for each in found[: request.limit]),
        total=len(found),
        categories=tuple(_count(category, found) for category in Category),
        watches=watches,
        has_webhook=services.facts.has_webhook,
    )


async def switch_insights(services: Services, request: InsightSwitchRequest) -> WatchShape:
    """Watch a group or leave it, and tell of its incidents or keep quiet; null leaves a switch as it is.

    Without insights there are no notifications.
    Raises: NotFound where there is no such group; InvalidRequest for notifications without insights.
    """
    change = InsightsChange(request.insights, request.notifications)

    def switch() -> WatchShape:
        try:
            return _watch(services, services.groups.update(request.name, insights=change))
        except UnknownGroup as error:
            raise NotFound(f"there is no group '{request.name[:60]}'") from error

    return await services.read(switch)


def _window(start: Timestamp | None, end: Timestamp | None) -> TimeRange | None:
    if start is None and end is None:
        return None
    start_ns = 0 if start is None else ns_from_timestamp(start, "start")
    end_ns = int(MAX_EPOCH_S) * NS_PER_S if end is None else ns_from_timestamp(end, "end")
    if end_ns <= start_ns:
        raise InvalidRequest(f"end {seconds_from_ns(end_ns):f} is not after start {seconds_from_ns(start_ns):f}")
    return TimeRange(start_ns, end_ns)


def _group(services: Services, named: str) -> Group:
    is_arn = named.startswith("arn:")
    return services.groups.get(None if is_arn else named, named if is_arn else None)


def _watch(services: Services, group: Group) -> WatchShape:
    status = services.insights.watch_status(group.name) if group.insights_enabled else WatchStatus()
    return watch_shape(group, status, services.clock.now_ns())


def _count(category: Category, found: Iterable[Insight]) -> CategoryCount:
    states = [each.state for each in found if category in each.categories]
    active = states.count(InsightState.ACTIVE)
    return CategoryCount(category, active, len(states) - active)
