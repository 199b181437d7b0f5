"""raylens' own paths beside the X-Ray API, and the commands that use them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests import factories
from tests.protocol.server import Server
from tests.protocol.service_model import misfits

DAY_S = 86_400


@pytest.fixture(autouse=True)
def _no_groups(server: Server) -> Iterator[None]:
    """Leave the shared server as it was."""
    yield
    for group in server.post("/Groups").json["Groups"][1:]:
        assert server.post("/DeleteGroup", {"GroupName": group["GroupName"]}).status == 200


@pytest.fixture(scope="module")
def minute_s(server: Server) -> int:
    """The start of a minute: this module's traces start 1, 2, 61 and 185 seconds after it, even ones faulty."""
    minute_s = int(time.time() - 15 * DAY_S) // 60 * 60
    for at_s in (1, 2, 61, 185):
        server.put(factories.segment(name="own", start_time=minute_s + at_s, fault=at_s % 2 == 0))
    return minute_s


def own_requests(answer: Any) -> int:
    """How many requests of `own` a graph counts."""
    return sum(s["SummaryStatistics"]["TotalCount"] for s in answer.json["Services"] if "SummaryStatistics" in s)


def test_the_graph_of_a_filter_is_that_of_get_service_graph(server: Server, minute_s: int) -> None:
    arn = server.post("/CreateGroup", {"GroupName": "bad", "FilterExpression": "fault"}).json["Group"]["GroupARN"]
    body = {"start": minute_s, "end": minute_s + 300}

    def ask(**members: Any) -> Any:
        answer = server.post("/api/v1/service-graph", {**body, **members})
        assert answer.status == 200, answer.body
        assert misfits("GetServiceGraph", answer.body) == []
        return answer

    of_all = server.post("/ServiceGraph", {"StartTime": minute_s, "EndTime": minute_s + 300})
    of_group = server.post("/ServiceGraph", {"StartTime": minute_s, "EndTime": minute_s + 300, "GroupName": "bad"})
    assert ask().json == ask(group="Default").json == ask(filter=None, group=None).json == of_all.json
    assert ask(filter="fault").json == of_group.json
    assert ask(group="bad").json == ask(group=arn).json == of_group.json
    assert [own_requests(ask(**m)) for m in ({}, {"filter": "ok"}, {"filter": "ok", "group": "bad"})] == [4, 3, 0]


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"start": None}, "start is required"),
        ({"end": "soon"}, "end is 'soon', epoch seconds or ISO 8601 were expected"),
        ({"start": 2, "end": 1}, "is not after"),
        ({"filter": ""}, "FilterExpression is empty"),
        ({"filter": "((fault)"}, "Error Location: line 1, position 9 : missing ')' at end of expression"),
        ({"group": "nobody"}, "Group not found"),
        ({"group": ""}, "Group not found"),
        ({"group": "arn:nobody"}, "Group not found"),
    ],
)
def test_a_graph_that_cannot_be_is_refused(members: dict[str, Any], words: str, server: Server) -> None:
    answer = server.post("/api/v1/service-graph", {"start": 1, "end": 2, **members})

    assert answer.error == (400, "InvalidRequestException")
    assert words in answer.json["Message"]


def test_a_filter_that_cannot_be_read_says_what_could_have_stood_there(server: Server) -> None:
    for path, body in (
        ("/api/v1/service-graph", {"start": 1, "end": 2, "filter": "((fault)"}),
        ("/TraceSummaries", {"StartTime": 1, "EndTime": 2, "FilterExpression": "((fault)"}),
        ("/CreateGroup", {"GroupName": "new", "FilterExpression": "((fault)"}),
    ):
        assert {"AND", "OR", ")"} <= set(server.post(path, body).json["Expected"])
    assert "Expected" not in server.post("/TraceSummaries").json


