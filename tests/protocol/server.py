"""A raylens of its own for a test: started on free ports, spoken to over the wire only, always ended."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from tests import factories

T = TypeVar("T")
COMMAND = [sys.executable, "-c", "from raylens.cli.main import app; app()", "serve"]
_START_S = 60.0
_STOP_S = 40.0


def eventually(probe: Callable[[], T], what: str, within_s: float = 15.0) -> T:
    """What `probe` returns as soon as that is true; fails, saying what was waited for, when it never is."""
    deadline = time.monotonic() + within_s
    while True:
        seen = probe()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} within {within_s:g} s; last seen: {seen!r}")
        time.sleep(0.02)


class Answer:
    """Status, headers and body of a raw HTTP answer."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.body = body

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> tuple[int, str]:
        """Status and AWS error code, which header and body must agree on."""
        assert self.headers["x-amzn-errortype"] == self.json["__type"]
        assert self.json["message"] == self.json["Message"]
        return self.status, self.json["__type"]


class Server:
    """One process of `raylens serve`."""

    def __init__(self, directory: Path, *flags: str, data: str | None = None) -> None:
        self.data = data or str(directory / "data")
        self._ready_file = directory / "ready.json"
        self._ready_file.unlink(missing_ok=True)
        self._log = directory / "server.log"
        self._flags = flags
        self.addresses: dict[str, str] = {}
        self._start()

    def _start(self) -> None:
        command = [*COMMAND, "--data", self.data, "--ready-file", str(self._ready_file)]
        for name in ("--port", "--udp-port", "--tcp-port"):
            if name not in self._flags:
                command += [name, "0"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RAYLENS_")}
        with self._log.open("ab") as log:
            self.process = subprocess.Popen([*command, *self._flags], stderr=log, stdout=log, env=environment)

    def wait_until_ready(self) -> Server:
        """Itself, once every port is open."""
        eventually(lambda: self._ready_file.exists() or self.process.poll() is not None, "ready or dead", _START_S)
        if not self._ready_file.exists():
            raise AssertionError(f"the server ended with {self.process.returncode}: {self.log()}")
        self.addresses = json.loads(self._ready_file.read_text())
        return self

    def wait_for_end(self) -> int:
        """The exit code of a server that is expected to end by itself."""
        return self.process.wait(_START_S)

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def kill(self) -> None:
        """The death no process can prepare for."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(_STOP_S)

    def stop(self) -> int:
        """Ask politely, wait, and return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_STOP_S)

    def ensure_dead(self) -> None:
        if self.process.poll() is None:
            self.kill()

    @property
    def url(self) -> str:
        """The base URL, without a slash at the end."""
        return self.addresses["http"]

    @property
    def udp(self) -> tuple[str, int]:
        host, port = self.addresses["udp"].rsplit(":", 1)
        return host, int(port)

    def send(self, *datagrams: bytes) -> None:
        """Send datagrams from one socket."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for datagram in datagrams:
                sender.sendto(datagram, self.udp)

    def post(
        self, path: str, body: bytes | str | Any = b"", headers: Mapping[str, str] | None = None, method: str = "POST"
    ) -> Answer:
        """A request exactly as given: no header is added that HTTP does not demand."""
        if not isinstance(body, bytes | str):
            body = json.dumps(body)
        connection = HTTPConnection(urlsplit(self.addresses["http"]).netloc, timeout=60)
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def put(self, *documents: Any) -> list[dict[str, Any]]:
        """Store documents (JSON texts or values) and return what was not processed."""
        texts = [d if isinstance(d, str) else factories.text(d) for d in documents]
        answer = self.post("/TraceSegments", {"TraceSegmentDocuments": texts})
        assert answer.status == 200, answer.body
        unprocessed: list[dict[str, Any]] = answer.json["UnprocessedTraceSegments"]
        return unprocessed

    def documents_of(self, trace_id: str) -> list[dict[str, Any]]:
        """The compiled documents of a trace, empty when it is unknown."""
        answer = self.post("/Traces", {"TraceIds": [trace_id]})
        assert answer.status == 200, answer.body
        return [json.loads(s["Document"]) for trace in answer.json["Traces"] for s in trace["Segments"]]

    def counter(self, name: str) -> int:
        """One of the counters of `/metrics`."""
        for line in self.post("/metrics", method="GET").body.decode().splitlines():
            if line.startswith(f"raylens_{name}_total "):
                return int(line.split()[1])
        raise AssertionError(f"no counter {name}")

    def client(self, **config: Any) -> Any:
        """A boto3 client as applications make it."""
        return boto3.client(
            "xray",
            endpoint_url=self.addresses["http"],
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, **config),
        )


@contextmanager
def running(directory: Path, *flags: str, data: str | None = None) -> Iterator[Server]:
    """A ready server; on leaving, it must still live and end with exit code 0 when asked to."""
    server = Server(directory, *flags, data=data)
    try:
        yield server.wait_until_ready()
        assert server.stop() == 0, server.log()
    finally:
        server.ensure_dead()
