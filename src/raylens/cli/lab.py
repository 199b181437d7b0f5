"""`raylens lab`: the serverless lab, run and used from a terminal."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.markup import escape

from raylens.cli.read import print_lines
from raylens.cli.render_table import table_text
from raylens.errors import ConfigError, InvalidRequest, RaylensError

if TYPE_CHECKING:
    from raylens.lab.control.client import LabClient
    from raylens.lab.server import Lab
    from raylens.lab.settings import LabSettings
    from raylens.lab.stacks import Stack
    from raylens.lab.traffic import SentRequest

app = typer.Typer(
    help="The serverless lab: API Gateway, Lambda and DynamoDB on this machine, traced.", no_args_is_help=True
)

_RED, _GREEN, _YELLOW = "red", "green", "yellow"
_IAM_NOTICE = "this template creates IAM resources; acknowledge it with --acknowledge-iam"

DataOption = Annotated[
    Path | None, typer.Option("--data", help="Folder of the lab's state. Default: $XDG_DATA_HOME/raylens/lab.")
]
PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port of the control API; 0: any free one.")]
GatewayPortOption = Annotated[
    int, typer.Option("--gateway-port", min=0, max=65535, help="Port of the API gateway; 0: any free one.")
]
DaemonOption = Annotated[
    str, typer.Option("--daemon-address", help="host:port that takes segments: where raylens listens for the daemon.")
]
ReadyOption = Annotated[
    Path | None, typer.Option("--ready-file", help="Write the bound addresses here as JSON once all is up.")
]
SampleAllOption = Annotated[bool, typer.Option("--sample-all", help="Trace every request, whatever the rules say.")]
LabOption = Annotated[str, typer.Option("--lab", envvar="RAYLENS_LAB_URL", help="Control address of the running lab.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
ParameterOption = Annotated[
    list[str] | None, typer.Option("--parameter", help="Value of a template parameter, KEY=VALUE; may be repeated.")
]

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
    settings = _settings(data, port, gateway_port, daemon_address, sample_all)

    async def visit(lab: Lab, stopped: asyncio.Event) -> int:
        _print_doors(lab)
        _write_ready(ready_file, lab.addresses())
        await stopped.wait()
        return 0

    _run_lab(settings, visit)


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
    with _told(), _client(lab) as client:
        body = {
            "name": name,
            "template_path": str(template.resolve()),
            "parameters": _pairs(parameter, "--parameter"),
            "tags": _pairs(tag, "--tag"),
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
    with _told(), _client(lab) as client:
        stacks, functions = client.get("/stacks")["stacks"], client.get("/functions")["functions"]
        tables = [
            {"name": each["physical_id"], "arn": each["arn"], "stack": stack["name"]}
            for stack in stacks
            for each in stack["resources"]
            if each["type"] == "AWS::DynamoDB::Table"
        ]
    if json_:
        _print_json({"stacks": stacks, "functions": functions, "tables": tables})
        return
    if not stacks:
        _out().print("No stacks. Deploy one: raylens lab deploy TEMPLATE")
        return
    _print_table(("Stack", "Status", "Created"), [(each["name"], each["status"], each["created"]) for each in stacks])
    _out().print()
    _print_table(
        ("Function", "Handler", "Timeout", "Memory", "Tracing"),
        [
            (each["name"], each["handler"], f"{each['timeout_s']:g} s", f"{each['memory_mb']} MB", each["tracing"])
            for each in functions
        ],
    )
    if functions and tables:
        _out().print()
    _print_table(("Table", "Stack"), [(each["name"], each["stack"]) for each in tables])
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
    with _told(), _client(lab) as client:
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
    with _told(), _client(lab) as client:
        found = client.get("/resources", tag=tag)["resources"]
    if json_:
        _print_json(found)
        return
    rows = [(each["type"], each["physical_id"], each["stack_name"]) for each in found]
    _print_table(("Type", "Name", "Stack"), rows, name=1)
    if rows:
        _out().print()
    _out().print(f"{len(found)} resource{'' if len(found) == 1 else 's'} with the tag {escape(tag)}")


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
    with _told(), _client(lab) as client:
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
        _print_json(events)
        return
    for event in events:
        _out().print(f"{event['time']}  {event['message'].rstrip()}", markup=False, highlight=False, soft_wrap=True)


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
    _out().print(f"deleted {group}", markup=False, highlight=False, soft_wrap=True)


def _logs_path(function: str) -> str:
    return f"/functions/{quote(function, safe='')}/logs"


def _print_log_groups(groups: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        _print_json(groups)
        return
    if not groups:
        _out().print("No log groups. A function has one from its first invocation on.")
        return
    rows = [(each["function"], "deployed" if each["exists"] else "deleted") for each in groups]
    _print_table(("Log group of function", "State"), rows)


@app.command()
def fault(
    name: Annotated[
        str | None, typer.Argument(help="slow-query, throttling, invalid-input, crash, timeout or out-of-memory.")
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
    with _told(), _client(lab) as client:
        body = {"fault": name, "on": not off, "target": target, "amount": amount}
        answer = client.put("/faults", body) if name else client.get("/faults")
    if not answer["active"]:
        _out().print("No fault is on. Turn one on: raylens lab fault NAME, where NAME is", highlight=False)
        _out().print(f"  {', '.join(answer['names'])}", highlight=False)
    for each in answer["active"]:
        size = "" if each["amount"] is None else f" ({each['amount']:g})"
        _out().print(f"[{_YELLOW}]on[/]  {each['fault']}  {escape(each['target'])}{size}", highlight=False)


@app.command()
def quicktable(
    data: DataOption = None,
    port: PortOption = 2081,
    gateway_port: GatewayPortOption = 2082,
    daemon_address: DaemonOption = "127.0.0.1:2000",
    ready_file: ReadyOption = None,
    sample_all: SampleAllOption = False,
    requests: Annotated[int, typer.Option("--requests", min=0, help="Requests to send once deployed.")] = 16,
    rate: Annotated[
        float | None, typer.Option("--rate", min=0.01, help="Requests a second. Default: one after another.")
    ] = None,
    fault_name: Annotated[str | None, typer.Option("--fault", help="A fault to turn on before the requests.")] = None,
    parameter: ParameterOption = None,
    once: Annotated[bool, typer.Option("--once", help="Stop after the requests.")] = False,
) -> None:
    """Run the lab with the QuickTable application deployed, and send it requests."""
    settings = _settings(data, port, gateway_port, daemon_address, sample_all)
    parameters = _pairs(parameter, "--parameter")

    async def visit(lab: Lab, stopped: asyncio.Event) -> int:
        _print_doors(lab)
        stack = await _deployed_quicktable(lab, parameters)
        if stack.status != "CREATE_COMPLETE":
            return 1
        if fault_name is not None:
            await _turn_on(lab, fault_name)
        url = lab.outputs(stack)["ApiGatewayInvokeUrl"]
        sent = await _send(url, requests, rate)
        traffic = {
            "trace_ids": [each.trace_id for each in sent if each.trace_id],
            "statuses": [each.status for each in sent],
        }
        _write_ready(ready_file, {**lab.addresses(), "outputs": lab.outputs(stack), "traffic": traffic})
        _out().print(f'\nexport API_URL="{url}"\ncurl $API_URL/reservations', highlight=False, soft_wrap=True)
        if not once:
            _out().print("\nCtrl-C stops the lab; what is deployed comes back with the next start.")
            await stopped.wait()
        return 0

    _run_lab(settings, visit)


async def _deployed_quicktable(lab: Lab, parameters: dict[str, str]) -> Stack:
    """The example's stack: the one there is, or a new one whose events are shown."""
    from raylens.lab.control.views import event_view
    from raylens.lab.quicktable import STACK_NAME, quicktable_request

    known = {stack.name: stack for stack in lab.deployer.stacks()}.get(STACK_NAME)
    if known is not None and known.status == "CREATE_COMPLETE":
        _out().print(f"stack {STACK_NAME} is deployed already")
        if parameters:
            raise InvalidRequest(
                f"--parameter changes nothing on a deployed stack; first: raylens lab delete {STACK_NAME}"
            )
        return known
    if known is not None:
        lab.deployer.delete(STACK_NAME)
        await lab.deployer.wait(STACK_NAME)
    lab.deployer.create(quicktable_request(parameters))
    stack = await lab.deployer.wait(STACK_NAME)
    for event in stack.events:
        _print_event(event_view(event))
    for key, value in lab.outputs(stack).items():
        _out().print(f"  {key} = [{_GREEN}]{escape(value)}[/]", highlight=False, soft_wrap=True)
    return stack


