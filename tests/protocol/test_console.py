"""The doors of the console beside those of the API, on a running server."""

from __future__ import annotations

import pytest

from tests.protocol.server import Server

_BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("headers", [{}, {"Accept": "*/*"}, {"Accept": "application/json"}])
def test_programs_are_greeted(headers: dict[str, str], server: Server) -> None:
    answer = server.post("/", headers=headers, method="GET")

    assert answer.status == 200
    assert answer.body.startswith(b"raylens ")
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_browsers_are_sent_to_the_console(method: str, server: Server) -> None:
    answer = server.post("/", headers=_BROWSER, method=method)

    assert (answer.status, answer.headers["location"]) == (307, "/console/")
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["/console/", "/console/traces", "/xray/home?region=us-east-1"])
def test_the_console_is_served_or_says_how_to_build_it(path: str, method: str, server: Server) -> None:
    answer = server.post(path, headers=_BROWSER, method=method)

    assert answer.status in (200, 503)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert answer.headers["content-type"].startswith("text/html" if answer.status == 200 else "text/plain")
    assert int(answer.headers["content-length"]) > 0
    assert bool(answer.body) is (method == "GET")


@pytest.mark.parametrize("path", ["/GetSamplingRules", "/Nope", "/console/x", "/api/v1/analytics/overview"])
def test_answers_are_not_to_be_guessed_at(path: str, server: Server) -> None:
    assert server.post(path).headers["x-content-type-options"] == "nosniff"


def test_a_rebound_name_reaches_the_xray_operations_and_nothing_made_for_browsers(server: Server) -> None:
    rebound = {"Host": "evil.example:2080"}

    assert server.post("/GetSamplingRules", headers=rebound).status == 200
    assert server.post("/console/", headers=rebound, method="GET").status == 421
    refused = server.post("/api/v1/openapi.json", headers=rebound, method="GET")
    assert (refused.status, refused.json["error"]["code"]) == (421, "wrong_host")


def test_a_page_of_another_site_can_write_nothing(server: Server) -> None:
    answer = server.post("/TraceSegments", b'{"TraceSegmentDocuments": []}', {"Origin": "https://evil.example"})

    assert answer.status == 403
