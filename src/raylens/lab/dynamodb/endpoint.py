"""DynamoDB for the lab, whole: the process that keeps the items, the proxy before it, the journal behind it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from raylens.clock import Clock, SystemClock
from raylens.errors import ConfigError
from raylens.lab.dynamodb.compaction import compact
from raylens.lab.dynamodb.journal import Journal
from raylens.lab.dynamodb.moto_process import MotoProcess
from raylens.lab.dynamodb.proxy import DynamoDbProxy
from raylens.lab.dynamodb.switches import Tables, TableSwitches
from raylens.lab.dynamodb.upstream import Upstream
from raylens.lab.dynamodb.wire import Answer
from raylens.lab.loopback import LoopbackServer


class DynamoDbEndpoint:
    """A DynamoDB that throttles, can be disturbed and survives restarts, at `base_url`.

    With `endpoint_url` the items live there, whatever it is, and so does their durability: no process is started and
    nothing is journalled. The setters may be called at any time from the lab's event loop and act on the next request.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        region: str,
        account_id: str,
        port: int = 0,
        endpoint_url: str | None = None,
        clock: Clock | None = None,
        random: Random | None = None,
    ) -> None:
        if endpoint_url and urlsplit(endpoint_url).scheme not in ("http", "https"):
            raise ConfigError(
                f"AWS_ENDPOINT_URL_DYNAMODB is {endpoint_url!r}; expected http://HOST:PORT or https://HOST"
            )
        self._tables = Tables(clock or SystemClock(), random or Random())
        self._region = region
        self._endpoint_url = endpoint_url
        self._moto = None if endpoint_url else MotoProcess(account_id=account_id, region=region)
        self._journal = None if endpoint_url else Journal(data_dir / "dynamodb.journal")
        self._upstream: Upstream | None = None
        self._proxy: DynamoDbProxy | None = None
        app = Starlette(routes=[Route("/", self._answer, methods=["GET", "POST"])])
        self._server = LoopbackServer(app, port=port)

    @property
    def base_url(self) -> str:
        """What functions get as AWS_ENDPOINT_URL_DYNAMODB."""
        return self._server.base_url

    @property
    def moto_pid(self) -> int | None:
        """Process id of moto; None when another endpoint is used."""
        return self._moto.pid if self._moto else None

    async def start(self) -> None:
        """Start, bring the tables back and open the door."""
        if self._moto is not None:
            await self._moto.start()
        try:
            await self._start_proxy(self._endpoint_url or (self._moto.base_url if self._moto else ""))
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close the door and end the process."""
        await self._server.close()
        if self._upstream is not None:
            await self._upstream.close()
        if self._moto is not None:
            await self._moto.close()
        if self._journal is not None:
            self._journal.close()

    async def call(self, operation: str, body: Mapping[str, Any]) -> Answer:
        """A DynamoDB call of the lab's own, e.g. `CreateTable`."""
        assert self._proxy is not None, "start() first"
        return await self._proxy.call(operation, body)

    def set_added_latency(self, table: str, operation: str | None, seconds: float) -> None:
        """Delay each call of `operation` (None: of every one) on `table`; 0 ends it."""
        self._tables.set_added_latency(table, operation, seconds)

    def set_throttle_share(self, table: str, share: float) -> None:
        """Answer this share (0 to 1) of the calls on `table` with ProvisionedThroughputExceededException."""
        self._tables.set_throttle_share(table, share)

    def set_error_share(self, table: str, share: float) -> None:
        """Answer this share (0 to 1) of the calls on `table` with a 500."""
        self._tables.set_error_share(table, share)

    def set_capacity(self, table: str, read_units: float | None, write_units: float | None) -> None:
        """Limit `table` to units a second, without a saved burst; None, None returns to what the table declares."""
        self._tables.set_capacity(table, read_units, write_units)

    def switches(self) -> dict[str, TableSwitches]:
        """The tables that have a switch on."""
        return self._tables.switches()

    async def _start_proxy(self, base_url: str) -> None:
        self._upstream = Upstream(base_url)
        self._proxy = DynamoDbProxy(self._upstream, self._tables, region=self._region, journal=self._journal)
        if self._journal is not None:
            changes = compact(self._journal.load())
            self._journal.rewrite(changes)
            await self._proxy.replay(changes)
        await self._server.start()

    async def _answer(self, request: Request) -> Response:
        assert self._proxy is not None
        answer = await self._proxy.handle(request.headers, await request.body())
        return Response(answer.body, answer.status, headers=dict(answer.headers))
