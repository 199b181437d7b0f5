"""Where and why filter text cannot be read, before it is told to the caller as line and column."""

from __future__ import annotations

_MAX_EXCERPT = 60


class Unreadable(Exception):
    """The text cannot be read at `offset`; `tail` says why. The parser turns it into a FilterSyntaxError."""

    def __init__(self, offset: int, tail: str) -> None:
        super().__init__(tail)
        self.offset = offset
        self.tail = tail


class Unacceptable(Unreadable):
    """The text is readable and still refused, for a limit or a repetition: nothing else was expected there."""


def excerpt(text: str) -> str:
    """`text` short enough for a message."""
    return text if len(text) <= _MAX_EXCERPT else text[:_MAX_EXCERPT] + "..."


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Both from 1; lines end with a line feed."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
