"""How many spans a second are stored durably, and how soon they are visible."""

from __future__ import annotations

import http.client
import itertools
import json
import multiprocessing
import os
import socket
import statistics
import threading
import time
from multiprocessing.sharedctypes import Synchronized
from typing import Any
from urllib.parse import urlsplit

from benchmarks.documents import DOCUMENTS_PER_CALL, SPANS_PER_DOCUMENT, CallTemplates, five_span_document
from benchmarks.report import Row
from benchmarks.server import Server, running_server

_CONNECTIONS = 48


def measure_http(seconds: float = float(os.environ.get("RAYLENS_BENCH_SECONDS", "60"))) -> list[Row]:
    """Sustained PutTraceSegments from a client process on the same machine."""
    with running_server() as server:
        idle_mb = server.memory_mb()
        documents: Any = multiprocessing.Value("q", 0)
        throttled: Any = multiprocessing.Value("q", 0)
        client = multiprocessing.Process(target=_send, args=(server.http, seconds, documents, throttled))
        cpu_before, began = server.cpu_s(), time.perf_counter()
        client.start()
        client.join()
        elapsed = time.perf_counter() - began
        cpu_s = server.cpu_s() - cpu_before
        client_cpu_s = _children_cpu_s()
        spans = documents.value * SPANS_PER_DOCUMENT
        counters = server.counters()
        assert counters["raylens_documents_written_total"] == documents.value, "acknowledged is stored"
        peak_mb = server.memory_mb("VmHWM")
        seen = _visible_requests(server)
        assert seen == documents.value, f"{documents.value} stored, {seen} on the service graph"
        return [
            Row("HTTP, durable answers, sustained", spans / elapsed, "spans/s", 100_000),
            Row("  server CPU a span", cpu_s / spans * 1e6, "us", None),
            Row("  client CPU a span", client_cpu_s / spans * 1e6, "us", None),
            Row("  server cores used", cpu_s / elapsed, "cores", None),
            Row("  calls throttled", throttled.value, "calls", None),
            Row("  documents a batch", documents.value / counters["raylens_batches_written_total"], "documents", None),
            Row("  peak memory", peak_mb, "MB", 1024, lower_is_better=True),
            Row("  peak memory after a graph of all of it", server.memory_mb("VmHWM"), "MB", None),
            Row("  idle memory", idle_mb, "MB", 450, lower_is_better=True),
            Row("  start to all doors open", server.start_s, "s", 2, lower_is_better=True),
        ]


def _children_cpu_s() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _visible_requests(server: Server) -> int:
    """Requests that the service graph counts at its entry nodes."""
    now = time.time()
    graph = server.call("/ServiceGraph", StartTime=now - 3600, EndTime=now + 60)
    return sum(s["SummaryStatistics"]["TotalCount"] for s in graph["Services"] if s.get("Root"))


def _send(url: str, seconds: float, documents: Synchronized[int], throttled: Synchronized[int]) -> None:
    templates = CallTemplates(64, time.time())
    serials = itertools.count()
    end = time.perf_counter() + seconds
    address = urlsplit(url)

    def work() -> None:
        connection = http.client.HTTPConnection(address.hostname or "", address.port)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.perf_counter() < end:
            connection.request("POST", "/TraceSegments", templates.body(next(serials)))
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == 200:
                assert json.loads(body) == {"UnprocessedTraceSegments": []}
                with documents.get_lock():
                    documents.value += DOCUMENTS_PER_CALL
            else:
                with throttled.get_lock():
                    throttled.value += 1

    threads = [threading.Thread(target=work) for _ in range(_CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def measure_udp(seconds: float = 15.0) -> list[Row]:
    """The highest steady datagram rate at which nothing is lost, by trying rising rates."""
    rows = []
    best = 0.0
    for rate in (4_000, 6_000, 7_000, 8_000, 10_000, 12_000):
        with running_server() as server:
            sent = _send_datagrams(server.udp, rate, seconds)
            deadline = time.perf_counter() + 5
            while time.perf_counter() < deadline:
                written = server.counters()["raylens_documents_written_total"]
                if written == sent:
                    break
                time.sleep(0.05)
        rows.append(Row(f"  UDP at {rate} documents/s: lost", sent - written, "documents", None))
        if written != sent:
            break
        best = sent / seconds
    return [Row("UDP without loss", best, "documents/s", 8_000), *rows]


def _send_datagrams(address: str, rate: int, seconds: float) -> int:
    host, port = address.rsplit(":", 1)
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    now = time.time()
    head = b'{"format":"json","version":1}\n'
    mark = b"@@@@@@@@@@@@@@@@"
    datagrams = [
        head + five_span_document(f"1-{int(now):08x}-{n:08x}{mark.decode()}", now, n).encode() for n in range(200)
    ]
    total = int(rate * seconds)
    began = time.perf_counter()
    for number in range(total):
        if number % 20 == 0:
            ahead = number / rate - (time.perf_counter() - began)
            if ahead > 0:
                time.sleep(ahead)
        sender.sendto(datagrams[number % 200].replace(mark, b"%016x" % number), (host, int(port)))
    return total


def measure_visibility(count: int = 200) -> list[Row]:
    """From sending one document to finding its trace by time range and on the map."""
    waits = []
    with running_server() as server:
        for number in range(count):
            began, now = time.perf_counter(), time.time()
            trace_id = f"1-{int(now):08x}-{number:024x}"
            server.call("/TraceSegments", TraceSegmentDocuments=[five_span_document(trace_id, now, number)])
            while True:
                page = server.call("/TraceSummaries", StartTime=now - 1, EndTime=now + 1)
                if any(summary["Id"] == trace_id for summary in page["TraceSummaries"]):
                    break
            waits.append(time.perf_counter() - began)
    waits.sort()
    return [
        Row("Send to visible, median", statistics.median(waits) * 1000, "ms", 1000, lower_is_better=True),
        Row("Send to visible, p99", waits[int(len(waits) * 0.99) - 1] * 1000, "ms", 1000, lower_is_better=True),
    ]
