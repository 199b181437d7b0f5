"""Where a filter expression cannot be read, drawn below it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from raylens.cli.terminal_text import cut_end, plain

_INDENT = "  "
_PLACE = re.compile(r"line (\d{1,9}), position (\d{1,9})")
# Of a long line at most this many characters before the place are shown.
_LEAD_LENGTH = 40


def place_lines(text: str, message: str, width_cells: int, expected: Sequence[str] = ()) -> list[Text]:
    """The line of `text` that `message` speaks of, a caret under the place, and what could have stood there.

    Nothing when it names no place.

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
    drawn = [Text(shown), Text(" " * cell_len(lead) + "^", style="bold red")]
    if expected:
        words = "expected " + ", ".join(plain(word) for word in expected)
        drawn += [Text(_INDENT + line) for line in textwrap.wrap(words, max(width_cells - len(_INDENT), 20))]
    return drawn
