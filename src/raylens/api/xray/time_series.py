"""GetTimeSeriesServiceStatistics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from raylens.analytics import statistics_by_period
from raylens.api.context import Services
from raylens.api.page_token import read_token, write_token
from raylens.api.protocol.rest_json import window_from_members
from raylens.api.selection import select_traces
from raylens.api.xray.requests import GetTimeSeriesServiceStatistics
from raylens.api.xray.shapes import time_series_point_shape
from raylens.errors import InvalidRequest
from raylens.filterexpr import parse_selector, selects_by_id
from raylens.filterexpr.ast import EdgeTest, ServiceTest
from raylens.insights.bands import HISTORY_BINS, expected_bands
from raylens.model.insight import Signal
from raylens.model.service import Statistics
from raylens.model.time import NS_PER_S, TimeRange
from raylens.storage.interface import GraphReader, TraceFilter

PERIODS_S = (60, 300)
MAX_RANGE_DAYS = 366
# X-Ray publishes no page size.
_PAGE_POINTS = 1000
# Read at once where data is sparse: a month.
_MAX_READ_S = 30 * 86_400


class _Place(msgspec.Struct, array_like=True):
    """The stamp of the last point of a page."""

    stamp_s: int


class _Question(msgspec.Struct, frozen=True):
    """What is asked of the store. Stamps are ends of periods, in epoch seconds: from `first_s` until before `end_s`."""

    of: ServiceTest | EdgeTest | None
    where: TraceFilter
    period_s: int
    first_s: int
    end_s: int


async def get_time_series_service_statistics(
    services: Services, request: GetTimeSeriesServiceStatistics
) -> dict[str, Any]:
    """Figures of a node, an edge or all requests that entered, by minute or five minutes, newest first.

    A point is stamped with the end of its period, and the range speaks of stamps. Only periods in which requests
    entered or the selector met something have points; where it met nothing, the point has no statistics.
    ForecastStatistics adds how many faults were expected of what was selected, by what had been seen of it before; it
    stays empty where that was too little.
    Raises: InvalidRequest for missing or inverted times, a range of more than 366 days, a period other than 60 or 300,
    a selector that is not exactly one `service()` or `edge()`, ForecastStatistics without `id()`, a group that does not
    exist, and a token of another question.
    """
    window = window_from_members(request.start_time, request.end_time)
    if window.end_ns - window.start_ns > MAX_RANGE_DAYS * 86_400 * NS_PER_S:
        raise InvalidRequest(f"The range is longer than {MAX_RANGE_DAYS} days")
    period_s = PERIODS_S[0] if request.period is None else request.period
    if period_s not in PERIODS_S:
        raise InvalidRequest(f"Time period must be one of {list(PERIODS_S)}")
    selector = request.entity_selector_expression
    of = None if selector is None else parse_selector(selector)
    if request.forecast_statistics and (selector is None or not selects_by_id(selector)):
        raise InvalidRequest("ForecastStatistics needs an EntitySelectorExpression with id()")
    asked = (
        "TimeSeriesServiceStatistics", window.start_ns, window.end_ns, period_s, selector,
        request.group_name, request.group_arn,
    )  # fmt: skip
    start_s, end_s = window.start_ns // NS_PER_S, window.end_ns // NS_PER_S
    if request.next_token is not None:
        place_s = read_token(request.next_token, _Place, asked).stamp_s
        if not start_s <= place_s < end_s:
            raise InvalidRequest(f"Invalid token {request.next_token[:60]}")
        end_s = place_s
    selection = await select_traces(services, group_name=request.group_name, group_arn=request.group_arn)
    first_s, after_s = (-(-moment_s // period_s) * period_s for moment_s in (start_s, end_s))
    question = _Question(of, selection.where, period_s, max(first_s, period_s), after_s)
    points = await services.read(lambda: _newest_points(services.store, question))
    page, expected = points[:_PAGE_POINTS], {}
    if request.forecast_statistics:
        expected = await services.read(lambda: _expected_faults(services.store, question, page))
    of_edge = not isinstance(of, ServiceTest)
    answer: dict[str, Any] = {
        "TimeSeriesServiceStatistics": [
            time_series_point_shape(stamp_s, statistics, of_edge, expected.get(stamp_s)) for stamp_s, statistics in page
        ],
        "ContainsOldGroupVersions": selection.contains_old_versions(window),
    }
    if len(points) > _PAGE_POINTS:
        answer["NextToken"] = write_token(_Place(points[_PAGE_POINTS - 1][0]), asked)
    return answer


def _newest_points(store: GraphReader, question: _Question) -> list[tuple[int, Statistics | None]]:
    """The points of a page and at least one more when there are more, newest first.

    Read piece by piece from the newest end, each piece longer than the one before, so that a page costs about what it
    holds wherever in a long range the data lies.
    """
    points: list[tuple[int, Statistics | None]] = []
    end_s, length_s = question.end_s, (_PAGE_POINTS + 1) * question.period_s
    while end_s > question.first_s and len(points) <= _PAGE_POINTS:
        begin_s = max(question.first_s, end_s - length_s)
        points += _points_between(store, question, begin_s, end_s)
        end_s, length_s = begin_s, min(length_s * 4, max(_MAX_READ_S, length_s))
    return points


def _expected_faults(
    store: GraphReader, question: _Question, page: Sequence[tuple[int, Statistics | None]]
) -> dict[int, tuple[float, float]]:
    """The fewest and the most faults that were expected, by the stamp of the period."""
    period_s = question.period_s
    starts = {stamp_s - period_s: own for stamp_s, own in page if own is not None}
    if not starts:
        return {}
    first_s = min(starts)
    before = TimeRange(max(0, first_s - HISTORY_BINS * period_s) * NS_PER_S, first_s * NS_PER_S)
    by_minute = store.statistics_by_minute(before, question.of, question.where)
    history = {end_s - period_s: own for end_s, own in statistics_by_period(by_minute, period_s).items()}
    bands = expected_bands({**history, **starts}, period_s, first_s, Signal.FAULT)
    return {
        band.at_s + period_s: (band.low, band.high) for band in bands if band.low is not None and band.high is not None
    }


def _points_between(
    store: GraphReader, question: _Question, begin_s: int, end_s: int
) -> list[tuple[int, Statistics | None]]:
    """The points with stamps from `begin_s` until before `end_s`, both ends of periods."""
    minutes = TimeRange((begin_s - question.period_s) * NS_PER_S, (end_s - question.period_s) * NS_PER_S)

    def by_period(of: ServiceTest | EdgeTest | None) -> dict[int, Statistics]:
        return statistics_by_period(store.statistics_by_minute(minutes, of, question.where), question.period_s)

    selected = by_period(question.of)
    stamps = set(selected) if question.of is None else {*selected, *by_period(None)}
    return [(stamp_s, selected.get(stamp_s)) for stamp_s in sorted(stamps, reverse=True)]
