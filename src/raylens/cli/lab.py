"""`raylens lab`: the serverless lab, run and used from a terminal."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer
from rich.markup import escape

from raylens.cli import lab_quicktable
from raylens.cli.lab_process import (
    DaemonOption,
    DataOption,
    GatewayPortOption,
    ParameterOption,
    PortOption,
    ReadyOption,
    SampleAllOption,
    lab_settings,
    print_doors,
    run_lab,
    write_ready,
)
from raylens.cli.lab_terminal import GREEN, YELLOW, out, pairs, print_event, print_json, print_table, told
from raylens.errors import InvalidRequest

if TYPE_CHECKING:
    from raylens.lab.control.client import LabClient
    from raylens.lab.server import Lab

app = typer.Typer(
    help="The serverless lab: API Gateway, Lambda and DynamoDB on this machine, traced.", no_args_is_help=True
)


LabOption = Annotated[str, typer.Option("--lab", envvar="RAYLENS_LAB_URL", help="Control address of the running lab.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]

_LAB_URL = "http://127.0.0.1:2081"
_GROUP_PREFIX = "/aws/lambda/"


@app.command()
def serve(
    data: DataOption = None,
    port: PortOption = 2081,
    gateway_port: GatewayPortOption = 2082,
    daemon_address: DaemonOption = "127.0.0.1:2000",
    ready_file: ReadyOption = None,
    sample_all: SampleAllOption = False,
) -> None:
    """Run the lab until Ctrl-C. What was deployed before comes back."""
    settings = lab_settings(data, port, gateway_port, daemon_address, sample_all)

    async def visit(lab: Lab, stopped: asyncio.Event) -> int:
        print_doors(lab)
        write_ready(ready_file, lab.addresses())
        await stopped.wait()
        return 0

    run_lab(settings, visit)


@app.command()
def deploy(
    template: Annotated[Path, typer.Argument(help="CloudFormation template, YAML or JSON.")],
    stack_name: Annotated[str | None, typer.Option("--stack-name", help="Default: the file's name.")] = None,
    parameter: ParameterOption = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="Tag for the stack and all its resources, KEY=VALUE.")
    ] = None,
    capability: Annotated[list[str] | None, typer.Option("--capability", help="E.g. CAPABILITY_IAM.")] = None,
    acknowledge_iam: Annotated[
        bool, typer.Option("--acknowledge-iam", help="Acknowledge that the template may create IAM resources.")
    ] = False,
    lab: LabOption = _LAB_URL,
) -> None:
    """Create a stack and show its events as they happen."""
    capabilities = [*(capability or ()), *(["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"] if acknowledge_iam else ())]
    name = stack_name or template.stem
    with told(), _client(lab) as client:
        body = {
            "name": name,
            "template_path": str(template.resolve()),
            "parameters": pairs(parameter, "--parameter"),
            "tags": pairs(tag, "--tag"),
            "capabilities": capabilities,
        }
        client.post("/stacks", body)
        _follow(client, name)
        stack = client.get(f"/stacks/{quote(name, safe='')}")
        _print_outputs(stack)
        if stack["status"] != "CREATE_COMPLETE":
            raise typer.Exit(1)


@app.command("list")
def list_(lab: LabOption = _LAB_URL, json_: JsonOption = False) -> None:
    """Show stacks with their outputs, functions and tables."""
    with told(), _client(lab) as client:
        stacks, functions = client.get("/stacks")["stacks"], client.get("/functions")["functions"]
        tables = [
            {"name": each["physical_id"], "arn": each["arn"], "stack": stack["name"]}
            for stack in stacks
            for each in stack["resources"]
            if each["type"] == "AWS::DynamoDB::Table"
        ]
    if json_:
        print_json({"stacks": stacks, "functions": functions, "tables": tables})
        return
    if not stacks:
        out().print("No stacks. Deploy one: raylens lab deploy TEMPLATE")
        return
    print_table(("Stack", "Status", "Created"), [(each["name"], each["status"], each["created"]) for each in stacks])
    out().print()
    print_table(
        ("Function", "Handler", "Timeout", "Memory", "Tracing"),
        [
            (each["name"], each["handler"], f"{each['timeout_s']:g} s", f"{each['memory_mb']} MB", each["tracing"])
            for each in functions
        ],
    )
    if functions and tables:
        out().print()
    print_table(("Table", "Stack"), [(each["name"], each["stack"]) for each in tables])
    for stack in stacks:
        _print_outputs(stack)


@app.command()
def delete(
    stack: Annotated[str, typer.Argument(help="Name of the stack.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    lab: LabOption = _LAB_URL,
) -> None:
    """Delete a stack and everything in it. Log groups and traces stay."""
    path = f"/stacks/{quote(stack, safe='')}"
    with told(), _client(lab) as client:
        found = client.get(path)
        if not yes:
            typer.confirm(f"Delete stack {stack} and its {len(found['resources'])} resources?", abort=True)
        seen = [event["index"] for event in client.get(f"{path}/events")["events"]]
        client.delete(path)
        _follow(client, stack, after=max(seen, default=-1))
        if client.get(path)["status"] != "DELETE_COMPLETE":
            raise typer.Exit(1)


@app.command()
def resources(
    tag: Annotated[str, typer.Option("--tag", help="KEY=VALUE, or KEY alone for any value; e.g. Week=13-2.")],
    lab: LabOption = _LAB_URL,
    json_: JsonOption = False,
) -> None:
    """Find what carries a tag, in every stack."""
    with told(), _client(lab) as client:
        found = client.get("/resources", tag=tag)["resources"]
    if json_:
        print_json(found)
        return
    rows = [(each["type"], each["physical_id"], each["stack_name"]) for each in found]
    print_table(("Type", "Name", "Stack"), rows, name=1)
    if rows:
        out().print()
    out().print(f"{len(found)} resource{'' if len(found) == 1 else 's'} with the tag {escape(tag)}")


@app.command()
def logs(
    function: Annotated[
        str | None, typer.Argument(help="Name of a function, or how it begins. Left out: list the log groups.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Lines to show.")] = 200,
    request_id: Annotated[str | None, typer.Option("--request-id", help="Only this invocation.")] = None,
    delete_group: Annotated[bool, typer.Option("--delete-group", help="Delete the log group instead.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    lab: LabOption = _LAB_URL,
    json_: JsonOption = False,
) -> None:
    """Show the newest lines of a function's log group, oldest first. Groups outlive their functions."""
    with told(), _client(lab) as client:
        groups = client.get("/log-groups")["groups"]
        if function is None:
            if delete_group:
                raise InvalidRequest("--delete-group: expected the name of a function, or how it begins")
            _print_log_groups(groups, as_json=json_)
            return
        kept = [each["function"] for each in groups]
        if delete_group:
            _delete_log_group(client, _begun_by(function, kept), is_sure=yes)
            return
        # Functions that exist go first: after a stack was made anew, the groups of the old one begin alike.
        running = [each["name"] for each in client.get("/functions")["functions"]]
        name = _begun_by(function, running if _begin(function, running) else [*running, *kept])
        events = client.get(_logs_path(name), limit=limit, request_id=request_id)["events"]
    if json_:
        print_json(events)
        return
    for event in events:
        out().print(f"{event['time']}  {event['message'].rstrip()}", markup=False, highlight=False, soft_wrap=True)


