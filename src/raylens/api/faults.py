"""Exceptions to what a caller sees: status, code and message, in AWS' words and in our own. The only such tables."""

from __future__ import annotations

import msgspec

from raylens.errors import (
    CallerError,
    FilterSyntaxError,
    InvalidRequest,
    LabNotRunning,
    MalformedBody,
    NotFound,
    Overloaded,
    QueryTooLarge,
    StorageError,
    StorageFull,
    StorageTimeout,
    UnknownOperation,
    UnknownSpan,
    UnknownTrace,
)


class Fault(msgspec.Struct, frozen=True):
    """An error of the X-Ray API, its code as AWS spells it, or one of the API below /api/v1/.

    `expected` is what could have stood where a filter expression cannot be read.
    """

    status: int
    code: str
    message: str
    expected: tuple[str, ...] = ()


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
            expected = error.expected if isinstance(error, FilterSyntaxError) else ()
            return Fault(status, code, str(error), expected)
    if isinstance(error, QueryTooLarge):
        return Fault(400, "InvalidRequestException", f"{_TOO_LARGE} (request {request_id})")
    for store_class, message in _STORES:
        if isinstance(error, store_class):
            return Fault(503, "ServiceUnavailable", f"{message} (request {request_id})")
    return Fault(500, "InternalFailure", f"raylens failed; its log names request {request_id}")


# The first that fits; the API below /api/v1/ has no SDKs to please and says what happened.
_OWN: tuple[tuple[type[CallerError | StorageError], int, str], ...] = (
    (FilterSyntaxError, 400, "invalid_filter"),
    (UnknownTrace, 404, "unknown_trace"),
    (UnknownSpan, 404, "unknown_span"),
    (NotFound, 404, "not_found"),
    (InvalidRequest, 400, "invalid_request"),
    (MalformedBody, 400, "malformed_body"),
    (Overloaded, 429, "overloaded"),
    (LabNotRunning, 503, "lab_not_running"),
    (QueryTooLarge, 400, "query_too_large"),
    (StorageTimeout, 504, "store_timeout"),
    (StorageError, 503, "store_unavailable"),
)
OWN_TOO_LARGE_CODE = "body_too_large"
# What the guard against pages from elsewhere answers.
WRONG_HOST_CODE = "wrong_host"
FOREIGN_PAGE_CODE = "foreign_page"
OWN_CODES = (
    *(code for _, _, code in _OWN), OWN_TOO_LARGE_CODE, WRONG_HOST_CODE, FOREIGN_PAGE_CODE, "internal",
)  # fmt: skip


def own_fault_from(error: Exception, request_id: str) -> Fault:
    """The same error for a caller of /api/v1/: the same message, the status and code of that API."""
    message = str(error) if isinstance(error, CallerError) else fault_from(error, request_id).message
    for error_class, status, code in _OWN:
        if isinstance(error, error_class):
            return Fault(status, code, message)
    return Fault(500, "internal", message)
