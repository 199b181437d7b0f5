"""Text that is safe and fits: foreign names made harmless, cut by cells, times and durations in words.

Names, messages and metadata come from whoever sent the trace. Printed as they are, a name could move the cursor,
recolour the screen (ANSI) or turn the line round (bidirectional overrides), so everything foreign passes `plain`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime, tzinfo
from typing import Any

from rich.cells import cell_len, set_cell_size

NS_PER_US = 1_000
NS_PER_MS = 1_000_000
NS_PER_S = 1_000_000_000

# Control, format (bidi overrides, zero-width), surrogate, private-use, line and paragraph separator characters.
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Characters that JSON leaves as they are although a terminal acts on them.
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_DURATION_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def plain(text: object) -> str:
    """`text` on one line with every character a terminal would act on written as an escape such as `\\x1b`."""
    value = text if isinstance(text, str) else str(text)
    if value.isascii() and value.isprintable():
        return value
    return "".join(_escaped(char) if unicodedata.category(char) in _UNSAFE_CATEGORIES else char for char in value)


def _escaped(char: str) -> str:
    code = ord(char)
    if char in "\n\t\r":
        return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}[char]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def json_text(value: Any, *, indent: int | None = None) -> str:
    """`value` as JSON that may be printed: readable letters stay, what a terminal acts on becomes `\\uXXXX`.

    The result parses back to the same value: these characters can only stand inside JSON strings.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate, which UTF-8 cannot carry
        text = json.dumps(value, ensure_ascii=True, indent=indent)
    return _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def cut_end(text: str, cells: int) -> str:
    """`text` in at most `cells` terminal cells, its end replaced by an ellipsis when it does not fit."""
    if cell_len(text) <= cells:
        return text
    return set_cell_size(text, max(cells - 1, 0)).rstrip() + "…" if cells > 0 else ""


def cut_middle(text: str, cells: int) -> str:
    """`text` in at most `cells` cells, its middle replaced: names often differ only at their end."""
    if cell_len(text) <= cells:
        return text
    if cells < 8:
        return cut_end(text, cells)
    tail_cells = min((cells - 1) // 3, 10)
    tail = text[-tail_cells:]
    while cell_len(tail) > tail_cells:
        tail = tail[1:]
    return set_cell_size(text, cells - 1 - cell_len(tail)).rstrip() + "…" + tail


def request_text(method: object, url: object, cells: int) -> str:
    """A request such as `GET https://host/path` in at most `cells` cells; the host goes first when it is too long."""
    words = [plain(word) for word in (method, url) if isinstance(word, str) and word]
    whole = " ".join(words)
    if cell_len(whole) > cells and isinstance(url, str):
        words[-1] = re.sub(r"^[a-z][a-z0-9+.-]*://[^/]*(?=/)", "", words[-1], flags=re.IGNORECASE)
        whole = " ".join(words)
    return cut_middle(whole, cells)


def pad(text: str, cells: int) -> str:
    """`text` filled with blanks to `cells` cells; a longer one is left as it is."""
    return text + " " * max(cells - cell_len(text), 0)


def duration_text(duration_ns: int) -> str:
    """A duration in three significant figures and the unit that suits it: `28 µs`, `21.7 ms`, `3.84 s`, `2m 5s`."""
    if duration_ns < 0:
        return "-" + duration_text(-duration_ns)
    if duration_ns == 0:
        return "0 ms"
    if duration_ns < 999_500:
        return f"{max(round(duration_ns / NS_PER_US), 1)} µs"
    if duration_ns < 999_500_000:
        return f"{_three_figures(duration_ns / NS_PER_MS)} ms"
    if duration_ns < 60 * NS_PER_S:
        return f"{_three_figures(duration_ns / NS_PER_S)} s"
    minutes, seconds = divmod(round(duration_ns / NS_PER_S), 60)
    if minutes < 60:
        return f"{minutes}m {seconds}s"
    return f"{minutes // 60}h {minutes % 60}m"


def _three_figures(value: float) -> str:
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:.0f}"


def share_text(part: float, whole: float) -> str:
    """`part` of `whole` in percent; a share that is not nothing is never written as 0 %."""
    if not whole or not part:
        return "0 %"
    percent = 100 * part / whole
    if percent < 0.1:
        return "<0.1 %"
    return f"{percent:.0f} %" if percent == 100 or percent == round(percent) else f"{min(percent, 99.9):.1f} %"


def instant_text(instant_ns: int, zone: tzinfo | None, *, with_date: bool = True) -> str:
    """An instant in `zone` (None: this machine's), to the millisecond, without the zone's name."""
    shape = "%Y-%m-%d %H:%M:%S" if with_date else "%H:%M:%S"
    return f"{_local(instant_ns, zone).strftime(shape)}.{instant_ns // NS_PER_MS % 1000:03d}"


def zone_text(instant_ns: int, zone: tzinfo | None) -> str:
    """The zone at that instant, name and offset: `KST +09:00`."""
    local = _local(instant_ns, zone)
    offset = local.strftime("%z")
    name = local.tzname() or ""
    shown_offset = f"{offset[:3]}:{offset[3:5]}"
    return shown_offset if not name or name[0] in "+-" or name == f"UTC{shown_offset}" else f"{name} {shown_offset}"


def _local(instant_ns: int, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(instant_ns // NS_PER_S, UTC).astimezone(zone)


def seconds_from_span(text: str) -> int:
    """Seconds in a look-back such as `90s`, `15m`, `1h` or `2d`.

    Raises: ValueError, saying what is expected.
    """
    match = re.fullmatch(r"([0-9]{1,9})([smhd])", text.strip().lower())
    if match is None or int(match[1]) == 0:
        raise ValueError(f"'{plain(text)}' is not a time span: expected a number and s, m, h or d, such as 15m or 2h")
    return int(match[1]) * _DURATION_UNITS_S[match[2]]
