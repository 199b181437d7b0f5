"""`raylens map`, `raylens traces` and `raylens trace`: what the console shows, in the terminal."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NamedTuple

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from raylens.cli.api_answers import (
    documents_from_answer,
    looked_at_from_answer,
    services_from_answer,
    summaries_from_answer,
)
from raylens.cli.api_client import DEFAULT_ENDPOINT, ApiClient, ApiError, AwsError
from raylens.cli.filter_place import place_lines
from raylens.cli.known_causes import known_causes
from raylens.cli.render_details import details_text
from raylens.cli.render_list import list_text
from raylens.cli.render_map import map_text
from raylens.cli.render_trace import View, trace_text
from raylens.cli.service_tree import graph_from_services
from raylens.cli.terminal_text import NS_PER_S, instant_text, json_text, plain, seconds_from_span, zone_text
from raylens.cli.waterfall import assemble_waterfall

_MIN_WIDTH_CELLS = 60
_TRY_OUT = "Send some with an X-Ray SDK or the daemon, or run `raylens demo` for a traced example application."

Endpoint = Annotated[
    str, typer.Option(envvar="RAYLENS_ENDPOINT", help="Base URL of the raylens server.", metavar="URL")
]
Last = Annotated[str, typer.Option(help="How far to look back: a number and s, m, h or d.", metavar="SPAN")]
Group = Annotated[
    str | None, typer.Option(help="Only traces of this group, by name or ARN.", metavar="NAME", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the API's answer as JSON, for machines.")]
Width = Annotated[int | None, typer.Option(help="Cells of a line; by default those of the terminal.", metavar="CELLS")]


def register(app: typer.Typer) -> None:
    """Add this file's commands to `app`."""
    app.command("map")(show_map)
    app.command("traces")(show_traces)
    app.command("trace")(show_trace)


def show_map(
    last: Last = "1h",
    raw: Annotated[bool, typer.Option("--raw", help="Show both nodes of a Lambda function.")] = False,
    trace: Annotated[
        list[str] | None, typer.Option(help="Draw these traces instead of a time range; up to five.", metavar="ID")
    ] = None,
    filter_text: Annotated[
        str | None,
        typer.Option("--filter", help="Only traces that satisfy this filter expression.", metavar="FILTER"),
    ] = None,
    group: Group = None,
    as_json: AsJson = False,
    width: Width = None,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
) -> None:
    """Show the service map: who calls whom, how often, how fast, and how much of it fails."""
    start_s, end_s = look_back(last)
    ids = [_trace_id(text) for text in trace or ()]
    if ids and not (filter_text is None and group is None):
        raise typer.BadParameter("the traces are named already: leave out --filter and --group", param_hint="--trace")
    chosen = Chosen(filter_text, group)
    with told_plainly(filter_text), ApiClient(endpoint) as client:
        if ids:
            answer = client.trace_graph(ids)
        else:
            answer = client.service_graph(start_s, end_s, filter_text=filter_text, group=group)
        if as_json:
            return print_json(answer)
        services = services_from_answer(answer)
        if not services and ids:
            _print_lines([Text(f"No services in these traces. {_TRY_OUT}")])
            return None
        if not services:
            looked_at = 0
            if chosen.is_part:
                found = client.trace_summaries(start_s, end_s, limit=1, filter_text=filter_text, group=group)
                looked_at = looked_at_from_answer(found)
            _print_lines([nothing_text("services", last, chosen, looked_at)])
            return None
        view = view_of_terminal(width)
        graph = graph_from_services(services, is_raw=raw)
        title = Text("Service map", style="bold")
        if not ids:
            title.append(f"  {range_text(start_s, end_s, view)}", style="dim")
        _print_lines([title, Text(), *map_text(graph, view)])
    return None


def show_traces(
    filter_text: Annotated[
        str | None,
        typer.Argument(help="Filter expression, e.g. 'fault AND responsetime > 2'.", metavar="FILTER"),
    ] = None,
    last: Last = "1h",
    group: Group = None,
    limit: Annotated[int, typer.Option(min=1, help="Show at most this many, the newest.")] = 20,
    as_json: AsJson = False,
    width: Width = None,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
) -> None:
    """List traces, all or those that satisfy a filter expression, the newest first."""
    start_s, end_s = look_back(last)
    with told_plainly(filter_text), ApiClient(endpoint) as client:
        answer = client.trace_summaries(start_s, end_s, limit=limit, filter_text=filter_text, group=group)
        if as_json:
            return print_json(answer)
        summaries = summaries_from_answer(answer)
        if not summaries:
            _print_lines([nothing_text("traces", last, Chosen(filter_text, group), looked_at_from_answer(answer))])
            return None
        view = view_of_terminal(width)
        title = Text("Traces", style="bold").append(f"  {range_text(start_s, end_s, view)}", style="dim")
        _print_lines([title, Text(), *list_text(summaries, view)])
        more = ", more with --limit" if answer.get("NextToken") or len(summaries) == limit else ""
        _print_lines([Text(), Text(f"{len(summaries)} shown{more}. Look into one: raylens trace ID", style="dim")])
    return None


