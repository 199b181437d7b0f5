"""Writes docs/reference/ from the code: settings from config.py, operations from routes.py, commands from the CLI,
the filter language from its table of keywords.

    make docs                        write the pages
    python -m docs.generate --check  exit 1 when a page is not current

Of api.md only the table between its two marks is written; the rest of that page is by hand. openapi.json describes the
API below /api/v1/ for machines.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import typer

from raylens import config
from raylens.api.openapi import openapi_document
from raylens.api.xray.routes import OPERATIONS
from raylens.cli.main import app
from raylens.filterexpr.keywords import FORMS, KEYWORDS, Keyword, Kind, Scope

REFERENCE = Path(__file__).parent / "reference"
_NOTICE = "<!-- Written by `make docs` from the code; edit the code, not this page. -->"
_BEGIN, _END = "<!-- operations: written by `make docs` -->", "<!-- end of operations -->"
_TYPES = {int: "whole number", float: "number", bool: "true or false", str: "text"}
_MODEL_OPERATIONS = 38


def pages() -> dict[Path, str]:
    """Every generated page and its current text."""
    api = REFERENCE / "api.md"
    return {
        REFERENCE / "settings.md": settings_page(),
        REFERENCE / "cli.md": cli_page(),
        REFERENCE / "filters.md": filters_page(),
        api: with_operations(api.read_text("utf-8")),
        REFERENCE / "openapi.json": json.dumps(openapi_document(), indent=2, ensure_ascii=False) + "\n",
    }


def settings_page() -> str:
    """Every setting of `raylens serve`."""
    rows = []
    for field in msgspec.structs.fields(config.Settings):
        default = "`$XDG_DATA_HOME/raylens`" if field.name == "data" else _value(field.default)
        rows.append(
            (
                f"`{field.name}`",
                "–" if field.name in config.SECRETS else f"`--{field.name.replace('_', '-')}`",
                f"`RAYLENS_{field.name.upper()}`",
                _TYPES[field.type],
                _range(field.name),
                default,
                config.DESCRIPTIONS[field.name],
            )
        )
    heads = ("Name in a file", "Flag", "Environment", "Type", "Range", "Default", "Meaning")
    return "\n".join([_NOTICE, "", _SETTINGS_HEAD, "", *_table(heads, rows), "", _SETTINGS_TAIL])


def with_operations(page: str) -> str:
    """`page` with the table of operations between its marks renewed."""
    before, _, rest = page.partition(_BEGIN)
    _, mark, after = rest.partition(_END)
    if not mark:
        raise SystemExit(f"docs/reference/api.md needs the lines {_BEGIN} and {_END}")
    count = f"{len(OPERATIONS)} of the {_MODEL_OPERATIONS} operations of the X-Ray API are served:"
    rows = [(f"`{each.name}`", f"`POST {each.path}`", _first_line(each.handler)) for each in OPERATIONS]
    table = _table(("Operation", "Path", "What it does"), rows)
    return before + "\n".join([_BEGIN, "", count, "", *table, "", _END]) + after


def cli_page() -> str:
    """Every command with its arguments and options."""
    parts = [_NOTICE, "", _CLI_HEAD]
    for name, command in commands():
        parts += ["", f"## `{name}`", "", _one_line(command.help)]
        if name == "raylens serve":
            parts += ["", _SERVE_OPTIONS]
        rows = [_parameter_row(each) for each in command.params if name != "raylens serve" or each.name == "config"]
        if rows:
            parts += ["", *_table(("Argument or option", "Default", "Meaning"), rows)]
    return "\n".join(parts) + "\n"


def filters_page() -> str:
    """Every keyword and construct of the filter language."""
    parts = [_NOTICE, "", _FILTERS_HEAD]
    for kind in Kind:
        rows = [(f"`{each.name}`", _scopes(each), each.meaning) for each in KEYWORDS if each.kind is kind]
        parts += ["", f"## {_KINDS[kind][0]}", "", _KINDS[kind][1], ""]
        parts += _table(("Keyword", "Where it has a value", "Meaning"), rows)
    forms = [(f"`{each.usage}`", each.meaning) for each in FORMS]
    parts += ["", "## Annotations, nodes, groups and root causes", "", *_table(("Written", "Meaning"), forms)]
    sources: dict[str, list[str]] = {}
    for name, source in [(each.name, each.source) for each in KEYWORDS] + [(each.name, each.source) for each in FORMS]:
        sources.setdefault(source, []).append(f"`{name}`")
    usual = max(sources, key=lambda source: len(sources[source]))
    others = [(", ".join(names), source) for source, names in sources.items() if source != usual]
    parts += ["", "## Sources", "", f"{usual}, but for these:", "", *_table(("What", "Source"), others)]
    return "\n".join(parts) + "\n"


def _scopes(keyword: Keyword) -> str:
    named = [f"`{scope.value} {{}}`" if scope.value else "trace" for scope in Scope if scope in keyword.scopes]
    return ", ".join(named)


def commands() -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its full name, in the order of `--help`."""
    waiting: list[tuple[str, Any]] = [("raylens", typer.main.get_command(app))]
    while waiting:
        name, command = waiting.pop(0)
        children = getattr(command, "commands", None)
        if children is None:
            yield name, command
        else:
            waiting[:0] = [(f"{name} {child}", children[child]) for child in children]


