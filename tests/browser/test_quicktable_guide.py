"""The lab guide's tasks 5 to 7, walked in the console as a student walks them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Quicktable
from tests.browser.screenshots import take

_CREATE, _GET = re.compile("^CreateReservation"), re.compile("^GetReservations")


@pytest.fixture
def console(page: Page, quicktable: Quicktable) -> Iterator[Page]:
    """A page at the console's home, with the lab's traces stored."""
    page.goto(f"{quicktable.console_url}/console/")
    yield page


def choose(console: Page, name: str) -> None:
    """Follow a link of the list of pages."""
    console.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()


def enter_filter(console: Page, text: str) -> None:
    """Write a filter expression into the editor, once that has taken the plain field's place, and apply it."""
    expect(console.locator(".cm-content")).to_be_visible()
    field = console.get_by_role("textbox", name="Filter expression")
    field.fill(text)
    expect(field).to_have_text(text)
    field.press("Enter")


def node(console: Page, name: re.Pattern[str]) -> Locator:
    return console.locator(".react-flow__node").get_by_role("button", name=name)


def test_task_5_the_service_map_shows_the_whole_application(console: Page) -> None:
    choose(console, "Service map")

    for name in ("^Client", "^QuickTableXRayAPI", "^CreateReservation", "^GetReservations", "^Reservations"):
        expect(node(console, re.compile(name))).to_have_count(1)
    # client and stage, stage and two functions, both functions and their table
    expect(console.locator(".react-flow__edge")).to_have_count(5)
    take(console, "map")


def test_task_5_a_node_tells_response_time_requests_and_error_rate(console: Page) -> None:
    choose(console, "Service map")
    node(console, _CREATE).click()

    panel = console.get_by_role("complementary", name="Details")
    for figure in ("Average response time", "Requests", "Error rate", "P95"):
        expect(panel.get_by_text(figure, exact=True).first).to_be_visible()
    expect(panel.get_by_role("img", name=re.compile("Response time distribution"))).to_be_visible()
    take(console, "map-node")

    panel.get_by_role("button", name="View traces").or_(panel.get_by_role("link", name="View traces")).click()
    expect(console).to_have_url(re.compile(r"/console/traces\?.*filter=service"))
    expect(console.get_by_role("row").filter(has_text="POST").first).to_be_visible()


def test_task_6_a_trace_shows_its_segments_annotations_and_metadata(console: Page) -> None:
    choose(console, "Traces")
    expect(console.get_by_role("row").filter(has_text="POST").first).to_be_visible()
    expect(console.get_by_role("img", name=re.compile("Response time")).first).to_be_visible()
    take(console, "traces")
    console.get_by_role("row").filter(has_text="201").first.get_by_role("link").first.click()

    timeline = console.get_by_role("treegrid")
    for name in ("QuickTableXRayAPI", "create_reservation", "validate_input", "dynamodb_put_item"):
        expect(timeline.get_by_role("rowheader", name=re.compile(name)).first).to_be_visible()
    timeline.get_by_role("rowheader", name=re.compile("create_reservation")).first.click()
    panel = console.get_by_role("region", name=re.compile("create_reservation"))
    panel.get_by_role("tab", name=re.compile("Annotations")).click()
    expect(panel.get_by_role("row", name=re.compile("restaurantName"))).to_be_visible()
    take(console, "trace-annotations")
    panel.get_by_role("tab", name=re.compile("Metadata")).click()
    expect(panel.get_by_text("reservation_data")).to_be_visible()
    take(console, "trace-metadata")


def test_task_6_a_refused_reservation_shows_its_exception_and_stack(console: Page) -> None:
    choose(console, "Traces")
    console.get_by_role("row").filter(has_text="400").first.get_by_role("link").first.click()
    console.get_by_role("rowheader", name=re.compile("validate_input")).first.click()

    panel = console.get_by_role("region", name=re.compile("validate_input"))
    panel.get_by_role("tab", name=re.compile("Exceptions")).click()
    expect(panel.get_by_text("ValidationError").first).to_be_visible()
    expect(panel.get_by_text("create_reservation.py").first).to_be_visible()
    take(console, "trace-exception")


def test_task_7_traces_are_grouped_by_an_annotation_that_was_recorded(console: Page) -> None:
    choose(console, "Analytics")
    console.get_by_role("button", name=re.compile("Group traces by")).click()
    console.get_by_role("option", name=re.compile("restaurantName")).click()

    table = console.get_by_role("table").filter(has_text="강남 맛집")
    expect(table).to_be_visible()
    expect(console).to_have_url(re.compile("restaurantName"))
    expect(console.get_by_role("img", name=re.compile("강남 맛집")).first).to_be_visible()
    take(console, "analytics-group")


def test_task_7_traces_are_filtered_by_a_condition(console: Page) -> None:
    choose(console, "Traces")
    enter_filter(console, 'annotation.restaurantName = "강남 맛집"')

    expect(console).to_have_url(re.compile("filter="))
    expect(console.get_by_role("row").filter(has_text="POST").first).to_be_visible()
    expect(console.get_by_role("row").filter(has_text="GET")).to_have_count(0)
    take(console, "traces-filter")


def test_from_a_red_node_to_the_failing_call_takes_three_clicks(console: Page) -> None:
    choose(console, "Service map")
    node(console, re.compile("^QuickTableXRayAPI")).click()
    panel = console.get_by_role("complementary", name="Details")
    panel.get_by_role("checkbox", name=re.compile("Error")).click()
    panel.get_by_role("button", name="View traces").or_(panel.get_by_role("link", name="View traces")).click()
    expect(console.get_by_role("row").filter(has_text="400").first).to_be_visible()
    expect(console.get_by_role("row").filter(has_text="201")).to_have_count(0)
    console.get_by_role("row").filter(has_text="400").first.get_by_role("link").first.click()

    expect(console.get_by_role("rowheader", name=re.compile("validate_input")).first).to_be_visible()


def test_the_way_back_from_a_trace_keeps_what_was_asked(console: Page) -> None:
    choose(console, "Traces")
    enter_filter(console, "error")
    expect(console).to_have_url(re.compile(r"filter=error"))
    expect(console.get_by_role("row").filter(has_text="201")).to_have_count(0)
    console.get_by_role("row").filter(has_text="400").first.get_by_role("link").first.click()
    console.get_by_role("navigation", name="Way back").get_by_role("link", name="Traces").click()

    expect(console).to_have_url(re.compile(r"/console/traces\?.*filter=error"))


def test_a_function_leads_back_to_the_list_also_in_a_new_tab(console: Page) -> None:
    choose(console, "Functions")
    console.get_by_role("link", name=_CREATE).click()
    back = console.get_by_role("navigation", name="Way back").get_by_role("link", name="Functions")

    expect(back).to_have_attribute("href", "/console/lab/functions")
    back.click()
    expect(console.get_by_role("heading", name="Functions", level=1)).to_be_visible()
