"""`raylens lab quicktable`: the example application, deployed and sent requests, at once or as hours of history."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from raylens.cli.api_client import DEFAULT_ENDPOINT
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
from raylens.cli.lab_terminal import GREEN, RED, YELLOW, out, pairs, print_event
from raylens.errors import InvalidRequest

if TYPE_CHECKING:
    from raylens.lab.server import Lab
    from raylens.lab.stacks import Stack
    from raylens.lab.traffic import SentRequest


class Traffic(StrEnum):
    """What is sent once the application is deployed."""

    FEW = "few"
    STEADY = "steady"


def register(app: typer.Typer) -> None:
    """Add this file's command to `app`."""
    app.command("quicktable")(quicktable)


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
    fault_name: Annotated[
        str | None, typer.Option("--fault", help="A fault to turn on before the requests, or within the history.")
    ] = None,
    parameter: ParameterOption = None,
    once: Annotated[
        bool, typer.Option("--once", help="Stop after the requests; of steady traffic, when the insight is there.")
    ] = False,
    traffic: Annotated[
        Traffic,
        typer.Option(
            "--traffic", help="few: the requests. steady: hours of history, made of recorded requests, then real ones."
        ),
    ] = Traffic.FEW,
    history: Annotated[
        str, typer.Option("--history", help="Length of the history: a number and m or h.", metavar="SPAN")
    ] = "3h",
    fault_minutes: Annotated[
        int, typer.Option("--fault-minutes", min=3, help="Minutes of the history in which the fault is on.")
    ] = 12,
    recovery_minutes: Annotated[
        int, typer.Option("--recovery-minutes", min=0, help="Minutes of the history after the fault.")
    ] = 25,
    per_minute: Annotated[float, typer.Option("--per-minute", min=1, max=600, help="Steady requests a minute.")] = 45,
    endpoint: Annotated[
        str,
        typer.Option(envvar="RAYLENS_ENDPOINT", help="Base URL of raylens, for steady traffic.", metavar="URL"),
    ] = DEFAULT_ENDPOINT,
) -> None:
    """Run the lab with the QuickTable application deployed, and send it requests.

    With --traffic steady it records real requests, with the fault off and on, and sends them to raylens as hours of
    history, told with a simulated clock; insights are turned on for the group Default first.
    """
    settings = lab_settings(data, port, gateway_port, daemon_address, sample_all)
    parameters = pairs(parameter, "--parameter")
    if traffic is Traffic.STEADY:
        # imported here: it brings the client of the API with it
        from raylens.cli.lab_steady import SteadyTraffic, run_steady

        wanted = SteadyTraffic(fault_name, history, fault_minutes, recovery_minutes, per_minute, endpoint)
        run_steady(settings, parameters, wanted, ready_file, is_once=once)
        return

    async def visit(lab: Lab, stopped: asyncio.Event) -> int:
        print_doors(lab)
        stack = await deployed_quicktable(lab, parameters)
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
        write_ready(ready_file, {**lab.addresses(), "outputs": lab.outputs(stack), "traffic": traffic})
        out().print(f'\nexport API_URL="{url}"\ncurl $API_URL/reservations', highlight=False, soft_wrap=True)
        if not once:
            out().print("\nCtrl-C stops the lab; what is deployed comes back with the next start.")
            await stopped.wait()
        return 0

    run_lab(settings, visit)


async def deployed_quicktable(lab: Lab, parameters: dict[str, str]) -> Stack:
    """The example's stack: the one there is, or a new one whose events are shown."""
    from raylens.lab.control.views import event_view
    from raylens.lab.quicktable import STACK_NAME, quicktable_request

    known = {stack.name: stack for stack in lab.deployer.stacks()}.get(STACK_NAME)
    if known is not None and known.status == "CREATE_COMPLETE":
        out().print(f"stack {STACK_NAME} is deployed already")
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
        print_event(event_view(event))
    for key, value in lab.outputs(stack).items():
        out().print(f"  {key} = [{GREEN}]{escape(value)}[/]", highlight=False, soft_wrap=True)
    return stack


async def _turn_on(lab: Lab, name: str) -> None:
    from raylens.lab.control.fault_targets import fault_named, usual_target

    fault = fault_named(name)
    await lab.faults.turn_on(fault, usual_target(fault, lab.deployer.stacks(), lab.host.specs()))
    out().print(f"[{YELLOW}]fault on[/]: {name}")


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
        colour = GREEN if 200 <= sent.status < 400 else YELLOW if 400 <= sent.status < 500 else RED
        out().print(
            f"  {sent.kind:<8} [{colour}]{sent.status}[/]  {sent.duration_s * 1000:7.1f} ms  {sent.trace_id or '-'}",
            highlight=False,
        )

    return await send_traffic(url, plan, tell)
