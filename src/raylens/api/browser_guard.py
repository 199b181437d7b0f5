"""What a page from elsewhere must not do through the browser of somebody on this machine.

raylens asks nobody for a name or a password because it listens on loopback. A browser on this machine opens any page,
and such a page can reach raylens in two ways. It can send requests to 127.0.0.1; the browser then names the page's
origin in `Origin`. Or its own name can be made to resolve to 127.0.0.1 once it is loaded (DNS rebinding): to the
browser raylens is then the page's own server, and its answers can be read; but the page's name stands in `Host`.

SDKs reach raylens by any name that resolves to it and send no `Origin`. So for the X-Ray operations only `Origin`
counts; for the console and the API below /api/v1/, which serve this machine's browser and terminal, `Host` does too.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from raylens.api.faults import FOREIGN_PAGE_CODE, WRONG_HOST_CODE, Fault
from raylens.api.protocol.own_json import encode_error
from raylens.api.protocol.rest_json import CONTENT_TYPE
from raylens.api.question import PREFIX

_FOR_THIS_MACHINE = (PREFIX, "/console", "/xray/home")
_NOSNIFF = (b"x-content-type-options", b"nosniff")


class BrowserGuard:
    """ASGI middleware: refuses such requests, and forbids browsers to guess another type for any answer."""

    def __init__(self, application: ASGIApp, loopback_name: str | None) -> None:
        """`loopback_name`: the host that raylens listens on if that is loopback; None refuses nothing."""
        self._application = application
        self._loopback_name = loopback_name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start" and _NOSNIFF not in message["headers"]:
                message = {**message, "headers": [*message["headers"], _NOSNIFF]}
            await send(message)

        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._application)(scope, receive, send_marked)

    def _refusal(self, scope: Scope) -> Response | None:
        if self._loopback_name is None:
            return None
        headers = Headers(scope=scope)
        path: str = scope["path"]
        host, origin = headers.get("host"), headers.get("origin")
        if host and path.startswith(_FOR_THIS_MACHINE) and not self._is_here(_name_of(f"//{host}")):
            return _answer(
                path,
                Fault(
                    421,
                    WRONG_HOST_CODE,
                    f"the request was sent to {host[:200]!r}, but raylens listens on this machine only: open it as "
                    f"127.0.0.1 or localhost, or start it with --host and --insecure for others to reach it",
                ),
            )
        if origin and not self._is_here(_name_of(origin)):
            return _answer(
                path,
                Fault(
                    403,
                    FOREIGN_PAGE_CODE,
                    f"the request comes from a page of {origin[:200]!r}; raylens answers pages of this machine only",
                ),
            )
        return None

    def _is_here(self, name: str | None) -> bool:
        return name is not None and (name == self._loopback_name or is_loopback(name.rstrip(".")))


def is_loopback(name: str) -> bool:
    """Whether a host name or address means this machine wherever it is resolved."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def _name_of(address: str) -> str | None:
    """The host in an address, in lower case and without port and brackets; None when there is none."""
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _answer(path: str, fault: Fault) -> Response:
    if path.startswith(PREFIX):
        return Response(encode_error(fault, None), fault.status, media_type=CONTENT_TYPE)
    return PlainTextResponse(fault.message + "\n", fault.status)
