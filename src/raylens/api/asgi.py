"""The HTTP application: every route in one list."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

import raylens
from raylens.api.browser_guard import BrowserGuard
from raylens.api.context import Services
from raylens.api.extension.routes import EXTENSIONS, Extension
from raylens.api.faults import OWN_TOO_LARGE_CODE, Fault, fault_from, own_fault_from
from raylens.api.openapi import OPENAPI_PATH, QUESTIONS, openapi_document
from raylens.api.protocol.own_json import encode_error
from raylens.api.protocol.rest_json import (
    CONTENT_TYPE,
    decode_parameters,
    decode_request,
    decode_request_at,
    encode_fault,
    encode_response,
)
from raylens.api.question import Question
from raylens.api.xray.routes import OPERATIONS, Operation
from raylens.errors import CallerError, MalformedBody, Overloaded, UnknownOperation

_log = logging.getLogger(__name__)
Endpoint = Callable[[Request], Awaitable[Response]]

# 50 documents of 64 kB, each character escaped once, and room to spare.
MAX_BODY_BYTES = 16 << 20
_MAX_DROPPED_BYTES = 4 * MAX_BODY_BYTES
# All bodies together that are being read or handled: the write buffer bounds only what comes after them.
MAX_HELD_BYTES = 8 * MAX_BODY_BYTES


def build_application(
    services: Services,
    is_ready: Callable[[], bool],
    read_gauges: Callable[[], None] = lambda: None,
    *,
    pages: Sequence[BaseRoute] = (),
    home: str | None = None,
    loopback_name: str | None = None,
) -> Starlette:
    """The application behind the HTTP port and the daemon's TCP port.

    `read_gauges` brings counters up to date that somebody else keeps, before they are printed. `pages` are routes for
    people, and `home` the path among them to which a browser that asks for `/` is sent. `loopback_name` is the host
    that raylens listens on when only this machine can reach it; None leaves out the checks that follow from that.
    """
    bodies = _Bodies()

    async def metrics(_: Request) -> Response:
        read_gauges()
        return PlainTextResponse(services.metrics.prometheus_text(), media_type="text/plain; version=0.0.4")

    async def ready(_: Request) -> Response:
        return PlainTextResponse("ready\n") if is_ready() else PlainTextResponse("starting or stopping\n", 503)

    return Starlette(
        routes=[
            Route("/", _greeting(home)),
            Route("/healthz", _healthy),
            Route("/readyz", ready),
            Route("/metrics", metrics),
            *(Route(o.path, _operation(services, bodies, o), methods=["POST"]) for o in OPERATIONS),
            *(Route(e.path, _operation(services, bodies, e), methods=[e.method]) for e in EXTENSIONS),
            *(Route(q.path, _question(services, bodies, q), methods=[q.method]) for q in QUESTIONS),
            Route(OPENAPI_PATH, _openapi(services, bodies)),
            *pages,
            Route("/{path:path}", _unknown(services), methods=["GET", "POST", "PUT", "DELETE", "PATCH"]),
        ],
        middleware=[Middleware(BrowserGuard, loopback_name)],
    )


def _greeting(home: str | None) -> Endpoint:
    text = (
        f"raylens {raylens.__version__}\nThis is the endpoint of the AWS X-Ray API: give it to your SDK, or try\n"
        "  raylens map\n  raylens traces\n"
    )

    async def endpoint(request: Request) -> Response:
        headers = {"Vary": "Accept"}
        if home and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(home, headers=headers)
        return PlainTextResponse(text, headers=headers)

    return endpoint


async def _healthy(_: Request) -> Response:
    return PlainTextResponse("ok\n")


class _Dialect(msgspec.Struct, frozen=True):
    """How one of the two APIs says that something went wrong."""

    fault_from: Callable[[Exception, str], Fault]
    too_large: Fault
    encode: Callable[[Fault, Exception | None], tuple[bytes, dict[str, str]]]

    def refusal(self, services: Services, fault: Fault, error: Exception | None, request_id: str) -> Response:
        if fault.status >= 500:
            services.metrics.request_faults += 1
        body, headers = self.encode(fault, error)
        return Response(body, fault.status, {**headers, _REQUEST_ID: request_id}, media_type=CONTENT_TYPE)


_REQUEST_ID = "x-amzn-RequestId"
_TOO_LARGE = f"the body is larger than {MAX_BODY_BYTES} bytes"
_XRAY = _Dialect(
    fault_from, Fault(413, "RequestEntityTooLargeException", _TOO_LARGE), lambda fault, _: encode_fault(fault)
)
_OWN = _Dialect(
    own_fault_from, Fault(413, OWN_TOO_LARGE_CODE, _TOO_LARGE), lambda fault, error: (encode_error(fault, error), {})
)


def _operation(services: Services, bodies: _Bodies, operation: Operation | Extension) -> Endpoint:
    async def answer(request: Request, body: bytes) -> bytes:
        return encode_response(await operation.handler(services, _decoded(request, body, operation.request)))

    return _endpoint(services, bodies, operation.name, answer, _XRAY)


def _question(services: Services, bodies: _Bodies, question: Question) -> Endpoint:
    async def answer(request: Request, body: bytes) -> bytes:
        return msgspec.json.encode(await question.handler(services, _asked(request, body, question)))

    return _endpoint(services, bodies, question.name, answer, _OWN)


def _decoded(request: Request, body: bytes, shape: type[msgspec.Struct]) -> msgspec.Struct:
    if request.method == "POST":
        return decode_request(body, shape)
    return decode_parameters({**request.query_params, **request.path_params}, shape)


def _asked(request: Request, body: bytes, question: Question) -> msgspec.Struct:
    if not question.has_body:
        return decode_parameters({**request.query_params, **request.path_params}, question.request)
    kind = request.headers.get("content-type", "")
    if question.is_change and kind.partition(";")[0].strip().lower() != CONTENT_TYPE:
        raise MalformedBody(f"a body of Content-Type {CONTENT_TYPE} was expected, '{kind[:60]}' was sent")
    return decode_request_at(body, request.path_params, question.request)


def _openapi(services: Services, bodies: _Bodies) -> Endpoint:
    async def answer(_: Request, __: bytes) -> bytes:
        return msgspec.json.encode(openapi_document())

    return _endpoint(services, bodies, "openapi", answer, _OWN)


def _unknown(services: Services) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        services.metrics.requests += 1
        error = UnknownOperation(f"no operation at {request.method} {request.url.path[:100]}")
        request_id = str(uuid4())
        return _XRAY.refusal(services, fault_from(error, request_id), error, request_id)

    return endpoint


def _endpoint(
    services: Services,
    bodies: _Bodies,
    name: str,
    answer: Callable[[Request, bytes], Awaitable[bytes]],
    dialect: _Dialect,
) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        request_id = str(uuid4())
        services.metrics.requests += 1
        try:
            async with bodies.read(request) as body:
                if body is None:
                    return dialect.refusal(services, dialect.too_large, None, request_id)
                content = await answer(request, body)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as error:  # one of the four doors: whatever happens, the caller gets an answer
            fault = dialect.fault_from(error, request_id)
            if not isinstance(error, CallerError):
                _log.log(
                    logging.ERROR if fault.status >= 500 else logging.WARNING,
                    "request %s, %s failed", request_id, name, exc_info=error,
                )  # fmt: skip
            return dialect.refusal(services, fault, error, request_id)
        return Response(content, headers={_REQUEST_ID: request_id}, media_type=CONTENT_TYPE)

    return endpoint


class _Bodies:
    """Reads the bodies of requests; all that are being read or handled together are bounded."""

    def __init__(self) -> None:
        self._held_bytes = 0

    @asynccontextmanager
    async def read(self, request: Request) -> AsyncIterator[bytes | None]:
        """The body; None when it is larger than allowed, whatever its Content-Length said.

        What is too large is read on and dropped for a while: closing a connection on which bytes wait resets it, and
        the caller would never see why. Raises: Overloaded.
        """
        chunks: list[bytes] = []
        size = held = 0
        try:
            async for chunk in request.stream():
                size += len(chunk)
                if size <= MAX_BODY_BYTES:
                    self._check_room(len(chunk))
                    self._held_bytes += len(chunk)
                    held += len(chunk)
                    chunks.append(chunk)
                elif size > _MAX_DROPPED_BYTES:
                    break
                else:
                    chunks.clear()
            yield b"".join(chunks) if size <= MAX_BODY_BYTES else None
        finally:
            self._held_bytes -= held

    def _check_room(self, size: int) -> None:
        if self._held_bytes + size > MAX_HELD_BYTES:
            raise Overloaded(
                f"{self._held_bytes + size} bytes of requests are being read, "
                f"at most {MAX_HELD_BYTES} are held: slow down"
            )
