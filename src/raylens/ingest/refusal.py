"""Why one document of a call was not stored, in X-Ray's words."""

from __future__ import annotations

import msgspec


class Refused(Exception):
    """Raised inside ingest for one document; the others of its call go on.

    `code` is X-Ray's ErrorCode (MissingId, MissingName, InvalidName and InvalidTraceId are known from the service,
    the others follow their pattern and are inferred); `cause` says what was seen and what was expected.
    """

    def __init__(self, code: str, cause: str, *, kind: str = "segment", document_id: str | None = None) -> None:
        super().__init__(cause)
        self.code = code
        self.cause = cause
        self.kind = kind
        self.document_id = document_id


class Refusal(msgspec.Struct, frozen=True):
    """One refused document: its position in the call, its id where one could be read, and the reason."""

    index: int
    document_id: str | None
    code: str
    message: str


def refusal_from(error: Refused, index: int) -> Refusal:
    """The refusal with X-Ray's message form, `Invalid segment. ErrorCode: InvalidName, Cause: ...`."""
    message = f"Invalid {error.kind}. ErrorCode: {error.code}, Cause: {error.cause}"
    return Refusal(index, error.document_id, error.code, message)


def quote(text: str, limit: int = 60) -> str:
    """`text` quoted and shortened, safe to put into a message."""
    shown = text if len(text) <= limit else text[:limit] + "..."
    return ascii(shown) if not shown.isprintable() else f"'{shown}'"
