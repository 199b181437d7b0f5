"""The lab's commands against its control API, without functions or tables behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from raylens.cli import lab as commands
from raylens.cli.main import app
from raylens.lab.control.client import LabClient
from raylens.lab.control.routes import control_app
from raylens.lab.function_logs import FunctionLogs, LogEvent

Run = Callable[..., Result]

_NEW, _OLD = "CreateReservation-stack-new", "CreateReservation-stack-old"
_GET = "GetReservations-stack-old"


class StubLab(SimpleNamespace):
    """The parts of a lab that logs and faults need."""

    logs: FunctionLogs
    running: list[str]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[StubLab]:
    """Log groups of a stack that is gone, and none of its functions."""
    running: list[str] = []
    lab = StubLab(
        logs=FunctionLogs(tmp_path),
        running=running,
        host=SimpleNamespace(specs=lambda: tuple(_function(name) for name in running)),
        faults=SimpleNamespace(active=lambda: ()),
    )
    for name in (_OLD, _GET):
        lab.logs.append(name, LogEvent(time_ms=0, stream="s", message=f"hello from {name}"))
    yield lab
    lab.logs.close()


@pytest.fixture
def run(lab: StubLab, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `raylens lab ...` against `lab`."""
    monkeypatch.setattr(commands, "_client", lambda url: LabClient(url, transport=_transport(lab)))
    monkeypatch.setenv("COLUMNS", "80")

    def invoke(*arguments: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(app, ["lab", *arguments], input=typed)

    return invoke


def _transport(lab: StubLab) -> httpx.MockTransport:
    """The control API of `lab` in this process, for a client that does not await."""
    served = httpx.ASGITransport(control_app(lab))  # type: ignore[arg-type]

    async def answer(request: httpx.Request) -> httpx.Response:
        async with httpx.AsyncClient(transport=served) as client:
            answered = await client.request(request.method, request.url, content=request.content)
        return httpx.Response(answered.status_code, content=answered.content)

    return httpx.MockTransport(lambda request: asyncio.run(answer(request)))


def _function(name: str) -> Any:
    return SimpleNamespace(
        name=name,
        arn=f"arn:{name}",
        handler="a.b",
        runtime="python3.11",
        timeout_s=3,
        memory_mb=128,
        tracing="Active",
        environment={},
        reserved_concurrency=None,
        permissions=(),
        tags={},
    )


def test_logs_of_a_function_that_is_gone_are_found_by_how_its_name_begins(run: Run) -> None:
    for beginning in ("Create", _OLD, f"/aws/lambda/{_OLD}", "/aws/lambda/Create"):
        assert run("logs", beginning).stdout == f"1970-01-01T00:00:00.000Z  hello from {_OLD}\n"


def test_a_function_that_exists_goes_before_groups_of_those_that_are_gone(run: Run, lab: StubLab) -> None:
    lab.running.append(_NEW)
    assert run("logs", "Create").stdout == ""
    assert _OLD in run("logs", _OLD).stdout


def test_a_beginning_of_several_names_the_candidates(run: Run, lab: StubLab) -> None:
    lab.logs.append(_NEW, LogEvent(time_ms=0, stream="s", message="x"))
    for more in ((), ("--delete-group", "--yes")):
        result = run("logs", "Create", *more)
        assert result.exit_code == 1
        assert result.stderr.splitlines()[1:] == [f"  {_NEW}", f"  {_OLD}"]
    assert len(lab.logs.groups()) == 3


def test_a_beginning_of_none_names_what_there_is(run: Run) -> None:
    for more in ((), ("--delete-group", "--yes")):
        result = run("logs", "Update", *more)
        assert result.exit_code == 1
        assert "no function or log group begins with Update" in result.stderr and _GET in result.stderr


def test_a_log_group_is_deleted_when_the_person_agrees(run: Run, lab: StubLab) -> None:
    refused = run("logs", "Create", "--delete-group", typed="n\n")
    assert refused.exit_code == 1 and len(lab.logs.groups()) == 2
    agreed = run("logs", "Create", "--delete-group", typed="y\n")
    assert agreed.exit_code == 0
    assert agreed.stdout == f"Delete log group /aws/lambda/{_OLD}? [y/N]: y\ndeleted /aws/lambda/{_OLD}\n"
    assert run("logs", "Get", "--delete-group", "--yes").stdout == f"deleted /aws/lambda/{_GET}\n"
    assert lab.logs.groups() == ()


def test_without_a_name_the_log_groups_are_listed(run: Run, lab: StubLab) -> None:
    lab.running.append(_GET)
    lines = run("logs").stdout.splitlines()
    assert lines[0] == "Log group of function        State"
    assert lines[1:] == [f"{_OLD}  deleted", f"{_GET}    deployed"]
    assert run("logs", "--delete-group").exit_code == 1
    for name in (_OLD, _GET):
        lab.logs.delete_group(name)
    assert run("logs").stdout.startswith("No log groups.")


@pytest.mark.parametrize(("name", "status"), [("none", 404), ("a.b", 400)])
def test_a_group_that_is_not_there_cannot_be_deleted(lab: StubLab, name: str, status: int) -> None:
    with httpx.Client(transport=_transport(lab), base_url="http://127.0.0.1") as client:
        assert client.delete(f"/functions/{name}/logs").status_code == status


def test_names_of_faults_are_not_broken(run: Run, lab: StubLab) -> None:
    lines = run("fault").stdout.splitlines()
    assert lines[1] == "  slow-query, throttling, invalid-input, crash, timeout, out-of-memory"
