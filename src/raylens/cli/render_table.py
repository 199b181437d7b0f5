"""A table whose names can be copied: it is never folded inside a word."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from raylens.cli.terminal_text import pad, plain

_GAP = "  "


def table_text(heads: Sequence[str], rows: Sequence[Sequence[str]], width_cells: int, *, name: int = 0) -> list[Text]:
    """The lines of a table. Where it is wider than `width_cells`, the column `name` gets lines of its own.

    A name then stands at the start of its line, the rest of its row indented below. One longer than a line stays
    whole, and the terminal wraps it: a person who selects it gets it in one piece.
    """
    cells = [[plain(cell) for cell in row] for row in rows]
    if _cells_needed([heads, *cells]) <= width_cells:
        return _aligned(heads, cells)
    lines: list[Text] = []
    rest = _aligned(_without(heads, name), [_without(row, name) for row in cells])
    for number, line in enumerate(rest):
        title = Text(heads[name], style="bold") if number == 0 else Text(cells[number - 1][name])
        lines += [title, Text((_GAP + line.plain).rstrip(), style="bold" if number == 0 else "dim")]
    return lines


def _aligned(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Text]:
    widths = _widths([heads, *rows])

    def line(row: Sequence[str]) -> str:
        return _GAP.join(pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()

    return [Text(line(heads), style="bold"), *(Text(line(row)) for row in rows)]


def _cells_needed(rows: Sequence[Sequence[str]]) -> int:
    widths = _widths(rows)
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(cell_len(cell) for cell in column) for column in zip(*rows, strict=True)]


def _without(row: Sequence[str], column: int) -> list[str]:
    return [cell for number, cell in enumerate(row) if number != column]
