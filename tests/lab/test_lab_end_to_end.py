"""The whole lab with the QuickTable example on it: real gateway, functions, DynamoDB and terminal commands."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from raylens.api.explore import shapes
from raylens.api.lab_door import LabDoor
from raylens.cli.lab import app
from raylens.errors import ConfigError, InvalidRequest, NotFound
from raylens.lab.control.client import LabClient, LabNotRunning
from raylens.lab.quicktable import STACK_NAME, quicktable_template
from raylens.lab.server import Lab
from raylens.lab.settings import LabSettings

RESERVATION = {
    "restaurantName": "강남 맛집",
    "date": "2024-02-20",
    "time": "18:00",
    "partySize": 4,
    "phoneNumber": "010-1234-5678",
}


@contextmanager
def running_lab(data_dir: Path) -> Iterator[str]:
    """A lab in a thread of its own; its control address."""
    started = threading.Event()
    shared: dict[str, Any] = {}

    async def run() -> None:
        lab = Lab(
            LabSettings(
                data_dir=data_dir,
                control_port=0,
                gateway_port=0,
                daemon_address="127.0.0.1:9",  # nobody listens: segments are lost, requests are not
                sample_all=True,
            )
        )
        try:
            await lab.start()
            shared.update(url=lab.control_url, loop=asyncio.get_running_loop(), stop=asyncio.Event())
        finally:
            started.set()
        await shared["stop"].wait()
        await lab.close()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    started.wait()
    try:
        yield shared["url"]
    finally:
        if "loop" in shared:
            shared["loop"].call_soon_threadsafe(shared["stop"].set)
        thread.join()


def run_command(url: str, *arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [*arguments, "--lab", url])
    assert result.exit_code == code, result.output
    return result


def deploy_quicktable(url: str) -> str:
    """Deploy by the command; the stage's local address."""
    tags = ["--tag", "Week=13-2"]
    template = str(quicktable_template())
    run_command(url, "deploy", template, "--stack-name", STACK_NAME, *tags, "--acknowledge-iam")
    listed = json.loads(run_command(url, "list", "--json").stdout)
    outputs = {each["key"]: each["local_value"] for each in listed["stacks"][0]["outputs"]}
    return str(outputs["ApiGatewayInvokeUrl"])


def test_the_server_can_read_what_the_lab_tells(tmp_path: Path) -> None:
    async def look(url: str, function: str) -> None:
        door = LabDoor(url)
        try:
            assert await door.is_open()
            (stack,) = (await door.ask(shapes.LabStacksAnswer, "GET", "stacks")).stacks
            assert (stack.name, stack.status, stack.tags) == (STACK_NAME, "CREATE_COMPLETE", {"Week": "13-2"})
            events = await door.ask(shapes.LabEventsAnswer, "GET", "stacks", STACK_NAME, "events")
            assert events.settled and events.events[-1].status == "CREATE_COMPLETE"
            tagged = await door.ask(shapes.LabResourcesAnswer, "GET", "resources", parameters={"tag": "Week=13-2"})
            assert {each.stack_name for each in tagged.resources} == {STACK_NAME}
            functions = (await door.ask(shapes.LabFunctionsAnswer, "GET", "functions")).functions
            assert function in {each.name for each in functions}
            logs = await door.ask(shapes.LabLogsAnswer, "GET", "functions", function, "logs")
            assert any("START RequestId" in line.message for line in logs.events)
            groups = (await door.ask(shapes.LabLogGroupsAnswer, "GET", "log-groups")).groups
            assert function in {group.function for group in groups if group.exists}
            assert (await door.ask(shapes.LabFaultsAnswer, "GET", "faults")).active == ()
            body = {"fault": "slow-query", "on": True, "target": None, "amount": None}
            (fault,) = (await door.ask(shapes.LabFaultsAnswer, "PUT", "faults", body=body)).active
            assert fault.fault == "slow-query"
            with pytest.raises(NotFound, match="does not exist"):
                await door.ask(shapes.LabEventsAnswer, "GET", "stacks", "없다", "events")
            with pytest.raises(InvalidRequest, match="expected one of"):
                await door.ask(shapes.LabFaultsAnswer, "PUT", "faults", body={**body, "fault": "none"})
        finally:
            await door.close()

    with running_lab(tmp_path) as url:
        invoke_url = deploy_quicktable(url)
        assert httpx.post(f"{invoke_url}/reservations", json=RESERVATION, trust_env=False).status_code == 201
        listed = json.loads(run_command(url, "logs", "--json").stdout)
        (function,) = (each["function"] for each in listed if each["function"].startswith("CreateReservation"))
        asyncio.run(look(url, function))


