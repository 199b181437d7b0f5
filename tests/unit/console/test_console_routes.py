"""What the console's addresses answer."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from raylens.console.bundle import Bundle, BundledFile
from raylens.console.routes import SECURITY_HEADERS, console_routes

_PAGE = b"<!doctype html><title>raylens</title>"
_SCRIPT = b"export const answer = 42;\n" * 100
_CONTENTS = {
    "index.html": _PAGE,
    "favicon.svg": b"<svg/>",
    "assets/index-BiGkoWyL.js": _SCRIPT,
    "assets/worker.js": b"1",
}
BUNDLE: Bundle = {name: BundledFile(name, content) for name, content in _CONTENTS.items()}
_NAVIGATION = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def ask(
    path: str, headers: Mapping[str, str] | None = None, *, bundle: Bundle | None = BUNDLE, method: str = "GET"
) -> httpx.Response:
    sent = {"accept-encoding": "identity", **(headers or {})}

    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=console_routes(bundle)))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, headers=sent)

    return asyncio.run(call())


@pytest.mark.parametrize("path", ["/console/", "/console/index.html", "/xray/home"])
def test_the_page_is_asked_for_again_before_each_use(path: str) -> None:
    answer = ask(path)

    assert (answer.status_code, answer.content) == (200, _PAGE)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["etag"] == BUNDLE["index.html"].etag


def test_the_address_without_a_slash_leads_to_the_console() -> None:
    answer = ask("/console")

    assert (answer.status_code, answer.headers["location"]) == (307, "/console/")


def test_a_file_with_a_hash_in_its_name_is_kept_for_good() -> None:
    answer = ask("/console/assets/index-BiGkoWyL.js")

    assert (answer.status_code, answer.content) == (200, _SCRIPT)
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/console/assets/worker.js", "/console/favicon.svg"])
def test_any_other_file_is_asked_for_again(path: str) -> None:
    assert ask(path).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/console/traces", "/console/traces/1-5759e988-bd862e3fe1be46a994272793", "/console/map/", "/console/a%20b/한글"],
)
def test_an_address_inside_the_console_answers_its_page(path: str) -> None:
    answer = ask(path)

    assert (answer.status_code, answer.content) == (200, _PAGE)


def test_a_name_with_dots_is_an_address_for_a_browser_that_goes_there_and_a_file_for_a_script() -> None:
    assert ask("/console/nodes/api.example.com", _NAVIGATION).content == _PAGE
    assert ask("/console/nodes/api.example.com", {"accept": "*/*"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/console/missing.js", {}),
        ("/console/assets/index-00000000.js", {}),
        ("/console/assets/index-00000000.js", _NAVIGATION),
        ("/console/assets/", _NAVIGATION),
        ("/console/assets/none", {}),
    ],
)
def test_a_missing_file_is_not_found_and_not_kept(path: str, headers: dict[str, str]) -> None:
    answer = ask(path, headers)

    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


@pytest.mark.parametrize(
    "path",
    [
        "/console/../bundle.py",
        "/console/%2e%2e/bundle.py",
        "/console/..%2fbundle.py",
        "/console/assets/%2e%2e/%2e%2e/bundle.py",
        "/console//etc/passwd.txt",
        "/console/%2Fetc%2Fhosts.txt",
        "/console/..%5c..%5cbundle.py",
        "/console/.built-from.txt",
        "/console/index.html%00.js",
    ],
)
def test_no_path_leads_out_of_the_bundle(path: str) -> None:
    assert ask(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "bundle"),
    [("/console/", BUNDLE), ("/console/assets/index-BiGkoWyL.js", BUNDLE), ("/console/x.js", BUNDLE),
     ("/console", BUNDLE), ("/console/", None), ("/xray/home", BUNDLE)],
)  # fmt: skip
def test_every_answer_carries_the_security_headers(path: str, bundle: Bundle | None) -> None:
    answer = ask(path, bundle=bundle)

    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value


def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline() -> None:
    policy = dict(part.strip().split(" ", 1) for part in SECURITY_HEADERS["Content-Security-Policy"].split(";"))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["worker-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert "unsafe" not in SECURITY_HEADERS["Content-Security-Policy"]


def raw(path: str, accepted: str) -> tuple[dict[str, str], bytes]:
    """Headers and body as they go over the wire: httpx would unpack them."""
    sent: list[Any] = []

    async def call() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(b"accept-encoding", accepted.encode())], "root_path": "", "scheme": "http",
        }  # fmt: skip
        await Starlette(routes=console_routes(BUNDLE))(scope, receive, send)

    asyncio.run(call())
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return headers, b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip", "deflate, GZIP;q=0.5", "*", "br;q=1.0, gzip; q=0.8"])
def test_a_large_text_is_compressed_for_whom_takes_it(accepted: str) -> None:
    headers, body = raw("/console/assets/index-BiGkoWyL.js", accepted)

    assert headers["content-encoding"] == "gzip"
    assert headers["vary"] == "Accept-Encoding"
    assert int(headers["content-length"]) == len(body) < len(_SCRIPT)
    assert gzip.decompress(body) == _SCRIPT


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip; q=0.000, *", "gzip;q=much"])
def test_it_is_sent_as_it_is_to_everybody_else(accepted: str) -> None:
    headers, body = raw("/console/assets/index-BiGkoWyL.js", accepted)

    assert "content-encoding" not in headers
    assert headers["vary"] == "Accept-Encoding"
    assert body == _SCRIPT


def test_what_is_small_is_never_compressed() -> None:
    headers, body = raw("/console/", "gzip")

    assert "content-encoding" not in headers and body == _PAGE


@pytest.mark.parametrize("held", ["{etag}", '"other", {etag}', "*", "{strong}"])
def test_what_the_browser_holds_is_not_sent_again(held: str) -> None:
    etag = BUNDLE["index.html"].etag

    answer = ask("/console/", {"if-none-match": held.format(etag=etag, strong=etag.removeprefix("W/"))})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag
    assert ask("/console/", {"if-none-match": 'W/"other"'}).status_code == 200


@pytest.mark.parametrize("path", ["/console/", "/console/traces", "/xray/home", "/console/assets/worker.js"])
def test_head_says_what_get_would(path: str) -> None:
    answer, headed = ask(path), ask(path, method="HEAD")

    assert headed.status_code == 200
    assert dict(headed.headers) == dict(answer.headers)


@pytest.mark.parametrize("path", ["/console/", "/console/assets/a.js", "/console/traces", "/xray/home"])
def test_without_a_bundle_it_is_told_how_to_build_one(path: str) -> None:
    answer = ask(path, bundle=None)

    assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "`make console` builds it" in answer.text
