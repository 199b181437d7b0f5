"""How long traces took over time."""

from __future__ import annotations

from raylens.api.analytics.overview import checked_bucket_s, set_shape
from raylens.api.analytics.sets import choose_set
from raylens.api.context import Services
from raylens.api.explore.requests import HeatMapRequest
from raylens.api.explore.shapes import HeatMapAnswer, HeatMapCell
from raylens.model.time import seconds_from_ns
from raylens.storage.interface import HEAT_ROWS_NS, HeatCell

_NS_PER_MS = 1_000_000
_AFTER_ALL_ROWS_NS = 10**19


async def show_heat_map(services: Services, request: HeatMapRequest) -> HeatMapAnswer:
    """How many traces of a set began when and took how long, by outcome.

    Rows are ten to a decade: 1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8, 10 ms and so on, below 1 ms a single one.
    Raises: InvalidRequest for a set that cannot be chosen, and for buckets of less than a second or more than 10,000.
    """
    chosen = await choose_set(services, request.of)
    bucket_s = checked_bucket_s(request.bucket_s, chosen.traces.window)
    cells = await services.read(lambda: services.store.heat_map(chosen.traces, bucket_s))
    return HeatMapAnswer(set_shape(chosen), bucket_s, tuple(map(_cell, cells)))


def _cell(cell: HeatCell) -> HeatMapCell:
    ends = (*HEAT_ROWS_NS[cell.row : cell.row + 2], _AFTER_ALL_ROWS_NS)
    return HeatMapCell(
        start=seconds_from_ns(cell.start_ns),
        from_ms=ends[0] / _NS_PER_MS,
        to_ms=ends[1] / _NS_PER_MS,
        traces=cell.traces,
        error=cell.error,
        throttle=cell.throttle,
        fault=cell.fault,
    )
