"""Searching by filter expression and group, through boto3 and raw HTTP: what is found, how it is paged and refused."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError

from raylens.api.page_token import write_token
from tests import factories
from tests.protocol.server import Server
from tests.protocol.service_model import MODEL, misfits
from tests.protocol.test_boto3 import put, rich_trace, window

DAY_S = 86_400


@pytest.fixture(autouse=True)
def _no_groups(server: Server) -> Iterator[None]:
    """Leave the shared server as it was."""
    yield
    for group in server.post("/Groups").json["Groups"][1:]:
        assert server.post("/DeleteGroup", {"GroupName": group["GroupName"]}).status == 200


@pytest.fixture(scope="module")
def place_s(server: Server) -> float:
    """The start of ten seconds that hold five traces of this module alone."""
    start_s = round(time.time() - 5 * DAY_S)
    server.put(
        factories.segment(name="web", start_time=start_s + 1, annotations={"plan": "gold", "seats": 2}),
        factories.segment(name="web", start_time=start_s + 2, annotations={"plan": "gold", "seats": 4}, fault=True),
        factories.segment(name="web", start_time=start_s + 3, annotations={"plan": "free"}, error=True),
        factories.segment(name="worker", start_time=start_s + 4, annotations={"table.id": "한글 'x' %_\\"}),
        factories.segment(name="worker", start_time=start_s + 5, end_time=start_s + 8),
    )
    return start_s


def search(server: Server, start_s: float, filter_text: str | None = None, **members: Any) -> dict[str, Any]:
    """The answer to a question over the ten seconds; held to the model."""
    times = {"StartTime": start_s, "EndTime": start_s + 10}
    expression = {} if filter_text is None else {"FilterExpression": filter_text}
    answer = server.post("/TraceSummaries", {**times, **expression, **members})
    assert answer.status == 200, answer.body
    assert misfits("GetTraceSummaries", answer.body) == []
    found: dict[str, Any] = answer.json
    return found


def offsets(answer: dict[str, Any], start_s: float) -> list[int]:
    """The second that each trace of an answer started in, in its order."""
    return [round(summary["StartTime"] - start_s) for summary in answer["TraceSummaries"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('annotation.plan = "gold"', [2, 1]),
        ('annotation.plan = "gold" AND fault', [2]),
        ("annotation.seats >= 3", [2]),
        ("error or fault", [3, 2]),
        ('service("worker")', [5, 4]),
        ("responsetime > 2", [5]),
        ("!annotation.plan", [5, 4]),
        ("annotation[table.id] CONTAINS \"'x' %_\"", [4]),
        ("annotation.table_id = \"한글 'x' %_\\\\\"", [4]),
        # a literal of another type is no error
        ('responsetime = "slow"', []),
        ('annotation.seats = "2"', []),
        ("annotation.plan = 2", []),
        ('annotation.nobodyWrites = "x"', []),
        ("annotation.nobodyWrites", []),
        ('service("nobody") { fault }', []),
        ('group.name = "nobody"', []),
        # what would mean something to SQL, a shell or a regular expression is text
        ('annotation.plan = "gold\' OR 1=1 --"', []),
        ('annotation.plan = "gold\\") OR (\\"a\\" = \\"a"', []),
        ('annotation.plan CONTAINS "%"', []),
        ('annotation.plan CONTAINS ".*"', []),
        ('service("w.*")', []),
        ('user CONTAINS "{x:String}"', []),
        ('annotation[plan);DROP/**/TABLE/**/traces;--] = "gold"', []),
        ('annotation[plan\'] = "gold"', []),
    ],
)
def test_an_expression_selects_its_traces_and_every_trace_was_looked_at(
    text: str, expected: list[int], server: Server, place_s: float
) -> None:
    answer = search(server, place_s, text)

    assert offsets(answer, place_s) == expected
    assert (answer["TracesProcessedCount"], answer["ApproximateTime"]) == (5, place_s)
    assert "NextToken" not in answer


def test_without_an_expression_every_trace_is_found(server: Server, place_s: float) -> None:
    assert offsets(search(server, place_s), place_s) == [5, 4, 3, 2, 1]
    assert offsets(search(server, place_s, None, FilterExpression=None), place_s) == [5, 4, 3, 2, 1]


@pytest.mark.parametrize("range_type", ["Event", "Service"])
def test_an_expression_restricts_every_kind_of_range(range_type: str, server: Server) -> None:
    marked = factories.segment(annotations={"marked": range_type})
    server.put(marked, factories.segment())
    times = {"StartTime": marked["start_time"] - 5, "EndTime": time.time() + 1, "TimeRangeType": range_type}

    answer = server.post("/TraceSummaries", {**times, "FilterExpression": f'annotation.marked = "{range_type}"'}).json

    assert [summary["Id"] for summary in answer["TraceSummaries"]] == [marked["trace_id"]]
    assert "MatchedEventTime" in answer["TraceSummaries"][0]


def test_a_summary_has_every_member_of_the_service_model(xray: Any) -> None:
    front, back = rich_trace()
    put(xray, front, back)

    answer = xray.get_trace_summaries(**window(front), TimeRangeType="Service", FilterExpression='user = "ada"')

    [summary] = [s for s in answer["TraceSummaries"] if s["Id"] == front["trace_id"]]
    shape: Any = MODEL.shape_for("TraceSummary")
    assert summary.keys() == shape.members.keys()
    lists = {"Users", "ServiceIds", "ResourceARNs", "InstanceIds", "AvailabilityZones", "FaultRootCauses"}
    assert all(summary[name] for name in lists)


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_a_blank_expression_is_refused(text: str, server: Server) -> None:
    answer = server.post("/TraceSummaries", {"StartTime": 1, "EndTime": 2, "FilterExpression": text})

    assert answer.error == (400, "InvalidRequestException")
    assert answer.json["Message"] == "FilterExpression is empty: leave it out to select every trace"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("((fault)", "Error Location: line 1, position 9 : missing ')' at end of expression"),
        ("madeup = 7", "Error Location: line 1, position 1 : Invalid input symbol: 'ma'"),
        ("fault AND\n  bogus", "Error Location: line 2, position 3 : Invalid input symbol: 'bo'"),
        ("fault; DROP TABLE traces", "Error Location: line 1, position 6 : Invalid input symbol: ';'"),
        ("user = 'bob'", "Error Location: line 1, position 8 : Invalid input symbol: '''"),
        ("(" * 10_000 + "ok" + ")" * 10_000, "Error Location: line 1, position 129 : nesting deeper than 128 levels"),
        ("!" * 10_000 + "ok", "Error Location: line 1, position 129 : nesting deeper than 128 levels"),
        ("ok " * 1_001, "Error Location: line 1, position 3001 : more than 1000 conditions"),
        ('user = "' + "x" * 100_000 + '"', "The filter expression has 100009 characters; at most 65536 are accepted"),
        ("\x00", "Error Location: line 1, position 1 : Invalid input symbol: '"),
    ],
    ids=range(10),
)
def test_an_expression_that_cannot_be_read_is_refused_with_its_place(text: str, message: str, server: Server) -> None:
    begun_s = time.monotonic()
    answer = server.post("/TraceSummaries", {"StartTime": 1, "EndTime": 2, "FilterExpression": text})

    assert answer.error == (400, "InvalidRequestException")
    assert answer.json["Message"].startswith(message)
    assert len(answer.json["Message"]) < 300
    assert time.monotonic() - begun_s < 5


def test_an_expression_as_large_as_is_accepted_is_answered(server: Server, place_s: float) -> None:
    terms = " OR ".join(f'annotation.key{n} = "{"x" * 30}"' for n in range(999))

    assert offsets(search(server, place_s, f"{terms} OR fault"), place_s) == [2]
    assert offsets(search(server, place_s, "(" * 128 + "fault" + ")" * 128), place_s) == [2]


def test_members_of_the_model_are_refused_by_boto3_as_invalid_requests(xray: Any) -> None:
    with pytest.raises(ClientError) as refused:
        xray.get_trace_summaries(StartTime=1, EndTime=2, FilterExpression="fault AND")

    assert isinstance(refused.value, xray.exceptions.InvalidRequestException)
    assert refused.value.response["Error"]["Message"].endswith(": unexpected end of expression")


@pytest.mark.parametrize(("start", "end"), [(0, 9_000_000_000), (8e9, 8.9e9), (0, 1)])
@pytest.mark.parametrize("range_type", ["TraceId", "Event", "Service"])
def test_decades_are_searched_in_bounded_time(range_type: str, start: float, end: float, server: Server) -> None:
    begun_s = time.monotonic()
    answer = server.post(
        "/TraceSummaries",
        {"StartTime": start, "EndTime": end, "TimeRangeType": range_type, "FilterExpression": 'user = "nobody"'},
    )

    assert (answer.status, answer.json["TraceSummaries"]) == (200, [])
    assert time.monotonic() - begun_s < 10


@pytest.fixture(scope="module")
def start_s(server: Server) -> float:
    """600 traces in 600 seconds; those of even seconds are marked, and so is every hundredth otherwise."""
    start_s = round(time.time() - 6 * DAY_S)
    sent = [
        factories.segment(start_time=start_s + n, annotations={"even": n % 2 == 0, "hundred": n % 100 == 0})
        for n in range(600)
    ]
    for at in range(0, len(sent), 50):
        assert server.put(*sent[at : at + 50]) == []
    return start_s


def test_every_match_is_on_one_page_and_every_trace_is_looked_at_once(xray: Any, start_s: float) -> None:
    times = {
        "StartTime": datetime.fromtimestamp(start_s, UTC),
        "EndTime": datetime.fromtimestamp(start_s + 600, UTC),
    }

    pages = list(xray.get_paginator("get_trace_summaries").paginate(**times, FilterExpression="annotation.even"))

    assert [len(page["TraceSummaries"]) for page in pages] == [250, 50]
    starts = [round(s["StartTime"].timestamp() - start_s) for page in pages for s in page["TraceSummaries"]]
    assert starts == list(range(598, -2, -2))
    assert [page["TracesProcessedCount"] for page in pages] == [500, 100]
    assert [page["ApproximateTime"].timestamp() - start_s for page in pages] == [100, 0]


def test_few_matches_far_apart_are_on_one_page(server: Server, start_s: float) -> None:
    body = {"StartTime": start_s, "EndTime": start_s + 600, "FilterExpression": "annotation.hundred"}

    answer = server.post("/TraceSummaries", body).json

    assert [round(s["StartTime"] - start_s) for s in answer["TraceSummaries"]] == [500, 400, 300, 200, 100, 0]
    assert (answer["TracesProcessedCount"], "NextToken" in answer) == (600, False)


def test_pages_stay_as_they_are_while_newer_traces_arrive(server: Server) -> None:
    start_s = round(time.time() - 7 * DAY_S)
    sent = [factories.segment(start_time=start_s + n % 300, annotations={"mine": True}) for n in range(600)]
    for at in range(0, len(sent), 50):
        server.put(*sent[at : at + 50])
    body: dict[str, Any] = {"StartTime": start_s, "EndTime": start_s + 400, "FilterExpression": "annotation.mine"}
    seen: list[str] = []

    while True:
        answer = server.post("/TraceSummaries", body).json
        seen += [summary["Id"] for summary in answer["TraceSummaries"]]
        server.put(*(factories.segment(start_time=start_s + 350, annotations={"mine": True}) for _ in range(50)))
        if "NextToken" not in answer:
            break
        body["NextToken"] = answer["NextToken"]

    assert sorted(seen) == sorted(document["trace_id"] for document in sent)


def test_a_token_is_refused_with_any_other_question(server: Server, start_s: float) -> None:
    asked = {"StartTime": start_s, "EndTime": start_s + 600, "FilterExpression": "annotation.even"}
    token = server.post("/TraceSummaries", asked).json["NextToken"]
    assert server.post("/TraceSummaries", {**asked, "NextToken": token}).status == 200

    others: list[dict[str, Any]] = [
        {"FilterExpression": "annotation.even "},
        {"FilterExpression": None},
        {"StartTime": start_s + 1},
        {"EndTime": start_s + 601},
        {"TimeRangeType": "Service"},
        {"GroupName": "Default"},
    ]
    for other in others:
        answer = server.post("/TraceSummaries", {**asked, **other, "NextToken": token})
        assert answer.error == (400, "InvalidRequestException"), other
        assert answer.json["Message"].startswith("Invalid token: it belongs to another question")


def test_a_token_that_was_changed_is_refused(server: Server, start_s: float) -> None:
    asked = {"StartTime": start_s, "EndTime": start_s + 600, "FilterExpression": "annotation.even"}
    token = server.post("/TraceSummaries", asked).json["NextToken"]
    content = base64.urlsafe_b64decode(token)

    for position in range(len(content)):
        changed = content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :]
        answer = server.post("/TraceSummaries", {**asked, "NextToken": base64.urlsafe_b64encode(changed).decode()})
        assert answer.error == (400, "InvalidRequestException")
        assert answer.json["Message"].startswith("Invalid token")


class _Place(msgspec.Struct, array_like=True):
    at_ns: int
    trace_id: bytes


@pytest.mark.parametrize("at_ns", [-(2**63), -1, 0, 999_999_999, 2_000_000_000, 2**63 - 1, 2**64 - 1])
def test_a_place_outside_the_range_is_refused_even_where_the_digest_was_computed(at_ns: int, server: Server) -> None:
    question = ("TraceSummaries", 1_000_000_000, 2_000_000_000, "TraceId", None, None, None)
    for trace_id in (b"", b"x" * 16, b"x" * 17):
        token = write_token(_Place(at_ns, trace_id), question)

        answer = server.post("/TraceSummaries", {"StartTime": 1, "EndTime": 2, "NextToken": token})

        assert answer.error == (400, "InvalidRequestException")
        assert answer.json["Message"].startswith("Invalid token")


def test_the_graph_of_a_group_holds_all_nodes_of_its_traces_and_no_others(
    xray: Any, server: Server, place_s: float
) -> None:
    made = xray.create_group(GroupName="gold", FilterExpression='annotation.plan = "gold"')["Group"]
    times = {"StartTime": place_s, "EndTime": place_s + 10}

    by_name, by_arn = (
        xray.get_service_graph(**times, **group) for group in ({"GroupName": "gold"}, {"GroupARN": made["GroupARN"]})
    )

    assert by_name["Services"] == by_arn["Services"]
    web = [s for s in by_name["Services"] if s.get("Type") != "client"]
    assert [(s["Name"], s["SummaryStatistics"]["TotalCount"]) for s in web] == [("web", 2)]
    assert by_name["ContainsOldGroupVersions"] is False


def test_default_is_every_trace(xray: Any, place_s: float) -> None:
    times = {"StartTime": place_s, "EndTime": place_s + 10}
    arn = xray.get_group(GroupName="Default")["Group"]["GroupARN"]

    graphs = [
        xray.get_service_graph(**times, **group)
        for group in ({}, {"GroupName": "Default"}, {"GroupARN": arn}, {"GroupName": "Default", "GroupARN": arn})
    ]

    assert len(graphs[0]["Services"]) == 4
    assert all(graph["Services"] == graphs[0]["Services"] for graph in graphs)


def test_a_group_without_an_expression_is_every_trace(xray: Any, place_s: float) -> None:
    xray.create_group(GroupName="all")

    graph = xray.get_service_graph(StartTime=place_s, EndTime=place_s + 10, GroupName="all")

    assert len(graph["Services"]) == 4


def test_an_expression_may_name_groups_also_in_circles(server: Server, place_s: float) -> None:
    for name, expression in (
        ("gold", 'annotation.plan = "gold"'),
        ("bad-gold", 'group.name = "gold" AND fault'),
        ("ring", 'group.name = "gnir" OR error'),
        ("gnir", 'group.name = "ring" OR fault'),
        ("self", '!group.name = "self"'),
    ):
        assert server.post("/CreateGroup", {"GroupName": name, "FilterExpression": expression}).status == 200

    assert offsets(search(server, place_s, 'group.name = "bad-gold"'), place_s) == [2]
    assert offsets(search(server, place_s, '!group.name = "bad-gold" AND group.name = "gold"'), place_s) == [1]
    assert offsets(search(server, place_s, 'group.name = "ring"'), place_s) == [3, 2]
    assert len(offsets(search(server, place_s, 'group.name = "self"'), place_s)) in (0, 5)
    assert offsets(search(server, place_s, None, GroupName="ring"), place_s) == [3, 2]


def test_groups_that_multiply_are_refused_and_not_spelled_out(server: Server, place_s: float) -> None:
    server.post("/CreateGroup", {"GroupName": "g0", "FilterExpression": "ok OR fault"})
    for n in range(1, 20):
        twice = " OR ".join([f'group.name = "g{n - 1}"'] * 2)
        server.post("/CreateGroup", {"GroupName": f"g{n}", "FilterExpression": twice})
    begun_s = time.monotonic()

    for members in ({"FilterExpression": 'group.name = "g19"'}, {"GroupName": "g19"}):
        answer = server.post("/TraceSummaries", {"StartTime": place_s, "EndTime": place_s + 10, **members})
        assert answer.error == (400, "InvalidRequestException")
        assert "more than 1000 conditions with its groups" in answer.json["Message"]
    assert time.monotonic() - begun_s < 5


def test_traces_keep_the_membership_they_arrived_with(xray: Any, server: Server) -> None:
    start_s = round(time.time() - 8 * DAY_S)
    times = {"StartTime": start_s, "EndTime": start_s + 10}
    xray.create_group(GroupName="moving", FilterExpression="annotation.old")
    server.put(factories.segment(start_time=start_s + 1, annotations={"old": True, "new": True}))
    server.put(factories.segment(start_time=start_s + 2, annotations={"new": True}))
    assert offsets(search(server, start_s, None, GroupName="moving"), start_s) == [1]

    xray.update_group(GroupName="moving", FilterExpression="annotation.new")
    server.put(factories.segment(start_time=start_s + 3, annotations={"new": True}))
    server.put(factories.segment(start_time=start_s + 4, annotations={"old": True}))

    assert offsets(search(server, start_s, None, GroupName="moving"), start_s) == [3, 1]
    # by expression, the present one decides about all of them
    assert offsets(search(server, start_s, 'group.name = "moving"'), start_s) == [3, 2, 1]
    graph = xray.get_service_graph(**times, GroupName="moving")
    [shop] = [s for s in graph["Services"] if s.get("Type") != "client"]
    assert shop["SummaryStatistics"]["TotalCount"] == 2
    assert graph["ContainsOldGroupVersions"] is True
    later = xray.get_service_graph(StartTime=time.time() + 60, EndTime=time.time() + 120, GroupName="moving")
    assert later["ContainsOldGroupVersions"] is False


def test_an_unknown_group_is_not_found(server: Server) -> None:
    for path in ("/TraceSummaries", "/ServiceGraph"):
        answer = server.post(path, {"StartTime": 1, "EndTime": 2, "GroupName": "nobody"})
        assert (answer.error, answer.json["Message"]) == ((400, "InvalidRequestException"), "Group not found")


def test_a_group_that_changed_a_hundred_times_is_still_answered(server: Server, place_s: float) -> None:
    server.post("/CreateGroup", {"GroupName": "busy", "FilterExpression": "fault"})
    for n in range(110):
        server.post("/UpdateGroup", {"GroupName": "busy", "FilterExpression": f"annotation.seats = {n} AND fault"})

    answer = server.post("/ServiceGraph", {"StartTime": place_s, "EndTime": place_s + 10, "GroupName": "busy"})

    assert answer.status == 200
    assert answer.json["ContainsOldGroupVersions"] is True
