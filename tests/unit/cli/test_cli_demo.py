"""The demo's own steps, with small stand-ins for the two children."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from raylens.cli import demo
from raylens.cli.child_process import ChildFailed, ChildProcess
from raylens.cli.main import app

Documents = list[dict[str, Any]]
Recorded = Callable[[str], Documents]

_READY = "import json, pathlib, signal, sys, threading; pathlib.Path(sys.argv[1]).write_text(sys.argv[2]); "
_UNTIL_TERM = "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); threading.Event().wait()"


def _child(tmp_path: Path, script: str, ready: dict[str, Any], name: str = "child") -> ChildProcess:
    ready_path = tmp_path / f"{name}.json"
    command = [sys.executable, "-c", script, str(ready_path), json.dumps(ready)]
    return ChildProcess(name, command, ready_path=ready_path, log_path=tmp_path / f"{name}.log")


def test_child_is_ready_when_its_file_is_whole_and_gone_after_the_block(tmp_path: Path) -> None:
    with _child(tmp_path, _READY + _UNTIL_TERM, {"http": "x"}) as child:
        assert child.wait_ready(30) == {"http": "x"}
        assert not child.has_ended(within_s=0)
    assert child.has_ended(within_s=0)
    assert not (tmp_path / "child.json").exists()


def test_ready_file_of_an_earlier_run_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "child.json").write_text('{"http": "old"}')
    with _child(tmp_path, "pass", {}) as child, pytest.raises(ChildFailed, match="ended with status 0"):
        child.wait_ready(30)


def test_child_that_ends_early_is_reported_with_its_last_words(tmp_path: Path) -> None:
    script = "import sys; sys.exit('port 2080 is taken')"
    with _child(tmp_path, script, {}) as child, pytest.raises(ChildFailed, match=r"status 1(.|\n)*port 2080 is taken"):
        child.wait_ready(30)


def test_child_that_is_never_ready_is_given_up(tmp_path: Path) -> None:
    script = "import threading; threading.Event().wait()"
    with _child(tmp_path, script, {}) as child, pytest.raises(ChildFailed, match="was not ready within 0 s"):
        child.wait_ready(0)


def test_child_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    script = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + _READY + "threading.Event().wait()"
    with _child(tmp_path, script, {}) as child:
        child.wait_ready(30)
        child.stop(grace_s=0.1)
        assert child.has_ended(within_s=0)


def test_the_port_of_the_lab_is_known_before_it_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert demo.port_or_free_one(port) not in (0, port)
    assert demo.port_or_free_one(port) == port


def test_a_taken_port_is_replaced_by_any_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        taken.listen()
        assert demo.port_or_any(port, [socket.SOCK_STREAM]) == 0
    assert demo.port_or_any(port, [socket.SOCK_STREAM, socket.SOCK_DGRAM]) == port


@pytest.mark.parametrize(
    ("ready", "lab"),
    [
        ({}, demo.Lab(None, None, ())),
        ({"outputs": None, "traffic": 3, "gateway": "http://g/"}, demo.Lab("http://g", None, ())),
        (
            {
                "control": "http://c",
                "gateway": "http://g",
                "outputs": {"ApiGatewayInvokeUrl": "http://g/prod/"},
                "traffic": {"trace_ids": ["a"]},
            },
            demo.Lab("http://g/prod", "http://c", ("a",)),
        ),
    ],
)
def test_ready_file_of_the_lab_is_read_as_far_as_it_goes(ready: dict[str, Any], lab: demo.Lab) -> None:
    assert demo.lab_from_ready_file(ready) == lab


@pytest.fixture
def stand_ins(
    fake_api: Any,
    recorded: Recorded,
    service_graph: dict[str, Any],
    as_traces_answer: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    """Children that are ready at once, and an API that shows the recorded lab."""
    names = ["cold_post", "warm_get", "bad_post"]
    fake_api.answers |= {
        "/ServiceGraph": service_graph,
        "/Traces": as_traces_answer({name: recorded(name) for name in names}),
    }
    doors = {"http": fake_api.endpoint, "udp": "127.0.0.1:2000"}
    lab = {"gateway": "http://127.0.0.1:8080", "traffic": {"trace_ids": names}}
    monkeypatch.setattr(demo, "_serve", lambda *_: _child(tmp_path, _READY + _UNTIL_TERM, doors, "serve"))
    monkeypatch.setattr(demo, "_lab", lambda *_: _child(tmp_path, _READY + _UNTIL_TERM, lab, "lab"))
    monkeypatch.setattr(demo, "_VISIBLE_S", 0.0)
    return fake_api


def test_demo_once_succeeds_when_everything_expected_is_there(stand_ins: Any, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["demo", "--once", "--data", str(tmp_path / "demo")])
    assert result.exit_code == 0, result.output
    assert "Reservations DynamoDB table" in result.stdout and "● QuickTableXRayAPI/prod" in result.stdout
    assert "Everything expected is there" in result.stdout


def test_demo_once_fails_and_lists_what_is_missing(stand_ins: Any, tmp_path: Path) -> None:
    stand_ins.answers["/ServiceGraph"]["Services"].pop()
    result = CliRunner().invoke(app, ["demo", "--once", "--data", str(tmp_path / "demo")])
    assert result.exit_code == 1
    assert "- node Reservations (AWS::DynamoDB::Table)" in result.stdout


def test_demo_waits_until_the_last_expected_thing_is_visible(
    stand_ins: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "_VISIBLE_S", 30.0)
    complete = stand_ins.answers["/ServiceGraph"]
    look = demo.look

    def look_again(*arguments: Any) -> demo.Sighting:
        calls = sum(path == "/ServiceGraph" for path, _ in stand_ins.received)
        stand_ins.answers["/ServiceGraph"] = complete if calls >= 2 else {"Services": []}
        return look(*arguments)

    monkeypatch.setattr(demo, "look", look_again)
    result = CliRunner().invoke(app, ["demo", "--once", "--data", str(tmp_path / "demo")])
    assert result.exit_code == 0, result.output


def test_demo_reports_a_child_that_fails_without_a_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "import sys; sys.exit('no such \\x1b[31mstore')"
    monkeypatch.setattr(demo, "_serve", lambda *_: _child(tmp_path, script, {}, "serve"))
    result = CliRunner().invoke(app, ["demo", "--once", "--data", str(tmp_path / "demo")])
    assert result.exit_code == 1
    assert "no such \\x1b[31mstore" in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_demo_keeps_serving_until_interrupted_and_then_stops_its_children(
    stand_ins: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    stopped: list[ChildProcess] = []
    keep_serving = demo._keep_serving

    def interrupted(children: Any) -> None:
        stopped.extend(children)
        os.kill(os.getpid(), number)
        keep_serving(children)

    monkeypatch.setattr(demo, "_keep_serving", interrupted)
    result = CliRunner().invoke(app, ["demo", "--data", str(tmp_path / "demo")])
    assert result.exit_code == 0, result.output
    assert "curl http://127.0.0.1:8080/reservations" in result.stdout and "trace cold_post" in result.stdout
    assert len(stopped) == 2 and all(child.has_ended(within_s=0) for child in stopped)


def test_python_dash_m_raylens_is_the_command() -> None:
    answer = subprocess.run([sys.executable, "-m", "raylens", "--help"], capture_output=True, text=True, check=True)
    assert answer.stdout.startswith("Usage: raylens ") and "demo" in answer.stdout


def test_demo_reports_a_server_that_dies_before_the_traces_are_visible(
    stand_ins: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        doors = {"http": f"http://127.0.0.1:{closed.getsockname()[1]}"}
        monkeypatch.setattr(
            demo, "_serve", lambda *_: _child(tmp_path, _READY + "sys.exit('disk full')", doors, "serve")
        )
        monkeypatch.setattr(demo, "_VISIBLE_S", 30.0)
        result = CliRunner().invoke(app, ["demo", "--once", "--data", str(tmp_path / "demo")])
    assert result.exit_code == 1 and "disk full" in result.stderr
