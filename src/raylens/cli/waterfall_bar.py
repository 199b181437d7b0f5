"""The bar of one waterfall row, and the scale above all of them."""

from __future__ import annotations

from rich.text import Text

from raylens.cli.terminal_text import duration_text
from raylens.cli.waterfall import Row
from raylens.cli.words import OUTCOME_STYLES
from raylens.traces.slowest_path import Interval

_EIGHTHS = "▏▎▍▌▋▊▉█"
_MIN_CELLS_PER_MARK = 12


def scale_text(scale: Interval, cells: int) -> str:
    """Offsets above the cells that they belong to: both ends, and marks between them where there is room."""
    end = duration_text(scale.end_ns)
    marks = max(cells // _MIN_CELLS_PER_MARK, 1)
    line = ""
    for number in range(marks):
        label = ("╷" if number else "") + duration_text(scale.start_ns + scale.duration_ns * number // marks)
        at = cells * number // marks
        if len(line) < max(at, 1) and at + len(label) + 1 + len(end) <= cells:
            line = line.ljust(at) + label
    return (line.ljust(cells - len(end)) + end)[-cells:]


def bar_text(row: Row, scale: Interval, cells: int) -> Text:
    """`cells` cells: a full block where the span itself held the response, a thin line where it only waited."""
    end_ns = row.until_ns
    first, last = _cell(row.offset_ns, scale, cells), _cell(max(end_ns - 1, row.offset_ns), scale, cells)
    style = OUTCOME_STYLES[row.outcome]
    if last < 0:
        return Text("◂".ljust(cells), style="dim")  # over before the scale begins
    first, last = max(first, 0), min(last, cells - 1)
    text = Text(" " * first)
    if first == last:
        share = (end_ns - row.offset_ns) * cells / max(scale.duration_ns, 1)
        glyph = _EIGHTHS[max(min(round(share * 8), 8), 1) - 1] if row.held else "╸"
        text.append(glyph, style=style)
    else:
        for cell in range(first, last + 1):
            is_open_end = row.is_in_progress and cell == last
            glyph = "▸" if is_open_end else _glyph(row, end_ns, cell, scale, cells)
            text.append(glyph, style=style if row.on_slowest_path else f"dim {style}")
    return text.append(" " * (cells - text.cell_len))


def _glyph(row: Row, end_ns: int, cell: int, scale: Interval, cells: int) -> str:
    if row.is_async_tail:
        return "╍"
    begins_ns = scale.start_ns + scale.duration_ns * cell / cells
    ends_ns = scale.start_ns + scale.duration_ns * (cell + 1) / cells
    shown_ns = min(end_ns, ends_ns) - max(row.offset_ns, begins_ns)
    held_ns = sum(max(min(interval.end_ns, ends_ns) - max(interval.start_ns, begins_ns), 0) for interval in row.held)
    return "█" if held_ns and 2 * held_ns >= shown_ns else "━"


def _cell(offset_ns: int, scale: Interval, cells: int) -> int:
    return (offset_ns - scale.start_ns) * cells // max(scale.duration_ns, 1)