def test_a_reservation_survives_a_restart_of_the_lab(tmp_path: Path) -> None:
    with running_lab(tmp_path) as url:
        invoke_url = deploy_quicktable(url)
        created = httpx.post(f"{invoke_url}/reservations", json=RESERVATION, trust_env=False)
        assert (created.status_code, created.json()["restaurantName"]) == (201, "강남 맛집")
        lines = run_command(url, "logs", "CreateReservation").stdout
        assert "START RequestId" in lines and "REPORT RequestId" in lines
    with running_lab(tmp_path) as url, LabClient(url) as client:
        stack = client.get(f"/stacks/{STACK_NAME}")
        gateway_url = client.get("/healthz")["gateway"]
        (api_url,) = (each["local_value"] for each in stack["outputs"] if each["key"] == "ApiGatewayInvokeUrl")
        assert api_url.startswith(gateway_url)
        assert httpx.get(f"{api_url}/reservations", trust_env=False).json() == [created.json()]


def test_commands_deploy_find_disturb_and_delete_a_stack(tmp_path: Path) -> None:
    with running_lab(tmp_path) as url:
        template = str(quicktable_template())
        refused = run_command(url, "deploy", template, "--stack-name", "s", code=1)
        assert "Requires capabilities : [CAPABILITY_IAM]" in refused.output
        invoke_url = deploy_quicktable(url)
        found = json.loads(run_command(url, "resources", "--tag", "Week=13-2", "--json").stdout)
        assert {"AWS::DynamoDB::Table", "AWS::IAM::Role", "AWS::Lambda::Function"} < {each["type"] for each in found}
        assert "throttling  Reservations" in run_command(url, "fault", "throttling", "--amount", "1").stdout
        assert httpx.get(f"{invoke_url}/reservations", trust_env=False, timeout=30).status_code == 429
        run_command(url, "fault", "throttling", "--off")
        assert httpx.get(f"{invoke_url}/reservations", trust_env=False).json() == []
        assert "DELETE_COMPLETE" in run_command(url, "delete", STACK_NAME, "--yes").stdout
        assert json.loads(run_command(url, "list", "--json").stdout) == {"stacks": [], "functions": [], "tables": []}
        assert "does not exist" in run_command(url, "delete", STACK_NAME, "--yes", code=1).output


def test_the_control_api_refuses_what_it_cannot_use(tmp_path: Path) -> None:
    with running_lab(tmp_path) as url:
        cases = [
            ("POST", "/stacks", b"{}", 400, "MalformedBody"),
            ("POST", "/stacks", b'{"name": "s"}', 400, "InvalidRequest"),
            ("POST", "/stacks", b'{"name": "1", "template": "a"}', 400, "ValidationError"),
            ("GET", "/stacks/none", b"", 404, "ValidationError"),
            ("GET", "/resources", b"", 400, "InvalidRequest"),
            ("GET", "/functions/none/logs", b"", 404, "InvalidRequest"),
            ("PUT", "/faults", b'{"fault": "fire"}', 400, "InvalidRequest"),
            ("PUT", "/faults", b'{"fault": "crash"}', 400, "InvalidRequest"),
        ]
        headers = {"content-type": "application/json"}
        for method, path, body, status, code in cases:
            answer = httpx.request(method, url + path, content=body, headers=headers, trust_env=False)
            assert (answer.status_code, answer.json()["code"]) == (status, code), path
        form = httpx.post(f"{url}/stacks", content=b"{}", headers={"content-type": "text/plain"}, trust_env=False)
        assert form.json()["message"] == "expected a body of Content-Type application/json"
        foreign = httpx.get(f"{url}/stacks", headers={"host": "evil.example"}, trust_env=False)
        assert foreign.status_code == 400


def test_a_second_lab_on_the_same_data_is_refused(tmp_path: Path) -> None:
    with running_lab(tmp_path):
        second = Lab(LabSettings(data_dir=tmp_path, control_port=0, gateway_port=0))
        with pytest.raises(ConfigError, match="another lab is running"):
            asyncio.run(_start(second))


async def _start(lab: Lab) -> None:
    await lab.start()


def test_without_a_lab_the_message_says_how_to_start_one() -> None:
    with LabClient("http://127.0.0.1:9") as client, pytest.raises(LabNotRunning, match="raylens lab serve"):
        client.get("/stacks")
