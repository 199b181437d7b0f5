from __future__ import annotations

import json

import pytest

from raylens import errors
from raylens.api.faults import OWN_CODES, Fault, fault_from, own_fault_from
from raylens.api.protocol.own_json import encode_error
from raylens.api.protocol.rest_json import encode_fault
from raylens.errors import (
    CallerError,
    ConfigError,
    FilterSyntaxError,
    InvalidRequest,
    MalformedBody,
    Overloaded,
    QueryTooLarge,
    RaylensError,
    SchemaTooNew,
    StorageError,
    StorageFull,
    StorageTimeout,
    StorageUnavailable,
    UnknownOperation,
    UnknownTrace,
)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (InvalidRequest("say what"), Fault(400, "InvalidRequestException", "say what")),
        (MalformedBody("say what"), Fault(400, "SerializationException", "say what")),
        (UnknownOperation("say what"), Fault(404, "UnknownOperationException", "say what")),
        (Overloaded("say what"), Fault(429, "ThrottledException", "say what")),
    ],
)
def test_what_the_caller_can_mend_is_shown_to_the_caller(error: CallerError, fault: Fault) -> None:
    assert fault_from(error, "r-1") == fault


@pytest.mark.parametrize("error_class", [StorageFull, StorageTimeout, StorageUnavailable, SchemaTooNew, StorageError])
def test_what_the_store_did_names_the_request_and_nothing_of_the_inside(error_class: type[StorageError]) -> None:
    fault = fault_from(error_class("Code: 243 at /secret/path"), "r-1")
    assert (fault.status, fault.code) == (503, "ServiceUnavailable")
    assert "r-1" in fault.message
    assert "secret" not in fault.message


def test_a_question_that_is_too_large_is_the_callers_to_mend_and_not_sent_again() -> None:
    fault = fault_from(QueryTooLarge("Code: 158 at /secret/path"), "r-1")
    assert (fault.status, fault.code) == (400, "InvalidRequestException")
    assert "ask for a shorter time range or a narrower filter (request r-1)" in fault.message
    assert "secret" not in fault.message


def test_a_bad_filter_expression_is_an_invalid_request_with_its_place() -> None:
    """Recorded text of the service."""
    fault = fault_from(FilterSyntaxError(1, 55, "missing ')' at end of expression"), "r-1")
    message = "Error Location: line 1, position 55 : missing ')' at end of expression"
    assert fault == Fault(400, "InvalidRequestException", message)


@pytest.mark.parametrize("error", [ValueError("secret"), KeyError("secret"), ConfigError("secret"), RecursionError()])
def test_everything_else_is_our_failure(error: Exception) -> None:
    fault = fault_from(error, "r-1")
    assert fault == Fault(500, "InternalFailure", "raylens failed; its log names request r-1")


def test_a_long_query_says_what_helps() -> None:
    assert "shorter time range" in fault_from(StorageTimeout("x"), "r-1").message


def test_every_error_in_the_tree_is_either_the_callers_or_the_stores() -> None:
    tree = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, RaylensError)]
    assert [e for e in tree if not issubclass(e, CallerError | StorageError)] == [RaylensError]


def test_a_fault_is_encoded_under_every_spelling_that_sdks_look_for() -> None:
    body, headers = encode_fault(Fault(400, "InvalidRequestException", '강 "x"'))
    assert json.loads(body) == {
        "__type": "InvalidRequestException",
        "Message": '강 "x"',
        "message": '강 "x"',
    }
    assert headers == {"x-amzn-ErrorType": "InvalidRequestException"}


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (FilterSyntaxError(1, 2, "x"), 400, "invalid_filter"),
        (InvalidRequest("x"), 400, "invalid_request"),
        (MalformedBody("x"), 400, "malformed_body"),
        (UnknownTrace("x"), 404, "unknown_trace"),
        (Overloaded("x"), 429, "overloaded"),
        (QueryTooLarge("x"), 400, "query_too_large"),
        (StorageTimeout("x"), 504, "store_timeout"),
        (StorageUnavailable("x"), 503, "store_unavailable"),
        (ValueError("x"), 500, "internal"),
    ],
)
def test_the_own_api_says_the_same_in_its_own_codes(error: Exception, status: int, code: str) -> None:
    fault = own_fault_from(error, "r-1")
    assert (fault.status, fault.code, fault.message) == (status, code, fault_from(error, "r-1").message)
    assert code in OWN_CODES


def test_the_own_api_tells_the_place_in_a_filter_and_nothing_else_of_other_errors() -> None:
    error = FilterSyntaxError(2, 7, "unexpected 'x'", ("AND", ")"), "b.filter")
    told = json.loads(encode_error(own_fault_from(error, "r-1"), error))["error"]
    assert told == {
        "code": "invalid_filter",
        "message": "Error Location: line 2, position 7 : unexpected 'x'",
        "line": 2,
        "column": 7,
        "expected": ["AND", ")"],
        "member": "b.filter",
    }
    plain = InvalidRequest("say what")
    told = json.loads(encode_error(own_fault_from(plain, "r-1"), plain))["error"]
    assert told == {"code": "invalid_request", "message": "say what"}
