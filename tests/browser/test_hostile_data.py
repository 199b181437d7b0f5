"""What telemetry holds is shown as text: nothing of it runs, hides or turns around what stands beside it."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from tests.protocol.server import Server

_SCRIPT = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
_BIDI = "invoice\u202efdp.exe"


def send(server: Server, *documents: dict[str, Any]) -> None:
    """Store these documents, as an SDK without a daemon does."""
    body = {"TraceSegmentDocuments": [json.dumps(each) for each in documents]}
    answer = httpx.post(f"{server.url}/TraceSegments", json=body, trust_env=False)
    assert answer.json()["UnprocessedTraceSegments"] == []


def segment(number: int, trace: int, name: str, **members: Any) -> dict[str, Any]:
    now = time.time()
    return {
        "trace_id": f"1-{int(now):08x}-{trace:024x}",
        "id": f"{number:016x}",
        "name": name,
        "start_time": now - 2,
        "end_time": now - 1,
        **members,
    }


def test_markup_in_every_field_is_text(page: Page, console_server: Server) -> None:
    document = segment(
        1, 1, "web & co",
        http={"request": {"method": "GET", "url": f"https://shop.test/{_SCRIPT}"}, "response": {"status": 500}},
        user=_SCRIPT, annotations={"note": _SCRIPT}, metadata={"default": {"<b>key</b>": _SCRIPT}}, fault=True,
        cause={"working_directory": _SCRIPT, "exceptions": [
            {"id": "00000000000000aa", "message": _SCRIPT, "type": "<i>Error</i>",
             "stack": [{"path": _SCRIPT, "line": 1, "label": "<u>f</u>"}]}]},
    )  # fmt: skip
    send(console_server, document)

    page.goto(f"/console/traces/{document['trace_id']}?span={document['id']}")
    panel = page.get_by_role("region", name=re.compile("web & co"))
    for tab in ("Annotations", "Metadata", "Exceptions", "Raw JSON"):
        panel.get_by_role("tab", name=re.compile(tab)).click()
        expect(panel.get_by_text("onerror").first).to_be_visible()
    for path in ("traces", "map", "map?view=list", "analytics?groupBy=annotation.note", ""):
        page.goto(f"/console/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.locator("img[src=x]").count() == 0
        assert page.title() != "owned"


def test_marks_that_turn_the_direction_of_text_are_shown_as_codes(page: Page, console_server: Server) -> None:
    document = segment(2, 2, "mailer", http={"request": {"method": "GET", "url": f"https://mail.test/{_BIDI}"}})
    send(console_server, document)

    page.goto(f"/console/traces/{document['trace_id']}")

    expect(page.get_by_text("invoice\\u202efdp.exe").first).to_be_visible()
    assert "\u202e" not in page.locator("body").inner_text()


def test_a_parent_that_never_arrived_and_an_end_before_the_start_are_told(page: Page, console_server: Server) -> None:
    lost = segment(3, 3, "lost", parent_id="00000000000000ff")
    backwards = segment(4, 3, "backwards", end_time=lost["start_time"] - 5)
    backwards["trace_id"] = lost["trace_id"]
    send(console_server, lost, backwards)

    page.goto(f"/console/traces/{lost['trace_id']}")

    expect(page.get_by_role("row", name=re.compile("parent never arrived"))).to_be_visible()
    expect(page.get_by_role("rowheader", name=re.compile("backwards"))).to_be_visible()


def test_a_very_long_value_is_cut_and_can_be_shown_whole(page: Page, console_server: Server) -> None:
    document = segment(5, 5, "writer", metadata={"default": {"report": "x" * 60_000}})
    send(console_server, document)

    page.goto(f"/console/traces/{document['trace_id']}?span={document['id']}&tab=metadata")
    expect(page.get_by_text(re.compile("First 10,000 of 60,000 characters"))).to_be_visible()
    page.get_by_role("button", name="Show all").click()

    expect(page.get_by_text("60,000 characters", exact=True)).to_be_visible()


def test_an_unknown_trace_says_what_may_be_the_matter(
    page: Page, console_server: Server, page_errors: list[str]
) -> None:
    page.goto("/console/traces/1-581cf771-a006649127e371903a2de979")

    expect(page.get_by_text("This trace is not here").first).to_be_visible()
    page.goto("/console/traces/nonsense")
    expect(page.get_by_text("This is no trace id").first).to_be_visible()
    # away from a page that asks again; the browser notes every answer of status 404
    page.goto("about:blank")
    assert all("404" in error for error in page_errors)
    page_errors.clear()
