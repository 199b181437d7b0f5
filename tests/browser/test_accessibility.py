"""WCAG 2.2 AA as axe-core checks it, on every page, light and dark, with data and without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Quicktable
from tests.protocol.server import Server

AXE = Path(__file__).parents[2] / "console" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_PAGES = (
    "",
    "map",
    "map?view=list",
    "traces",
    "analytics?groupBy=annotation.restaurantName",
    "insights",
    "groups",
    "settings",
    "compare-traces",
    "no-such-page",
    "lab/stacks",
    "lab/functions",
    "lab/resources",
    "lab/faults",
    "lab/log-groups",
)


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is, one line each."""
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate(
        "(tags) => window.axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        _RULES,
    )
    return [
        f"{each['id']}: {each['help']}: {node['html'][:200]} {node['failureSummary'][:200]}"
        for each in found["violations"]
        for node in each["nodes"][:3]
    ]


def settle(page: Page) -> None:
    """Wait until the page shows a heading and nothing is on its way."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")


# In the dark only what has colours of its own: the design system's parts are the same on every page.
_CASES = (
    *((path, "light") for path in _PAGES),
    *(
        (path, "dark")
        for path in ("", "map", "traces", "analytics?groupBy=annotation.restaurantName", "insights", "lab/functions")
    ),
)


@pytest.mark.parametrize(("path", "scheme"), _CASES)
def test_pages_with_traces_meet_aa(page: Page, quicktable: Quicktable, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{quicktable.console_url}/console/{path}")
    settle(page)

    found = violations(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_trace_and_a_node_with_their_panels_meet_aa(page: Page, quicktable: Quicktable, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{quicktable.console_url}/console/map")
    page.locator(".react-flow__node").get_by_role("button").nth(1).click()
    settle(page)
    found = violations(page)
    assert not found, "\n".join(found)

    page.goto(f"{quicktable.console_url}/console/traces")
    page.get_by_role("row").filter(has_text="POST").first.get_by_role("link").first.click()
    page.get_by_role("rowheader", name="create_reservation").first.click()
    settle(page)
    found = violations(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", ["", "map", "traces", "analytics", "insights", "groups", "settings"])
def test_pages_without_traces_meet_aa(page: Page, console_server: Server, path: str) -> None:
    page.goto(f"/console/{path}")
    settle(page)

    found = violations(page)
    assert not found, "\n".join(found)
