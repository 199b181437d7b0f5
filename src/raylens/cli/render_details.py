"""What the spans of a trace carry, below the waterfall: annotations, metadata, http, aws, sql and exceptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from raylens.cli.render_trace import View, row_title
from raylens.cli.span_documents import JsonObject, member
from raylens.cli.terminal_text import cut_end, json_text, pad, plain
from raylens.cli.waterfall import Row, Waterfall
from raylens.cli.words import OUTCOME_STYLES, type_label

_MAX_MEMBER_LINES = 12
_MAX_METADATA_MEMBERS = 24
_MAX_FRAMES_EACH_END = 4
_LABEL_CELLS = 12
# Members that a reader has seen already, or that only repeat the name.
_QUIET_AWS = frozenset({"function_arn", "resource_names", "account_id", "xray"})


def details_text(waterfall: Waterfall, view: View) -> list[Text]:
    """A paragraph for each span that carries something worth reading, in the order of the waterfall."""
    exceptions = _exceptions_by_id(waterfall)
    lines: list[Text] = []
    for row in waterfall.rows:
        body = list(_row_details(row, exceptions, view))
        if body:
            kind = type_label(row.span.origin) if row.span.origin else "segment" if row.span.is_segment else ""
            heading = Text(cut_end(row_title(row), view.width_cells), style="bold")
            if kind and heading.cell_len + 1 + cell_len(kind) <= view.width_cells:
                heading.append(f" {plain(kind)}", style="dim")
            lines += [heading, *body, Text()]
    return lines[:-1]


def _row_details(row: Row, exceptions: Mapping[str, tuple[JsonObject, str]], view: View) -> Iterator[Text]:
    document = row.span.document
    if row.is_orphan:
        text = f"its parent {plain(row.span.parent_id)} never arrived"
        yield from _labelled("incomplete", text, view, style="yellow")
    flags = [flag for flag in ("error", "throttle", "fault") if getattr(row.span, flag)]
    if len(flags) > 1:
        counted = f" as sent; counted as {row.outcome}" if row.outcome != row.span.outcome else ""
        yield from _labelled("flags", ", ".join(flags) + counted, view, style=OUTCOME_STYLES[row.outcome])
    if http := _http_text(member(document, "http")):
        yield from _labelled("http", http, view)
    if aws := _pairs_text(member(document, "aws"), view, _QUIET_AWS):
        yield from _labelled("aws", aws, view)
    for name, value in member(document, "sql").items():
        yield from _labelled(f"sql {plain(name)}", _scalar_text(value), view)
    yield from _pairs("annotation", member(document, "annotations"), view, "cyan")
    for namespace, values in member(document, "metadata").items():
        yield from _metadata(namespace, values, view)
    yield from _cause(document.get("cause"), exceptions, view)


def _http_text(http: JsonObject) -> str:
    request, response = member(http, "request"), member(http, "response")
    words = [request.get(name) for name in ("method", "url")]
    if response.get("status") is not None:
        words.append(f"→ {_scalar_text(response['status'])}")
    for name in ("client_ip", "user_agent"):
        if request.get(name):
            words.append(f"· {_scalar_text(request[name])}")
    return " ".join(_scalar_text(word) for word in words if word)


def _pairs_text(values: JsonObject, view: View, quiet: frozenset[str]) -> str:
    shown = {name: value for name, value in values.items() if view.is_full or name not in quiet}
    return "  ".join(f"{plain(name)}={_scalar_text(value)}" for name, value in shown.items())


def _pairs(label: str, values: JsonObject, view: View, style: str) -> Iterator[Text]:
    width = max((cell_len(plain(name)) for name in values), default=0)
    for number, (name, value) in enumerate(values.items()):
        shown = f"{pad(plain(name), width)}  {_scalar_text(value)}"
        yield from _labelled(label + ("s" if len(values) > 1 else "") if number == 0 else "", shown, view, style=style)


def _metadata(namespace: object, values: Any, view: View) -> Iterator[Text]:
    """Pretty JSON of one namespace; each member is cut after some lines unless everything was asked for."""
    label = "metadata" if namespace == "default" else f"metadata {plain(namespace)}"
    members = list(values.items()) if isinstance(values, Mapping) else [(None, values)]
    hidden = 0 if view.is_full else max(len(members) - _MAX_METADATA_MEMBERS, 0)
    for name, value in members[: len(members) - hidden]:
        lines = _json_lines(name, value, view.width_cells - 2 - _LABEL_CELLS)
        shown = lines if view.is_full or len(lines) <= _MAX_MEMBER_LINES else lines[: _MAX_MEMBER_LINES - 1]
        for line in shown:
            yield from _labelled(label, line, view)
            label = ""
        if len(shown) < len(lines):
            yield from _labelled("", f"  … {len(lines) - len(shown)} more lines: --full shows them", view, style="dim")
    if hidden:
        yield from _labelled("", f"… {hidden} more members: --full shows them", view, style="dim")


def _json_lines(name: object, value: Any, cells: int) -> list[str]:
    """One line where the member fits it, indented JSON where it does not."""
    lead = "" if name is None else f"{json_text(name)}: "
    line = lead + json_text(value)
    if cell_len(line) <= cells or not isinstance(value, Mapping | list):
        return [line]
    return (lead + json_text(value, indent=2)).split("\n")


def _exceptions_by_id(waterfall: Waterfall) -> dict[str, tuple[JsonObject, str]]:
    """Every exception that has an id, with the name of the span that carries it."""
    found: dict[str, tuple[JsonObject, str]] = {}
    for row in waterfall.rows:
        for exception in _exceptions(row.span.document.get("cause")):
            if isinstance(exception.get("id"), str):
                found.setdefault(exception["id"], (exception, row.span.name))
    return found


def _exceptions(cause: object) -> list[JsonObject]:
    listed = cause.get("exceptions") if isinstance(cause, Mapping) else None
    return [exception for exception in listed if isinstance(exception, Mapping)] if isinstance(listed, list) else []


def _cause(cause: object, exceptions: Mapping[str, tuple[JsonObject, str]], view: View) -> Iterator[Text]:
    """Exceptions with their stacks; one that only passed through is named and referred to where it was raised."""
    if isinstance(cause, str):
        known = exceptions.get(cause)
        if known is None:
            text = f"{plain(cause)}, described by no span of this trace"
        else:
            text = f"{_exception_title(known[0])} (from {plain(known[1])})"
        yield from _labelled("exception", text, view, style="red")
        return
    for exception in _exceptions(cause):
        yield from _labelled("exception", _exception_title(exception), view, style="red")
        stack = exception.get("stack")
        frames = [frame for frame in stack if isinstance(frame, Mapping)] if isinstance(stack, list) else []
        yield from _stack(frames, view)
        if (cut := exception.get("truncated")) and isinstance(cut, int):
            yield from _labelled("", f"  … {cut} frames were not sent", view, style="dim")
        below = exceptions.get(str(exception.get("cause", "")))
        if below is not None:
            yield from _labelled("", f"  caused by {_exception_title(below[0])} (from {plain(below[1])})", view)


def _stack(frames: list[JsonObject], view: View) -> Iterator[Text]:
    """The frames, cut in the middle: some languages send the failing one first, some last."""
    hidden = 0 if view.is_full else max(len(frames) - 2 * _MAX_FRAMES_EACH_END, 0)
    for number, frame in enumerate(frames):
        if _MAX_FRAMES_EACH_END <= number < _MAX_FRAMES_EACH_END + hidden:
            if number == _MAX_FRAMES_EACH_END:
                yield from _labelled("", f"  … {hidden} more frames: --full shows them", view, style="dim")
            continue
        place = f"{_scalar_text(frame.get('path', '?'))}:{_scalar_text(frame.get('line', '?'))}"
        yield from _labelled("", f"  at {_scalar_text(frame.get('label', '?'))} ({place})", view, style="dim")


def _exception_title(exception: JsonObject) -> str:
    kind = _scalar_text(exception.get("type") or "exception")
    message = exception.get("message")
    return f"{kind}: {_scalar_text(message)}" if message else kind


def _scalar_text(value: Any) -> str:
    return plain(value) if isinstance(value, str) else json_text(value)


def _labelled(label: str, text: str, view: View, *, style: str = "") -> Iterator[Text]:
    """`text` beside its label, wrapped at cells (never inside a double-width letter)."""
    lead = label.ljust(_LABEL_CELLS - 1) + " "
    room = view.width_cells - 2 - cell_len(lead)
    for line in _wrapped(text, room):
        yield Text("  ").append(lead, style="dim").append(line, style=style)
        lead = " " * cell_len(lead)


def _wrapped(text: str, cells: int) -> list[str]:
    """Lines of at most `cells` cells, broken at blanks where there are any. Indentation is kept.

    A word longer than a line, such as a URL, goes on where the line is instead of leaving it almost empty, and is
    broken behind a `/` in the second half of the line where there is one.
    """
    if cell_len(text) <= cells:
        return [text]
    indent = " " * (len(text) - len(text.lstrip()))
    lines, line, used = [], "", 0
    last_blank = -1
    for char in text:
        width = cell_len(char)
        if used + width > cells and line.strip():
            slash = line.rfind("/") + 1
            if slash > max(last_blank, len(line) // 2):
                lines.append(line[:slash])
                line = indent + line[slash:]
            elif last_blank > len(indent):
                lines.append(line[:last_blank].rstrip())
                line = indent + line[last_blank:].lstrip()
            else:
                lines.append(line)
                line = indent
            used, last_blank = cell_len(line), -1
        if char == " " and lines and not line.strip():
            continue  # the blank at which the line was broken
        if char == " ":
            last_blank = len(line)
        line += char
        used += width
    return [*lines, line]