async def _turn_on(lab: Lab, name: str) -> None:
    from raylens.lab.control.fault_targets import fault_named, usual_target

    fault = fault_named(name)
    await lab.faults.turn_on(fault, usual_target(fault, lab.deployer.stacks(), lab.host.specs()))
    _out().print(f"[{_YELLOW}]fault on[/]: {name}")


async def _send(url: str, count: int, rate_per_s: float | None) -> tuple[SentRequest, ...]:
    from raylens.lab.traffic import TrafficPlan, send_traffic

    if count == 0:
        return ()
    invalid = 1 if count >= 3 else 0
    reads = (count - invalid) // 3
    plan = TrafficPlan(
        create_count=count - invalid - reads, read_count=reads, invalid_count=invalid, rate_per_s=rate_per_s
    )

    def tell(sent: SentRequest) -> None:
        colour = _GREEN if 200 <= sent.status < 400 else _YELLOW if 400 <= sent.status < 500 else _RED
        _out().print(
            f"  {sent.kind:<8} [{colour}]{sent.status}[/]  {sent.duration_s * 1000:7.1f} ms  {sent.trace_id or '-'}",
            highlight=False,
        )

    return await send_traffic(url, plan, tell)


def _settings(data: Path | None, port: int, gateway_port: int, daemon_address: str, sample_all: bool) -> LabSettings:
    from raylens.lab.settings import LabSettings

    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return LabSettings(
        data_dir=(data or home / "raylens" / "lab").absolute(),
        control_port=port,
        gateway_port=gateway_port,
        daemon_address=daemon_address,
        dynamodb_url=os.environ.get("AWS_ENDPOINT_URL_DYNAMODB") or None,
        sample_all=sample_all,
    )


