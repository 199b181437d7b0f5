"""The proxy event (REST API, payload version 1) that a function gets for a request."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from raylens.lab.gateway.exchange import Exchange
from raylens.lab.gateway.routing import Match

_IDENTITY_FIELDS_WITHOUT_AUTHORIZER = (
    "cognitoIdentityPoolId",
    "accountId",
    "cognitoIdentityId",
    "caller",
    "principalOrgId",
    "accessKey",
    "cognitoAuthenticationType",
    "cognitoAuthenticationProvider",
    "userArn",
    "user",
)


def proxy_event(exchange: Exchange, match: Match) -> bytes:
    """The event as JSON.

    Empty maps are null. The single-value maps keep the last value of a repeated name, the multi-value maps all;
    header names keep the client's case. A body that is not UTF-8 goes as base64.
    """
    headers = _headers(exchange)
    multi_headers: dict[str, list[str]] = {}
    for name, value in headers:
        multi_headers.setdefault(name, []).append(value)
    multi_query: dict[str, list[str]] = {}
    for name, value in parse_qsl(exchange.query, keep_blank_values=True):
        multi_query.setdefault(name, []).append(value)
    body, is_base64 = _body(exchange.request.body)
    event: dict[str, Any] = {
        "resource": match.route.path,
        "path": exchange.path,
        "httpMethod": exchange.request.method,
        "headers": {name: values[-1] for name, values in multi_headers.items()} or None,
        "multiValueHeaders": multi_headers or None,
        "queryStringParameters": {name: values[-1] for name, values in multi_query.items()} or None,
        "multiValueQueryStringParameters": multi_query or None,
        "pathParameters": match.path_parameters or None,
        "stageVariables": exchange.stage.variables or None,
        "requestContext": _request_context(exchange, match),
        "body": body,
        "isBase64Encoded": is_base64,
    }
    return msgspec.json.encode(event)


def _headers(exchange: Exchange) -> list[tuple[str, str]]:
    # What the gateway adds or rewrites on the way: the host it is known by, the caller's address, the trace. The
    # client's address is the last entry of X-Forwarded-For; what came in that header before it is kept.
    replaced = ("host", "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto", "connection")
    headers = [each for each in exchange.request.headers if each[0].lower() not in replaced]
    forwarded = exchange.request.header("X-Forwarded-For")
    client_ip = exchange.request.client_ip
    headers += [
        ("Host", exchange.domain),
        ("X-Amzn-Trace-Id", f"Root={exchange.header.root}"),
        ("X-Forwarded-For", f"{forwarded}, {client_ip}" if forwarded else client_ip),
        ("X-Forwarded-Port", "443"),
        ("X-Forwarded-Proto", "https"),
    ]
    # A client's raw UTF-8 in a header came decoded as latin-1.
    return sorted((name, value.encode("latin-1").decode("utf-8", "replace")) for name, value in headers)


def _request_context(exchange: Exchange, match: Match) -> dict[str, Any]:
    stage = exchange.stage
    moment = datetime.fromtimestamp(exchange.started_ns / 1_000_000_000, UTC)
    return {
        "resourceId": match.route.resource_id,
        "resourcePath": match.route.path,
        "httpMethod": exchange.request.method,
        "extendedRequestId": exchange.extended_request_id,
        "requestTime": f"{moment:%d}/{_MONTHS[moment.month - 1]}/{moment:%Y:%H:%M:%S} +0000",
        "path": exchange.full_path,
        "accountId": stage.account_id,
        "protocol": "HTTP/1.1",
        "stage": stage.stage_name,
        "domainPrefix": stage.api_id,
        "requestTimeEpoch": exchange.started_ns // 1_000_000,
        "requestId": exchange.request_id,
        "identity": {
            **dict.fromkeys(_IDENTITY_FIELDS_WITHOUT_AUTHORIZER),
            "sourceIp": exchange.request.client_ip,
            "userAgent": exchange.user_agent,
        },
        "domainName": exchange.domain,
        "deploymentId": stage.deployment_id,
        "apiId": stage.api_id,
    }


# strftime's %b would follow the process's locale.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _body(body: bytes) -> tuple[str | None, bool]:
    if not body:
        return None, False
    try:
        return body.decode("utf-8"), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode("ascii"), True
