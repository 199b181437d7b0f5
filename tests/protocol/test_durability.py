"""A 200 means stored: what survives kill -9, SIGTERM, full disks and too much load; and what start-up refuses."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import factories
from tests.protocol.conftest import StartServer
from tests.protocol.load import Load, missing_from
from tests.protocol.server import Server, eventually


def kill_rounds(start_server: StartServer, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    acknowledged: dict[str, set[str]] = {}
    for _ in range(rounds):
        server = start_server().wait_until_ready()
        assert missing_from(server, acknowledged) == {}
        with Load(server, documents=chance.choice([1, 10, 50])) as load:
            load.wait_for_calls(chance.randint(20, 150))
            server.kill()
        acknowledged |= load.acknowledged
    server = start_server().wait_until_ready()
    assert missing_from(server, acknowledged) == {}
    assert server.stop() == 0


def test_kill_under_load_loses_no_acknowledged_document(start_server: StartServer) -> None:
    kill_rounds(start_server, rounds=3, seed=os.getpid())


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_many_kills_under_load_lose_no_acknowledged_document(start_server: StartServer, seed: int) -> None:
    kill_rounds(start_server, rounds=20, seed=seed)


def test_sigterm_under_load_exits_cleanly_and_loses_no_acknowledged_document(start_server: StartServer) -> None:
    server = start_server().wait_until_ready()
    with Load(server, connections=6) as load:
        load.wait_for_calls(50)
        assert server.stop() == 0, server.log()

    assert set(load.answers) == {200}
    again = start_server().wait_until_ready()
    assert missing_from(again, load.acknowledged) == {}
    assert "Traceback" not in server.log()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_idle_connections_do_not_delay_a_clean_end(number: signal.Signals, start_server: StartServer) -> None:
    server = start_server().wait_until_ready()
    address = urlsplit(server.addresses["http"])
    with socket.create_connection((address.hostname, address.port)):
        server.process.send_signal(number)

        assert server.process.wait(10) == 0


def test_a_request_that_never_ends_delays_the_end_by_the_grace_period_only(start_server: StartServer) -> None:
    server = start_server("--grace-period-s", "1").wait_until_ready()
    document = factories.segment()
    assert server.put(document) == []
    address = urlsplit(server.addresses["http"])
    with socket.create_connection((address.hostname, address.port)) as stuck:
        stuck.sendall(b"POST /TraceSegments HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        eventually(lambda: server.counter("requests") >= 2, "the request is seen")

        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) == 0

    assert start_server().wait_until_ready().documents_of(document["trace_id"]) == [document]


def test_datagrams_sent_before_sigterm_are_stored(start_server: StartServer) -> None:
    server = start_server().wait_until_ready()
    trace_id = factories.new_trace_id()
    documents = [factories.segment(trace_id=trace_id) for _ in range(1000)]
    server.send(*map(factories.datagram, documents))

    assert server.stop() == 0

    again = start_server().wait_until_ready()
    assert len(again.documents_of(trace_id)) == len(documents)


def test_a_second_process_on_the_same_data_is_refused_and_the_first_goes_on(start_server: StartServer) -> None:
    first = start_server().wait_until_ready()
    document = factories.segment()
    assert first.put(document) == []

    second = start_server()

    assert second.wait_for_end() == 1
    expected = f"raylens: the data directory {first.data} is in use by another raylens (process {first.process.pid})"
    assert expected in second.log()
    assert "Traceback" not in second.log()
    assert first.documents_of(document["trace_id"]) == [document]
    assert first.put(factories.segment()) == []


@pytest.mark.parametrize(
    ("flag", "kind", "spoken"),
    [
        ("--port", socket.SOCK_STREAM, "TCP"),
        ("--udp-port", socket.SOCK_DGRAM, "UDP"),
        ("--tcp-port", socket.SOCK_STREAM, "TCP"),
    ],
)
def test_a_port_in_use_is_refused_with_the_flag_that_moves_it(
    flag: str, kind: socket.SocketKind, spoken: str, start_server: StartServer
) -> None:
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            taken.listen()
        port = taken.getsockname()[1]

        server = start_server(flag, str(port))

        assert server.wait_for_end() == 1
    expected = f"raylens: {spoken} port {port} on 127.0.0.1 cannot be opened: Address already in use; {flag} chooses"
    assert expected in server.log()
    assert "Traceback" not in server.log()


def test_one_port_for_two_doors_is_refused(start_server: StartServer) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])

    server = start_server("--port", port, "--tcp-port", port)

    assert server.wait_for_end() == 1
    assert f"raylens: TCP port {port} on 127.0.0.1 cannot be opened: Address already in use" in server.log()
    assert "Traceback" not in server.log()


def test_of_two_that_start_on_one_port_at_once_one_serves_and_the_other_says_why_not(
    start_server: StartServer, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])

    pair = [start_server("--port", port, data=str(tmp_path / name)) for name in ("one", "two")]
    eventually(lambda: any(server.process.poll() is not None for server in pair), "one of them ends", 30)

    [loser] = [server for server in pair if server.process.poll() is not None]
    [winner] = [server for server in pair if server is not loser]
    assert loser.process.returncode == 1
    assert f"raylens: TCP port {port} on 127.0.0.1 cannot be opened: Address already in use" in loser.log()
    assert "Traceback" not in loser.log()
    assert winner.wait_until_ready().put(factories.segment()) == []


def test_a_file_in_place_of_the_data_directory_is_refused(start_server: StartServer, tmp_path: Path) -> None:
    data = tmp_path / "file"
    data.write_text("not a directory")

    server = start_server(data=str(data))

    assert server.wait_for_end() == 1
    assert f"raylens: the data directory {data} is a file" in server.log()
    assert "Traceback" not in server.log()


def test_data_of_a_newer_schema_is_refused_and_left_alone(start_server: StartServer) -> None:
    server = start_server().wait_until_ready()
    document = factories.segment()
    server.put(document)
    assert server.stop() == 0
    change_schema_version(server.data, "INSERT INTO raylens.schema_versions (version, name) VALUES (9999, 'future')")

    refused = start_server()

    assert refused.wait_for_end() == 1
    assert re.search(
        r"raylens: the database has schema version 9999, this raylens knows \d+: install a newer one", refused.log()
    )
    assert "Traceback" not in refused.log()
    change_schema_version(server.data, "DELETE FROM raylens.schema_versions WHERE version = 9999")
    assert start_server().wait_until_ready().documents_of(document["trace_id"]) == [document]


def change_schema_version(data: str, statement: str) -> None:
    """Run one statement on a data directory nobody holds, in a process of its own: chDB opens one a process."""
    code = "import sys, chdb.session; s = chdb.session.Session(sys.argv[1]); s.query(sys.argv[2]); s.close()"
    subprocess.run([sys.executable, "-c", code, f"{data}/store", statement], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"a small file system needs the right to mount: {mounted.stderr.decode().strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """A file that takes all room `disk` has."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue
    return filler


