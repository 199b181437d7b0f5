"""The server goes away and comes back, and what stands in between asks for a login."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.protocol.server import Server


def test_what_was_loaded_stays_while_the_server_is_away(
    page: Page, console_server: Server, page_errors: list[str]
) -> None:
    page.goto("/console/settings")
    expect(page.get_by_text(console_server.addresses["udp"])).to_be_visible()

    page.route("**/api/**", lambda route: route.abort("connectionrefused"))
    expect(page.get_by_text("The server does not answer").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text(console_server.addresses["udp"])).to_be_visible()

    page.unroute("**/api/**")
    expect(page.get_by_text("The server does not answer")).to_have_count(0, timeout=30_000)
    page.goto("about:blank")  # away from a page that asks again
    page_errors.clear()


@pytest.mark.parametrize("answer", ["login page", "401", "redirect"])
def test_a_session_that_ended_asks_to_sign_in(
    page: Page, console_server: Server, page_errors: list[str], answer: str
) -> None:
    def as_a_proxy_would(route: Route) -> None:
        if answer == "login page":
            route.fulfill(status=200, content_type="text/html", body="<h1>Sign in</h1>")
        elif answer == "401":
            route.fulfill(status=401, body="")
        else:
            route.fulfill(status=302, headers={"Location": "https://login.test/"})

    page.route("**/api/**", as_a_proxy_would)
    page.goto("/console/traces")

    expect(page.get_by_text("Your session has ended")).to_be_visible()
    expect(page.get_by_role("button", name="Reload and sign in")).to_be_visible()
    page.goto("about:blank")  # away from a page that asks again
    page_errors.clear()


def test_an_answer_of_another_version_is_told_as_that(page: Page, page_errors: list[str]) -> None:
    page.route("**/api/v1/groups", lambda route: route.fulfill(status=200, json={"groups": [{"nom": "x"}]}))
    page.goto("/console/groups")

    expect(page.get_by_text("The answer cannot be read")).to_be_visible()
    page.goto("about:blank")  # away from a page that asks again
    page_errors.clear()


def test_the_page_is_strict_about_where_things_come_from(page: Page, console_server: Server) -> None:
    answer = page.goto("/console/")

    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