def _parameter_row(parameter: Any) -> tuple[str, ...]:
    is_flag = getattr(parameter, "is_flag", False)
    if parameter.param_type_name == "argument":
        shown = f"`{parameter.metavar or parameter.name.upper()}`"
    else:
        shown = ", ".join(f"`{option}`" for option in (*parameter.opts, *parameter.secondary_opts))
        shown += "" if is_flag else f" {parameter.metavar or parameter.name.strip('_').upper()}"
    default = "required" if parameter.required else _value(None if is_flag else parameter.default)
    more = " May be repeated." if getattr(parameter, "multiple", False) and "repeated" not in parameter.help else ""
    variable = getattr(parameter, "envvar", None)
    environment = f" Environment: `{variable}`." if variable else ""
    return shown, default, _one_line(parameter.help).removesuffix(".") + "." + more + environment


def _value(value: Any) -> str:
    if value is None or value == "":
        return "–"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _range(name: str) -> str:
    if name == "log_level":
        return ", ".join(config.LOG_LEVELS)
    if name not in config._RANGES:
        return "–"
    low, high = config._RANGES[name]
    return f"{low:g} to {high:,.0f}"


def _first_line(documented: Any) -> str:
    return _one_line((documented.__doc__ or "").split("\n\n")[0].split("Raises:")[0])


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


_SETTINGS_HEAD = """\
# Settings

Settings of `raylens serve`. A flag outranks the environment, the environment outranks the file named by `--config`
(TOML, names as in the first column), the file outranks the default. `raylens config` prints what is in force and where
each value comes from; a value that cannot be used is refused with its name, the value and where it came from."""

_SETTINGS_TAIL = """\
## Notes

- `port`, `udp_port`, `tcp_port`: 0 means any free port; `ready_file` tells which one it became.
- `retention_days` is part of the tables; a changed value reaches them at the next start.
  Changing it later changes nothing there. Data leaves by whole days of receipt.
- `accept_past_days`, `accept_future_hours`: a document outside is answered with the ErrorCode `InvalidStartTime`.
- `host`: callers are not authenticated, so anything but `127.0.0.1`, `localhost` and `::1` needs `insecure`. With
  one of these three, pages of other sites are refused, and the console and `/api/v1/` answer only to names of this
  machine.

## Variables of the other commands

| Environment | Read by | Meaning |
| --- | --- | --- |
| `RAYLENS_ENDPOINT` | `raylens map`, `traces`, `insights`, `groups`, ... | Base URL of the server, as `--endpoint` |
| `RAYLENS_LAB_URL` | `raylens lab deploy`, `list`, `delete`, ... | The lab's control address, as `--lab` |
| `AWS_ENDPOINT_URL_DYNAMODB` | `raylens lab serve`, `quicktable` | A DynamoDB to use instead of the lab's own |
| `RAYLENS_CONSOLE` | `pip install .`, `make install` | `skip` leaves the console out of what is built |
| `XDG_DATA_HOME` | all | Where data lies: `$XDG_DATA_HOME/raylens`, or `~/.local/share/raylens` without it |
"""

_KINDS = {
    Kind.BOOLEAN: ("Booleans", "By themselves, or with `=` or `!=` and `true` or `false`."),
    Kind.NUMBER: ("Numbers", "With `=`, `!=`, `<`, `<=`, `>` or `>=` and a number; by themselves: there is a value."),
    Kind.STRING: (
        "Texts",
        "With `=`, `!=`, `CONTAINS`, `BEGINSWITH` or `ENDSWITH` and a text in double quotes; by themselves: there is a "
        "value.",
    ),
}

_FILTERS_HEAD = """\
# Filter expressions

What `raylens traces FILTER`, `raylens map --filter`, `FilterExpression` and groups understand: the language of X-Ray.

```console
$ raylens traces 'fault AND responsetime > 2'
$ raylens traces 'annotation.plan = "gold" AND service("orders") { throttle }' --last 1d
$ raylens map --filter 'edge("shop", "pay") { fault }'
$ raylens groups create slow 'http.url BEGINSWITH "https://shop." AND duration >= 5'
```

**Putting together.** `AND`, `OR`, `!` and parentheses; two conditions side by side mean `AND`, which binds stronger
than `OR`. Keywords and connectives are read in any case; names, annotation keys and texts as they are. In a text, a
backslash stands before a double quote or another backslash.

**At trace level the root decides.** `fault`, `error`, `throttle`, `ok`, `responsetime` and `http.*` speak of the
request that entered; trouble further down that was handled is found with `service("name") { fault }`. All conditions
inside one pair of braces are met by the same request.

**What is missing satisfies no comparison**, so `http.status != 200` leaves out traces without a status and
`!(http.status = 200)` does not. `!=` asks that no value equals. A literal of another type than its keyword is no error
and never equal. A dot in an annotation key counts as an underscore; keys with dots are written `annotation[a.b]`.

Limits, errors and what differs from AWS are in [api.md](api.md#filter-expressions)."""


_CLI_HEAD = """\
# Commands

Every command shows the same with `--help`. Times and ids can be copied from one command into the next; `--json` prints
the API's answer unchanged. Commands end with status 0, with 1 after an error that is told in one line, and with 2 when
they were not understood."""


_SERVE_OPTIONS = "Every setting of [settings.md](settings.md) is an option, and there is one more:"


def main() -> None:
    """Write the pages, or with --check only say which are not current."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path} is not current: run `make docs`")
        sys.exit(1 if stale else 0)
    for path, text in pages().items():
        path.write_text(text, "utf-8")
        print(f"{path.relative_to(REFERENCE.parent.parent)}{' (changed)' if path in stale else ''}")


if __name__ == "__main__":
    main()
