"""Writes from several connections at once, and remembers what was acknowledged."""

from __future__ import annotations

import json
import threading
from http.client import HTTPConnection, HTTPException
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from tests import factories
from tests.protocol.server import Server, eventually


class Load:
    """PutTraceSegments over and over until left or refused a connection; one trace a call.

    `acknowledged` holds the ids of the documents of every call answered 200, by trace; `answers` counts statuses.
    """

    def __init__(self, server: Server, *, connections: int = 4, documents: int = 10, metadata_bytes: int = 0) -> None:
        self._address = urlsplit(server.addresses["http"]).netloc
        self._documents = documents
        self._metadata = {"metadata": {"fill": "x" * metadata_bytes}} if metadata_bytes else {}
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self.acknowledged: dict[str, set[str]] = {}
        self.answers: dict[int, int] = {}
        self.errors: dict[str, Any] = {}
        self._threads = [threading.Thread(target=self._run) for _ in range(connections)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for_calls(self, calls: int) -> None:
        """Return once so many calls were acknowledged."""
        eventually(lambda: len(self.acknowledged) >= calls, f"{calls} calls are acknowledged", 60)

    def _run(self) -> None:
        connection = HTTPConnection(self._address, timeout=60)
        while not self._stop.is_set():
            trace_id = factories.new_trace_id()
            documents = [factories.segment(trace_id=trace_id, **self._metadata) for _ in range(self._documents)]
            body = json.dumps({"TraceSegmentDocuments": [factories.text(document) for document in documents]})
            try:
                connection.request("POST", "/TraceSegments", body)
                response = connection.getresponse()
                answer = response.read()
            except (OSError, HTTPException):
                # the server is gone: what was not answered was not promised
                break
            with self._lock:
                self.answers[response.status] = self.answers.get(response.status, 0) + 1
                if response.status == 200:
                    self.acknowledged[trace_id] = {document["id"] for document in documents}
                else:
                    error = json.loads(answer)
                    self.errors[error["__type"]] = error["Message"]
        connection.close()


def missing_from(server: Server, acknowledged: dict[str, set[str]]) -> dict[str, set[str]]:
    """What was acknowledged and cannot be read: ids by trace."""
    traces = list(acknowledged)
    missing: dict[str, set[str]] = {}
    for at in range(0, len(traces), 5):
        answer = server.post("/Traces", {"TraceIds": traces[at : at + 5]})
        assert answer.status == 200, answer.body
        found = {trace["Id"]: {segment["Id"] for segment in trace["Segments"]} for trace in answer.json["Traces"]}
        for trace_id in traces[at : at + 5]:
            lost = acknowledged[trace_id] - found.get(trace_id, set())
            if lost:
                missing[trace_id] = lost
    return missing
