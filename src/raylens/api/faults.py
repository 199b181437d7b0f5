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
_STORES: tuple[tuple[type[StorageError], str], ...] = (
    (StorageFull, "the store refuses writes: its disk is full or read-only"),
    (QueryTooLarge, "the question goes through more than allowed: ask for a shorter time range or a narrower filter"),
    (StorageTimeout, "the query took longer than allowed: ask for a shorter time range"),
    (StorageError, "the store does not answer"),
)


def fault_from(error: Exception, request_id: str) -> Fault:
    """The fault for `error`. What is ours to mend shows the request id and nothing of the inside."""
    for caller_class, status, code in _CALLERS:
        if isinstance(error, caller_class):
            return Fault(status, code, str(error))
    for store_class, message in _STORES:
        if isinstance(error, store_class):
            return Fault(503, "ServiceUnavailable", f"{message} (request {request_id})")
    return Fault(500, "InternalFailure", f"raylens failed; its log names request {request_id}")
