"""Every exception raylens raises on purpose.

    RaylensError
    +-- CallerError                the caller can mend it; safe to show
    |   +-- InvalidRequest         a request that breaks the operation's rules
    |   |   +-- FilterSyntaxError  a filter expression that cannot be read, and where
    |   |   +-- UnknownTrace       no trace of this id is stored
    |   |   +-- UnknownSpan        the trace has no (sub)segment of this id
    |   |   +-- UnknownGroup       no group of this name or ARN
    |   |   +-- NotFound           what the path of a request names is not there
    |   +-- MalformedBody          bytes that are not the protocol's encoding
    |   +-- UnknownOperation       no such operation or path
    |   +-- Overloaded             the write buffer is full; try again later
    |   +-- LabNotRunning          no lab answers where one was expected
    |   +-- ConfigError            a setting, flag or file that cannot be used
    +-- StorageError               ours; logged, shown as a request id
        +-- StorageUnavailable     the store cannot be opened or reached
        +-- StorageFull            the store refuses writes: disk full or read-only
        +-- StorageTimeout         a query passed its deadline
        +-- QueryTooLarge          a query would read or hold more than is allowed
        +-- SchemaTooNew           the data was written by a newer raylens

A caller's error says what was seen and what was expected; `api.faults` maps each class to a protocol's code.
"""

from __future__ import annotations


class RaylensError(Exception):
    """Base of all of them; never raised itself."""


class CallerError(RaylensError):
    """Base of what the caller can mend. The message is shown to the caller as it is."""


class InvalidRequest(CallerError):
    """A request that is well formed but breaks a rule of its operation."""


class FilterSyntaxError(InvalidRequest):
    """A filter expression that cannot be read. The message is worded as X-Ray words it.

    `line` and `column` count from 1, in characters; the end of the text is one past its last character. `tail` is the
    message without the position. `expected` names what could have stood there, and is empty where a limit was passed.
    `member` is the member of the request that holds the expression, where it could be one of several.
    """

    def __init__(
        self, line: int, column: int, tail: str, expected: tuple[str, ...] = (), member: str | None = None
    ) -> None:
        super().__init__(f"Error Location: line {line}, position {column} : {tail}")
        self.line = line
        self.column = column
        self.tail = tail
        self.expected = expected
        self.member = member


class UnknownTrace(InvalidRequest):
    """No trace of this id is stored: it has not arrived, or it has expired."""


class UnknownSpan(InvalidRequest):
    """The trace is stored, but no segment or subsegment of it has this id."""


class UnknownGroup(InvalidRequest):
    """No group has this name or ARN."""


class NotFound(InvalidRequest):
    """What the path of a request names is not there."""


class MalformedBody(CallerError):
    """Bytes that are not the encoding the protocol asks for, or hold a value of the wrong type."""


class UnknownOperation(CallerError):
    """A path or operation nobody serves here."""


class Overloaded(CallerError):
    """The write buffer is full. Nothing of the call was stored; sending again later is safe."""


class LabNotRunning(CallerError):
    """No lab answers where the server was told to look for one; the message says how to start one."""


class ConfigError(CallerError):
    """A setting that cannot be used: the message names it, its value, where it came from and what is expected."""


class StorageError(RaylensError):
    """Base of what went wrong below us."""


class StorageUnavailable(StorageError):
    """The store cannot be opened or reached."""


class StorageFull(StorageError):
    """The store refuses writes because its disk is full or read-only. What is stored stays readable."""


class StorageTimeout(StorageError):
    """A statement passed its deadline and was stopped."""


class QueryTooLarge(StorageError):
    """A statement would have read or held more than its budget and was stopped: nothing was answered."""


class SchemaTooNew(StorageError):
    """The database was migrated by a newer raylens than this one."""
