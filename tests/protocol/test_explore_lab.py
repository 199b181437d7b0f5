"""The lab as the server passes it on; tests/lab has the real one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from raylens.api.explore import shapes
from tests.protocol.server import Server, running
from tests.protocol.test_explore import ask, get, refused

NAME = "예약 fn"
CODED = "%EC%98%88%EC%95%BD%20fn"
FUNCTION = {
    "name": NAME, "arn": "arn:aws:lambda:us-east-1:1:function:fn", "handler": "app.handler", "runtime": "python3.12",
    "timeout_s": 3.0, "memory_mb": 128, "tracing": "Active", "environment": {}, "tags": {"Week": "13-2"},
    "log_group": f"/aws/lambda/{NAME}", "reserved_concurrency": None,
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "GET /healthz": {},
    "GET /functions": {"functions": [FUNCTION]},
    f"GET /functions/{CODED}": {**FUNCTION, "source": {"app.py": "def handler(): ..."}},
    f"GET /functions/{CODED}/logs?limit=5&request_id=r%261": {"events": []},
    f"DELETE /functions/{CODED}/logs": {"deleted": "x"},
    "GET /resources?tag=Week%3D13-2": {"resources": []},
    "PUT /faults": {"active": [{"fault": "crash", "target": NAME, "amount": None}], "names": ["crash"]},
}


class Stub(BaseHTTPRequestHandler):
    """Answers from the table; everything else does not exist."""

    bodies: list[Any] = []  # noqa: RUF012 - shared by all requests of a test

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        Stub.bodies.append(json.loads(body or b"null"))
        known = ANSWERS.get(f"{self.command} {self.path}")
        told = {"code": "X", "message": f"{self.path} does not exist"} if known is None else known
        content = json.dumps(told).encode()
        self.send_response(404 if known is None else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_DELETE = answer

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture(scope="module")
def stub() -> Iterator[str]:
    """The address of a lab that knows one function."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Stub) as listener:
        thread = threading.Thread(target=listener.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listener.server_address[1]}"
        listener.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def beside_lab(stub: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("beside"), "--lab-url", stub) as server:
        yield server


def test_functions_and_logs_are_passed_on(beside_lab: Server) -> None:
    (function,) = get(beside_lab, "lab/functions", shapes.LabFunctionsAnswer).functions
    seen = get(beside_lab, f"lab/functions/{CODED}", shapes.LabFunctionAnswer)
    assert seen == shapes.LabFunctionAnswer(function, {"app.py": "def handler(): ..."})
    assert function.name == NAME
    assert get(beside_lab, f"lab/functions/{CODED}/logs?limit=5&request_id=r%261", shapes.LabLogsAnswer).events == ()
    ask(beside_lab, f"lab/functions/{CODED}/logs", b"", shapes.NothingAnswer, "DELETE")
    assert get(beside_lab, "lab/resources?key=Week&value=13-2", shapes.LabResourcesAnswer).resources == ()
    assert get(beside_lab, "status", shapes.StatusAnswer).has_lab


def test_a_fault_is_turned_on(beside_lab: Server) -> None:
    seen = ask(beside_lab, "lab/faults", {"fault": "crash", "on": True}, shapes.LabFaultsAnswer, "PUT")
    assert seen.active == (shapes.LabFault("crash", NAME, None),)
    assert Stub.bodies[-1] == {"fault": "crash", "on": True, "target": None, "amount": None}


def test_what_the_lab_does_not_have_is_told_in_its_words(beside_lab: Server) -> None:
    for path, method in (("lab/stacks/x/events", "GET"), ("lab/stacks/x", "DELETE"), ("lab/functions/x/logs", "GET")):
        status, error = refused(beside_lab, path, method=method)
        assert (status, error.code) == (404, "not_found")
        assert error.message.endswith("does not exist")
    status, error = refused(beside_lab, "lab/functions/x/logs?limit=0", method="GET")
    assert (status, error.code) == (400, "invalid_request")


def test_without_a_lab_that_is_told_with_how_to_start_one(tmp_path: Path) -> None:
    # nobody listens on the discard port
    with running(tmp_path, "--lab-url", "http://127.0.0.1:9") as server:
        status, error = refused(server, "lab/stacks", method="GET")
        assert (status, error.code) == (503, "lab_not_running")
        assert "http://127.0.0.1:9" in error.message and "raylens lab quicktable" in error.message
        assert not get(server, "status", shapes.StatusAnswer).has_lab