def counts(server: Server, group: str, start: float, end: float) -> dict[int, int]:
    """The counts of a group by minute."""
    answer = server.post(f"/api/v1/groups/{group}/trace-counts?start={start}&end={end}", method="GET")
    assert answer.status == 200, answer.body
    assert answer.json["contains_old_group_versions"] is False
    return {row["minute_start_s"]: row["traces"] for row in answer.json["trace_counts"]}


def test_traces_of_a_group_are_counted_by_the_minute_they_started_in(server: Server, minute_s: int) -> None:
    server.post("/CreateGroup", {"GroupName": "bad", "FilterExpression": "fault"})
    after_s = minute_s + 240

    assert counts(server, "Default", minute_s, after_s) == {minute_s: 2, minute_s + 60: 1, minute_s + 180: 1}
    assert counts(server, "bad", minute_s, after_s) == {minute_s: 1}
    # whole minutes that begin in the range
    assert counts(server, "Default", minute_s + 0.5, minute_s + 60.5) == {minute_s + 60: 1}
    assert counts(server, "Default", minute_s + 1, minute_s + 60) == {}


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("nobody/trace-counts?start=1&end=2", (400, "InvalidRequestException"), "Group not found"),
        ("Default/trace-counts?start=1", (400, "InvalidRequestException"), "end is required"),
        ("Default/trace-counts?start=x&end=2", (400, "InvalidRequestException"), "start is 'x', epoch seconds"),
        ("Default/trace-counts?start=2&end=1", (400, "InvalidRequestException"), "is not after"),
        ("Default/trace-counts?start=0&end=9e9", (400, "InvalidRequestException"), "longer than 31 days"),
        ("Default/trace-count", (404, "UnknownOperationException"), "no operation at GET"),
    ],
)
def test_counts_that_cannot_be_are_refused(path: str, error: tuple[int, str], words: str, server: Server) -> None:
    answer = server.post(f"/api/v1/groups/{path}", method="GET")

    assert answer.error == error
    assert words in answer.json["Message"]


@pytest.mark.parametrize(("method", "path"), [("GET", "service-graph"), ("POST", "groups/Default/trace-counts")])
def test_another_method_is_an_unknown_operation(method: str, path: str, server: Server) -> None:
    assert server.post(f"/api/v1/{path}", b"{}", method=method).error == (404, "UnknownOperationException")


@pytest.mark.parametrize("body", [b"hello", b"[]", b"[" * 200_000, b'{"filter": 5}', b'{"group": ["a"]}'])
def test_a_body_that_does_not_fit_is_a_serialization_exception(body: bytes, server: Server) -> None:
    assert server.post("/api/v1/service-graph", body).error == (400, "SerializationException")


def test_the_commands_choose_by_filter_and_group(server: Server) -> None:
    def raylens(*arguments: str) -> tuple[int, str, str]:
        program = "from raylens.cli.main import app; app()"
        command = [sys.executable, "-c", program, *arguments, "--endpoint", server.addresses["http"]]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        return ended.returncode, ended.stdout, ended.stderr

    chosen = factories.segment(name="chosen", annotations={"restaurantName": "TastyTable"})
    server.put(chosen, factories.segment(name="other"))
    tasty = 'annotation.restaurantName = "TastyTable"'
    assert raylens("groups", "create", "tasty", tasty)[0] == 0

    for arguments in (["traces", tasty], ["traces", "--group", "tasty"], ["traces", "ok", "--group", "tasty"]):
        code, output, _ = raylens(*arguments)
        assert code == 0 and chosen["trace_id"] in output and "other" not in output
    for arguments in (["map", "--filter", tasty], ["map", "--group", "tasty"]):
        code, output, _ = raylens(*arguments)
        assert code == 0 and "chosen" in output and "other" not in output
    code, output, _ = raylens("traces", 'user = "nobody"')
    assert code == 0 and "none satisfies the filter expression" in output
    code, output, errors = raylens("traces", "fault AND")
    assert (code, output) == (1, "") and "  fault AND\n           ^\n  expected " in errors
