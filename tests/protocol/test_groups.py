"""Groups through boto3 and raw HTTP: their rules, their lives through restarts and races, and what harms them not."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.protocol.conftest import StartServer
from tests.protocol.server import Server

ARN = "arn:aws:xray:us-east-1:000000000000:group/"
DEFAULT = {
    "GroupName": "Default",
    "GroupARN": ARN + "Default",
    "InsightsConfiguration": {"InsightsEnabled": False, "NotificationsEnabled": False},
}


@pytest.fixture(autouse=True)
def _no_groups(server: Server) -> Iterator[None]:
    """Find the shared server without groups, whoever used it before, and leave it so."""
    _forget_groups(server)
    yield
    _forget_groups(server)


def _forget_groups(server: Server) -> None:
    for group in server.post("/Groups").json["Groups"][1:]:
        assert server.post("/DeleteGroup", {"GroupName": group["GroupName"]}).status == 200
    server.post("/UpdateGroup", {"GroupName": "Default", "InsightsConfiguration": {"InsightsEnabled": False}})


def names(server: Server) -> list[str]:
    return [group["GroupName"] for group in server.post("/Groups").json["Groups"]]


def test_default_is_there_without_an_expression(xray: Any) -> None:
    assert xray.get_groups()["Groups"] == [DEFAULT]
    assert xray.get_group(GroupName="Default")["Group"] == DEFAULT
    assert xray.get_group(GroupARN=ARN + "Default")["Group"] == DEFAULT


def test_a_group_is_created_read_changed_and_deleted(xray: Any) -> None:
    made = xray.create_group(
        GroupName="slow-1",
        FilterExpression="responsetime > 2",
        InsightsConfiguration={"InsightsEnabled": True, "NotificationsEnabled": True},
        Tags=[{"Key": "팀", "Value": "a b"}, {"Key": "empty", "Value": ""}],
    )["Group"]
    arn = made["GroupARN"]
    assert made == {
        "GroupName": "slow-1", "GroupARN": arn, "FilterExpression": "responsetime > 2",
        "InsightsConfiguration": {"InsightsEnabled": True, "NotificationsEnabled": True},
    }  # fmt: skip
    prefix, unique_id = arn.rsplit("/", 1)
    assert (prefix, len(unique_id)) == (ARN + "slow-1", 26)
    assert xray.get_group(GroupName="slow-1")["Group"] == xray.get_group(GroupARN=arn)["Group"] == made
    assert xray.get_groups()["Groups"] == [DEFAULT, made]

    changed = xray.update_group(
        GroupARN=arn, FilterExpression='http.url CONTAINS "é"', InsightsConfiguration={"NotificationsEnabled": False}
    )["Group"]
    assert changed == {
        **made,
        "FilterExpression": 'http.url CONTAINS "é"',
        "InsightsConfiguration": {"InsightsEnabled": True, "NotificationsEnabled": False},
    }
    assert xray.get_group(GroupName="slow-1")["Group"] == changed

    answer = xray.delete_group(GroupName="slow-1")
    assert answer.keys() == {"ResponseMetadata"}
    assert xray.get_groups()["Groups"] == [DEFAULT]


def test_the_paginator_gets_one_page(xray: Any) -> None:
    xray.create_group(GroupName="a")

    pages = list(xray.get_paginator("get_groups").paginate())

    assert [[group["GroupName"] for group in page["Groups"]] for page in pages] == [["Default", "a"]]


def test_a_group_without_an_expression_is_answered_without_one(xray: Any) -> None:
    assert "FilterExpression" not in xray.create_group(GroupName="all")["Group"]


def test_insights_of_default_are_kept(xray: Any) -> None:
    on = {"InsightsEnabled": True, "NotificationsEnabled": False}

    assert xray.update_group(GroupName="Default", InsightsConfiguration=on)["Group"]["InsightsConfiguration"] == on
    assert xray.get_groups()["Groups"] == [{**DEFAULT, "InsightsConfiguration": on}]


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("get_groups", {"NextToken": "x"}, "Next Token not supported"),
    ("get_group", {"GroupName": "other"}, "Group not found"),
    ("get_group", {"GroupARN": ARN + "taken/X"}, "Group not found"),
    ("get_group", {}, "GroupName or GroupARN is required"),
    ("update_group", {"GroupName": "other"}, "Group not found"),
    ("update_group", {}, "GroupName or GroupARN is required"),
    ("update_group", {"GroupName": "Default", "FilterExpression": "ok"}, "FilterExpression cannot be set"),
    ("update_group", {"GroupName": "taken", "FilterExpression": ""}, "FilterExpression is empty"),
    ("update_group", {"GroupName": "taken", "GroupARN": ARN + "Default"}, "mean different groups"),
    ("delete_group", {"GroupName": "other"}, "Group not found"),
    ("delete_group", {}, "GroupName or GroupARN is required"),
    ("delete_group", {"GroupName": "Default"}, "The group Default cannot be deleted"),
    ("create_group", {"GroupName": "taken"}, "Group taken already exists"),
    ("create_group", {"GroupName": "Default"}, "The group name Default is reserved"),
    ("create_group", {"GroupName": "a b"}, "GroupName is 'a b', 1 to 32 letters, digits and dashes were expected"),
    ("create_group", {"GroupName": "x" * 33}, "1 to 32 letters"),
    ("create_group", {"GroupName": "x" * 10_000}, "1 to 32 letters"),
    ("create_group", {"GroupName": "그룹"}, "1 to 32 letters"),
    ("create_group", {"GroupName": "a\x00"}, "1 to 32 letters"),
    ("create_group", {"GroupName": "new", "FilterExpression": " "}, "FilterExpression is empty"),
    ("create_group", {"GroupName": "new", "FilterExpression": "x" * 10_001}, "at most 10000 are accepted"),
    ("create_group", {"GroupName": "new", "FilterExpression": "ok AND"}, "Error Location: line 1, position 7 : "),
    ("create_group", {"GroupName": "new", "FilterExpression": "(" * 9_000}, "Error Location: line 1, position "),
    ("update_group", {"GroupName": "taken", "FilterExpression": "nonsense = 1"}, "line 1, position 1 : Invalid input"),
    (
        "create_group",
        {"GroupName": "new", "InsightsConfiguration": {"NotificationsEnabled": True}},
        "NotificationsEnabled is true, InsightsEnabled must be true as well",
    ),
    ("create_group", {"GroupName": "new", "Tags": [{"Key": "k", "Value": "v"}] * 2}, "tag key 'k' was sent twice"),
    ("create_group", {"GroupName": "new", "Tags": [{"Key": "aws:k", "Value": "v"}]}, "begins with aws:"),
    ("create_group", {"GroupName": "new", "Tags": [{"Key": "k" * 129, "Value": "v"}]}, "1 to 128 were expected"),
    ("create_group", {"GroupName": "new", "Tags": [{"Key": "k", "Value": "v" * 257}]}, "0 to 256 were expected"),
    (
        "create_group",
        {"GroupName": "new", "Tags": [{"Key": str(n), "Value": ""} for n in range(51)]},
        "51 tags were sent, at most 50 are accepted",
    ),
]


@pytest.mark.parametrize(("operation", "members", "words"), REFUSED, ids=range(len(REFUSED)))
def test_a_request_that_breaks_a_rule_is_an_invalid_request_and_changes_nothing(
    operation: str, members: dict[str, Any], words: str, xray: Any
) -> None:
    xray.create_group(GroupName="taken", FilterExpression="ok")
    before = xray.get_groups()["Groups"]

    with pytest.raises(ClientError) as refused:
        getattr(xray, operation)(**members)

    assert isinstance(refused.value, xray.exceptions.InvalidRequestException)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert words in refused.value.response["Error"]["Message"]
    assert xray.get_groups()["Groups"] == before


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"GroupName": ""}, "GroupName is ''"),
        ({"GroupName": "new", "Tags": [{"Value": "v"}]}, "Tags[0].Key is required"),
        ({"GroupName": "new", "Tags": [{"Key": "k", "Value": None}]}, "Tags[0].Value is required"),
        ({"GroupName": "new", "Tags": [{"Key": "", "Value": "v"}]}, "1 to 128 were expected"),
    ],
)
def test_what_botocore_would_not_send_is_refused_too(members: dict[str, Any], words: str, server: Server) -> None:
    answer = server.post("/CreateGroup", members)

    assert answer.error == (400, "InvalidRequestException")
    assert words in answer.json["Message"]


def test_members_that_are_null_count_as_absent(server: Server) -> None:
    nulls = dict.fromkeys(("FilterExpression", "InsightsConfiguration", "Tags"))

    assert server.post("/CreateGroup", {"GroupName": "all", **nulls}).status == 200
    assert server.post("/GetGroup", {"GroupName": "all", "GroupARN": None}).status == 200
    assert server.post("/Groups", {"NextToken": None}).status == 200


def test_of_eight_callers_who_create_a_group_at_once_one_succeeds(server: Server) -> None:
    def attempt(number: int) -> int:
        return server.post("/CreateGroup", {"GroupName": "raced", "FilterExpression": f'user = "{number}"'}).status

    for _ in range(3):
        with ThreadPoolExecutor(8) as pool:
            statuses = sorted(pool.map(attempt, range(8)))
        assert statuses == [200] + [400] * 7
        server.post("/DeleteGroup", {"GroupName": "raced"})


def test_the_26th_group_is_refused_however_many_ask_at_once(server: Server) -> None:
    def attempt(number: int) -> int:
        return server.post("/CreateGroup", {"GroupName": f"g{number}"}).status

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(attempt, range(28)))

    assert statuses == [200] * 25 + [400] * 3
    assert len(names(server)) == 26
    answer = server.post("/CreateGroup", {"GroupName": "more"})
    assert answer.json["Message"] == "there are 25 groups already, which is the limit"


def test_updates_at_the_same_time_are_all_made(server: Server) -> None:
    server.post("/CreateGroup", {"GroupName": "busy"})

    def attempt(number: int) -> int:
        members = (
            {"FilterExpression": f'user = "{number}"'},
            {"InsightsConfiguration": {"InsightsEnabled": True}},
        )[number % 2]
        return server.post("/UpdateGroup", {"GroupName": "busy", **members}).status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(attempt, range(16))) == {200}

    group = server.post("/GetGroup", {"GroupName": "busy"}).json["Group"]
    assert group["InsightsConfiguration"]["InsightsEnabled"] and group["FilterExpression"].startswith("user = ")


def test_groups_that_name_each_other_are_kept(server: Server) -> None:
    for name, other in (("a", "b"), ("b", "a"), ("self", "self")):
        body = {"GroupName": name, "FilterExpression": f'group.name = "{other}"'}
        assert server.post("/CreateGroup", body).status == 200

    assert names(server) == ["Default", "a", "b", "self"]


def test_an_acknowledged_group_survives_kill_and_restart(start_server: StartServer) -> None:
    server = start_server().wait_until_ready()
    made = server.post("/CreateGroup", {"GroupName": "kept", "FilterExpression": "ok"}).json["Group"]
    server.post("/CreateGroup", {"GroupName": "gone"})
    assert server.post("/DeleteGroup", {"GroupName": "gone"}).status == 200
    server.kill()

    again = start_server().wait_until_ready()
    assert again.post("/GetGroup", {"GroupName": "kept"}).json["Group"] == made
    changed = again.post("/UpdateGroup", {"GroupName": "kept", "FilterExpression": "fault"}).json["Group"]
    assert again.stop() == 0

    third = start_server().wait_until_ready()
    assert third.post("/Groups").json["Groups"] == [DEFAULT, changed]
    assert third.post("/CreateGroup", {"GroupName": "kept"}).error == (400, "InvalidRequestException")


def test_kills_while_groups_are_created_lose_none_that_was_acknowledged(start_server: StartServer) -> None:
    acknowledged: list[str] = []
    for number in range(2):
        server = start_server().wait_until_ready()

        def create(name: str, server: Server = server) -> None:
            try:
                if server.post("/CreateGroup", {"GroupName": name}).status == 200:
                    acknowledged.append(name)
            except (OSError, HTTPException):
                pass  # killed

        with ThreadPoolExecutor(4) as pool:
            waiting = [pool.submit(create, f"g{number}-{step}") for step in range(12)]
            waiting[2].result()
            server.kill()

    server = start_server().wait_until_ready()
    assert acknowledged
    assert set(acknowledged) <= set(names(server))
    # whatever the kills left half done, every name can still be made or is there
    for name in ("g0-11", "g1-11"):
        if name not in names(server):
            assert server.post("/CreateGroup", {"GroupName": name}).status == 200


def test_the_graph_of_default_is_that_of_no_group_and_an_unknown_group_is_not_found(server: Server) -> None:
    window = {"StartTime": 1, "EndTime": 2}
    named = server.post("/ServiceGraph", {**window, "GroupName": "Default", "GroupARN": ARN + "Default"})

    assert named.json == server.post("/ServiceGraph", window).json
    for group in ({"GroupName": "other"}, {"GroupARN": ARN + "other/X"}, {"GroupARN": "Default"}):
        answer = server.post("/ServiceGraph", {**window, **group})
        assert (answer.error, answer.json["Message"]) == ((400, "InvalidRequestException"), "Group not found")
