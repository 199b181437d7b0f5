"""The service graph of the traces that satisfy a filter expression: the X-Ray API restricts it to groups only."""

from __future__ import annotations

from typing import Any

from raylens.api.context import Services
from raylens.api.extension.requests import FilteredServiceGraph
from raylens.api.protocol.rest_json import window_between
from raylens.api.selection import select_traces
from raylens.api.xray.graph import answer_service_graph


async def get_filtered_service_graph(services: Services, request: FilteredServiceGraph) -> dict[str, Any]:
    """The answer of GetServiceGraph for the traces that satisfy `filter` and belong to `group`, all nodes included.

    Raises: InvalidRequest for missing or inverted times, an expression that is blank or cannot be read, and a group
    that does not exist.
    """
    window = window_between(request.start, request.end, "start", "end")
    is_arn = request.group is not None and request.group.startswith("arn:")
    selection = await select_traces(
        services,
        filter_text=request.filter,
        group_name=None if is_arn else request.group,
        group_arn=request.group if is_arn else None,
    )
    return await answer_service_graph(services, window, selection)
