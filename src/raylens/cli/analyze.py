"""`raylens analyze`: trace sets at a glance, divided by an attribute, and compared."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from raylens.cli.analytics_answers import AttributeDifference, Comparison, Grouping, Overview
from raylens.cli.api_client import DEFAULT_ENDPOINT, ApiClient
from raylens.cli.read import (
    AsJson,
    Chosen,
    Endpoint,
    Group,
    Last,
    Width,
    look_back,
    nothing_text,
    print_json,
    print_lines,
    range_text,
    told_plainly,
    view_of_terminal,
)
from raylens.cli.render_analytics import (
    comparison_text,
    grouping_text,
    overview_text,
    set_text,
    sets_text,
    side_by_side_text,
    telling_text,
)
from raylens.cli.render_trace import View
from raylens.cli.terminal_text import NS_PER_MS, duration_text, plain
from raylens.model.trace_sets import AttributeKind

# What --against takes for everything that the filter does not select; no filter expression is spelled so.
REST = "rest"
_FAILED = "error OR throttle OR fault"
_NUMBERS = (AttributeKind.RESPONSE_TIME, AttributeKind.DURATION)
_MAX_LIMIT = 1_000
_TELLING_GROUPINGS = 3
_TELLING_VALUES = 5
_MANY = 200
# What the other groupings are meant to explain: how traces ended, how long they took, and how far they came.
_NOT_TELLING = frozenset(
    {
        AttributeKind.STATUS,
        AttributeKind.OUTCOME,
        AttributeKind.SERVICE,
        AttributeKind.RESOURCE_ARN,
        AttributeKind.RESPONSE_TIME_ROOT_CAUSE,
        *_NUMBERS,
    }
)
# The API's answer, and what draws it; nothing when there is nothing to draw.
_Seen = tuple[dict[str, Any], Callable[[], list[Text]]]


def register(app: typer.Typer) -> None:
    """Add this file's command to `app`."""
    app.command("analyze")(analyze)


def analyze(
    filter_text: Annotated[
        str | None, typer.Argument(help="Filter expression of the traces to look at, set A.", metavar="FILTER")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            help="Compare with the traces of this filter expression, set B; '' for all, 'rest' for all others.",
            metavar="FILTER",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="Divide by an attribute: annotation.KEY, annotation[KEY], url, method, status, outcome, user, "
            "service, fault-root-cause, ...",
            metavar="ATTRIBUTE",
        ),
    ] = None,
    group: Group = None,
    last: Last = "1h",
    limit: Annotated[int, typer.Option(min=1, max=_MAX_LIMIT, help="Show at most this many rows or findings.")] = 10,
    as_json: AsJson = False,
    width: Width = None,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
) -> None:
    """Show what is in a set of traces, divide it by an attribute, or tell what sets it apart from another."""
    attribute = None if by is None else attribute_from_text(by)
    start_s, end_s = look_back(last)
    chosen = {"start": start_s, "end": end_s, "filter": filter_text, "group": group}
    view = view_of_terminal(width)
    with told_plainly(filter_text, b=against), ApiClient(endpoint) as client:
        if against is not None:
            answer, draw = _compare(client, chosen, against, attribute, limit, view)
        elif attribute is not None:
            answer, draw = _group(client, chosen, attribute, limit, view)
        else:
            answer, draw = _look(client, chosen, limit, view)
        if as_json:
            return print_json(answer)
        lines = draw()
        if not lines:
            looked_at = 0
            if filter_text is not None or group is not None:
                everything = {"start": start_s, "end": end_s}
                looked_at = _converted(client.ask("overview", {"set": everything}), Overview).traces
            lines = [nothing_text("traces", last, Chosen(filter_text or None, group), looked_at)]
        else:
            title = Text("Analysis", style="bold").append(f"  {range_text(start_s, end_s, view)}", style="dim")
            lines = [title, *lines]
        print_lines(Console(), lines)
    return None


def attribute_from_text(text: str) -> dict[str, str]:
    """The attribute as the API takes it, of `annotation.KEY`, `annotation[KEY]` or the name of another kind.

    Raises: typer.BadParameter, naming what there is.
    """
    found = re.fullmatch(r"annotation(?:\.(?P<plain>.+)|\[(?P<bracketed>.+)\])", text.strip(), re.DOTALL)
    if found is not None:
        return {"kind": AttributeKind.ANNOTATION.value, "key": found["plain"] or found["bracketed"]}
    name = text.strip().lower().replace("-", "_").replace(" ", "_")
    kinds = [kind.value for kind in AttributeKind if kind not in (AttributeKind.ANNOTATION, *_NUMBERS)]
    if name not in kinds:
        names = ", ".join(("annotation.KEY", *(kind.replace("_", "-") for kind in kinds)))
        raise typer.BadParameter(f"'{plain(text)}' is no attribute: expected one of {names}", param_hint="--by")
    return {"kind": name}


def _look(client: ApiClient, chosen: dict[str, Any], limit: int, view: View) -> _Seen:
    answer = client.ask("overview", {"set": chosen})

    def draw() -> list[Text]:
        overview = _converted(answer, Overview)
        if not overview.traces:
            return []
        telling = _telling_lines(client, chosen, overview, min(limit, _TELLING_VALUES), view)
        return [*_set_lines(chosen, view), Text(), *overview_text(overview, view), *telling]

    return answer, draw


