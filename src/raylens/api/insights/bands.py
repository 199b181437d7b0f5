"""What was expected of a node or an edge, minute by minute."""

from __future__ import annotations

from raylens.api.analytics.overview import set_shape
from raylens.api.analytics.sets import ChosenSet, choose_set
from raylens.api.context import Services
from raylens.api.explore.requests import NodeMember
from raylens.api.insights.requests import BandsRequest
from raylens.api.insights.shapes import BandMinute, BandsAnswer
from raylens.errors import InvalidRequest
from raylens.filterexpr.ast import EdgeTest, NodeSelector, ServiceTest
from raylens.insights.bands import HISTORY_BINS, expected_bands
from raylens.model.insight import Signal
from raylens.model.time import NS_PER_MINUTE, TimeRange
from raylens.storage.interface import GraphReader

# A minute costs 1.2 ms.
MAX_RANGE_HOURS = 24
_MINUTE_S = 60


async def show_bands(services: Services, request: BandsRequest) -> BandsAnswer:
    """One signal of a node or an edge, and the range in which it was expected by what had been seen before.

    Minutes count as a whole, and each has an entry; those that have not begun are left out. A node or edge is as an
    insight names it: of a Lambda function, its service and the function are two.
    Raises: InvalidRequest for a set that cannot be chosen or has a filter, a range of more than 24 hours, and where not
    exactly one of node and edge is given.
    """
    of = _selector(request)
    chosen = await choose_set(services, request.of)
    if chosen.filter:
        raise InvalidRequest("set.filter was given; expectations are learnt of groups, which set.group names")
    window = chosen.traces.window
    if window.end_ns - window.start_ns > MAX_RANGE_HOURS * 60 * NS_PER_MINUTE:
        raise InvalidRequest(f"the range is longer than {MAX_RANGE_HOURS} hours")
    now_minute = services.clock.now_ns() // NS_PER_MINUTE
    minutes = await services.read(lambda: _minutes(services.store, chosen, of, request.signal, now_minute))
    return BandsAnswer(set_shape(chosen), request.signal, minutes)


def _selector(request: BandsRequest) -> ServiceTest | EdgeTest:
    node, edge = request.node, request.edge
    if node is not None and edge is None:
        return ServiceTest(_node(node))
    if edge is not None and node is None:
        return EdgeTest(_node(edge.source), _node(edge.target))
    raise InvalidRequest(f"{'neither' if node is None else 'both'} of node and edge given, one of them was expected")


def _node(member: NodeMember) -> NodeSelector:
    return NodeSelector(member.name, member.type)


def _minutes(
    store: GraphReader, chosen: ChosenSet, of: ServiceTest | EdgeTest, signal: Signal, now_minute: int
) -> tuple[BandMinute, ...]:
    first, last = chosen.traces.window.minutes
    first_read = max(0, first - HISTORY_BINS)
    window = TimeRange(first_read * NS_PER_MINUTE, (last + 1) * NS_PER_MINUTE)
    by_minute = store.statistics_by_minute(window, of, chosen.traces.where)
    statistics = {minute * _MINUTE_S: own for minute, own in by_minute.items()}
    bands = {band.at_s: band for band in expected_bands(statistics, _MINUTE_S, first * _MINUTE_S, signal)}
    answers = []
    for minute in range(first, min(last, now_minute) + 1):
        band = bands.get(minute * _MINUTE_S)
        start = float(minute * _MINUTE_S)
        if band is None:
            answers.append(BandMinute(start, None, None, None, False))
        else:
            answers.append(BandMinute(start, band.observed, band.low, band.high, band.is_anomalous))
    return tuple(answers)
