"""An ASGI application on a loopback port, started and stopped by the lab instead of by signals."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from raylens.errors import ConfigError


class _QuietServer(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the lab, which has more to stop than this server."""
        yield


class LoopbackServer:
    """Serves `app` on `host:port`; port 0 takes any free one."""

    def __init__(self, app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._app = app
        self._address = (host, port)
        self._server: _QuietServer | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:PORT` once started."""
        return f"http://{self._address[0]}:{self._address[1]}"

    async def start(self) -> None:
        """Bind and accept. Raises ConfigError when the port is taken."""
        # With the protocol named: asyncio sets TCP_NODELAY only then, and without it each answer, sent as head and
        # body, waits 40 ms for a delayed acknowledgement (PutItem 56 ms against 10 ms).
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(self._address)
        except OSError as error:
            listener.close()
            host, port = self._address
            raise ConfigError(
                f"cannot listen on {host}:{port}: {error.strerror}; choose another port, 0 for any"
            ) from error
        self._address = listener.getsockname()[:2]
        config = uvicorn.Config(
            self._app, log_config=None, access_log=False, lifespan="off", ws="none", timeout_graceful_shutdown=2
        )
        self._server = _QuietServer(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        while not self._server.started:
            if self._serving.done():
                self._serving.result()
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Stop accepting, let running requests end (at most 2 s) and free the port."""
        if self._server is None or self._serving is None:
            return
        self._server.should_exit = True
        await self._serving
        self._server = None
