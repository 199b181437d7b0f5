"""The X-Ray SDK for Python, unchanged, in processes of its own: a plain application and a Lambda function."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from tests import factories
from tests.protocol.server import Server, eventually

_APPS = Path(__file__).parent / "apps"


def environment(server: Server, **variables: str) -> dict[str, str]:
    """That of a process which knows nothing but where its daemon is."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    address = f"tcp:{server.addresses['tcp']} udp:{server.addresses['udp']}"
    return {**inherited, "AWS_XRAY_DAEMON_ADDRESS": address, "AWS_DEFAULT_REGION": "us-east-1", **variables}


def run_application(server: Server) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(_APPS / "instrumented.py")], env=environment(server), capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_an_instrumented_application_is_traced_and_sampled_centrally(server: Server) -> None:
    rejected = server.counter("datagrams_rejected")

    seen = run_application(server)

    documents = eventually(
        lambda: [d for d in server.documents_of(seen["trace_id"]) if d["id"] == seen["id"]], "the segment is stored"
    )
    [segment] = documents
    parts = {part["name"]: part for part in segment["subsegments"]}
    # 31 of them came on their own, before the segment
    assert list(parts) == [*seen["parts"], "pay.test", "broken"]
    assert parts["part 7"]["annotations"] == {"part": "part 7"}
    assert not {"type", "trace_id", "parent_id", "namespace"} & parts["part 7"].keys()
    assert parts["pay.test"]["namespace"] == "remote"
    [exception] = parts["broken"]["cause"]["exceptions"]
    assert (exception["type"], exception["message"], parts["broken"]["fault"]) == (
        "ValueError", "the cart is gone", True,
    )  # fmt: skip
    assert segment["http"]["request"] == {"method": "GET", "url": "http://shop.test/cart"}
    assert segment["annotations"] == {"plan": "gold", "items": 3, "beta": True}
    assert segment["metadata"] == {"default": {"cart": {"lines": [1, 2, 3]}}}
    assert segment["user"] == "alice"
    assert server.counter("datagrams_rejected") == rejected
    assert (seen["rule"], seen["rate"], seen["quota"]) == ("Default", 0.05, 1)
    assert seen["ttl"] > segment["start_time"]


def test_the_graph_shows_what_an_instrumented_application_called(server: Server) -> None:
    seen = run_application(server)
    eventually(lambda: server.documents_of(seen["trace_id"]), "the segment is stored")

    graph = server.post("/TraceGraph", {"TraceIds": [seen["trace_id"]]}).json["Services"]

    figures = {
        (s["Name"], s.get("Type", "")): s["SummaryStatistics"]["FaultStatistics"]["TotalCount"]
        for s in graph
        if "SummaryStatistics" in s
    }
    assert figures == {("sdk shop", ""): 0, ("pay.test", "remote"): 1}


class RuntimeApi(ThreadingHTTPServer):
    """The Lambda Runtime API, as much as one invocation needs. `answers` holds what the function returned."""

    daemon_threads = True

    def __init__(self, event: dict[str, Any], trace_header: str) -> None:
        super().__init__(("127.0.0.1", 0), _RuntimeHandler)
        self.invocations: queue.Queue[tuple[dict[str, Any], str]] = queue.Queue()
        self.invocations.put((event, trace_header))
        self.answers: queue.Queue[tuple[str, Any]] = queue.Queue()


class _RuntimeHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: RuntimeApi

    def do_GET(self) -> None:
        # the second call waits for ever, as it does between invocations
        event, trace_header = self.server.invocations.get()
        body = json.dumps(event).encode()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
        self.send_header("Lambda-Runtime-Deadline-Ms", "9999999999999")
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:shop")
        self.send_header("Lambda-Runtime-Trace-Id", trace_header)
        # the runtime's compiled client dies of a missing type
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.answers.put((self.path.rsplit("/", 1)[1], body))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Silent: the test asserts what it needs."""


@contextmanager
def lambda_runtime(server: Server, api: RuntimeApi, tmp_path: Path) -> Iterator[None]:
    """The real Lambda runtime client, working for `api`."""
    thread = Thread(target=api.serve_forever)
    thread.start()
    variables = {
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_address[1]}",
        "LAMBDA_TASK_ROOT": str(_APPS),
        "AWS_LAMBDA_FUNCTION_NAME": "shop",
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_LOG_GROUP_NAME": "shop",
        "AWS_LAMBDA_LOG_STREAM_NAME": "1",
        "PYTHONPATH": str(_APPS),
    }
    with (tmp_path / "lambda.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "awslambdaric", "lambda_function.handle"],
            env=environment(server, **variables),
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        process.kill()
        process.wait()
        api.shutdown()
        thread.join()
        api.server_close()


def test_a_lambda_functions_subsegments_hang_under_the_segment_its_service_sends(
    server: Server, tmp_path: Path
) -> None:
    function = factories.segment(name="shop", origin="AWS::Lambda::Function")
    header = f"Root={function['trace_id']};Parent={function['id']};Sampled=1"
    with lambda_runtime(server, RuntimeApi({"size": 3}, header), tmp_path):
        # nothing but subsegments comes from inside the function: its segment is the service's to send
        [work] = eventually(lambda: server.documents_of(function["trace_id"])[:1], "the subsegments are stored")
        assert (work["name"], work["parent_id"], work["type"]) == ("work", function["id"], "subsegment")

    assert server.put(function) == []

    [segment, inferred] = server.documents_of(function["trace_id"])
    [work] = segment["subsegments"]
    [call] = work["subsegments"]
    assert work["annotations"] == {"size": 3}
    assert (call["name"], call["namespace"]) == ("DynamoDB", "aws")
    assert (inferred["parent_id"], inferred["inferred"], inferred["origin"]) == (
        call["id"], True, "AWS::DynamoDB::Table",
    )  # fmt: skip
    graph = server.post("/TraceGraph", {"TraceIds": [function["trace_id"]]}).json["Services"]
    assert {(s["Name"], s.get("Type")) for s in graph} == {
        ("shop", "client"), ("shop", "AWS::Lambda::Function"), ("carts", "AWS::DynamoDB::Table"),
    }  # fmt: skip


def test_a_lambda_function_answers_its_caller_whatever_becomes_of_the_trace(server: Server, tmp_path: Path) -> None:
    api = RuntimeApi({"size": 1}, f"Root={factories.new_trace_id()};Parent={factories.new_id()};Sampled=1")

    with lambda_runtime(server, api, tmp_path):
        assert api.answers.get(timeout=30) == ("response", {"ok": True})
