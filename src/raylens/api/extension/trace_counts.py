"""How many traces a group got, minute by minute: what CloudWatch shows of groups as ApproximateTraceCount."""

from __future__ import annotations

from typing import Any

from raylens.api.context import Services
from raylens.api.extension.requests import GroupTraceCounts
from raylens.api.protocol.rest_json import window_between
from raylens.api.selection import select_traces
from raylens.errors import InvalidRequest
from raylens.model.time import NS_PER_MINUTE, NS_PER_S, TimeRange
from raylens.storage.interface import TraceSet

MAX_RANGE_DAYS = 31
_MINUTE_S = 60


async def get_group_trace_counts(services: Services, request: GroupTraceCounts) -> dict[str, Any]:
    """The traces of a group by the minute they started in, for every whole minute that begins in the range.

    Oldest first; minutes without traces are left out. Every trace counts, finished or not.
    Raises: InvalidRequest for missing or inverted times, a range of more than 31 days, and a group that does not exist.
    """
    window = window_between(request.start, request.end, "start", "end")
    if window.end_ns - window.start_ns > MAX_RANGE_DAYS * 86_400 * NS_PER_S:
        raise InvalidRequest(f"The range is longer than {MAX_RANGE_DAYS} days")
    selection = await select_traces(services, group_name=request.name)
    first, after = -(-window.start_ns // NS_PER_MINUTE), -(-window.end_ns // NS_PER_MINUTE)
    counts: list[dict[str, int]] = []
    if first < after:
        asked = TraceSet(TimeRange(first * NS_PER_MINUTE, after * NS_PER_MINUTE), selection.where)
        overview = await services.read(lambda: services.store.overview(asked, _MINUTE_S))
        counts = [{"minute_start_s": at_ns // NS_PER_S, "traces": traces} for at_ns, traces, _ in overview.activity]
    return {"trace_counts": counts, "contains_old_group_versions": selection.contains_old_versions(window)}
