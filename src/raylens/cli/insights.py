"""`raylens insights`: incidents that were found, and one of them with its cause."""

from __future__ import annotations

import time
from enum import StrEnum
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from raylens.cli.api_client import DEFAULT_ENDPOINT, ApiClient
from raylens.cli.insight_answers import InsightList, WholeInsight
from raylens.cli.read import AsJson, Endpoint, Width, look_back, print_json, print_lines, told_plainly, view_of_terminal
from raylens.cli.render_insights import insight_text, list_text, nothing_text

_MAX_LIMIT = 1_000


class State(StrEnum):
    """What `--state` takes."""

    ACTIVE = "active"
    CLOSED = "closed"


def register(app: typer.Typer) -> None:
    """Add this file's command to `app`."""
    app.command("insights")(insights)


def insights(
    insight_id: Annotated[
        str | None, typer.Argument(help="Show this insight: its id. Left out: list them.", metavar="ID")
    ] = None,
    group: Annotated[
        str | None, typer.Option(help="Only those of this group, by name.", metavar="NAME", show_default=False)
    ] = None,
    since: Annotated[
        str, typer.Option(help="How far to look back: a number and s, m, h or d.", metavar="SPAN")
    ] = "24h",
    state: Annotated[State | None, typer.Option(help="Only those that last, or only those that are over.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=_MAX_LIMIT, help="Show at most this many.")] = 20,
    as_json: AsJson = False,
    width: Width = None,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
) -> None:
    """Show the incidents that were found: what was unusual, who caused it, whom it hit."""
    view = view_of_terminal(width)
    with told_plainly(), ApiClient(endpoint) as client:
        if insight_id is not None:
            answer = client.insight(insight_id)
            if as_json:
                return print_json(answer)
            return print_lines(Console(), insight_text(msgspec.convert(answer, WholeInsight), time.time(), view))
        start_s, end_s = look_back(since)
        body: dict[str, Any] = {"start": start_s, "end": end_s, "limit": limit, "group": group}
        answer = client.ask("insights", {**body, "state": None if state is None else state.name})
        if as_json:
            return print_json(answer)
        found = msgspec.convert(answer, InsightList)
        lines = list_text(found, time.time(), view) if found.insights else nothing_text(found, since, view)
        return print_lines(Console(), lines)
