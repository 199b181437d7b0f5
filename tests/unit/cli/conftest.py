"""What the tests of the terminal share: recorded traces, golden files, and a fake of the public API."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_RECORDED = Path(__file__).parent / "recorded"
_GOLDEN = Path(__file__).parents[2] / "golden" / "cli"

Documents = list[dict[str, Any]]


@pytest.fixture
def recorded() -> Callable[[str], Documents]:
    """The documents of a recorded trace by name: cold_post, warm_get, bad_post, throttled_post, crashed_post."""

    def read(name: str) -> Documents:
        return [json.loads(line) for line in (_RECORDED / f"{name}.jsonl").read_text().splitlines()]

    return read


@pytest.fixture
def service_graph() -> dict[str, Any]:
    """A recorded ServiceGraph answer of the lab: 7 nodes, 12 requests."""
    answer: dict[str, Any] = json.loads((_RECORDED / "service_graph.json").read_text())
    return answer


@pytest.fixture
def assert_golden() -> Callable[[str, str], None]:
    """Compare a drawing with tests/golden/cli; RAYLENS_UPDATE_GOLDEN=1 rewrites the files."""

    def check(name: str, drawn: str) -> None:
        path = _GOLDEN / f"{name}.txt"
        if os.environ.get("RAYLENS_UPDATE_GOLDEN"):
            path.write_text(drawn)
        assert drawn == path.read_text(), f"{path.name} differs; RAYLENS_UPDATE_GOLDEN=1 rewrites it"

    return check


class FakeApi:
    """Answers each path with what a test put there: a JSON object, a list of pages, or a ready response."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any] | list[dict[str, Any]] | Response] = {}
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.endpoint = ""

    async def answer(self, request: Request) -> Response:
        """Answer one call and note it."""
        body = json.loads(await request.body() or b"{}")
        self.received.append((request.url.path, body))
        prepared = self.answers[request.url.path]
        if isinstance(prepared, Response):
            return prepared
        if isinstance(prepared, list):
            return JSONResponse(prepared[int(body.get("NextToken") or 0)])
        return JSONResponse(prepared)


@pytest.fixture
def fake_api() -> Iterator[FakeApi]:
    """A fake of the public API on a free port."""
    fake = FakeApi()
    app = Starlette(routes=[Route("/{operation:path}", fake.answer, methods=["GET", "POST"])])
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()  # from here on connections queue up, so nobody has to wait for the server to start
        fake.endpoint = f"http://127.0.0.1:{door.getsockname()[1]}"
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        yield fake
        server.should_exit = True
        thread.join()


def traces_answer(traces: dict[str, Documents]) -> dict[str, Any]:
    """A `Traces` answer that holds these documents."""
    return {
        "Traces": [
            {
                "Id": trace_id,
                "Duration": 0.874,
                "LimitExceeded": False,
                "Segments": [{"Id": document["id"], "Document": json.dumps(document)} for document in documents],
            }
            for trace_id, documents in traces.items()
        ],
        "UnprocessedTraceIds": [],
    }


@pytest.fixture
def as_traces_answer() -> Callable[[dict[str, Documents]], dict[str, Any]]:
    """Makes a `Traces` answer of documents by trace id."""
    return traces_answer
