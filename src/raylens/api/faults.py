"""Exceptions to what a caller sees: status, AWS error code and message. The only such table."""

from __future__ import annotations

import msgspec

from raylens.errors import (
    CallerError,
    InvalidRequest,
    MalformedBody,
    Overloaded,
    QueryTooLarge,
    StorageError,
    StorageFull,
    StorageTimeout,
    UnknownOperation,
)


class Fault(msgspec.Struct, frozen=True):
    """An error as AWS spells it."""

    status: int
    code: str
    message: str


_CALLERS: tuple[tuple[type[CallerError], int, str], ...] = (
    (InvalidRequest, 400, "InvalidRequestException"),
    (MalformedBody, 400, "SerializationException"),
    (UnknownOperation, 404, "UnknownOperationException"),
    (Overloaded, 429, "ThrottledException"),
)
# The same question would be too large again: a 503 or 429 would have every SDK send it several times more. Of reading
# only: `ingest.writer` raises it for no batch.
_TOO_LARGE = (
    "the question goes through more than query_memory_mb or query_million_rows allow and was not answered: "
    "ask for a shorter time range or a narrower filter"
)
_STORES: tuple[tuple[type[StorageError], str], ...] = (
    (StorageFull, "the store refuses writes: its disk is full or read-only"),
    # May succeed when less is going on, so that trying again is right
    (
        StorageTimeout,
        "the query took longer than query_deadline_s and was not answered: ask for a shorter time range, or try again",
    ),
    (StorageError, "the store does not answer"),
)


def fault_from(error: Exception, request_id: str) -> Fault:
    """The fault for `error`. What is ours to mend shows the request id and nothing of the inside."""
    for caller_class, status, code in _CALLERS:
        if isinstance(error, caller_class):
            return Fault(status, code, str(error))
    if isinstance(error, QueryTooLarge):
        return Fault(400, "InvalidRequestException", f"{_TOO_LARGE} (request {request_id})")
    for store_class, message in _STORES:
        if isinstance(error, store_class):
            return Fault(503, "ServiceUnavailable", f"{message} (request {request_id})")
    return Fault(500, "InternalFailure", f"raylens failed; its log names request {request_id}")
