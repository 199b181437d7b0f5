"""`raylens demo`: the server and the QuickTable lab together, and the proof that every request was traced."""

from __future__ import annotations

import shutil
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from raylens.cli.api_answers import Service, documents_from_answer, services_from_answer, summaries_from_answer
from raylens.cli.api_client import ApiClient, ApiError, ServerNotReached
from raylens.cli.child_process import ChildFailed, ChildProcess, raylens_command
from raylens.cli.demo_expectations import (
    COLD_POST,
    Documents,
    find_trace,
    missing_from_map,
    missing_from_traces,
    missing_requests,
)
from raylens.cli.known_causes import known_causes
from raylens.cli.read import print_lines
from raylens.cli.render_details import details_text
from raylens.cli.render_map import map_text
from raylens.cli.render_trace import View, trace_text
from raylens.cli.service_tree import graph_from_services
from raylens.cli.terminal_text import duration_text, plain
from raylens.cli.waterfall import assemble_waterfall

_SERVE_READY_S = 60.0
_LAB_READY_S = 180.0
_VISIBLE_S = 30.0
_POLL_S = 0.2  # for each of the two children; every look costs the server three queries
_REQUESTS = 12
_HTTP_PORT, _DAEMON_PORT, _LAB_PORT = 2080, 2000, 2081
_CLOCK_MARGIN_S = 5.0
_MIN_WIDTH_CELLS = 60
# SIGINT too: a shell that starts a command in the background leaves it ignored, and then nothing raises.
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_EXAMPLE_BODY = (
    '{"restaurantName": "강남 맛집", "date": "2024-02-20", "time": "18:00", "partySize": 4, '
    '"phoneNumber": "010-1234-5678"}'
)


class Lab(msgspec.Struct, frozen=True):
    """Where the lab listens and what it sent, as far as its ready file says."""

    invoke_url: str | None  # absent when the lab named no gateway
    control_url: str | None
    trace_ids: tuple[str, ...]  # empty when the lab did not list them


class Sighting(msgspec.Struct, frozen=True):
    """What the public API showed at one moment, and what was still missing."""

    services: tuple[Service, ...]
    traces: dict[str, Documents]
    missing: tuple[str, ...]


def register(app: typer.Typer) -> None:
    """Add this file's commands to `app`."""
    app.command("demo")(demo)


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Stop after printing; exit status 0 only if all that is expected was traced.")
    ] = False,
    data: Annotated[Path, typer.Option(help="Folder for traces, tables and logs of the demo.", metavar="DIR")] = Path(
        ".raylens/demo"
    ),
    requests: Annotated[int, typer.Option(min=4, help="Requests that the lab sends at the start.")] = _REQUESTS,
) -> None:
    """Run raylens and a traced serverless application, show the service map and one trace, and keep serving."""
    # Closing the terminal (SIGHUP) must stop the children too: they have sessions of their own and would live on.
    handled_before = {number: signal.signal(number, _interrupt) for number in _ENDINGS}
    console = Console()
    try:
        _run(console, data, requests, is_once=once)
    except KeyboardInterrupt:
        _say(console, "stopped", "")
    except (ApiError, ChildFailed, OSError, msgspec.ValidationError) as error:
        lines = [Text("raylens demo: ", style="bold red").append(_safe_lines(str(error)), style="default")]
        print_lines(Console(stderr=True), lines)
        raise typer.Exit(1) from error
    finally:
        for number, handler in handled_before.items():
            signal.signal(number, handler)


