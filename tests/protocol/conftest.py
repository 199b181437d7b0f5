from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.protocol.server import Server, running
from tests.protocol.service_model import misfits
from tests.protocol.watched import watched_server

StartServer = Callable[..., Server]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that ordinary tests share: they look at traces of their own only."""
    with running(tmp_path_factory.mktemp("server")) as shared:
        yield shared


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that tests of insights share, module by module: `tests.insights` says why not longer."""
    with watched_server(tmp_path_factory.mktemp("watched")) as shared:
        yield shared


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Starts servers a test may kill; not waited for, so that a test can see one fail to start."""
    started: list[Server] = []

    def start(*flags: str, data: str | None = None) -> Server:
        directory = tmp_path / f"server{len(started)}"
        directory.mkdir()
        started.append(Server(directory, *flags, data=data or str(tmp_path / "data")))
        return started[-1]

    yield start
    for each in started:
        each.ensure_dead()


@pytest.fixture
def xray(server: Server) -> Iterator[Any]:
    """A client that fails the test when an answer it got departs from the model."""
    client = server.client()
    departures: list[str] = []

    def inspect(http_response: Any, model: Any, **_: Any) -> None:
        if http_response.status_code == 200:
            departures.extend(misfits(model.name, http_response.content))
            assert http_response.headers["Content-Type"] == "application/json"
            assert len(http_response.headers["x-amzn-RequestId"]) == 36

    client.meta.events.register("after-call.xray.*", inspect)
    yield client
    assert departures == []
