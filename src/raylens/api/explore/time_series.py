"""Figures of a node or an edge over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from raylens.analytics import merge_statistics, statistics_by_period
from raylens.api.analytics.overview import average_ms, distribution, set_shape
from raylens.api.analytics.sets import ChosenSet, choose_set
from raylens.api.context import Services
from raylens.api.explore.requests import EdgeMember, LambdaView, NodeMember, TimeSeriesRequest
from raylens.api.explore.shapes import TimeSeriesAnswer, TimeSeriesBucket
from raylens.errors import InvalidRequest
from raylens.filterexpr.ast import EdgeTest, NodeSelector, ServiceTest
from raylens.model.service import CLIENT_TYPE, ServiceId, Statistics
from raylens.model.time import NS_PER_MINUTE, NS_PER_S, TimeRange
from raylens.servicemap import parts_of
from raylens.servicemap.lambda_view import ANY_CLIENT
from raylens.storage.interface import GraphReader

_MINUTE_S = 60
_BUCKETS_S = (60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400)
_MOST_BUCKETS = 120
_MOST_BUCKETS_ASKED = 10_000
_LONGEST_BUCKET_S = 365 * 86_400


async def show_time_series(services: Services, request: TimeSeriesRequest) -> TimeSeriesAnswer:
    """Requests, outcomes and response times of a node or an edge in buckets aligned to the epoch.

    Minutes count as a whole: the one in which the set begins is counted from its start, and the one in which it ends to
    its end.
    Raises: InvalidRequest for a set that cannot be chosen, a node and an edge together, and for buckets that are no
    whole minutes or more than 10,000.
    """
    if request.node is not None and request.edge is not None:
        raise InvalidRequest("node and edge are given, one of them was expected")
    chosen = await choose_set(services, request.of)
    minutes = _whole_minutes(chosen.traces.window)
    bucket_s = _checked_bucket_s(request.bucket_s, minutes)
    selectors = tuple(_selectors(request))
    found = await services.read(lambda: _by_bucket(services.store, chosen, minutes, selectors, bucket_s))
    return TimeSeriesAnswer(
        set_shape(chosen), bucket_s, tuple(_bucket(start_s, found[start_s]) for start_s in sorted(found))
    )


def _whole_minutes(window: TimeRange) -> TimeRange:
    first, last = window.minutes
    return TimeRange(first * NS_PER_MINUTE, (last + 1) * NS_PER_MINUTE)


def _checked_bucket_s(bucket_s: int | None, window: TimeRange) -> int:
    length_s = (window.end_ns - window.start_ns) // NS_PER_S
    if bucket_s is None:
        whole_days = 86_400 * -(-length_s // (86_400 * _MOST_BUCKETS))
        return next((each for each in _BUCKETS_S if each * _MOST_BUCKETS >= length_s), whole_days)
    is_whole = bucket_s > 0 and bucket_s % _MINUTE_S == 0
    if not is_whole or bucket_s > _LONGEST_BUCKET_S or length_s > bucket_s * _MOST_BUCKETS_ASKED:
        raise InvalidRequest(
            f"bucket_s is {bucket_s}, a multiple of {_MINUTE_S} up to {_LONGEST_BUCKET_S:,} and no more than "
            f"{_MOST_BUCKETS_ASKED:,} buckets in the range were expected"
        )
    return bucket_s


def _selectors(request: TimeSeriesRequest) -> Iterator[ServiceTest | EdgeTest | None]:
    """What to add up: of an edge of a merged map all that it may stand for."""
    if request.node is not None:
        # A merged node has the figures of the service, which has its name and type.
        yield ServiceTest(NodeSelector(request.node.name, request.node.type))
    elif request.edge is None:
        yield None
    elif request.lambda_view is LambdaView.RAW:
        source, target = request.edge.source, request.edge.target
        yield EdgeTest(NodeSelector(source.name, source.type), NodeSelector(target.name, target.type))
    else:
        yield from _merged_edges(request.edge)


def _merged_edges(edge: EdgeMember) -> Iterator[EdgeTest]:
    source, target = _id(edge.source), _id(edge.target)
    sources = [NodeSelector(None, CLIENT_TYPE)]
    if source != ANY_CLIENT:
        sources = [NodeSelector(part.name, part.type) for part in parts_of(source)]
    for caller in sources:
        for part in parts_of(target):
            # the inner edge of a merged function is not drawn
            if not (caller == NodeSelector(source.name, source.type) and part != target and source == target):
                yield EdgeTest(caller, NodeSelector(part.name, part.type))


def _id(node: NodeMember) -> ServiceId:
    return ServiceId(node.name, node.type)


def _by_bucket(
    store: GraphReader,
    chosen: ChosenSet,
    minutes: TimeRange,
    selectors: Sequence[ServiceTest | EdgeTest | None],
    bucket_s: int,
) -> dict[int, Statistics]:
    """Figures by the start of their bucket in epoch seconds."""
    parts: dict[int, list[Statistics]] = {}
    for selector in selectors:
        by_minute = store.statistics_by_minute(minutes, selector, chosen.traces.where)
        for end_s, statistics in statistics_by_period(by_minute, bucket_s).items():
            parts.setdefault(end_s - bucket_s, []).append(statistics)
    return {start_s: merge_statistics(own) for start_s, own in parts.items()}


def _bucket(start_s: int, statistics: Statistics) -> TimeSeriesBucket:
    return TimeSeriesBucket(
        start=float(start_s),
        requests=statistics.total,
        ok=statistics.ok,
        error=statistics.error,
        throttle=statistics.throttle,
        fault=statistics.fault,
        average_ms=average_ms(statistics.response_ns, statistics.total),
        percentiles=distribution(statistics.histogram).percentiles,
    )