def _begin(beginning: str, names: list[str]) -> list[str]:
    beginning = beginning.removeprefix(_GROUP_PREFIX)
    return [beginning] if beginning in names else [name for name in names if name.startswith(beginning)]


def _begun_by(beginning: str, names: list[str]) -> str:
    """The one of `names` meant. Raises InvalidRequest naming those it could be."""
    begun = _begin(beginning, names)
    if len(begun) == 1:
        return begun[0]
    candidates = "".join(f"\n  {name}" for name in begun or names)
    if begun:
        raise InvalidRequest(f"{beginning} could be any of these; expected one of them:{candidates}")
    there_are = f"there are:{candidates}" if names else "there are none"
    raise InvalidRequest(f"no function or log group begins with {beginning}; {there_are}")


def _delete_log_group(client: LabClient, function: str, *, is_sure: bool) -> None:
    group = f"{_GROUP_PREFIX}{function}"
    if not is_sure:
        typer.confirm(f"Delete log group {group}?", abort=True)
    client.delete(_logs_path(function))
    out().print(f"deleted {group}", markup=False, highlight=False, soft_wrap=True)


def _logs_path(function: str) -> str:
    return f"/functions/{quote(function, safe='')}/logs"


def _print_log_groups(groups: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json(groups)
        return
    if not groups:
        out().print("No log groups. A function has one from its first invocation on.")
        return
    rows = [(each["function"], "deployed" if each["exists"] else "deleted") for each in groups]
    print_table(("Log group of function", "State"), rows)


@app.command()
def fault(
    name: Annotated[
        str | None,
        typer.Argument(help="slow-query, throttling (or throttle), invalid-input, crash, timeout or out-of-memory."),
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Turn it off.")] = False,
    target: Annotated[
        str | None, typer.Option("--target", help="Table, function or restaurant. Default: the usual one.")
    ] = None,
    amount: Annotated[
        float | None, typer.Option("--amount", help="Seconds, share (0 to 1) or bad requests a second.")
    ] = None,
    lab: LabOption = _LAB_URL,
) -> None:
    """Turn a fault on or off; without a name, show those that are on."""
    with told(), _client(lab) as client:
        body = {"fault": name, "on": not off, "target": target, "amount": amount}
        answer = client.put("/faults", body) if name else client.get("/faults")
    if not answer["active"]:
        out().print("No fault is on. Turn one on: raylens lab fault NAME, where NAME is", highlight=False)
        out().print(f"  {', '.join(answer['names'])}", highlight=False)
    for each in answer["active"]:
        size = "" if each["amount"] is None else f" ({each['amount']:g})"
        out().print(f"[{YELLOW}]on[/]  {each['fault']}  {escape(each['target'])}{size}", highlight=False)


def _client(url: str) -> LabClient:
    from raylens.lab.control.client import LabClient

    return LabClient(url)


def _follow(client: LabClient, stack_name: str, after: int = -1) -> None:
    for event in client.follow_events(stack_name, after):
        print_event(event)


def _print_outputs(stack: dict[str, Any]) -> None:
    if stack["outputs"]:
        out().print(f"\n[bold]Outputs of {escape(stack['name'])}[/]", highlight=False)
    for output in stack["outputs"]:
        out().print(f"  {output['key']} = [{GREEN}]{escape(output['local_value'])}[/]", highlight=False, soft_wrap=True)
        if output["local_value"] != output["value"]:
            out().print(f"      on AWS: {escape(output['value'])}", highlight=False, soft_wrap=True, style="dim")


lab_quicktable.register(app)