def _run(console: Console, data: Path, requests: int, *, is_once: bool) -> None:
    data.mkdir(parents=True, exist_ok=True)
    console.print(Text("raylens demo", style="bold").append(f"  data and logs in {data}", style="dim"))
    start_s = time.time() - _CLOCK_MARGIN_S
    _say(console, "starting", "raylens serve: X-Ray API, daemon port")
    # Known before either starts: the server is told where it will find the lab.
    lab_port = port_or_free_one(_LAB_PORT)
    with _serve(data, lab_port) as server:
        doors = server.wait_ready(_SERVE_READY_S)
        endpoint = str(doors.get("http", f"http://127.0.0.1:{_HTTP_PORT}"))
        _say(console, "ready", f"{endpoint}  daemon {doors.get('udp', '')}")
        _say(console, "starting", f"raylens lab quicktable: deploys the application, sends {requests} requests")
        with _lab(data, doors, requests, lab_port) as lab_process, ApiClient(endpoint) as client:
            lab = lab_from_ready_file(lab_process.wait_ready(_LAB_READY_S))
            _say(console, "ready", f"gateway {lab.invoke_url}" if lab.invoke_url else "deployed")
            sent_s = time.monotonic()
            _say(console, "waiting", "until the requests can be seen through the public API")
            sighting = _watch(client, lab, start_s, [server, lab_process])
            waited = duration_text(round((time.monotonic() - sent_s) * 1e9))
            _say(console, "seen", f"{len(sighting.traces)} traces, {waited} later")
            _show(console, sighting)
            _report(console, sighting)
            if is_once:
                _say(console, "stopping", "the lab, then the server")
            else:
                _show_next_steps(console, lab, endpoint, find_trace(COLD_POST, sighting.traces) or "ID")
                _keep_serving([lab_process, server])
    if is_once and sighting.missing:
        raise typer.Exit(1)


def lab_from_ready_file(ready: dict[str, Any]) -> Lab:
    """The lab's addresses and trace ids; what the file lacks is absent."""
    outputs = ready.get("outputs")
    invoke_url = outputs.get("ApiGatewayInvokeUrl") if isinstance(outputs, dict) else None
    traffic = ready.get("traffic")
    listed = traffic.get("trace_ids") if isinstance(traffic, dict) else None
    url = invoke_url or ready.get("gateway")
    return Lab(
        invoke_url=str(url).rstrip("/") if url else None,
        control_url=str(ready["control"]) if ready.get("control") else None,
        trace_ids=tuple(str(trace_id) for trace_id in listed) if isinstance(listed, list) else (),
    )


def port_or_any(port: int, kinds: Sequence[socket.SocketKind]) -> int:
    """`port` if it is free on loopback for all `kinds` of socket, else 0, which lets the system choose."""
    for kind in kinds:
        with socket.socket(socket.AF_INET, kind) as probe:
            if kind == socket.SOCK_STREAM:  # as servers do: a connection just closed does not make a port taken
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return 0
    return port


def port_or_free_one(port: int) -> int:
    """`port` if it is free on loopback for TCP, else one that was free a moment ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port_or_any(port, [socket.SOCK_STREAM])))
        chosen: int = probe.getsockname()[1]
        return chosen


def _serve(data: Path, lab_port: int) -> ChildProcess:
    http_port = port_or_any(_HTTP_PORT, [socket.SOCK_STREAM])
    udp_port = port_or_any(_DAEMON_PORT, [socket.SOCK_DGRAM])
    tcp_port = port_or_any(_DAEMON_PORT, [socket.SOCK_STREAM])
    ready_path = data / "serve.ready.json"
    arguments = ["serve", "--data", str(data / "raylens"), "--host", "127.0.0.1", "--port", str(http_port)]
    arguments += ["--udp-port", str(udp_port), "--tcp-port", str(tcp_port), "--ready-file", str(ready_path)]
    arguments += ["--lab-url", f"http://127.0.0.1:{lab_port}"]
    return ChildProcess(
        "raylens serve", raylens_command(*arguments), ready_path=ready_path, log_path=data / "serve.log"
    )


def _lab(data: Path, doors: dict[str, Any], requests: int, port: int) -> ChildProcess:
    ready_path = data / "lab.ready.json"
    arguments = ["lab", "quicktable", "--data", str(data / "lab"), "--port", str(port), "--gateway-port", "0"]
    arguments += ["--daemon-address", str(doors.get("udp", f"127.0.0.1:{_DAEMON_PORT}"))]
    arguments += ["--sample-all", "--requests", str(requests), "--ready-file", str(ready_path)]
    return ChildProcess(
        "raylens lab quicktable", raylens_command(*arguments), ready_path=ready_path, log_path=data / "lab.log"
    )


def _watch(client: ApiClient, lab: Lab, start_s: float, children: Sequence[ChildProcess]) -> Sighting:
    """Look until nothing is missing or the deadline passes; what is missing then is part of the result.

    Raises: ChildFailed when one of `children` ends meanwhile.
    """
    deadline_s = time.monotonic() + _VISIBLE_S
    while True:
        try:
            sighting = look(client, lab, start_s, time.time() + 1)
        except ServerNotReached:
            sighting = None
        if sighting is not None and (not sighting.missing or time.monotonic() > deadline_s):
            return sighting
        for child in children:
            if child.has_ended(within_s=_POLL_S):
                raise child.failure()
        if sighting is None and time.monotonic() > deadline_s:
            raise ChildFailed(f"the server at {client.endpoint} does not answer any more")


def look(client: ApiClient, lab: Lab, start_s: float, end_s: float) -> Sighting:
    """The map of a time range and the lab's traces (all of the range, when the lab did not list its own), checked."""
    services = services_from_answer(client.service_graph(start_s, end_s))
    listed = lab.trace_ids
    if not listed:
        listed = tuple(one.id for one in summaries_from_answer(client.trace_summaries(start_s, end_s, limit=100)))
    traces: dict[str, Documents] = dict(documents_from_answer(client.traces(listed)))
    unseen = [f"trace {trace_id}" for trace_id in lab.trace_ids if not traces.get(trace_id)]
    uncounted = missing_requests(services, len(lab.trace_ids))
    missing = (*missing_from_map(services), *uncounted, *missing_from_traces(traces), *unseen)
    return Sighting(services=services, traces=traces, missing=missing)


