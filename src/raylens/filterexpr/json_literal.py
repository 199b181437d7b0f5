"""The JSON literal `#[...]` of `rootcause.json`, read out of filter text and written into it.

Source: X-Ray developer guide, getting data from X-Ray, "Refining root cause entities with filter expressions".
"""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

from raylens.filterexpr.unreadable import Unacceptable, Unreadable

# A root cause is six deep.
_MAX_DEPTH = 32

_STRING_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|["\[\]{}]', re.DOTALL)


def read_json_array(text: str, offset: int) -> tuple[list[Any], int]:
    """The array after the `#` at `offset`, and where the text goes on.

    Raises: Unreadable for an array that does not end, that is no JSON or that is nested deeper than 32 levels.
    """
    end = _end_of_array(text, offset + 1)
    try:
        value: list[Any] = msgspec.json.decode(text[offset + 1 : end])
    except ValueError as error:
        # DecodeError, and UnicodeEncodeError for a lone surrogate
        raise Unreadable(offset, "invalid JSON literal") from error
    return value, end


def _end_of_array(text: str, start: int) -> int:
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text, start):
        mark = match.group()
        if mark == '"':
            break  # a string that does not end
        if mark in ("[", "{"):
            depth += 1
            if depth > _MAX_DEPTH:
                raise Unacceptable(match.start(), f"nesting deeper than {_MAX_DEPTH} levels")
        elif mark in ("]", "}"):
            depth -= 1
            if depth == 0:
                return match.end()
    raise Unreadable(len(text), "missing ']' at end of expression")


def json_text(value: list[Any]) -> str:
    """The array as one line of JSON; `read_json_array` gives it back."""
    return json.dumps(value, ensure_ascii=False)
