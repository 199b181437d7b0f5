"""The serverless lab, if one runs beside the server: what is deployed, its logs and its faults.

What the lab refuses is refused in its words.
"""

from __future__ import annotations

from typing import Any

import msgspec

from raylens.api.analytics.requests import NothingAsked
from raylens.api.context import Services
from raylens.api.explore.requests import (
    LabFaultRequest,
    LabFunctionRequest,
    LabLogsRequest,
    LabResourcesRequest,
    LabStackRequest,
)
from raylens.api.explore.shapes import (
    LabEventsAnswer,
    LabFaultsAnswer,
    LabFunction,
    LabFunctionAnswer,
    LabFunctionsAnswer,
    LabLogGroupsAnswer,
    LabLogsAnswer,
    LabResourcesAnswer,
    LabStacksAnswer,
    NothingAnswer,
)
from raylens.errors import InvalidRequest

_MAX_LOG_LINES = 10_000


class _WithSource(msgspec.Struct, frozen=True):
    """What the lab adds to a function that is asked for by name."""

    source: dict[str, str]


async def list_stacks(services: Services, request: NothingAsked) -> LabStacksAnswer:
    """Every stack with its resources and outputs."""
    return await services.lab.ask(LabStacksAnswer, "GET", "stacks")


async def list_events(services: Services, request: LabStackRequest) -> LabEventsAnswer:
    """What happened to a stack.

    Raises: NotFound when there is no such stack.
    """
    return await services.lab.ask(LabEventsAnswer, "GET", "stacks", request.name, "events")


async def delete_stack(services: Services, request: LabStackRequest) -> NothingAnswer:
    """Begin to delete a stack; its events tell how that goes.

    Raises: NotFound when there is no such stack.
    """
    return await services.lab.ask(NothingAnswer, "DELETE", "stacks", request.name)


async def find_resources(services: Services, request: LabResourcesRequest) -> LabResourcesAnswer:
    """What carries a tag.

    Raises: InvalidRequest for an empty key.
    """
    tag = f"{request.key}={request.value}"
    return await services.lab.ask(LabResourcesAnswer, "GET", "resources", parameters={"tag": tag})


async def list_functions(services: Services, request: NothingAsked) -> LabFunctionsAnswer:
    """Every function."""
    return await services.lab.ask(LabFunctionsAnswer, "GET", "functions")


async def show_function(services: Services, request: LabFunctionRequest) -> LabFunctionAnswer:
    """One function and its deployed files.

    Raises: NotFound when there is no such function.
    """
    told = await services.lab.ask(dict[str, Any], "GET", "functions", request.name)
    return LabFunctionAnswer(msgspec.convert(told, LabFunction), msgspec.convert(told, _WithSource).source)


async def read_logs(services: Services, request: LabLogsRequest) -> LabLogsAnswer:
    """The newest lines of a function's log, oldest first.

    Raises: NotFound when there is neither such a function nor a log of one; InvalidRequest for a limit out of range.
    """
    if not 1 <= request.limit <= _MAX_LOG_LINES:
        raise InvalidRequest(f"limit is {request.limit}, 1 to {_MAX_LOG_LINES:,} was expected")
    parameters = {"limit": str(request.limit)}
    if request.request_id is not None:
        parameters["request_id"] = request.request_id
    return await services.lab.ask(LabLogsAnswer, "GET", "functions", request.name, "logs", parameters=parameters)


async def delete_logs(services: Services, request: LabFunctionRequest) -> NothingAnswer:
    """Delete the log of a function, also when the function is gone.

    Raises: NotFound when there is no such log.
    """
    return await services.lab.ask(NothingAnswer, "DELETE", "functions", request.name, "logs")


async def list_log_groups(services: Services, request: NothingAsked) -> LabLogGroupsAnswer:
    """Every log group."""
    return await services.lab.ask(LabLogGroupsAnswer, "GET", "log-groups")


async def list_faults(services: Services, request: NothingAsked) -> LabFaultsAnswer:
    """The faults that are on, and all there are."""
    return await services.lab.ask(LabFaultsAnswer, "GET", "faults")


async def set_fault(services: Services, request: LabFaultRequest) -> LabFaultsAnswer:
    """Turn a fault on or off, and tell which are on now.

    Raises: InvalidRequest for a fault that there is none of, or when nothing is deployed that it could act on.
    """
    return await services.lab.ask(LabFaultsAnswer, "PUT", "faults", body=msgspec.to_builtins(request))
