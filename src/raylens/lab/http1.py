"""A small HTTP/1.1 server for the lab's two doors: the gateway and the Lambda Runtime API.

Neither could use an ASGI server. The gateway hands header names to functions in the client's own case, which ASGI
lower-cases. The runtime client sends its stack traces in a header of up to 1 MiB, where other servers stop at 8 to
64 KiB, and ends itself on any refusal. Head and body leave in one write: in two they cost 40 ms each (Nagle's
algorithm waiting for a delayed acknowledgement).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import cast

import httptools
import msgspec

_log = logging.getLogger(__name__)
_MAX_QUEUED_REQUESTS = 64
_BODILESS = frozenset({204, 304})


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request as it came. `target` is undecoded; `body` is cut short when `body_too_large` is set."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    client_ip: str
    body_too_large: bool = False

    def header(self, name: str) -> str | None:
        """The last value of a header, matched without regard to case; None when absent."""
        wanted = name.lower()
        return next((value for key, value in reversed(self.headers) if key.lower() == wanted), None)


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """One answer. Content-Length, Connection and Date need not be given."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


Handler = Callable[[Request], Awaitable[Response]]


class HttpServer:
    """Serves `handler` on a loopback port; each connection's requests are answered one after another.

    Args:
        max_body_bytes: a longer body is read to its end and thrown away; the request says `body_too_large`.
        max_head_bytes: a longer head is refused with 431 and the connection closed.
    """

    def __init__(self, handler: Handler, *, max_body_bytes: int, max_head_bytes: int) -> None:
        self._handler = handler
        self._max_body_bytes = max_body_bytes
        self._max_head_bytes = max_head_bytes
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()

    @property
    def port(self) -> int:
        """The bound port; only after `start`."""
        if self._server is None:
            raise RuntimeError("the server is not started")
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self, host: str, port: int) -> None:
        """Listen on `host`:`port`; port 0 takes any free one. Raises OSError when the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self._handler, self._connections, self._max_body_bytes, self._max_head_bytes),
            host,
            port,
        )

    async def close(self) -> None:
        """Stop listening, break off what is still being answered, and return when all of it has ended."""
        if self._server is None:
            return
        self._server.close()
        tasks = [connection.abort() for connection in tuple(self._connections)]
        await asyncio.gather(*tasks, return_exceptions=True)
        self._server = None


class _Connection(asyncio.Protocol):
    def __init__(
        self, handler: Handler, connections: set[_Connection], max_body_bytes: int, max_head_bytes: int
    ) -> None:
        self._handler = handler
        self._connections = connections
        self._max_body_bytes = max_body_bytes
        self._max_head_bytes = max_head_bytes
        self._parser = httptools.HttpRequestParser(self)
        self._requests: deque[tuple[Request, bool]] = deque()
        self._arrived = asyncio.Event()
        self._closing = False
        self._reset()

    def _reset(self) -> None:
        self._target = b""
        self._headers: list[tuple[str, str]] = []
        self._body = bytearray()
        self._head_bytes = 0
        self._in_head = True
        self._too_large = False

    # --- asyncio.Protocol ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self._client_ip = peer[0] if peer else ""
        self._connections.add(self)
        self._task = asyncio.get_running_loop().create_task(self._answer_all())

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        self._task.cancel()

    def data_received(self, data: bytes) -> None:
        if self._closing:
            return
        if self._in_head:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._closing = True  # no protocol to upgrade to: the request is answered, then the connection ends
        except httptools.HttpParserError:
            self._refuse(HTTPStatus.BAD_REQUEST)
        else:
            if self._in_head and self._head_bytes > self._max_head_bytes:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def abort(self) -> asyncio.Task[None]:
        """Drop the connection; the returned task ends when the handler has been told."""
        self._transport.abort()
        self._task.cancel()
        return self._task

    # --- httptools callbacks ---

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        self._in_head = False
        if any(name.lower() == "expect" and value.lower() == "100-continue" for name, value in self._headers):
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        if len(self._body) + len(body) > self._max_body_bytes:
            self._too_large = True
            self._body.clear()
        if not self._too_large:
            self._body += body

    def on_message_complete(self) -> None:
        request = Request(
            method=self._parser.get_method().decode("ascii"),
            target=self._target.decode("latin-1"),
            headers=tuple(self._headers),
            body=bytes(self._body),
            client_ip=self._client_ip,
            body_too_large=self._too_large,
        )
        self._requests.append((request, self._parser.should_keep_alive()))
        self._arrived.set()
        if len(self._requests) >= _MAX_QUEUED_REQUESTS:  # a client that pipelines without reading answers
            self._transport.pause_reading()
        self._reset()

    # --- answering ---

    def _refuse(self, status: HTTPStatus) -> None:
        self._closing = True
        self._transport.write(encode_response(Response(status=status), "GET", keep_alive=False))
        self._transport.close()

    async def _answer_all(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                while not self._requests:
                    self._arrived.clear()
                    await self._arrived.wait()
                request, keep_alive = self._requests.popleft()
                if not self._requests:
                    self._transport.resume_reading()
                try:
                    response = await self._handler(request)
                except Exception:
                    _log.exception("request %s %s failed", request.method, request.target)
                    response = Response(status=500)
                keep_alive = keep_alive and not self._closing
                self._transport.write(encode_response(response, request.method, keep_alive))
                if not keep_alive:
                    self._transport.close()
                    return


def encode_response(response: Response, method: str, keep_alive: bool) -> bytes:
    """The bytes of an answer, head and body together. Line breaks in header values are removed."""
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {response.status} {phrase}"]
    for name, value in response.headers:
        if name.lower() not in ("content-length", "connection", "transfer-encoding"):
            lines.append(f"{_one_line(name)}: {_one_line(value)}")
    if response.status not in _BODILESS and response.status >= 200:
        lines.append(f"Content-Length: {len(response.body)}")
    lines.append("Connection: keep-alive" if keep_alive else "Connection: close")
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")
    return head if method == "HEAD" or response.status in _BODILESS else head + response.body


def _one_line(text: str) -> str:
    return text.replace("\r", "").replace("\n", "")