def _run_lab(settings: LabSettings, visit: Callable[[Lab, asyncio.Event], Awaitable[int]]) -> None:
    """Run a lab around `visit`; SIGINT and SIGTERM set its event, and end a `visit` that does not wait for it."""
    try:
        from raylens.lab.server import Lab
    except ModuleNotFoundError as error:
        _fail(ConfigError(f"the lab's packages are missing ({error.name}); install them: pip install 'raylens[lab]'"))

    async def run() -> int:
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped.set)
        lab = Lab(settings)
        await lab.start()
        try:
            visiting = asyncio.ensure_future(visit(lab, stopped))
            # A closed output ends `visit` by SystemExit, which leaves the loop at once: seen here, it is not reported.
            visiting.add_done_callback(lambda task: task.cancelled() or task.exception())
            stopping = asyncio.ensure_future(stopped.wait())
            await asyncio.wait({visiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not visiting.done():
                await asyncio.wait({visiting}, timeout=0.2)
            stopping.cancel()
            if not visiting.done():
                visiting.cancel()
                await asyncio.wait({visiting})
            return 0 if visiting.cancelled() else visiting.result()
        finally:
            await lab.close()

    with _told():
        code = asyncio.run(run())
        if code:
            raise typer.Exit(code)


@contextmanager
def _told() -> Iterator[None]:
    """Show what the user can mend as one line and exit code 1."""
    try:
        yield
    except (RaylensError, OSError) as error:
        _fail(error)


def _fail(error: Exception) -> Any:
    code = getattr(error, "code", "")
    hint = f"\n{_IAM_NOTICE}" if code == "InsufficientCapabilitiesException" else ""
    shown = f"{code}: {error}" if code else str(error)
    Console(stderr=True).print(f"[{_RED}]error[/]: {escape(shown)}{hint}", highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def _client(url: str) -> LabClient:
    from raylens.lab.control.client import LabClient

    return LabClient(url)


def _pairs(items: list[str] | None, option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for item in items or ():
        key, equals, value = item.partition("=")
        if not key or not equals:
            _fail(InvalidRequest(f"{option} {item!r}; expected KEY=VALUE"))
        pairs[key] = value
    return pairs


def _follow(client: LabClient, stack_name: str, after: int = -1) -> None:
    for event in client.follow_events(stack_name, after):
        _print_event(event)


def _print_event(event: dict[str, Any]) -> None:
    status = event["status"]
    colour = _RED if "FAILED" in status or "ROLLBACK" in status else _GREEN if "COMPLETE" in status else _YELLOW
    reason = "" if event["reason"] in ("", "User Initiated") else f"  {escape(event['reason'])}"
    name = escape(event["logical_id"])
    _out().print(
        f"{event['time'][11:23]}  [{colour}]{status:<20}[/]  {event['type']:<28}  {name}{reason}",
        highlight=False,
        soft_wrap=True,
    )


def _print_outputs(stack: dict[str, Any]) -> None:
    if stack["outputs"]:
        _out().print(f"\n[bold]Outputs of {escape(stack['name'])}[/]", highlight=False)
    for output in stack["outputs"]:
        _out().print(
            f"  {output['key']} = [{_GREEN}]{escape(output['local_value'])}[/]", highlight=False, soft_wrap=True
        )
        if output["local_value"] != output["value"]:
            _out().print(f"      on AWS: {escape(output['value'])}", highlight=False, soft_wrap=True, style="dim")


def _print_doors(lab: Lab) -> None:
    for name, address in lab.addresses().items():
        _out().print(f"{name:<9} {address}", highlight=False)


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, name: int = 0) -> None:
    """Nothing when there are no rows; `name` is the column whose text is copied."""
    if rows:
        console = _out()
        print_lines(console, table_text(heads, rows, console.width, name=name))


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _write_ready(path: Path | None, document: dict[str, Any]) -> None:
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    partial.replace(path)


def _out() -> Console:
    return Console()
