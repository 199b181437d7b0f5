"""Why something was wrong in a range of time."""

from __future__ import annotations

from raylens.api.analytics.overview import set_shape
from raylens.api.analytics.sets import ChosenSet, choose_set
from raylens.api.analytics.shapes import SetShape
from raylens.api.context import Services
from raylens.api.insights.insight_shapes import names_of, suspect_shape
from raylens.api.insights.requests import RootCauseRequest
from raylens.api.insights.shapes import RootCauseAnswer
from raylens.api.protocol.rest_json import ns_from_timestamp
from raylens.errors import InvalidRequest
from raylens.filterexpr import print_filter
from raylens.insights.explanation import Explanation, explain_window
from raylens.model.figures import Entity
from raylens.model.service import ServiceId
from raylens.model.time import NS_PER_S, TimeRange
from raylens.storage.interface import TraceSet

_NORMAL_NS = 86_400 * NS_PER_S
# An incident, and what is compared with it; figures of every node are read minute by minute.
MOST_WINDOW_NS = 86_400 * NS_PER_S
MOST_NORMAL_NS = 8 * 86_400 * NS_PER_S


async def find_root_causes(services: Services, request: RootCauseRequest) -> RootCauseAnswer:
    """Who may have caused what was wrong in a range, the likeliest first, and why.

    The range is compared with the time before it: figures of every node and edge, and a sample of traces.
    Raises: InvalidRequest for a set that cannot be chosen, a range of more than a day, and a normal time that does not
    begin before the range or is longer than eight days.
    """
    chosen = await choose_set(services, request.of)
    window = chosen.traces.window
    normal = _normal(window, request)
    noticed = None if request.noticed is None else Entity(ServiceId(request.noticed.name, request.noticed.type))
    where = chosen.traces.where
    found = await services.read(lambda: explain_window(services.store, window, normal, where, noticed, request.signal))
    return _answer(found, chosen)


def _normal(window: TimeRange, request: RootCauseRequest) -> TimeRange:
    if window.end_ns - window.start_ns > MOST_WINDOW_NS:
        raise InvalidRequest("the range to explain is longer than a day")
    if request.normal_start is None:
        return TimeRange(window.start_ns - _NORMAL_NS, window.start_ns)
    start_ns = ns_from_timestamp(request.normal_start, "normal_start")
    if not 0 < window.start_ns - start_ns <= MOST_NORMAL_NS:
        raise InvalidRequest("normal_start is not before set.start, or more than eight days before it")
    return TimeRange(start_ns, window.start_ns)


def _answer(found: Explanation, chosen: ChosenSet) -> RootCauseAnswer:
    names = names_of(each.entity for each in found.suspects)
    return RootCauseAnswer(
        suspects=tuple(suspect_shape(each, names) for each in found.suspects),
        summary=found.summary,
        anomalous_set=_set_shape(found.anomalous, chosen),
        normal_set=_set_shape(found.normal, chosen),
    )


def _set_shape(traces: TraceSet, chosen: ChosenSet) -> SetShape:
    return set_shape(ChosenSet(traces, print_filter(traces.where.expression), chosen.group))
