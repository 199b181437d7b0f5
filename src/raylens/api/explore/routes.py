"""Every question of the console's pages, in one table."""

from __future__ import annotations

from typing import Any

from raylens.api.analytics.requests import NothingAsked
from raylens.api.explore import requests, shapes
from raylens.api.question import PREFIX, Question


async def _todo(services: Any, request: Any) -> Any:
    raise NotImplementedError


def _ask(name: str, method: str, path: str, request: Any, answer: Any) -> Question:
    return Question(name, method, PREFIX + path, request, answer, _todo)


EXPLORE_QUESTIONS = (
    _ask("map", "POST", "map", requests.MapRequest, shapes.MapAnswer),
    _ask("time_series", "POST", "time-series", requests.TimeSeriesRequest, shapes.TimeSeriesAnswer),
    _ask("find_traces", "POST", "traces", requests.TracesRequest, shapes.TracesAnswer),
    _ask("heat_map", "POST", "heat-map", requests.HeatMapRequest, shapes.HeatMapAnswer),
    _ask("timeline", "GET", "traces/{trace_id}", requests.TraceRequest, shapes.TimelineAnswer),
    _ask("span", "GET", "traces/{trace_id}/spans/{span_id}", requests.SpanRequest, shapes.SpanAnswer),
    _ask("trace_map", "GET", "traces/{trace_id}/map", requests.TraceMapRequest, shapes.TraceMapAnswer),
    _ask("trace_documents", "GET", "traces/{trace_id}/documents", requests.TraceRequest, shapes.DocumentsAnswer),
    _ask("compare_traces", "POST", "compare-traces", requests.CompareTracesRequest, shapes.CompareTracesAnswer),
    _ask("list_groups", "GET", "groups", NothingAsked, shapes.GroupsAnswer),
    _ask("create_group", "POST", "groups", requests.CreateGroupRequest, shapes.GroupAnswer),
    _ask("update_group", "PUT", "groups/{name}", requests.UpdateGroupRequest, shapes.GroupAnswer),
    _ask("delete_group", "DELETE", "groups/{name}", requests.GroupRequest, shapes.NothingAnswer),
    _ask("status", "GET", "status", NothingAsked, shapes.StatusAnswer),
    _ask("lab_stacks", "GET", "lab/stacks", NothingAsked, shapes.LabStacksAnswer),
    _ask("lab_events", "GET", "lab/stacks/{name}/events", requests.LabStackRequest, shapes.LabEventsAnswer),
    _ask("lab_delete_stack", "DELETE", "lab/stacks/{name}", requests.LabStackRequest, shapes.NothingAnswer),
    _ask("lab_resources", "GET", "lab/resources", requests.LabResourcesRequest, shapes.LabResourcesAnswer),
    _ask("lab_functions", "GET", "lab/functions", NothingAsked, shapes.LabFunctionsAnswer),
    _ask("lab_function", "GET", "lab/functions/{name}", requests.LabFunctionRequest, shapes.LabFunctionAnswer),
    _ask("lab_logs", "GET", "lab/functions/{name}/logs", requests.LabLogsRequest, shapes.LabLogsAnswer),
    _ask("lab_delete_logs", "DELETE", "lab/functions/{name}/logs", requests.LabFunctionRequest, shapes.NothingAnswer),
    _ask("lab_log_groups", "GET", "lab/log-groups", NothingAsked, shapes.LabLogGroupsAnswer),
    _ask("lab_faults", "GET", "lab/faults", NothingAsked, shapes.LabFaultsAnswer),
    _ask("lab_set_fault", "PUT", "lab/faults", requests.LabFaultRequest, shapes.LabFaultsAnswer),
)
