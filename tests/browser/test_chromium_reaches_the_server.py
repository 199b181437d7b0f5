"""The rig of the browser tests itself."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.protocol.server import Server


def test_a_browser_reaches_the_server(page: Page, console_server: Server) -> None:
    answer = page.goto("/healthz")

    assert answer is not None
    assert (answer.status, answer.text()) == (200, "ok\n")
    assert page.url == console_server.url + "/healthz"


def test_errors_of_a_page_are_noticed(page: Page, page_errors: list[str]) -> None:
    page.goto("/healthz")
    with page.expect_event("pageerror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('thrown'); }, 0); }")
    with page.expect_console_message():
        page.evaluate("() => console.error('written')")

    assert [error.split(" (")[0] for error in page_errors] == ["thrown", "written"]
    page_errors.clear()
