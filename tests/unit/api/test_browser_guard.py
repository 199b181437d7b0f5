"""Which requests of browsers are refused."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from raylens.api.browser_guard import BrowserGuard


async def _answered(_: Request) -> Response:
    return PlainTextResponse("answered")


def ask(path: str, loopback_name: str | None = "127.0.0.1", **headers: str) -> httpx.Response:
    application = Starlette(routes=[Route("/{path:path}", _answered, methods=["GET", "POST"])])

    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(BrowserGuard(application, loopback_name))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:2080") as client:
            return await client.post(path, headers=headers)

    return asyncio.run(call())


_OWN = ["/console/", "/console", "/console/assets/a.js", "/xray/home", "/api/v1/analytics/overview"]
_HERE = [
    "127.0.0.1", "127.0.0.1:2080", "127.8.9.10", "localhost", "LocalHost:80", "localhost.", "[::1]", "[::1]:2080",
    "raylens.localhost:2080",
]  # fmt: skip
_ELSEWHERE = [
    "evil.example", "evil.example:2080", "127.0.0.1.evil.example", "localhost.evil.example", "notlocalhost", "10.0.0.1",
    "0.0.0.0", "[::2]:2080", "[", "user@evil.example", "localhost@evil.example",
]  # fmt: skip


@pytest.mark.parametrize("path", _OWN)
@pytest.mark.parametrize("host", _HERE)
def test_names_of_this_machine_are_answered(path: str, host: str) -> None:
    assert ask(path, host=host).status_code == 200


@pytest.mark.parametrize("path", _OWN)
@pytest.mark.parametrize("host", _ELSEWHERE)
def test_a_name_that_was_made_to_lead_here_is_refused(path: str, host: str) -> None:
    answer = ask(path, host=host)

    assert answer.status_code == 421
    assert "raylens listens on this machine only" in answer.text


def test_the_own_api_refuses_in_its_own_form() -> None:
    wrong_host = ask("/api/v1/x", host="evil.example")
    foreign_page = ask("/api/v1/x", origin="https://evil.example")

    assert (wrong_host.status_code, wrong_host.json()["error"]["code"]) == (421, "wrong_host")
    assert (foreign_page.status_code, foreign_page.json()["error"]["code"]) == (403, "foreign_page")


@pytest.mark.parametrize("host", ["host.docker.internal:2080", "xray.test", "x", "raylens"])
@pytest.mark.parametrize("path", ["/TraceSegments", "/GetSamplingRules", "/", "/healthz"])
def test_sdks_reach_the_xray_operations_by_any_name(path: str, host: str) -> None:
    assert ask(path, host=host).status_code == 200


@pytest.mark.parametrize("path", ["/TraceSegments", "/DeleteGroup", *_OWN])
@pytest.mark.parametrize("origin", ["https://evil.example", "http://evil.example:2080", "null", "http://[", "file://"])
def test_a_page_from_elsewhere_is_refused_everywhere(path: str, origin: str) -> None:
    answer = ask(path, origin=origin)

    assert answer.status_code == 403
    assert "answered" not in answer.text


@pytest.mark.parametrize("origin", ["http://127.0.0.1:2080", "http://localhost:5173", "http://[::1]:2080"])
def test_a_page_of_this_machine_is_answered(origin: str) -> None:
    assert ask("/api/v1/map", origin=origin).status_code == 200


def test_an_open_address_is_not_guarded() -> None:
    assert ask("/console/", None, host="raylens.example", origin="https://other.example").status_code == 200


def test_a_client_without_a_host_is_no_browser() -> None:
    statuses: list[Any] = []

    async def call() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            statuses.append(message.get("status"))

        scope = {"type": "http", "method": "GET", "path": "/console/", "headers": [], "query_string": b""}
        await BrowserGuard(_plain, "127.0.0.1")(scope, receive, send)

    asyncio.run(call())

    assert statuses[0] == 200


async def _plain(scope: Any, receive: Any, send: Any) -> None:
    await PlainTextResponse("answered")(scope, receive, send)


@pytest.mark.parametrize("headers", [{}, {"host": "evil.example"}])
def test_browsers_are_never_to_guess_a_type(headers: dict[str, str]) -> None:
    answer = ask("/api/v1/x", **headers)

    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
