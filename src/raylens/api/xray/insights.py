"""GetInsightSummaries, GetInsight, GetInsightEvents and GetInsightImpactGraph."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from raylens.api.context import Services
from raylens.api.page_token import read_token, write_token
from raylens.api.protocol.rest_json import window_from_members
from raylens.api.selection import select_traces
from raylens.api.xray import requests
from raylens.api.xray.insight_shapes import (
    impact_graph_shapes,
    insight_event_shape,
    insight_shape,
    insight_summary_shape,
)
from raylens.errors import InvalidRequest
from raylens.insights.impact_graph import concerned_services, impact_graph
from raylens.insights.records import InsightDetail, list_order
from raylens.model.insight import Insight, InsightState
from raylens.model.service import ServiceGraph
from raylens.model.time import NS_PER_S, TimeRange, seconds_from_ns

MAX_SUMMARIES, MAX_EVENTS = 100, 50
MAX_AGE_DAYS = 30
MAX_GRAPH_HOURS = 6
# A client that asks for the last thirty days counts them before its request is on its way, by its own clock.
_AGE_MARGIN_S = 300
# Source: the service model, InsightId
_INSIGHT_ID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}")


class _SummaryPlace(msgspec.Struct, array_like=True):
    """The last insight of a page."""

    is_closed: bool
    start_ns: int
    id: str


class _EventPlace(msgspec.Struct, array_like=True):
    """How many events the pages before had."""

    shown: int


async def get_insight_summaries(services: Services, request: requests.GetInsightSummaries) -> dict[str, Any]:
    """Insights of a group that lasted at some time in a range, active ones first, then the latest start first.

    That they need not have begun and ended in it is inferred.
    Raises: InvalidRequest for missing or inverted times, a start of more than 30 days ago, a group that is missing or
    does not exist, more than one state or one that is none, MaxResults out of range, and a token of another question.
    """
    window = window_from_members(request.start_time, request.end_time)
    _check_age(services, window)
    state = _state(request.states)
    limit = _checked_limit(request.max_results, MAX_SUMMARIES)
    asked = (
        "InsightSummaries", window.start_ns, window.end_ns, request.states, request.group_name, request.group_arn,
    )  # fmt: skip
    after = None if request.next_token is None else read_token(request.next_token, _SummaryPlace, asked)
    found = await services.read(lambda: _insights_of(services, request.group_name, request.group_arn, window, state))
    if after is not None:
        found = [each for each in found if list_order(each) > (after.is_closed, -after.start_ns, after.id)]
    answer: dict[str, Any] = {"InsightSummaries": [insight_summary_shape(each) for each in found[:limit]]}
    if len(found) > limit:
        last = found[limit - 1]
        place = _SummaryPlace(last.state is InsightState.CLOSED, last.start_ns, last.id)
        answer["NextToken"] = write_token(place, asked)
    return answer


async def get_insight(services: Services, request: requests.GetInsight) -> dict[str, Any]:
    """One insight, also of a group that was deleted since.

    Raises: InvalidRequest for what is no insight id, and where no insight has it.
    """
    return {"Insight": insight_shape(await services.read(_finder(services, request.insight_id)))}


async def get_insight_events(services: Services, request: requests.GetInsightEvents) -> dict[str, Any]:
    """The notable changes during an incident, oldest first; their order is inferred.

    Raises: InvalidRequest as GetInsight, for MaxResults out of range, and for a token of another question.
    """
    find = _finder(services, request.insight_id)
    limit = _checked_limit(request.max_results, MAX_EVENTS)
    asked = ("InsightEvents", request.insight_id)
    shown = 0 if request.next_token is None else max(0, read_token(request.next_token, _EventPlace, asked).shown)
    detail = await services.read(lambda: services.insights.detail(find().id)) or InsightDetail()
    page = detail.events[shown : shown + limit]
    answer: dict[str, Any] = {"InsightEvents": [insight_event_shape(event) for event in page]}
    if shown + limit < len(detail.events):
        answer["NextToken"] = write_token(_EventPlace(shown + limit), asked)
    return answer


async def get_insight_impact_graph(services: Services, request: requests.GetInsightImpactGraph) -> dict[str, Any]:
    """The service graph of a range, as far as the insight concerns it, on one page: its structure alone.

    Raises: InvalidRequest as GetInsight, for missing or inverted times, a start of more than 30 days ago, a range of
    more than six hours, any token, and where the insight's group was deleted.
    """
    find = _finder(services, request.insight_id)
    window = window_from_members(request.start_time, request.end_time)
    _check_age(services, window)
    if window.end_ns - window.start_ns > MAX_GRAPH_HOURS * 3600 * NS_PER_S:
        raise InvalidRequest(f"The range is longer than {MAX_GRAPH_HOURS} hours")
    if request.next_token is not None:
        raise InvalidRequest(f"Invalid token {request.next_token[:60]}")
    insight = await services.read(find)
    graph = impact_graph(await _graph_of(services, insight, window), concerned_services(insight))
    graph_start_ns = min((node.start_ns for node in graph.nodes), default=window.start_ns)
    graph_end_ns = max((node.end_ns for node in graph.nodes), default=window.end_ns)
    return {
        "InsightId": insight.id,
        "StartTime": seconds_from_ns(window.start_ns),
        "EndTime": seconds_from_ns(window.end_ns),
        "ServiceGraphStartTime": graph_start_ns // NS_PER_S,
        "ServiceGraphEndTime": -(-graph_end_ns // NS_PER_S),
        "Services": impact_graph_shapes(graph, services.account_id),
    }


async def _graph_of(services: Services, insight: Insight, window: TimeRange) -> ServiceGraph:
    """The service graph of the traces of the insight's group."""
    selection = await select_traces(services, group_name=insight.group_name)
    return await services.read(lambda: services.store.service_graph(window, selection.where))


def _insights_of(
    services: Services, name: str | None, arn: str | None, window: TimeRange, state: InsightState | None
) -> list[Insight]:
    group = services.groups.get(name, arn)
    return [each for each in services.insights.list(group.name, window, state) if each.is_of(group)]


def _finder(services: Services, id_: str | None) -> Callable[[], Insight]:
    """What finds the insight of a request; it blocks."""
    if id_ is None:
        raise InvalidRequest("InsightId is required")
    if not _INSIGHT_ID.fullmatch(id_):
        raise InvalidRequest(f"InsightId is '{id_[:60]}', a UUID was expected")
    known = id_.lower()

    def find() -> Insight:
        insight = services.insights.get(known)
        if insight is None:
            raise InvalidRequest(f"Insight {known} not found")
        return insight

    return find


def _state(states: list[str] | None) -> InsightState | None:
    if not states:
        return None
    if len(states) > 1:
        raise InvalidRequest(f"States has {len(states)} members, at most 1 is accepted")
    try:
        return InsightState(states[0])
    except ValueError:
        raise InvalidRequest(f"States[0] is '{states[0][:60]}', ACTIVE or CLOSED was expected") from None


def _checked_limit(max_results: int | None, most: int) -> int:
    if max_results is not None and not 1 <= max_results <= most:
        raise InvalidRequest(f"MaxResults is {max_results}, 1 to {most} was expected")
    return most if max_results is None else max_results


def _check_age(services: Services, window: TimeRange) -> None:
    oldest_ns = services.clock.now_ns() - (MAX_AGE_DAYS * 86_400 + _AGE_MARGIN_S) * NS_PER_S
    if window.start_ns < oldest_ns:
        raise InvalidRequest(f"StartTime is more than {MAX_AGE_DAYS} days ago")
