"""Running a lab around what a command does: its options, its doors, its end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from raylens.cli.lab_terminal import fail, out, told
from raylens.errors import ConfigError

if TYPE_CHECKING:
    from raylens.lab.server import Lab
    from raylens.lab.settings import LabSettings

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
ParameterOption = Annotated[
    list[str] | None, typer.Option("--parameter", help="Value of a template parameter, KEY=VALUE; may be repeated.")
]


def lab_settings(data: Path | None, port: int, gateway_port: int, daemon_address: str, sample_all: bool) -> LabSettings:
    """What a lab is told, of what the user said."""
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


def run_lab(settings: LabSettings, visit: Callable[[Lab, asyncio.Event], Awaitable[int]]) -> None:
    """Run a lab around `visit`; SIGINT and SIGTERM set its event, and end a `visit` that does not wait for it."""
    try:
        from raylens.lab.server import Lab
    except ModuleNotFoundError as error:
        fail(ConfigError(f"the lab's packages are missing ({error.name}); install them: pip install 'raylens[lab]'"))

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

    with told():
        code = asyncio.run(run())
        if code:
            raise typer.Exit(code)


def print_doors(lab: Lab) -> None:
    """Print where the lab listens."""
    for name, address in lab.addresses().items():
        out().print(f"{name:<9} {address}", highlight=False)


def write_ready(path: Path | None, document: dict[str, Any]) -> None:
    """Write a ready file, whole or not at all."""
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    partial.replace(path)
