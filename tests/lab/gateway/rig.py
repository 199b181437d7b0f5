"""A gateway and a Lambda host with a socket that takes their segments, for tests to drive."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from raylens.lab.function_logs import FunctionLogs
from raylens.lab.functions import HostSettings, LambdaHost
from raylens.lab.gateway import Gateway, GatewaySettings
from raylens.lab.sampler import Decision, SamplingRequest
from raylens.lab.spec import FunctionSpec, Permission, Route, StageSpec

REGION = "ap-northeast-2"
ACCOUNT = "000000000000"
API_ID = "qt4x9kd2ab"
Document = dict[str, Any]

FUNCTION_CODE = """
import json, os, sys, time
from aws_xray_sdk.core import xray_recorder

def echo(event, context):
    print("강남 says hello")
    with xray_recorder.in_subsegment("work"):
        pass
    return {"statusCode": 201, "headers": {"X-Kept": "yes"}, "body": json.dumps(event, ensure_ascii=False)}

def environment(event, context):
    return {"statusCode": 200, "body": json.dumps(dict(os.environ))}

def teapot(event, context):
    return {"statusCode": 418, "body": "short and stout"}

def crash(event, context):
    raise RuntimeError("boom 강남")

def malformed(event, context):
    return {"statusCode": 200, "body": "x", "surprise": 1}

def slow(event, context):
    time.sleep(60)

def leave(event, context):
    os._exit(3)

def hoard(event, context):
    kept = []
    while True:
        kept.append(b"x" * 1_000_000)

def deep(event, context):
    def recurse(left):
        if not left:
            raise RuntimeError("deep " + "강" * 20_000)
        recurse(left - 1)
    recurse(900)

def large(event, context):
    return "x" * (7 * 1024 * 1024)

def wait_for_file(event, context):
    while not os.path.exists(event["path"]):
        time.sleep(0.005)
    return {"statusCode": 200, "body": ""}
"""


class SegmentSink:
    """A UDP socket in the daemon's place."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024 * 1024)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self._documents: list[Document] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def of_trace(self, trace_id: str) -> list[Document]:
        """Documents received so far for a trace. All of a request's are in the socket before its answer is."""
        while True:
            try:
                datagram = self._socket.recv(65_536)
            except BlockingIOError:
                break
            head, _, body = datagram.partition(b"\n")
            assert json.loads(head) == {"format": "json", "version": 1}
            self._documents.append(json.loads(body))
        return [document for document in self._documents if document["trace_id"] == trace_id]

    def close(self) -> None:
        self._socket.close()


@dataclass
class FixedSampler:
    """Decides as told, and remembers what it was asked."""

    sampled: bool | None = True
    asked: list[SamplingRequest] = field(default_factory=list)

    def decide(self, request: SamplingRequest) -> Decision:
        self.asked.append(request)
        return Decision(sampled=self.sampled, rule_name="lab")


@dataclass
class Answer:
    """An HTTP answer with the segments of its trace: `by_origin` holds one each."""

    response: httpx.Response
    trace_id: str
    documents: list[Document]

    def origin(self, origin: str) -> Document:
        (found,) = [each for each in self.documents if each.get("origin") == origin]
        return found

    def named(self, name: str) -> Document:
        (found,) = [each for each in self.documents if each["name"] == name and each.get("type") == "subsegment"]
        return found


@dataclass
class Rig:
    sink: SegmentSink
    logs: FunctionLogs
    host: LambdaHost
    gateway: Gateway
    sampler: FixedSampler
    client: httpx.AsyncClient

    @classmethod
    async def start(cls, base: Path, **settings: Any) -> Rig:
        sink = SegmentSink()
        logs = FunctionLogs(base / "logs")
        values: dict[str, Any] = {
            "region": REGION,
            "account_id": ACCOUNT,
            "daemon_address": sink.address,
            "scratch_dir": base / "scratch",
            "log_sink": logs,
            "init_limit_s": 30.0,
        }
        host = LambdaHost(HostSettings(**{**values, **settings}))
        sampler = FixedSampler()
        gateway = Gateway(GatewaySettings(daemon_address=sink.address), host, sampler)
        await gateway.start()
        client = httpx.AsyncClient(timeout=60, trust_env=False, headers={"User-Agent": "curl/8.5.0"})
        return cls(sink, logs, host, gateway, sampler, client)

    async def close(self) -> None:
        await self.client.aclose()
        await self.gateway.close()
        await self.host.close()
        self.logs.close()
        self.sink.close()

    async def request(self, method: str, path: str, **kwargs: Any) -> Answer:
        """Send a request to the stage `prod`; its answer and what was recorded of it."""
        url = self.gateway.stage_url(API_ID, "prod") + path
        response = await self.client.request(method, url, **kwargs)
        header = response.headers.get("X-Amzn-Trace-Id", "Root=none")
        trace_id = header.split("Root=")[1].split(";")[0]
        return Answer(response, trace_id, self.sink.of_trace(trace_id))


def function_arn(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def function_spec(name: str, code_dir: Path, /, **changes: Any) -> FunctionSpec:
    values: dict[str, Any] = {
        "name": name,
        "arn": function_arn(name),
        "handler": f"code_under_test.{name}",
        "code_dir": code_dir,
        "timeout_s": 10.0,
        "memory_mb": 256,
        "tracing": "Active",
        "permissions": (
            Permission("apigateway.amazonaws.com", f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API_ID}/*/*/*"),
        ),
    }
    return FunctionSpec(**{**values, **changes})


def stage_spec(routes: dict[tuple[str, str], str | None], **changes: Any) -> StageSpec:
    """A stage `prod` of `QuickTableXRayAPI`; `routes` maps (method, path) to a function's name."""
    values: dict[str, Any] = {
        "api_id": API_ID,
        "api_name": "QuickTableXRayAPI",
        "stage_name": "prod",
        "deployment_id": "d8h2k1",
        "region": REGION,
        "account_id": ACCOUNT,
        "tracing_enabled": True,
        "routes": tuple(
            Route(
                resource_id="ac7k2p",
                path=path,
                method=method,
                function_arn=None if name is None else function_arn(name),
            )
            for (method, path), name in routes.items()
        ),
    }
    return StageSpec(**{**values, **changes})


@contextmanager
def moto_server() -> Iterator[str]:
    """The URL of a DynamoDB endpoint in a process of its own."""
    command = [sys.executable, "-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    errors = process.stderr
    assert errors is not None
    drain = threading.Thread(target=errors.read)  # its request log would fill the pipe and stop it
    try:
        line = next(line for line in errors if "Running on http" in line)
        drain.start()
        yield line.split("Running on ")[1].split()[0]
    finally:
        process.kill()
        process.wait()
        if drain.ident is not None:
            drain.join()
        errors.close()
