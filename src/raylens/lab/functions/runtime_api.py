"""The Lambda Runtime API as one sandbox sees it: a private listener that hands out events and takes results."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from typing import Any

import msgspec

from raylens.lab.http1 import HttpServer, Request, Response

MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100
_MAX_HEAD_BYTES = 1024 * 1024 + 64 * 1024  # the runtime client's own limit for the cause, and room for the rest
_PREFIX = "/2018-06-01/runtime/"
_ACCEPTED = Response(status=202, headers=(("Content-Type", "application/json"),), body=b'{"status":"OK"}\n')


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One invocation as handed to the runtime. `deadline_ms` is epoch milliseconds."""

    request_id: str
    payload: bytes
    deadline_ms: int
    function_arn: str
    trace_header: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the runtime posted for one invocation, at `at_ns`.

    `error_type` is None for a result; `cause` is the X-Ray cause that came with an error, None when it had none.
    """

    payload: bytes
    at_ns: int
    error_type: str | None = None
    cause: dict[str, Any] | None = None


class RuntimeApi:
    """Listener for one runtime process. Futures tell its owner what the process did.

    `asked` is done when the runtime waits for an event (the first time: initialisation is over), `answered` when the
    current invocation was answered, `init_failed` when initialisation was reported as failed. Their values are the
    times, in ns, and outcomes. `give` replaces the first two.
    """

    def __init__(self) -> None:
        self._server = HttpServer(self._handle, max_body_bytes=MAX_RESPONSE_BYTES, max_head_bytes=_MAX_HEAD_BYTES)
        loop = asyncio.get_running_loop()
        self.asked: asyncio.Future[int] = loop.create_future()
        self.answered: asyncio.Future[Outcome] = loop.create_future()
        self.init_failed: asyncio.Future[Outcome] = loop.create_future()
        self._waiting: asyncio.Future[Event] | None = None
        self._current: Event | None = None

    @property
    def address(self) -> str:
        """`host:port` for AWS_LAMBDA_RUNTIME_API."""
        return f"127.0.0.1:{self._server.port}"

    async def start(self) -> None:
        await self._server.start("127.0.0.1", 0)

    async def close(self) -> None:
        await self._server.close()

    def give(self, event: Event) -> None:
        """Hand an event to the waiting runtime. Only when `asked` is done."""
        if self._waiting is None or self._waiting.done():
            raise RuntimeError("the runtime does not wait for an event")
        loop = asyncio.get_running_loop()
        self.asked = loop.create_future()
        self.answered = loop.create_future()
        self._current = event
        self._waiting.set_result(event)

    async def _handle(self, request: Request) -> Response:
        at_ns = time.time_ns()
        path = request.target.partition("?")[0].removeprefix(_PREFIX)
        match request.method, path.split("/"):
            case "GET", ["invocation", "next"]:
                return await self._next(at_ns)
            case "POST", ["invocation", request_id, ("response" | "error") as kind]:
                return self._take(request_id, kind, request, at_ns)
            case "POST", ["init", "error"]:
                outcome = _error_outcome(request, at_ns)
                if not self.init_failed.done():
                    self.init_failed.set_result(outcome)
                return _ACCEPTED
        return _refusal(404, "UnknownPath", f"{request.method} {request.target} is no operation of the Runtime API")

    async def _next(self, at_ns: int) -> Response:
        self._current = None
        self._waiting = asyncio.get_running_loop().create_future()
        if not self.asked.done():
            self.asked.set_result(at_ns)
        event = await self._waiting
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": event.request_id,
            "Lambda-Runtime-Deadline-Ms": str(event.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": event.function_arn,
            "Lambda-Runtime-Trace-Id": event.trace_header,
        }
        return Response(status=200, headers=tuple(headers.items()), body=event.payload)

    def _take(self, request_id: str, kind: str, request: Request, at_ns: int) -> Response:
        if self._current is None or self._current.request_id != request_id:
            return _refusal(400, "InvalidRequestID", f"{request_id} is not the current invocation")
        if self.answered.done():
            return _refusal(403, "InvalidStateTransition", f"{request_id} was answered already")
        if request.body_too_large:
            message = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
            body = msgspec.json.encode({"errorMessage": message, "errorType": "Function.ResponseSizeTooLarge"})
            error_type = "Function.ResponseSizeTooLarge"
            self.answered.set_result(Outcome(payload=body, at_ns=at_ns, error_type=error_type))
            return _refusal(413, "RequestEntityTooLarge", message)
        if kind == "response":
            self.answered.set_result(Outcome(payload=request.body, at_ns=at_ns))
        else:
            self.answered.set_result(_error_outcome(request, at_ns))
        return _ACCEPTED


def _error_outcome(request: Request, at_ns: int) -> Outcome:
    # Invocation errors name their type in the body alone; initialisation errors in a header too.
    error_type = request.header("Lambda-Runtime-Function-Error-Type")
    body = _json_object(request.body)
    found = body.get("errorType") if body is not None else None
    if isinstance(found, str) and found:
        error_type = found
    error_type = error_type or "Runtime.Unknown"
    cause = _cause(request.header("Lambda-Runtime-Function-XRay-Error-Cause"))
    if cause is None:
        message = body.get("errorMessage") if body is not None else None
        cause = cause_without_stack(error_type, message if isinstance(message, str) else "")
    return Outcome(payload=request.body, at_ns=at_ns, error_type=error_type, cause=cause)


def cause_without_stack(error_type: str, message: str) -> dict[str, Any]:
    """An X-Ray cause for what nobody saw a stack of: an initialisation error, a time-out, an exit."""
    return {"exceptions": [{"id": os.urandom(8).hex(), "message": message, "type": error_type}]}


def _cause(header: str | None) -> dict[str, Any] | None:
    # Runtimes from Python 3.12 on put raw UTF-8 in the header; header bytes arrive decoded as latin-1.
    return _json_object(header.encode("latin-1")) if header else None


def _json_object(text: bytes) -> dict[str, Any] | None:
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return dict(value) if isinstance(value, Mapping) else None


def _refusal(status: int, error_type: str, message: str) -> Response:
    body = msgspec.json.encode({"errorMessage": message, "errorType": error_type})
    return Response(status=status, headers=(("Content-Type", "application/json"),), body=body)
