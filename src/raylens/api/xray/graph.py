"""GetServiceGraph and GetTraceGraph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from raylens.api.context import Services
from raylens.api.protocol.rest_json import window_from_members
from raylens.api.selection import Selection, select_traces
from raylens.api.xray.requests import GetServiceGraph, GetTraceGraph
from raylens.api.xray.shapes import service_graph_shapes
from raylens.api.xray.traces import checked_trace_ids
from raylens.errors import InvalidRequest
from raylens.model.service import ServiceGraph
from raylens.model.time import TimeRange, seconds_from_ns
from raylens.servicemap import graph_of_traces, linked_trace_ids
from raylens.traces import assemble_traces


async def get_service_graph(services: Services, request: GetServiceGraph) -> dict[str, Any]:
    """Nodes and edges of the requests that started in the range, on one page.

    With a group, of the traces that belong to it, all their nodes included.
    Raises: InvalidRequest for missing or inverted times, a token, or a group that does not exist.
    """
    window = window_from_members(request.start_time, request.end_time)
    if request.next_token:
        raise InvalidRequest(f"Invalid token {request.next_token[:60]}")
    selection = await select_traces(services, group_name=request.group_name, group_arn=request.group_arn)
    return await answer_service_graph(services, window, selection)


async def answer_service_graph(services: Services, window: TimeRange, selection: Selection) -> dict[str, Any]:
    """The answer of GetServiceGraph for these traces."""
    graph = await services.read(lambda: services.store.service_graph(window, selection.where))
    return {
        "StartTime": seconds_from_ns(window.start_ns),
        "EndTime": seconds_from_ns(window.end_ns),
        "Services": service_graph_shapes(graph, with_times=True),
        "ContainsOldGroupVersions": selection.contains_old_versions(window),
    }


async def get_trace_graph(services: Services, request: GetTraceGraph) -> dict[str, Any]:
    """The graph of up to five traces, and where the messages that they received came from.

    Raises: InvalidRequest for more than five ids, a malformed id or a token.
    """
    if request.next_token:
        raise InvalidRequest(f"Invalid token {request.next_token[:60]}")
    trace_ids = checked_trace_ids(request.trace_ids)
    graph = await services.read(lambda: _graph_of(services, trace_ids))
    return {"Services": service_graph_shapes(graph, with_times=False)}


def _graph_of(services: Services, trace_ids: Sequence[bytes]) -> ServiceGraph:
    traces = assemble_traces(services.store.spans(trace_ids))
    elsewhere = linked_trace_ids(traces.values()) - traces.keys()
    senders = assemble_traces(services.store.spans(sorted(elsewhere)))
    return graph_of_traces(traces.values(), senders=senders.values())
