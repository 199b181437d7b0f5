"""The Lambda Runtime API's client in plain Python, for platforms where awslambdaric's compiled one is missing.

Same name and functions as the compiled module, which awslambdaric imports at its start. Runs inside the function's
process, so it imports nothing but the standard library.
"""

from __future__ import annotations

import http.client
import os
import socket
from collections.abc import Mapping
from typing import NoReturn

_user_agent = ""
_connection: http.client.HTTPConnection | None = None


def initialize_client(user_agent: str) -> None:
    """Remember what to send as User-Agent; the connection is opened by the first call."""
    global _user_agent
    _user_agent = user_agent


def next() -> tuple[bytes, dict[str, str | None]]:
    """Wait, without a time-out, for the next invocation: its event and headers."""
    status, headers, body = _call("GET", "/runtime/invocation/next", None, {})
    if status != 200:
        _refused("next", status, body)
    return body, _Headers(headers.items())


def post_invocation_result(invoke_id: str, result: bytes, content_type: str, invocation_id: str | None = None) -> None:
    """Hand over what the handler returned."""
    headers = {"Content-Type": content_type, **_invocation_header(invocation_id)}
    _post(f"/runtime/invocation/{invoke_id}/response", result, headers)


def post_error(invoke_id: str, error: str, xray_fault: str, invocation_id: str | None = None) -> None:
    """Hand over an exception: its JSON, and its cause as X-Ray spells it, raw UTF-8 in a header."""
    headers = {
        "Content-Type": "application/json",
        "Lambda-Runtime-Function-XRay-Error-Cause": xray_fault.encode("utf-8").decode("latin-1"),
        **_invocation_header(invocation_id),
    }
    _post(f"/runtime/invocation/{invoke_id}/error", error.encode("utf-8"), headers)


class _Headers(dict[str, "str | None"]):
    """Response headers by their lower-case names; `get` takes any case, as awslambdaric asks in mixed case."""

    def __init__(self, items: object) -> None:
        super().__init__((str(name).lower(), value) for name, value in items)  # type: ignore[attr-defined]

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        return super().get(name.lower(), default)


def _invocation_header(invocation_id: str | None) -> Mapping[str, str]:
    return {"Lambda-Runtime-Invocation-Id": invocation_id} if invocation_id else {}


def _post(path: str, body: bytes, headers: Mapping[str, str]) -> None:
    status, _, answer = _call("POST", path, body, headers)
    if not 200 <= status < 300:
        _refused(path, status, answer)


def _refused(what: str, status: int, body: bytes) -> NoReturn:
    raise RuntimeError(f"Runtime API refused {what}: {status} {body[:200]!r}")


def _call(
    method: str, path: str, body: bytes | None, headers: Mapping[str, str]
) -> tuple[int, http.client.HTTPMessage, bytes]:
    global _connection
    if _connection is None:
        _connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        _connection.connect()
        _connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _connection.request(method, f"/2018-06-01{path}", body, {"User-Agent": _user_agent, **headers})
    response = _connection.getresponse()
    return response.status, response.headers, response.read()
