"""`raylens groups`: named filter expressions, listed and changed from a terminal."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from raylens.cli.api_answers import Group, group_from_answer, groups_from_answer
from raylens.cli.api_client import DEFAULT_ENDPOINT, ApiClient, group_members
from raylens.cli.read import AsJson, Endpoint, Width, print_json, print_lines, told_plainly
from raylens.cli.render_table import table_text
from raylens.cli.terminal_text import plain

app = typer.Typer(
    help="Groups: named filter expressions. A trace belongs to those that it satisfies.",
    no_args_is_help=True,
)

_EVERY_TRACE = "every trace"

Name = Annotated[str, typer.Argument(help="Name of the group, or its ARN.", metavar="NAME")]
Expression = Annotated[
    str | None, typer.Argument(help="Filter expression, e.g. 'responsetime > 2'.", metavar="EXPRESSION")
]
Insights = Annotated[bool | None, typer.Option("--insights/--no-insights", help="Look for incidents in the group.")]
Notifications = Annotated[
    bool | None, typer.Option("--notifications/--no-notifications", help="Tell of incidents; needs --insights.")
]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="Tag, KEY=VALUE; may be repeated.", metavar="TAG")]


@app.command("list")
def list_groups(as_json: AsJson = False, width: Width = None, endpoint: Endpoint = DEFAULT_ENDPOINT) -> None:
    """List all groups with their expressions."""
    with told_plainly(), ApiClient(endpoint) as client:
        answer = client.groups()
        if as_json:
            return print_json(answer)
        groups = groups_from_answer(answer)
        rows = [(g.group_name, _insights_words(g), g.filter_expression or _EVERY_TRACE) for g in groups]
        _print(table_text(("Group", "Insights", "Expression"), rows, width or Console().width))
    return None


@app.command("create")
def create_group(
    name: Annotated[str, typer.Argument(help="1 to 32 letters, digits and dashes.", metavar="NAME")],
    expression: Expression = None,
    insights: Insights = None,
    notifications: Notifications = None,
    tag: Tags = None,
    as_json: AsJson = False,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
) -> None:
    """Make a group; without an expression every trace belongs to it."""
    members = {"GroupName": name, **_members(expression, insights, notifications)}
    if tag:
        members["Tags"] = [_tag(text) for text in tag]
    with told_plainly(expression), ApiClient(endpoint) as client:
        _show(client.create_group(members), as_json)


@app.command("update")
def update_group(
    name: Name,
    expression: Expression = None,
    insights: Insights = None,
    notifications: Notifications = None,
    as_json: AsJson = False,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
) -> None:
    """Change what is given of a group; a new expression decides about traces that arrive from then on."""
    changes = _members(expression, insights, notifications)
    if not changes:
        raise typer.BadParameter("nothing to change: give an EXPRESSION, --insights or --notifications")
    with told_plainly(expression), ApiClient(endpoint) as client:
        _show(client.update_group({**group_members(name), **changes}), as_json)


@app.command("delete")
def delete_group(name: Name, as_json: AsJson = False, endpoint: Endpoint = DEFAULT_ENDPOINT) -> None:
    """Remove a group; its traces stay."""
    with told_plainly(), ApiClient(endpoint) as client:
        answer = client.delete_group(group_members(name))
        if as_json:
            return print_json(answer)
        _print([Text(f"Deleted the group {plain(name)}. Its traces stay.")])
    return None


def _members(expression: str | None, insights: bool | None, notifications: bool | None) -> dict[str, Any]:
    """The members that were given; what was not is left to the server."""
    configuration = {
        name: value
        for name, value in (("InsightsEnabled", insights), ("NotificationsEnabled", notifications))
        if value is not None
    }
    members: dict[str, Any] = {} if expression is None else {"FilterExpression": expression}
    return {**members, "InsightsConfiguration": configuration} if configuration else members


def _tag(text: str) -> dict[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise typer.BadParameter(f"'{plain(text)}' is no tag: expected KEY=VALUE", param_hint="--tag")
    return {"Key": key, "Value": value}


def _show(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        return print_json(answer)
    group = group_from_answer(answer)
    facts = (
        ("ARN", group.group_arn),
        ("Expression", group.filter_expression or _EVERY_TRACE),
        ("Insights", _insights_words(group)),
    )
    title = Text("Group ", style="bold").append(plain(group.group_name))
    _print([title, *(Text(f"{name:<12}", style="dim").append(plain(value), style="default") for name, value in facts)])
    return None


def _insights_words(group: Group) -> str:
    configuration = group.insights_configuration
    if not configuration.insights_enabled:
        return "off"
    return "on, notifies" if configuration.notifications_enabled else "on"


def _print(lines: list[Text]) -> None:
    print_lines(Console(), lines)
