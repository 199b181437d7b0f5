"""AWS rest-json: bytes to shapes and back; no business here.

Source: the botocore service model's protocol, and what clients were seen to send: no Content-Type, an empty body,
`null` for absent members, timestamps as numbers or text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from raylens.api.faults import Fault
from raylens.errors import InvalidRequest, MalformedBody
from raylens.model.time import MAX_EPOCH_S, TimeRange, ns_from_seconds

CONTENT_TYPE = "application/json"
T = TypeVar("T")
Timestamp = int | float | str


def decode_request(body: bytes, shape: type[T]) -> T:
    """The request of `body`, typed; an empty body is an empty request and unknown members are ignored.

    Raises: MalformedBody when it is not JSON or a member has another type than the shape.
    """
    try:
        return msgspec.json.decode(body or b"{}", type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedBody(f"the body does not fit {shape.__name__}: {error}") from error
    except RecursionError as error:
        raise MalformedBody("the body is nested too deeply") from error


def decode_request_at(body: bytes, named: Mapping[str, str], shape: type[T]) -> T:
    """The request of `body` and of the members `named` in its path, which outrank those of the body.

    Raises: MalformedBody as `decode_request`.
    """
    members = decode_request(body, dict[str, Any]) if named else None
    if members is None:
        return decode_request(body, shape)
    try:
        return msgspec.convert({**members, **named}, shape)
    except msgspec.ValidationError as error:
        raise MalformedBody(f"the body does not fit {shape.__name__}: {error}") from error


def decode_parameters(parameters: Mapping[str, str], shape: type[T]) -> T:
    """The request of an address' parameters, typed; unknown ones are ignored.

    Raises: MalformedBody when one has another type than the shape.
    """
    try:
        return msgspec.convert(parameters, shape, strict=False)
    except msgspec.ValidationError as error:
        raise MalformedBody(f"the parameters do not fit {shape.__name__}: {error}") from error


def encode_response(value: dict[str, Any]) -> bytes:
    """The bytes of an answer. Members that are None MUST be left out by the caller."""
    return msgspec.json.encode(value)


def encode_fault(fault: Fault) -> tuple[bytes, dict[str, str]]:
    """Body and headers of an error; the message goes under both spellings that SDKs look for.

    `Expected` is an extension: what could have stood at the place in a filter expression that the message names.
    """
    body: dict[str, Any] = {"__type": fault.code, "Message": fault.message, "message": fault.message}
    if fault.expected:
        body["Expected"] = fault.expected
    return msgspec.json.encode(body), {"x-amzn-ErrorType": fault.code}


def ns_from_timestamp(value: Timestamp | None, member: str) -> int:
    """Epoch nanoseconds of a timestamp member: epoch seconds as number or text, or ISO 8601.

    Raises: InvalidRequest when it is missing, unreadable or beyond the year 2255.
    """
    if value is None:
        raise InvalidRequest(f"{member} is required")
    seconds = _seconds(value, member)
    if not 0 <= seconds <= MAX_EPOCH_S:
        raise InvalidRequest(f"{member} is {seconds:g}, epoch seconds were expected")
    return ns_from_seconds(seconds)


def window_from_members(start: Timestamp | None, end: Timestamp | None) -> TimeRange:
    """The range from StartTime to EndTime, its end excluded.

    Raises: InvalidRequest when one is missing or unreadable, or the end is not after the start.
    """
    return window_between(start, end, "StartTime", "EndTime")


def window_between(start: Timestamp | None, end: Timestamp | None, start_member: str, end_member: str) -> TimeRange:
    """The range between two members of these names; raises as `window_from_members`."""
    return TimeRange(ns_from_timestamp(start, start_member), ns_from_timestamp(end, end_member))


def _seconds(value: Timestamp, member: str) -> float:
    try:
        return float(value)
    except OverflowError:
        # an integer of hundreds of digits
        return math.inf
    except ValueError:
        pass
    value = str(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        shown = value if len(value) <= 40 else value[:40] + "..."
        raise InvalidRequest(f"{member} is '{shown}', epoch seconds or ISO 8601 were expected") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
