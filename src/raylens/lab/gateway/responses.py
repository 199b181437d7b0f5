"""HTTP answers: those made of a function's result, and those the gateway makes itself."""

from __future__ import annotations

from typing import Any

import msgspec

from raylens.lab.http1 import Response

_RESULT_KEYS = frozenset(
    {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded", "cookies", "base64Encoded"}
)
_JSON = ("Content-Type", "application/json")


class _Malformed(Exception):
    pass


def gateway_error(status: int, message: str, error_type: str) -> Response:
    """An answer of the gateway's own, in its shape: a JSON message, and the kind in `x-amzn-ErrorType`."""
    return Response(
        status=status,
        headers=(_JSON, ("x-amzn-ErrorType", error_type)),
        body=msgspec.json.encode({"message": message}),
    )


def forbidden() -> Response:
    """No such API or stage."""
    return gateway_error(403, "Forbidden", "ForbiddenException")


def missing_route() -> Response:
    """An unknown resource or method: API Gateway answers 403, neither 404 nor 405."""
    return gateway_error(403, "Missing Authentication Token", "MissingAuthenticationTokenException")


def too_many_requests() -> Response:
    """The stage's throttle limit is used up."""
    return gateway_error(429, "Too Many Requests", "TooManyRequestsException")


def body_too_large() -> Response:
    """More than 10 MB came."""
    return gateway_error(413, "Request Too Long", "RequestTooLargeException")


def internal_error(status: int) -> Response:
    """502 for what the function did wrong, 500 for what calling it did."""
    return gateway_error(status, "Internal server error", "InternalServerErrorException")


def timed_out() -> Response:
    """The function did not answer within the gateway's own limit."""
    return gateway_error(504, "Endpoint request timed out", "IntegrationTimeoutException")


def mock_response(methods: tuple[str, ...]) -> Response:
    """A MOCK integration's answer, for the OPTIONS calls that browsers make before others: all is allowed."""
    return Response(
        status=200,
        headers=(
            _JSON,
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Allow-Methods", ",".join(methods)),
            ("Access-Control-Allow-Headers", "Content-Type,Authorization,X-Amz-Date,X-Api-Key,X-Amz-Security-Token"),
        ),
    )


def response_from_result(payload: bytes) -> Response:
    """The answer a function's result stands for; 502 when it is no proxy response.

    A proxy response is a JSON object of `statusCode`, `headers`, `multiValueHeaders`, `body` (a string) and
    `isBase64Encoded`, and nothing else. A missing status is 200. The API declares no binary media types, so an
    encoded body goes out as its base64 text.
    """
    try:
        result = msgspec.json.decode(payload)
        if not isinstance(result, dict) or not _RESULT_KEYS.issuperset(result):
            raise _Malformed
        return Response(status=_status(result), headers=_headers(result), body=_body(result))
    except (msgspec.DecodeError, UnicodeDecodeError, _Malformed):
        return internal_error(502)


def _status(result: dict[str, Any]) -> int:
    status = result.get("statusCode", 200)
    if isinstance(status, str) and status.isascii() and status.isdigit():
        status = int(status)
    if not isinstance(status, int) or isinstance(status, bool) or not 100 <= status <= 599:
        raise _Malformed
    return status


def _headers(result: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    merged: list[tuple[str, str]] = []
    for name, values in {**(_object(result, "multiValueHeaders"))}.items():
        if not isinstance(values, list):
            raise _Malformed
        merged += [(name, _text(value)) for value in values]
    merged += [(name, _text(value)) for name, value in _object(result, "headers").items() if value is not None]
    # A pair given in both maps is sent once.
    unique = tuple(dict.fromkeys(merged))
    return unique if any(name.lower() == "content-type" for name, _ in unique) else (_JSON, *unique)


def _object(result: dict[str, Any], key: str) -> dict[str, Any]:
    value = result.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _Malformed
    return value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise _Malformed


def _body(result: dict[str, Any]) -> bytes:
    body = result.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise _Malformed
    return body.encode("utf-8")
