"""The console over HTTP: its files below /console/, and its page for every address inside the console."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from raylens.console.bundle import INDEX, Bundle, BundledFile

HOME = "/console/"
# Where links into the AWS console lead: people paste them with another host in front.
_AWS_HOME = "/xray/home"

# Everything comes from this server and out of files: what a trace says can be shown, but never runs.
# Trusted Types are not asked for: they would refuse the web worker, which is started by its plain address.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_FOREVER = "public, max-age=31536000, immutable"
# May be kept, but is asked about again before each use.
_ASK_AGAIN = "no-cache"
_NOT_BUILT = """\
The console is not part of this installation: it was installed with RAYLENS_CONSOLE=skip, or runs from a source tree in
which the console was never built. In the source tree, `make console` builds it; then start raylens again.

Everything else works: raylens map, raylens traces, and the API.
"""

Endpoint = Callable[[Request], Awaitable[Response]]


def console_routes(bundle: Bundle | None) -> list[BaseRoute]:
    """The routes that serve `bundle`; where there is none they say how to get one, with status 503."""
    answer, page = (_file_of(bundle), _page_of(bundle)) if bundle is not None else (_not_built, _not_built)
    return [
        Route(HOME.rstrip("/"), _to_home),
        Route(HOME + "{path:path}", answer),
        Route(_AWS_HOME, page),
    ]


def _file_of(bundle: Bundle) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        path: str = request.path_params["path"]
        file = bundle.get(path) if path else bundle[INDEX]
        if file is not None:
            return await _sent(request, file)
        if _is_page(path, request):
            return await _sent(request, bundle[INDEX])
        return PlainTextResponse(
            "The console has no such file.\n", 404, {**SECURITY_HEADERS, "Cache-Control": "no-store"}
        )

    return endpoint


def _page_of(bundle: Bundle) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await _sent(request, bundle[INDEX])

    return endpoint


async def _not_built(_: Request) -> Response:
    return PlainTextResponse(_NOT_BUILT, 503, {**SECURITY_HEADERS, "Cache-Control": "no-store"})


async def _to_home(_: Request) -> Response:
    return RedirectResponse(HOME, headers=SECURITY_HEADERS)


def _is_page(path: str, request: Request) -> bool:
    """Whether an address that is no file is one the console itself understands.

    A name in an address may hold dots (`/console/nodes/api.example.com`), so that what looks like a file is a page too
    when a browser goes there; scripts, styles and pictures are asked for with another Accept header.
    """
    if path.startswith("assets/"):
        return False
    return not PurePosixPath(path).suffix or "text/html" in request.headers.get("accept", "")


async def _sent(request: Request, file: BundledFile) -> Response:
    headers = {
        **SECURITY_HEADERS,
        "Cache-Control": _FOREVER if file.is_immutable else _ASK_AGAIN,
        "ETag": file.etag,
    }
    if file.is_compressible:
        headers["Vary"] = "Accept-Encoding"
    if _has(request, file.etag):
        return Response(status_code=304, headers=headers)
    content = file.content
    if file.is_compressible and _takes_gzip(request.headers.get("accept-encoding", "")):
        # the first time takes tens of milliseconds for the largest file; the event loop has spans to take in
        content = await asyncio.to_thread(lambda: file.compressed)
        headers["Content-Encoding"] = "gzip"
    return Response(content, headers=headers, media_type=file.media_type)


def _has(request: Request, etag: str) -> bool:
    """Whether the client says that it holds the content of this tag."""
    held = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    return "*" in held or etag.removeprefix("W/") in held


def _takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header allows gzip: it is named, or `*` is, and not with the weight 0."""
    weights: dict[str, str] = {}
    for part in accepted.lower().split(","):
        coding, _, weight = part.partition(";")
        weights[coding.strip()] = weight.replace(" ", "")
    try:
        return float(weights.get("gzip", weights.get("*", "q=0")).removeprefix("q=") or 1) > 0
    except ValueError:
        return False