def _show(console: Console, sighting: Sighting) -> None:
    view = View(width_cells=max(console.width, _MIN_WIDTH_CELLS))
    lines = [Text(), Text("Service map", style="bold"), Text()]
    lines += map_text(graph_from_services(sighting.services), view) or [Text("  (empty)", style="dim")]
    trace_id = find_trace(COLD_POST, sighting.traces) or next(iter(sighting.traces), None)
    waterfall = assemble_waterfall(sighting.traces[trace_id]) if trace_id is not None else None
    if trace_id is not None and waterfall is not None:
        causes = known_causes(trace_id, sighting.traces[trace_id])
        lines += [Text(), *trace_text(trace_id, waterfall, view, causes), Text(), *details_text(waterfall, view)]
    print_lines(console, lines)


def _report(console: Console, sighting: Sighting) -> None:
    if not sighting.missing:
        text = "Everything expected is there: nodes, edges, segments, subsegments, annotations, metadata."
        print_lines(console, [Text(), Text(text, style="green")])
        return
    lines = [Text(), Text(f"{len(sighting.missing)} expected things are missing:", style="bold red")]
    print_lines(console, [*lines, *(Text(f"  - {plain(what)}") for what in sighting.missing)])


def _show_next_steps(console: Console, lab: Lab, endpoint: str, trace_id: str) -> None:
    option = "" if endpoint == f"http://127.0.0.1:{_HTTP_PORT}" else f" --endpoint {endpoint}"
    lines = [Text(), Text("Try next", style="bold"), Text(f"  console     {endpoint}/console/")]
    if lab.control_url:
        lines.append(Text(f"  lab         {lab.control_url}"))
    if lab.invoke_url:
        post = f"curl -X POST {lab.invoke_url}/reservations -H 'Content-Type: application/json' -d '{_EXAMPLE_BODY}'"
        lines += [Text(f"  {post}", style="cyan"), Text(f"  curl {lab.invoke_url}/reservations", style="cyan")]
    command = "raylens" if shutil.which("raylens") else f"{sys.executable} -m raylens"
    questions = ("map --last 15m", "traces", f"trace {plain(trace_id)}")
    lines += [Text(f"  {command} {question}{option}", style="cyan") for question in questions]
    print_lines(console, [*lines, Text(), Text("Serving until Ctrl-C.", style="dim")])


def _keep_serving(children: Sequence[ChildProcess]) -> None:
    """Return never: a child that ends by itself is an error, Ctrl-C an interrupt."""
    while True:
        for child in children:
            if child.has_ended(within_s=0.5):
                raise child.failure()


def _say(console: Console, word: str, text: str) -> None:
    line = Text("  ").append(word.ljust(9), style="bold cyan").append(text)
    print_lines(console, [line])


def _safe_lines(text: str) -> str:
    return "\n".join(plain(line) for line in text.split("\n"))


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
