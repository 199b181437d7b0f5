"""What the commands of `raylens lab` print, and how they fail."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape

from raylens.cli.read import print_lines
from raylens.cli.render_table import table_text
from raylens.errors import InvalidRequest, RaylensError

RED, GREEN, YELLOW = "red", "green", "yellow"
_IAM_NOTICE = "this template creates IAM resources; acknowledge it with --acknowledge-iam"


@contextmanager
def told() -> Iterator[None]:
    """Show what the user can mend as one line and exit code 1."""
    try:
        yield
    except (RaylensError, OSError) as error:
        fail(error)


def fail(error: Exception) -> Any:
    """Show an error as one line, and end with exit code 1."""
    code = getattr(error, "code", "")
    hint = f"\n{_IAM_NOTICE}" if code == "InsufficientCapabilitiesException" else ""
    shown = f"{code}: {error}" if code else str(error)
    Console(stderr=True).print(f"[{RED}]error[/]: {escape(shown)}{hint}", highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def pairs(items: list[str] | None, option: str) -> dict[str, str]:
    """`KEY=VALUE` texts as a dictionary."""
    pairs: dict[str, str] = {}
    for item in items or ():
        key, equals, value = item.partition("=")
        if not key or not equals:
            fail(InvalidRequest(f"{option} {item!r}; expected KEY=VALUE"))
        pairs[key] = value
    return pairs


def print_event(event: dict[str, Any]) -> None:
    """Print an event of a stack."""
    status = event["status"]
    colour = RED if "FAILED" in status or "ROLLBACK" in status else GREEN if "COMPLETE" in status else YELLOW
    reason = "" if event["reason"] in ("", "User Initiated") else f"  {escape(event['reason'])}"
    name = escape(event["logical_id"])
    out().print(
        f"{event['time'][11:23]}  [{colour}]{status:<20}[/]  {event['type']:<28}  {name}{reason}",
        highlight=False,
        soft_wrap=True,
    )


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, name: int = 0) -> None:
    """Nothing when there are no rows; `name` is the column whose text is copied."""
    if rows:
        console = out()
        print_lines(console, table_text(heads, rows, console.width, name=name))


def print_json(value: Any) -> None:
    """Print a value for machines."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def out() -> Console:
    """Where commands print to."""
    return Console()
