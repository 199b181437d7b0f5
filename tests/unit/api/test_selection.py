"""Filter text and group to one filter, and what a store that gives up is answered with."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import httpx
import pytest

from raylens.api.asgi import build_application
from raylens.api.context import Services
from raylens.api.selection import MAX_CONDITIONS, Selection, select_traces
from raylens.clock import ManualClock
from raylens.errors import FilterSyntaxError, InvalidRequest, QueryTooLarge, StorageTimeout
from raylens.filterexpr import parse_filter
from raylens.filterexpr.ast import Constant, Not
from raylens.groups import Groups
from raylens.model.time import NS_PER_S, TimeRange
from raylens.selfmetrics import SelfMetrics
from raylens.storage.interface import EVERY_TRACE, GroupVersion, TraceFilter
from tests.unit.groups.records import RecordsInMemory

ACCOUNT_ID = "123456789012"


class Failing:
    """A store that fails every question with one error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, _: str) -> Any:
        def fail(*_: Any) -> None:
            raise self._error

        return fail


class Room:
    """What handlers get, with groups in memory and a store that fails."""

    def __init__(self, readers: ThreadPoolExecutor, error: Exception) -> None:
        self.clock = ManualClock(1000 * NS_PER_S)
        # expressions of other versions of raylens may be anything: nothing is checked here
        self.groups = Groups(RecordsInMemory(), self.clock, "us-east-1", ACCOUNT_ID, lambda _: None, 30)
        self.services = Services(
            cast(Any, Failing(error)), cast(Any, None), cast(Any, None), SelfMetrics(), self.clock, readers,
            "us-east-1", ACCOUNT_ID, 1 << 20, self.groups, cast(Any, None), cast(Any, None), cast(Any, None),
        )  # fmt: skip

    def selection(self, **members: str | None) -> Selection:
        return asyncio.run(select_traces(self.services, **members))

    def versions(self, name: str) -> tuple[GroupVersion, ...]:
        return self.selection(group_name=name).where.versions


@pytest.fixture
def readers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def room(readers: ThreadPoolExecutor) -> Room:
    return Room(readers, StorageTimeout("unused"))


def test_nothing_selects_every_trace(room: Room) -> None:
    for selection in (room.selection(), room.selection(group_name="Default")):
        assert (selection.where.selects_all, selection.group) == (True, None)
        assert selection.where.expression == EVERY_TRACE.expression
        assert not selection.contains_old_versions(TimeRange(0, 5000))


def test_an_expression_is_parsed_and_the_account_is_the_servers(room: Room) -> None:
    assert room.selection(filter_text="fault").where == TraceFilter(parse_filter("fault"), (), ACCOUNT_ID)


def test_a_group_without_an_expression_selects_every_trace(room: Room) -> None:
    room.groups.create("all")

    assert room.selection(group_name="all").where.selects_all


def test_versions_of_a_group_cover_all_times(room: Room) -> None:
    room.groups.create("slow", "ok")
    room.clock.advance(1000)
    room.groups.update("slow", expression="fault")

    assert room.versions("slow") == (
        GroupVersion(parse_filter("ok"), 0, 2000 * NS_PER_S),
        GroupVersion(parse_filter("fault"), 2000 * NS_PER_S, None),
    )
    selection = room.selection(group_name="slow", filter_text="error")
    assert selection.where.expression == parse_filter("error")
    assert selection.contains_old_versions(TimeRange(2000 * NS_PER_S - 1, 3000 * NS_PER_S))
    assert not selection.contains_old_versions(TimeRange(2000 * NS_PER_S, 3000 * NS_PER_S))


def test_groups_that_are_named_stand_with_their_present_expressions(room: Room) -> None:
    room.groups.create("inner", "ok")
    room.groups.create("outer", 'group.name = "inner" AND fault')
    room.groups.update("inner", expression="error")

    assert room.versions("outer")[0].expression == parse_filter("error AND fault")
    assert room.selection(filter_text='group.name = "outer"').where.expression == parse_filter("error AND fault")


def test_a_group_whose_expression_cannot_be_read_is_false(room: Room) -> None:
    room.groups.create("broken", "fault AND AND")
    room.groups.create("older", "nonsense = 1")
    room.clock.advance(1000)
    room.groups.update("older", expression="ok")

    assert room.versions("broken") == (GroupVersion(Constant(False), 0, None),)
    assert [version.expression for version in room.versions("older")] == [Constant(False), parse_filter("ok")]
    assert room.selection(filter_text='group.name != "broken"').where.expression == Not(Constant(False))


def test_a_group_whose_expressions_are_too_many_together_is_refused(room: Room) -> None:
    long = " AND ".join(["ok"] * 900)
    room.groups.create("long", long + " AND fault")
    for number in range(2):
        room.clock.advance(1)
        room.groups.update("long", expression=f"{long} AND http.status = {number}")

    with pytest.raises(InvalidRequest, match=f"2703 conditions together; at most {MAX_CONDITIONS} are accepted"):
        room.selection(group_name="long")


def test_what_cannot_be_selected_is_refused(room: Room) -> None:
    with pytest.raises(InvalidRequest, match="FilterExpression is empty"):
        room.selection(filter_text=" \n")
    with pytest.raises(FilterSyntaxError):
        room.selection(filter_text="fault AND")
    with pytest.raises(InvalidRequest, match="Group not found"):
        room.selection(group_arn="arn:nobody")


QUESTIONS = (
    ("POST", "/TraceSummaries", {"StartTime": 1, "EndTime": 2, "FilterExpression": "fault"}),
    ("POST", "/ServiceGraph", {"StartTime": 1, "EndTime": 2}),
    ("POST", "/TimeSeriesServiceStatistics", {"StartTime": 1, "EndTime": 200}),
    ("POST", "/api/v1/service-graph", {"start": 1, "end": 2, "filter": "fault"}),
    ("GET", "/api/v1/groups/Default/trace-counts?start=1&end=200", None),
)


@pytest.mark.parametrize(("method", "path", "body"), QUESTIONS, ids=[path for _, path, _ in QUESTIONS])
@pytest.mark.parametrize(
    ("error", "status", "code", "words"),
    [
        (QueryTooLarge("secret"), 400, "InvalidRequestException", "ask for a shorter time range or a narrower filter"),
        (StorageTimeout("secret"), 503, "ServiceUnavailable", "ask for a shorter time range, or try again"),
    ],
)
def test_a_question_the_store_gives_up_on_has_no_part_of_an_answer(
    method: str, path: str, body: Any, error: Exception, status: int, code: str, words: str, readers: ThreadPoolExecutor
) -> None:
    room = Room(readers, error)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(build_application(room.services, lambda: True))
        async with httpx.AsyncClient(transport=transport, base_url="http://raylens") as client:
            return await client.request(method, path, json=body)

    answer = asyncio.run(ask())

    assert (answer.status_code, answer.json()["__type"]) == (status, code)
    assert answer.json().keys() == {"__type", "Message", "message"}
    assert words in answer.json()["Message"] and "secret" not in answer.text
