"""A real browser in front of a real server, for tests of the console."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright

from tests.browser.chromium import FLAGS, NoChromium, find_chromium
from tests.e2e.conftest import running as command
from tests.protocol.server import Server, running

_PATIENCE_MS = 15_000


# Of the package and not of the session: while Playwright's synchronous API is open, an event loop counts as running in
# this thread, and every later test that starts one of its own would fail.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A Chromium without a window. Where none can be had the test is skipped with the reason."""
    with sync_playwright() as playwright:
        try:
            path = find_chromium(lambda: playwright.chromium.executable_path)
        except NoChromium as reason:
            pytest.skip(str(reason))
        started = playwright.chromium.launch(executable_path=path, args=[*FLAGS])
        try:
            yield started
        finally:
            started.close()


@pytest.fixture(scope="session")
def console_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with an empty store, shared by the tests of the session; its `url` is where the console is found."""
    with running(tmp_path_factory.mktemp("console-server")) as shared:
        yield shared


@pytest.fixture
def page_errors() -> list[str]:
    """What the page of this test wrote to the console as an error, and what it threw and did not catch.

    A test that provokes errors looks at them here and clears the list: what is left at the end fails the test.
    """
    return []


@pytest.fixture
def page(browser: Browser, console_server: Server, page_errors: list[str]) -> Iterator[Page]:
    """An empty page with a profile of its own, at a fixed size, language and time zone.

    Addresses are read against the server's: `page.goto("/console/")`. Refusals by the Content-Security-Policy and files
    that are missing are errors as well.
    """

    def note_message(message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        # which a browser asks for by itself where a page names no icon
        if message.type == "error" and not address.endswith("/favicon.ico"):
            page_errors.append(f"{message.text} ({address})")

    def note_error(error: Error) -> None:
        page_errors.append(str(error))

    context = browser.new_context(
        base_url=console_server.url,
        viewport={"width": 1280, "height": 800},
        locale="en-US",
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    context.set_default_timeout(_PATIENCE_MS)
    try:
        opened = context.new_page()
        opened.on("console", note_message)
        opened.on("pageerror", note_error)
        yield opened
    finally:
        context.close()
    assert page_errors == []


@dataclass(frozen=True)
class Quicktable:
    """The lab as its guide has it running: where the console is, and what the lab said when it was ready."""

    console_url: str
    lab: dict[str, Any]


@pytest.fixture(scope="session")
def quicktable() -> Iterator[Quicktable]:
    """A server and the QuickTable lab beside it, after 24 requests of its usual traffic and one bad reservation."""
    # pictures show the folder of the function's code
    with TemporaryDirectory(prefix="quicktable-") as home, _quicktable(Path(home)) as running_lab:
        yield running_lab


@contextmanager
def _quicktable(home: Path) -> Iterator[Quicktable]:
    control = f"http://127.0.0.1:{_free_port()}"
    ports = ["--port", "0", "--udp-port", "0", "--tcp-port", "0", "--lab-url", control]
    with command(
        "serve", "--data", str(home / "data"), *ports, ready=home / "serve.json", log=home / "serve.log"
    ) as server:
        flags = ["--port", control.rsplit(":", 1)[1], "--gateway-port", "0", "--sample-all", "--requests", "24"]
        doors = ["--daemon-address", server["udp"]]
        with command(
            "lab", "quicktable", "--data", str(home / "lab"), *flags, *doors,
            ready=home / "lab.json", log=home / "lab.log",
        ) as lab:  # fmt: skip
            yield Quicktable(server["http"], lab)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