def _telling_lines(client: ApiClient, chosen: dict[str, Any], overview: Overview, limit: int, view: View) -> list[Text]:
    """The groupings that tell most of which traces failed; where none did, of which took longest."""
    times = overview.response_time.percentiles
    if overview.traces > overview.outcomes.ok + overview.outcomes.unfinished:
        what, condition, meaning = "failed", _FAILED, "ended in an error, a throttle or a fault"
    elif times is None:
        return []
    else:
        # a tenth of few traces is too few to tell anything of
        name, slow_ms = ("nine of ten", times.p90_ms) if overview.traces >= _MANY else ("half of them", times.p50_ms)
        meaning = f"took longer than {name}, {duration_text(round(slow_ms * NS_PER_MS))}"
        what, condition = "slow", f"responsetime > {slow_ms / 1000:.6f}"
    own = (chosen["filter"] or "").strip()
    within = f"({own}) AND " if own else ""
    a = {**chosen, "filter": f"{within}({condition})"}
    body = {"a": a, "b": {"filter": f"{within}!({condition})"}, "sample": 0, "limit": 50}
    comparison = _converted(client.ask("compare", body), Comparison)
    telling = [
        each
        for each in comparison.attributes
        if each.significant and each.attribute.kind not in _NOT_TELLING and len(each.values) > 1
    ]
    title = Text("Where to look", style="bold")
    if not telling:
        return [Text(), title, Text(f"  No grouping tells what {meaning} from the rest.", style="dim")]
    title.append(f"  {what}: {meaning}", style="dim")
    return [Text(), title, *telling_text(telling[:_TELLING_GROUPINGS], what, limit, view)]


def _group(client: ApiClient, chosen: dict[str, Any], attribute: dict[str, str], limit: int, view: View) -> _Seen:
    # one more than is shown, so that having none does not take the place of a value
    asked = {"set": chosen, "attribute": attribute, "limit": min(limit + 1, _MAX_LIMIT)}
    answer = client.ask("group-by", asked)

    def draw() -> list[Text]:
        grouping = _converted(answer, Grouping)
        if not grouping.traces:
            return []
        lines = [*_set_lines(chosen, view), Text()]
        if all(row.value is None for row in grouping.rows):
            name = _with_article(plain(grouping.attribute.name), attribute)
            nothing = Text(f"None of {grouping.traces:,} traces has {name}.")
            return [*lines, nothing, *_present_lines(client, chosen, attribute)]
        return [*lines, *grouping_text(grouping, limit, view)]

    return answer, draw


def _present_lines(client: ApiClient, chosen: dict[str, Any], attribute: dict[str, str]) -> list[Text]:
    """Annotation keys that the set does have, where one was asked for that it has not."""
    if attribute["kind"] != AttributeKind.ANNOTATION:
        return []
    found = client.ask("attributes", {"set": chosen}).get("attributes") or ()
    keys = [plain(each["key"]) for each in found if each.get("kind") == AttributeKind.ANNOTATION]
    if not keys:
        return [Text("They have no annotations at all.")]
    return [Text(f"They have these annotations: {', '.join(keys)}.")]


def _compare(
    client: ApiClient, chosen: dict[str, Any], against: str, attribute: dict[str, str] | None, limit: int, view: View
) -> _Seen:
    body: dict[str, Any] = {"a": chosen}
    if against.strip().lower() != REST:
        body["b"] = {"filter": against}
    if attribute is not None:
        body |= {"sample": 0, "limit": _MAX_LIMIT}
    answer = client.ask("compare", body)

    def draw() -> list[Text]:
        comparison = _converted(answer, Comparison)
        if not comparison.a.traces and not comparison.b.traces:
            return []
        lines = [*sets_text(comparison, view), Text()]
        if attribute is None:
            return [*lines, *comparison_text(comparison, limit, view)]
        difference = _difference(comparison, attribute)
        if difference is None or all(each.value is None for each in difference.values):
            name = attribute.get("key") or attribute["kind"].replace("_", " ")
            return [*lines, Text(f"No trace of A or B has {_with_article(plain(name), attribute)}.")]
        return [*lines, *side_by_side_text(difference, limit, view)]

    return answer, draw


def _difference(comparison: Comparison, attribute: dict[str, str]) -> AttributeDifference | None:
    wanted = attribute["kind"], attribute.get("key", "").replace(".", "_")
    every = (*comparison.attributes, *comparison.defining)
    return next((each for each in every if (each.attribute.kind, each.attribute.key) == wanted), None)


def _set_lines(chosen: dict[str, Any], view: View) -> list[Text]:
    return set_text((chosen["filter"] or "").strip(), chosen["group"], view)


def _with_article(name: str, attribute: dict[str, str]) -> str:
    return f"the annotation {name}" if attribute["kind"] == AttributeKind.ANNOTATION else f"a {name}"


def _converted(answer: dict[str, Any], shape: type[Any]) -> Any:
    return msgspec.convert(answer, shape)
