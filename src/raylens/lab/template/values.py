"""The type of anything a template can hold, and small checks that name what they found."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TypeAlias

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"

Path: TypeAlias = "tuple[str | int, ...]"


def kind_of(value: object) -> str:
    """The word a template author would use for the type of `value`."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "a mapping"


def text_of(value: bool | int | float | str) -> str:
    """A scalar as CloudFormation writes it into a string: booleans in lower case, whole numbers without `.0`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def expected_one_of(seen: str, known: Iterable[str]) -> str:
    """`; expected one of: ...`, led by a guess when `seen` looks like a slip of the pen."""
    names = sorted(known)
    guess = get_close_matches(seen, names, n=1)
    hint = f" (did you mean {guess[0]}?)" if guess else ""
    return f"{hint}; expected one of: {', '.join(names) if names else 'none'}"