def test_a_full_disk_refuses_writes_keeps_what_is_stored_readable_and_recovers(
    start_server: StartServer, small_disk: Path
) -> None:
    server = start_server(data=str(small_disk / "data")).wait_until_ready()
    stored = [factories.segment() for _ in range(20)]
    assert server.put(*stored) == []

    filler = fill(small_disk)
    refused = factories.segment(metadata={"default": {"fill": "x" * 30_000}})
    answer = server.post("/TraceSegments", {"TraceSegmentDocuments": [factories.text(refused)]})

    assert answer.error == (503, "ServiceUnavailable")
    assert "the store refuses writes: its disk is full or read-only" in answer.json["Message"]
    assert server.counter("documents_lost") >= 1
    assert [server.documents_of(document["trace_id"]) for document in stored] == [[d] for d in stored]

    filler.unlink()
    eventually(
        lambda: server.post("/TraceSegments", {"TraceSegmentDocuments": [factories.text(refused)]}).status == 200,
        "writes are accepted again",
    )
    assert server.documents_of(refused["trace_id"]) == [refused]
    assert server.stop() == 0, server.log()
    again = start_server(data=str(small_disk / "data")).wait_until_ready()
    assert missing_from(again, {d["trace_id"]: {d["id"]} for d in [*stored, refused]}) == {}


def test_a_read_only_data_directory_is_refused_at_start(start_server: StartServer, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    server = start_server(data=str(small_disk / "data"))

    assert server.wait_for_end() == 1
    assert f"raylens: the data directory {small_disk}/data cannot be written: Read-only file system" in server.log()
    assert "Traceback" not in server.log()


def resident_mb(server: Server) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def test_overload_throttles_senders_and_memory_stays_bounded(start_server: StartServer) -> None:
    # a batch waits long for company, so that the small buffer is full before it is written
    server = start_server("--write-buffer-mb", "1", "--batch-age-ms", "500", "--batch-mb", "64").wait_until_ready()
    before_mb = resident_mb(server)
    with Load(server, connections=16, documents=10, metadata_bytes=20_000) as load:
        eventually(lambda: load.answers.get(429, 0) >= 300 and load.answers.get(200, 0) >= 20, "both answers", 60)
        grown_mb = resident_mb(server) - before_mb

    assert set(load.answers) == {200, 429}
    assert list(load.errors) == ["ThrottledException"]
    assert "at most 1048576 are held: slow down" in load.errors["ThrottledException"]
    assert grown_mb < 300
    assert server.counter("documents_throttled") == 10 * load.answers[429]
    assert missing_from(server, load.acknowledged) == {}
    assert server.stop() == 0, server.log()


def test_many_unfinished_requests_are_throttled_before_they_fill_the_memory(start_server: StartServer) -> None:
    server = start_server().wait_until_ready()
    before_mb = resident_mb(server)
    address = urlsplit(server.addresses["http"])
    most = b"POST /TraceSegments HTTP/1.1\r\nHost: x\r\nContent-Length: 15728640\r\n\r\n" + b" " * (15 << 20)
    with contextlib.ExitStack() as open_connections:
        answered = []
        for _ in range(20):
            connection = socket.create_connection((address.hostname, address.port), timeout=30)
            open_connections.enter_context(connection)
            # one byte short, so that the request stays unfinished
            with contextlib.suppress(OSError):
                connection.sendall(most[:-1])
            answered.append(connection)
        eventually(lambda: b" 429 " in answered[-1].recv(100), "the last is throttled")

        assert resident_mb(server) - before_mb < 400

    document = factories.segment()
    eventually(
        lambda: server.post("/TraceSegments", {"TraceSegmentDocuments": [factories.text(document)]}).status == 200,
        "there is room again",
    )