def show_trace(
    trace_id: Annotated[str, typer.Argument(help="A trace id: 1-5759e988-... or 32 hex digits.", metavar="ID")],
    full: Annotated[bool, typer.Option("--full", help="Cut nothing: all metadata, stacks and aws members.")] = False,
    as_json: AsJson = False,
    width: Width = None,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
) -> None:
    """Show one trace as a waterfall, with everything its spans carry."""
    with told_plainly(), ApiClient(endpoint) as client:
        wanted = _trace_id(trace_id)
        answer = client.traces([wanted])
        documents = documents_from_answer(answer).get(wanted, ())
        waterfall = assemble_waterfall(documents)
        if as_json:
            print_json(answer)
            raise typer.Exit(0 if waterfall else 1)
        if waterfall is None:
            raise ApiError(
                f"no trace {wanted} at {client.endpoint}. It may not have arrived yet, or be older than what is kept: "
                "`raylens traces` lists those that are there."
            )
        view = view_of_terminal(width, is_full=full)
        causes = known_causes(wanted, documents)
        _print_lines([*trace_text(wanted, waterfall, view, causes), Text(), *details_text(waterfall, view)])


def trace_id_from_text(text: str) -> str:
    """The `1-5759e988-...` form of a trace id in either spelling.

    Raises: ValueError, saying what is expected.
    """
    lowered = text.strip().lower()
    if re.fullmatch(r"1-[0-9a-f]{8}-[0-9a-f]{24}", lowered):
        return lowered
    if re.fullmatch(r"[0-9a-f]{32}", lowered):
        return f"1-{lowered[:8]}-{lowered[8:]}"
    raise ValueError(
        f"'{plain(text)}' is not a trace id: expected 1-5759e988-bd862e3fe1be46a994272793 or 32 hex digits"
    )


def print_lines(console: Console, lines: Iterable[Text]) -> None:
    """Print lines that were made to fit; a terminal narrower than the smallest drawing cuts them."""
    for line in lines:
        console.print(line, soft_wrap=True, highlight=False, markup=False, emoji=False)


def _trace_id(text: str) -> str:
    try:
        return trace_id_from_text(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def look_back(last: str) -> tuple[float, float]:
    """The range that ends now. The next second is included, so that a request of this moment is found."""
    try:
        span_s = seconds_from_span(last)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--last") from error
    now_s = time.time()
    return round(now_s - span_s, 3), round(now_s + 1, 3)


class Chosen(NamedTuple):
    """What restricts the traces that are shown."""

    filter_text: str | None
    group: str | None

    @property
    def is_part(self) -> bool:
        return self.filter_text is not None or self.group is not None


def nothing_text(what: str, last: str, chosen: Chosen, looked_at: int) -> Text:
    """Why a list is empty: because nothing is there, or because nothing of what is there was chosen."""
    if not chosen.is_part or not looked_at:
        return Text(f"No {what} in the last {plain(last)}. {_TRY_OUT}")
    restrictions = []
    if chosen.filter_text is not None:
        restrictions.append("satisfies the filter expression")
    if chosen.group is not None:
        restrictions.append(f"belongs to the group {plain(chosen.group)}")
    traces = f"{looked_at:,} trace{'' if looked_at == 1 else 's'}"
    return Text(f"Of {traces} in the last {plain(last)} none {' and '.join(restrictions)}.")


def range_text(start_s: float, end_s: float, view: View) -> str:
    """A time range in words, such as `2024-02-15 19:30:00 to 20:30:00 KST +09:00`."""
    start_ns, end_ns = int(start_s) * NS_PER_S, int(end_s) * NS_PER_S
    first, second = instant_text(start_ns, view.zone)[:-4], instant_text(end_ns, view.zone)[:-4]
    if first[:10] == second[:10]:
        second = second[11:]
    return f"{first} to {second} {zone_text(end_ns, view.zone)}"


def view_of_terminal(width: int | None, *, is_full: bool = False) -> View:
    """How to draw in the cells that were asked for, or in those of the terminal."""
    return View(width_cells=max(width or Console().width, _MIN_WIDTH_CELLS), is_full=is_full)


def _print_lines(lines: Iterable[Text]) -> None:
    print_lines(Console(), lines)


def print_json(answer: dict[str, Any]) -> None:
    """Print an answer for machines."""
    sys.stdout.write(json_text(answer) + "\n")


@contextmanager
def told_plainly(filter_text: str | None = None, **texts: str | None) -> Iterator[None]:
    """Errors a person can act on become one message and exit status 1 instead of a stack.

    Where the message names a place in `filter_text`, the place is shown below it, and what could have stood there. Of
    several expressions `texts` are those by the member that the server calls them, as `b` for `b.filter`.
    """
    expected: tuple[str, ...] = ()
    try:
        yield
    except ApiError as error:
        message = plain(error)
        if isinstance(error, AwsError):
            expected = error.expected
            filter_text = texts.get(error.member.partition(".")[0], filter_text)
    except msgspec.ValidationError as error:
        message = f"the answer is not what the X-Ray API promises ({plain(error)}): is it a raylens server?"
    else:
        return
    console = Console(stderr=True)
    print_lines(console, [Text("raylens: ", style="bold red").append(message, style="default")])
    if filter_text is not None:
        print_lines(console, place_lines(filter_text, message, max(console.width, _MIN_WIDTH_CELLS), expected))
    raise typer.Exit(1)
