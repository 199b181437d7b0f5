"""JSON text to plain values when the fast decoder gives up on a number, and how deep a text may be nested."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import msgspec

# Far beyond what any SDK sends and far below where decoders, ours and the clients', run out of stack.
MAX_DEPTH = 256

_decoder = msgspec.json.Decoder()
_string_or_bracket = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')


def plain_from_json(text: str | bytes) -> Any:
    """The value of a JSON text, numbers that no double holds included: those become infinite.

    Members that are skipped while a document is typed may hold such numbers (`1e400`), so they are met only here;
    X-Ray drops what does not fit, and an infinite value is encoded as null.
    Raises: ValueError when it is not JSON.
    """
    try:
        return _decoder.decode(text)
    except msgspec.ValidationError:
        value = json.loads(text, parse_int=_number, parse_constant=_refuse_constant)
        # the standard decoder lets half surrogate pairs through, which no UTF-8 column takes
        json.dumps(value, ensure_ascii=False).encode()
        return value


def _number(digits: str) -> int | float:
    # int() refuses to read more digits than 4,300
    return int(digits) if len(digits) < 4_000 else float(digits)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def is_nested_too_deeply(text: str) -> bool:
    """Whether a JSON text has more than `MAX_DEPTH` levels, whatever the stack at hand would bear.

    Without a bound of our own the depth that decodes depends on the caller's stack: a document taken in at one depth
    could not be read back at another.
    """
    # counting is hundreds of times cheaper than looking, and enough for nearly all documents
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    depth = 0
    for found in _string_or_bracket.finditer(text):
        match found.group()[0]:
            case "[" | "{":
                depth += 1
                if depth > MAX_DEPTH:
                    return True
            case "]" | "}":
                depth -= 1
    return False


def is_number(value: object) -> bool:
    """Whether `value` is a JSON number that a double holds; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
