"""The encoding of the API below /api/v1/: JSON, members in snake_case.

Instants are epoch seconds, in and out; ISO 8601 is read as well. Lengths are milliseconds. Absent is null.
"""

from __future__ import annotations

import msgspec

from raylens.api.faults import Fault
from raylens.errors import FilterSyntaxError


class ErrorMember(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong. For a filter expression also where: `line` and `column` count from 1, in characters, `expected`
    names what could have stood there, and `member` says which of several filters it is."""

    code: str
    message: str
    line: int | None = None
    column: int | None = None
    expected: tuple[str, ...] = ()
    member: str | None = None


class ErrorAnswer(msgspec.Struct, frozen=True):
    """Every answer that is not 200."""

    error: ErrorMember


def error_member(fault: Fault, error: Exception | None) -> ErrorMember:
    """What is told of `error`."""
    if isinstance(error, FilterSyntaxError):
        return ErrorMember(fault.code, fault.message, error.line, error.column, error.expected, error.member)
    return ErrorMember(fault.code, fault.message)


def encode_error(fault: Fault, error: Exception | None) -> bytes:
    """The body of an answer that is an error."""
    return msgspec.json.encode(ErrorAnswer(error_member(fault, error)))
