"""Every question of the console's pages, in one table."""

from __future__ import annotations

from raylens.api.analytics.requests import NothingAsked
from raylens.api.explore import groups, lab, requests, shapes
from raylens.api.explore.compare_traces import compare_traces
from raylens.api.explore.heat_map import show_heat_map
from raylens.api.explore.map import show_map, show_trace_map
from raylens.api.explore.span_details import show_documents, show_span
from raylens.api.explore.status import show_status
from raylens.api.explore.time_series import show_time_series
from raylens.api.explore.timeline import show_timeline
from raylens.api.explore.traces import list_traces
from raylens.api.question import PREFIX, Question

EXPLORE_QUESTIONS = (
    Question("map", "POST", PREFIX + "map", requests.MapRequest, shapes.MapAnswer, show_map),
    Question(
        "time_series",
        "POST",
        PREFIX + "time-series",
        requests.TimeSeriesRequest,
        shapes.TimeSeriesAnswer,
        show_time_series,
    ),
    Question("find_traces", "POST", PREFIX + "traces", requests.TracesRequest, shapes.TracesAnswer, list_traces),
    Question("heat_map", "POST", PREFIX + "heat-map", requests.HeatMapRequest, shapes.HeatMapAnswer, show_heat_map),
    Question(
        "timeline", "GET", PREFIX + "traces/{trace_id}", requests.TraceRequest, shapes.TimelineAnswer, show_timeline
    ),
    Question(
        "span", "GET", PREFIX + "traces/{trace_id}/spans/{span_id}", requests.SpanRequest, shapes.SpanAnswer, show_span
    ),
    Question(
        "trace_map",
        "GET",
        PREFIX + "traces/{trace_id}/map",
        requests.TraceMapRequest,
        shapes.TraceMapAnswer,
        show_trace_map,
    ),
    Question(
        "trace_documents",
        "GET",
        PREFIX + "traces/{trace_id}/documents",
        requests.TraceRequest,
        shapes.DocumentsAnswer,
        show_documents,
    ),
    Question(
        "compare_traces",
        "POST",
        PREFIX + "compare-traces",
        requests.CompareTracesRequest,
        shapes.CompareTracesAnswer,
        compare_traces,
    ),
    Question("list_groups", "GET", PREFIX + "groups", NothingAsked, shapes.GroupsAnswer, groups.list_groups),
    Question(
        "create_group",
        "POST",
        PREFIX + "groups",
        requests.CreateGroupRequest,
        shapes.GroupAnswer,
        groups.create_group,
        is_change=True,
    ),
    Question(
        "update_group",
        "PUT",
        PREFIX + "groups/{name}",
        requests.UpdateGroupRequest,
        shapes.GroupAnswer,
        groups.update_group,
        is_change=True,
    ),
    Question(
        "delete_group",
        "DELETE",
        PREFIX + "groups/{name}",
        requests.GroupRequest,
        shapes.NothingAnswer,
        groups.delete_group,
        is_change=True,
    ),
    Question("status", "GET", PREFIX + "status", NothingAsked, shapes.StatusAnswer, show_status),
    Question("lab_stacks", "GET", PREFIX + "lab/stacks", NothingAsked, shapes.LabStacksAnswer, lab.list_stacks),
    Question(
        "lab_events",
        "GET",
        PREFIX + "lab/stacks/{name}/events",
        requests.LabStackRequest,
        shapes.LabEventsAnswer,
        lab.list_events,
    ),
    Question(
        "lab_delete_stack",
        "DELETE",
        PREFIX + "lab/stacks/{name}",
        requests.LabStackRequest,
        shapes.NothingAnswer,
        lab.delete_stack,
        is_change=True,
    ),
    Question(
        "lab_resources",
        "GET",
        PREFIX + "lab/resources",
        requests.LabResourcesRequest,
        shapes.LabResourcesAnswer,
        lab.find_resources,
    ),
    Question(
        "lab_functions", "GET", PREFIX + "lab/functions", NothingAsked, shapes.LabFunctionsAnswer, lab.list_functions
    ),
    Question(
        "lab_function",
        "GET",
        PREFIX + "lab/functions/{name}",
        requests.LabFunctionRequest,
        shapes.LabFunctionAnswer,
        lab.show_function,
    ),
    Question(
        "lab_logs",
        "GET",
        PREFIX + "lab/functions/{name}/logs",
        requests.LabLogsRequest,
        shapes.LabLogsAnswer,
        lab.read_logs,
    ),
    Question(
        "lab_delete_logs",
        "DELETE",
        PREFIX + "lab/functions/{name}/logs",
        requests.LabFunctionRequest,
        shapes.NothingAnswer,
        lab.delete_logs,
        is_change=True,
    ),
    Question(
        "lab_log_groups", "GET", PREFIX + "lab/log-groups", NothingAsked, shapes.LabLogGroupsAnswer, lab.list_log_groups
    ),
    Question("lab_faults", "GET", PREFIX + "lab/faults", NothingAsked, shapes.LabFaultsAnswer, lab.list_faults),
    Question(
        "lab_set_fault",
        "PUT",
        PREFIX + "lab/faults",
        requests.LabFaultRequest,
        shapes.LabFaultsAnswer,
        lab.set_fault,
        is_change=True,
    ),
)
