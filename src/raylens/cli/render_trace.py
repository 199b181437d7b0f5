"""One trace as a waterfall for the terminal: header, bars on a common time scale, and where the time went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

import msgspec
from rich.cells import cell_len
from rich.text import Text

from raylens.cli.span_documents import member
from raylens.cli.terminal_text import (
    cut_end,
    cut_middle,
    duration_text,
    instant_text,
    pad,
    plain,
    request_text,
    share_text,
    zone_text,
)
from raylens.cli.waterfall import Row, Waterfall
from raylens.cli.waterfall_bar import bar_text, scale_text
from raylens.cli.words import OUTCOME_STYLES, short_type_label, type_label
from raylens.traces.critical_path import NamedCause

_OUTCOME_CELLS = 12
_START_CELLS = 8
_DURATION_CELLS = 7
_MAX_SLOWEST_LISTED = 5
_MIN_CAUSE_SHARE = 0.01


class View(msgspec.Struct, frozen=True):
    """How to draw: the cells of a line, the zone of instants (None: this machine's), and whether nothing is cut."""

    width_cells: int
    zone: tzinfo | None = None
    is_full: bool = False


class _Columns(msgspec.Struct, frozen=True):
    """Cells of the columns whose width depends on what they hold."""

    name: int
    outcome: int
    bar: int


def _columns(waterfall: Waterfall, view: View) -> _Columns:
    """As much as the outcomes need, up to a share of the line for the tree of names, and the rest for the bars."""
    outcome = max(len(_outcome_text(row)) for row in waterfall.rows)
    needed = max(row.depth * _indent_cells(view) + cell_len(_longest_title(row)) for row in waterfall.rows)
    name = min(needed, max(34, min(64, view.width_cells * 9 // 20)))
    taken = 2 + name + 1 + outcome + 1 + _START_CELLS + 1 + _DURATION_CELLS + 1
    return _Columns(name=name, outcome=outcome, bar=max(view.width_cells - taken, 8))


def _indent_cells(view: View) -> int:
    return 1 if view.width_cells < 100 else 2


def _outcome_text(row: Row) -> str:
    status = row.span.http_status
    return cut_end(row.outcome if status is None else f"{row.outcome} {status}", _OUTCOME_CELLS)


def _longest_title(row: Row) -> str:
    return " ".join((plain(row.span.name), *_notes(row)[0][:1]))


def trace_text(trace_id: str, waterfall: Waterfall, view: View, causes: Sequence[NamedCause] = ()) -> list[Text]:
    """The lines of the header, the waterfall, the slowest path and the known causes on it."""
    columns = _columns(waterfall, view)
    return [
        *_header(trace_id, waterfall, view),
        Text(),
        _column_heads(waterfall, columns),
        *(_row_line(row, waterfall, view, columns) for row in waterfall.rows),
        Text(),
        *_slowest_path(waterfall, view),
        *_known_causes(causes, view),
    ]


def row_title(row: Row) -> str:
    """The name of a row and what it calls: `dynamodb → Reservations (AWS::DynamoDB::Table)`."""
    calls = "".join(f" → {_callee_text(callee.name, callee.origin)}" for callee in row.callees)
    return plain(row.span.name) + calls


def _callee_text(name: str, origin: str | None) -> str:
    return f"{plain(name)} ({plain(origin)})" if origin else plain(name)


def _header(trace_id: str, waterfall: Waterfall, view: View) -> list[Text]:
    root = waterfall.rows[0]
    request = member(member(root.span.document, "http"), "request")
    outcome = root.outcome
    title = Text("Trace ", style="bold").append(plain(trace_id), style="bold cyan")
    status = f"{root.span.http_status or ''} {outcome}".strip()
    room = view.width_cells - len(status) - 3
    first = Text(
        request_text(request.get("method"), request.get("url"), room) or cut_middle(plain(root.span.name), room)
    )
    first.append(" → ", style="dim")
    first.append(status, style=f"bold {OUTCOME_STYLES[outcome]}")
    segments = sum(row.span.is_segment for row in waterfall.rows)
    response = "in progress" if waterfall.response_ns is None else duration_text(waterfall.response_ns)
    times = Text("Response time ").append(response, style="bold").append(" · duration ")
    times.append(duration_text(waterfall.duration_ns), style="bold")
    times.append(f" · {_counted(segments, 'segment')}, {_counted(len(waterfall.rows) - segments, 'subsegment')}")
    cold = _cold_start_text(waterfall)
    started = Text(f"Started {instant_text(waterfall.start_ns, view.zone)} {zone_text(waterfall.start_ns, view.zone)}")
    return [title, first, times, started, *([Text(cold, style="bold cyan")] if cold else [])]


def _cold_start_text(waterfall: Waterfall) -> str:
    cold_ns = sum(row.duration_ns or 0 for row in waterfall.rows if row.is_cold_start)
    if not any(row.is_cold_start for row in waterfall.rows):
        return ""
    held_ns = sum(row.held_ns for row in waterfall.rows if row.is_cold_start)
    share = f", {share_text(held_ns, waterfall.response_ns)} of the response" if waterfall.response_ns else ""
    return f"Cold start {duration_text(cold_ns)}{share}"


def _column_heads(waterfall: Waterfall, columns: _Columns) -> Text:
    line = Text(" " * (2 + columns.name + 1 + columns.outcome + 1), style="dim")
    line.append(scale_text(waterfall.scale, columns.bar))
    return line.append("start".rjust(_START_CELLS + 1)).append("lasted".rjust(_DURATION_CELLS + 1))


def _row_line(row: Row, waterfall: Waterfall, view: View, columns: _Columns) -> Text:
    line = Text("● " if row.on_slowest_path else "  ", style="bold cyan")
    line.append_text(_name_cell(row, view, columns.name)).append(" ")
    line.append(pad(_outcome_text(row), columns.outcome + 1), style=OUTCOME_STYLES[row.outcome])
    line.append_text(bar_text(row, waterfall.scale, columns.bar))
    line.append(cut_end(duration_text(row.offset_ns), _START_CELLS).rjust(_START_CELLS + 1), style="dim")
    lasted = "open" if row.duration_ns is None else duration_text(row.duration_ns)
    return line.append(cut_end(lasted, _DURATION_CELLS).rjust(_DURATION_CELLS + 1))


def _name_cell(row: Row, view: View, cells: int) -> Text:
    indent = row.depth * _indent_cells(view)
    room = cells
    if indent > room // 2:  # too deep to draw: say how deep instead
        lead = f"⋯{row.depth} "
        indent = cell_len(lead)
    else:
        lead = " " * indent
    room -= indent
    notes, note_style = _notes(row)
    name = plain(row.span.name)
    # The longest note that leaves the name whole; with none, the shortest one and a shortened name.
    fitting = [note for note in notes if cell_len(name) + 1 + cell_len(note) <= room]
    note = fitting[0] if fitting else notes[-1] if notes else ""
    name_room = max(room - cell_len(note) - 1, room // 2) if note else room
    text = Text(lead).append(cut_middle(name, name_room), style="bold" if row.span.is_segment else "")
    left = cells - text.cell_len - 1
    if note and left >= 4:
        text.append(" ").append(cut_end(note, left), style=note_style)
    return text.append(" " * (cells - text.cell_len))


def _notes(row: Row) -> tuple[tuple[str, ...], str]:
    """What stands beside a name, longest wording first: what is out of order, or what it calls, or what it is."""
    span = row.span
    if row.is_orphan:
        return ("parent never arrived", "no parent"), "bold yellow"
    if row.is_in_progress:
        return ("in progress",), "bold yellow"
    if row.starts_before_parent:
        return ("starts before its parent", "before parent"), "bold yellow"
    if row.is_cold_start:
        return ("cold start",), "bold cyan"
    if row.callees:
        typed = ", ".join(_callee_text(callee.name, callee.origin) for callee in row.callees)
        return (f"→ {typed}", "→ " + ", ".join(plain(callee.name) for callee in row.callees)), "cyan"
    if row.is_async_tail:
        return ("not waited for", "async"), "dim"
    if span.origin:
        return (plain(type_label(span.origin)), plain(short_type_label(span.origin))), "dim"
    return ((span.namespace,), "dim") if span.namespace in ("aws", "remote") else ((), "")


def _slowest_path(waterfall: Waterfall, view: View) -> list[Text]:
    """The spans that held the response longest, and how to read the drawing."""
    held = sorted((row for row in waterfall.rows if row.held_ns), key=lambda row: (-row.held_ns, row.offset_ns))
    if not held:
        return []
    total_ns = sum(row.held_ns for row in held)
    legend = "● waited for   █ holds the response itself   ━ waits for what it called"
    lines = [Text(legend, style="dim"), Text(), Text("Slowest path", style="bold")]
    for row in held[:_MAX_SLOWEST_LISTED]:
        kind = f" {type_label(row.span.origin)}" if row.span.origin else ""
        name = row_title(row) + (" (cold start)" if row.is_cold_start else "") + plain(kind)
        share = share_text(row.held_ns, total_ns).rjust(8)
        line = Text(f"{share}  {duration_text(row.held_ns).rjust(8)}  ", style="cyan")
        lines.append(line.append(cut_middle(name, view.width_cells - line.cell_len), style="default"))
    rest = held[_MAX_SLOWEST_LISTED:]
    if rest:
        rest_ns = sum(row.held_ns for row in rest)
        share = share_text(rest_ns, total_ns).rjust(8)
        lines.append(
            Text(f"{share}  {duration_text(rest_ns).rjust(8)}  {_counted(len(rest), 'other span')}", style="dim")
        )
    return lines


def _known_causes(causes: Sequence[NamedCause], view: View) -> list[Text]:
    """What people call the stretches of the slowest path that have a name, and where they were.

    Those of less than a hundredth of the response explain nothing and are left out.
    """
    told = [cause for cause in causes if cause.share >= _MIN_CAUSE_SHARE]
    lines = [Text(), Text("Known causes", style="bold")] if told else []
    for cause in told:
        share = share_text(cause.share, 1).rjust(8)
        line = Text(f"{share}  {duration_text(cause.held_ns).rjust(8)}  ", style="cyan")
        where = _callee_text(cause.service.name, cause.service.type or None)
        lines.append(
            line.append(cut_middle(f"{cause.name}: {where}", view.width_cells - line.cell_len), style="default")
        )
    return lines


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
