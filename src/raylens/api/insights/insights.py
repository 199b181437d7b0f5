"""Insights in a list, one of them in full, and whether a group is watched."""

from __future__ import annotations

from raylens.api.context import Services
from raylens.api.insights.requests import InsightRequest, InsightsRequest, InsightSwitchRequest
from raylens.api.insights.shapes import InsightAnswer, InsightsAnswer, WatchShape
from raylens.errors import NotFound


async def list_insights(services: Services, request: InsightsRequest) -> InsightsAnswer:
    """Incidents that were active in a range, of a group or of all, and how each group is watched.

    Raises: InvalidRequest for unreadable or inverted times and a limit out of range, UnknownGroup.
    """
    raise NotFound("insights are not kept yet")


async def show_insight(services: Services, request: InsightRequest) -> InsightAnswer:
    """Everything about one incident: who may have caused it and why, whom it hit, and what happened when.

    Raises: NotFound where there is no such insight, or none any more.
    """
    raise NotFound(f"no insight has the id {request.id[:100]}")


async def switch_insights(services: Services, request: InsightSwitchRequest) -> WatchShape:
    """Watch a group or leave it, and tell of its incidents or keep quiet.

    Raises: NotFound where there is no such group; InvalidRequest for notifications without insights.
    """
    raise NotFound(f"no group is called {request.name[:100]}")
