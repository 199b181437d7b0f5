"""The control API's operations.

POST   /stacks                  create a stack; 202 with its first state, follow its events
GET    /stacks                  every stack
GET    /stacks/{name}           one stack
GET    /stacks/{name}/events    ?after=N: events with a higher index
DELETE /stacks/{name}           delete a stack; 202
GET    /resources               ?tag=KEY=VALUE: what carries a tag
GET    /faults                  switches that are on, and the names of all
PUT    /faults                  turn one on or off
GET    /functions               every function
GET    /functions/{name}        one function with its source
GET    /functions/{name}/logs   ?limit=N&since_ms=T&request_id=ID: the newest lines, oldest first
DELETE /functions/{name}/logs   delete the function's log group, also when the function is gone
GET    /log-groups              every log group, those of deleted functions included
GET    /healthz                 addresses of the lab's doors
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from raylens.errors import CallerError, InvalidRequest
from raylens.lab.control.fault_targets import fault_named, usual_target
from raylens.lab.control.requests import CreateStack, SetFault, decode_body, tag_filter, whole_number
from raylens.lab.control.views import (
    event_view,
    function_view,
    log_group_view,
    log_view,
    resource_view,
    source_view,
    stack_view,
)
from raylens.lab.faults import Fault
from raylens.lab.spec import FunctionSpec

if TYPE_CHECKING:
    from raylens.lab.server import Lab

_STATUS_OF_CODE = {"AlreadyExistsException": 409}
_MAX_LOG_LINES = 10_000


def control_app(lab: Lab) -> Starlette:
    """The control API of `lab`. Errors are `{"code": ..., "message": ...}`."""
    operations = ControlOperations(lab)
    routes = [
        Route("/healthz", operations.healthz),
        Route("/stacks", operations.create_stack, methods=["POST"]),
        Route("/stacks", operations.list_stacks),
        Route("/stacks/{name}", operations.get_stack),
        Route("/stacks/{name}", operations.delete_stack, methods=["DELETE"]),
        Route("/stacks/{name}/events", operations.list_events),
        Route("/resources", operations.find_resources),
        Route("/faults", operations.list_faults),
        Route("/faults", operations.set_fault, methods=["PUT"]),
        Route("/functions", operations.list_functions),
        Route("/functions/{name}", operations.get_function),
        Route("/functions/{name}/logs", operations.get_logs),
        Route("/functions/{name}/logs", operations.delete_logs, methods=["DELETE"]),
        Route("/log-groups", operations.list_log_groups),
    ]
    # Only names of this machine: a website cannot reach the API by a name of its own that points here.
    loopback_only = Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    return Starlette(routes=routes, middleware=[loopback_only], exception_handlers={CallerError: _caller_error})


async def _caller_error(_: Request, error: Exception) -> JSONResponse:
    code = getattr(error, "code", type(error).__name__)
    status = 404 if "does not exist" in str(error) else _STATUS_OF_CODE.get(code, 400)
    return JSONResponse({"code": code, "message": str(error)}, status)


class ControlOperations:
    """One method for each operation of the control API."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    async def healthz(self, _: Request) -> JSONResponse:
        return JSONResponse(self._lab.addresses())

    async def create_stack(self, request: Request) -> JSONResponse:
        body = await decode_body(request, CreateStack)
        stack = self._lab.deployer.create(body.to_request())
        return JSONResponse(stack_view(stack, self._lab.gateway.base_url), 202)

    async def list_stacks(self, _: Request) -> JSONResponse:
        url = self._lab.gateway.base_url
        return JSONResponse({"stacks": [stack_view(stack, url) for stack in self._lab.deployer.stacks()]})

    async def get_stack(self, request: Request) -> JSONResponse:
        stack = self._lab.deployer.stack(request.path_params["name"])
        return JSONResponse(stack_view(stack, self._lab.gateway.base_url))

    async def delete_stack(self, request: Request) -> JSONResponse:
        stack = self._lab.deployer.delete(request.path_params["name"])
        return JSONResponse(stack_view(stack, self._lab.gateway.base_url), 202)

    async def list_events(self, request: Request) -> JSONResponse:
        stack = self._lab.deployer.stack(request.path_params["name"])
        after = whole_number(request, "after", -1)
        events = [event_view(event) for event in stack.events if event.index > after]
        return JSONResponse({"status": stack.status, "settled": stack.settled, "events": events})

    async def find_resources(self, request: Request) -> JSONResponse:
        found = self._lab.deployer.tagged(*tag_filter(request))
        return JSONResponse({"resources": [resource_view(each) for each in found]})

    async def list_faults(self, _: Request) -> JSONResponse:
        active = [
            {"fault": each.fault.value, "target": each.target, "amount": each.amount}
            for each in self._lab.faults.active()
        ]
        return JSONResponse({"active": active, "names": [fault.value for fault in Fault]})

    async def set_fault(self, request: Request) -> JSONResponse:
        body = await decode_body(request, SetFault)
        fault = fault_named(body.fault)
        if body.on:
            target = body.target or usual_target(fault, self._lab.deployer.stacks(), self._lab.host.specs())
            await self._lab.faults.turn_on(fault, target, body.amount)
        else:
            for switch in self._lab.faults.active():
                if switch.fault is fault and body.target in (None, switch.target):
                    await self._lab.faults.turn_off(fault, switch.target)
        return await self.list_faults(request)

    async def list_functions(self, _: Request) -> JSONResponse:
        return JSONResponse({"functions": [function_view(spec) for spec in self._lab.host.specs()]})

    async def get_function(self, request: Request) -> JSONResponse:
        spec = self._function(request.path_params["name"])
        return JSONResponse({**function_view(spec), "source": source_view(spec)})

    async def get_logs(self, request: Request) -> JSONResponse:
        name = request.path_params["name"]
        events = self._lab.logs.read(
            name,
            since_ms=whole_number(request, "since_ms", 0),
            request_id=request.query_params.get("request_id"),
            limit=min(whole_number(request, "limit", 1000), _MAX_LOG_LINES),
        )
        if not events and f"/aws/lambda/{name}" not in self._lab.logs.groups():
            self._function(name)  # a function that never ran has no lines; a name that means nothing is an error
        return JSONResponse({"events": [log_view(event) for event in events]})

    async def delete_logs(self, request: Request) -> JSONResponse:
        name = request.path_params["name"]
        if not self._lab.logs.delete_group(name):
            raise InvalidRequest(f"Log group /aws/lambda/{name} does not exist")
        return JSONResponse({"deleted": f"/aws/lambda/{name}"})

    async def list_log_groups(self, _: Request) -> JSONResponse:
        running = {spec.name for spec in self._lab.host.specs()}
        groups = [log_group_view(name, running) for name in self._lab.logs.groups()]
        return JSONResponse({"groups": groups})

    def _function(self, name: str) -> FunctionSpec:
        names = [spec.name for spec in self._lab.host.specs()]
        for spec in self._lab.host.specs():
            if spec.name == name:
                return spec
        raise InvalidRequest(f"Function {name} does not exist; there are: {', '.join(names) or 'none'}")
