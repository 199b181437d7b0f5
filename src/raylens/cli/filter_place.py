"""Where a filter expression cannot be read, drawn below it."""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.text import Text

from raylens.cli.terminal_text import cut_end, plain

_INDENT = "  "
_PLACE = re.compile(r"line (\d{1,9}), position (\d{1,9})")
# Of a long line at most this many characters before the place are shown.
_LEAD_LENGTH = 40


def place_lines(text: str, message: str, width_cells: int) -> list[Text]:
    """The line of `text` that `message` speaks of, and a caret under the place; nothing when it names none.

    Line and position are those of `Error Location: line 1, position 5 : ...`, both from 1; the end of a line is one
    past its last character.
    """
    found = _PLACE.search(message)
    lines = text.split("\n")
    if found is None or not 1 <= int(found[1]) <= len(lines):
        return []
    line, before_length = lines[int(found[1]) - 1], int(found[2]) - 1
    if not 0 <= before_length <= len(line):
        return []
    before, after = plain(line[:before_length]), plain(line[before_length:])
    if len(before) > _LEAD_LENGTH:
        before = "…" + before[-_LEAD_LENGTH:]
    lead = _INDENT + before
    shown = lead + cut_end(after, max(width_cells - cell_len(lead), 1))
    return [Text(shown), Text(" " * cell_len(lead) + "^", style="bold red")]
