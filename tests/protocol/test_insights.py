"""The four operations on insights through boto3 and raw HTTP, on a server that finds insights in its store."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from raylens.api.page_token import write_token
from raylens.api.xray.insights import _EventPlace
from tests.insights import ORDERS, PAY, SHOP, insight_id
from tests.protocol.server import Server
from tests.protocol.service_model import misfits
from tests.protocol.watched import ACTIVE, GONE, HOUR_S, NOW_S, OLD, SLOW, START_S

RANGE = {"StartTime": NOW_S - 24 * HOUR_S, "EndTime": NOW_S}
GRAPH = {"InsightId": ACTIVE, "StartTime": START_S - 60, "EndTime": START_S + 600}


def ask(server: Server, operation: str, **members: Any) -> dict[str, Any]:
    """The answer, held to the model."""
    answer = server.post("/" + operation.removeprefix("Get"), members)
    assert answer.status == 200, answer.body
    assert misfits(operation, answer.body) == []
    found: dict[str, Any] = answer.json
    return found


def refused(server: Server, operation: str, **members: Any) -> str:
    """The message of an InvalidRequestException."""
    answer = server.post("/" + operation.removeprefix("Get"), members)
    assert answer.error == (400, "InvalidRequestException")
    message: str = answer.json["Message"]
    return message


def ids(answer: dict[str, Any]) -> list[str]:
    return [each["InsightId"] for each in answer["InsightSummaries"]]


def service(name: str, type_: str) -> dict[str, Any]:
    return {"Name": name, "Names": [name], "Type": type_}


def test_boto3_reads_an_insight_that_is_active(watched: Server) -> None:
    found = watched.client().get_insight(InsightId=ACTIVE)["Insight"]
    assert {name: value for name, value in found.items() if name != "StartTime"} == {
        "InsightId": ACTIVE,
        "GroupARN": "arn:aws:xray:us-east-1:000000000000:group/Default",
        "GroupName": "Default",
        "RootCauseServiceId": service("orders", "AWS::DynamoDB::Table"),
        "Categories": ["FAULT"],
        "State": "ACTIVE",
        "Summary": "The incident goes on. orders (AWS::DynamoDB::Table) fails 40 % of its requests.",
        "ClientRequestImpactStatistics": {"FaultCount": 5, "OkCount": 90, "TotalCount": 100},
        "RootCauseServiceRequestImpactStatistics": {"FaultCount": 40, "OkCount": 60, "TotalCount": 100},
        "TopAnomalousServices": [
            {"ServiceId": service("orders", "AWS::DynamoDB::Table")},
            {"ServiceId": service("pay", "AWS::ECS::Container")},
        ],
    }
    assert found["StartTime"].timestamp() == START_S


def test_summaries_are_insights_with_the_time_of_the_last_change(watched: Server) -> None:
    answer = ask(watched, "GetInsightSummaries", GroupName="Default", **RANGE)
    assert ids(answer) == [ACTIVE, SLOW, OLD]
    for summary in answer["InsightSummaries"]:
        insight_ = ask(watched, "GetInsight", InsightId=summary["InsightId"])["Insight"]
        assert summary == {**insight_, "LastUpdateTime": summary["StartTime"] + 240}


def test_only_what_is_over_has_an_end(watched: Server) -> None:
    ends = {
        each["InsightId"]: each.get("EndTime")
        for each in ask(watched, "GetInsightSummaries", GroupName="Default", **RANGE)["InsightSummaries"]
    }
    assert ends == {ACTIVE: None, SLOW: NOW_S - 5 * HOUR_S + 600, OLD: NOW_S - 9 * HOUR_S + 1_200}


def test_after_the_first_full_stop_of_a_closed_insight_comes_the_whole_summary(watched: Server) -> None:
    """What Grafana shows of it."""
    summary = ask(watched, "GetInsight", InsightId=OLD)["Insight"]["Summary"]
    assert summary.split(".", 1)[1].strip() == "orders (AWS::DynamoDB::Table) fails 40 % of its requests."


def test_an_insight_without_faults_has_no_category_that_the_model_could_name(watched: Server) -> None:
    found = ask(watched, "GetInsight", InsightId=SLOW)["Insight"]
    assert found["Categories"] == []
    assert found["ClientRequestImpactStatistics"] == {"FaultCount": 0, "OkCount": 7, "TotalCount": 10}


def test_of_a_call_the_service_that_was_called_is_the_root_cause(watched: Server) -> None:
    found = ask(watched, "GetInsight", InsightId=SLOW)["Insight"]
    assert found["RootCauseServiceId"] == service("pay", "AWS::ECS::Container")


@pytest.mark.parametrize(("state", "expected"), [("ACTIVE", [ACTIVE]), ("CLOSED", [SLOW, OLD])])
def test_summaries_are_chosen_by_state(watched: Server, state: str, expected: list[str]) -> None:
    answer = ask(watched, "GetInsightSummaries", GroupName="Default", States=[state], **RANGE)
    assert ids(answer) == expected


def test_no_state_at_all_means_both(watched: Server) -> None:
    assert len(ids(ask(watched, "GetInsightSummaries", GroupName="Default", States=[], **RANGE))) == 3


def test_summaries_are_of_insights_that_lasted_in_the_range(watched: Server) -> None:
    begin = NOW_S - 5 * HOUR_S + 300
    answer = ask(watched, "GetInsightSummaries", GroupName="Default", StartTime=begin, EndTime=begin + 60)
    assert ids(answer) == [SLOW]


def test_pages_of_summaries_follow_each_other(watched: Server) -> None:
    asked = {"GroupARN": "arn:aws:xray:us-east-1:000000000000:group/Default", "MaxResults": 1, **RANGE}
    first = ask(watched, "GetInsightSummaries", **asked)
    second = ask(watched, "GetInsightSummaries", **asked, NextToken=first["NextToken"])
    third = ask(watched, "GetInsightSummaries", **asked, NextToken=second["NextToken"])
    assert [ids(page) for page in (first, second, third)] == [[ACTIVE], [SLOW], [OLD]]
    assert "NextToken" not in third
    assert refused(
        watched, "GetInsightSummaries", **{**asked, "States": ["ACTIVE"]}, NextToken=first["NextToken"]
    ).startswith("Invalid token: it belongs to another question")


def test_events_come_oldest_first_in_pages(watched: Server) -> None:
    first = ask(watched, "GetInsightEvents", InsightId=ACTIVE)
    second = ask(watched, "GetInsightEvents", InsightId=ACTIVE, NextToken=first["NextToken"])
    found = first["InsightEvents"] + second["InsightEvents"]
    assert (len(first["InsightEvents"]), "NextToken" in second) == (50, False)
    assert [each["EventTime"] for each in found] == [START_S + 60 * n for n in range(60)]
    assert found[7] == {
        "Summary": "Event 7.",
        "EventTime": START_S + 420,
        "ClientRequestImpactStatistics": {"FaultCount": 7, "OkCount": 90, "TotalCount": 97},
        "RootCauseServiceRequestImpactStatistics": {"FaultCount": 0, "OkCount": 60, "TotalCount": 60},
        "TopAnomalousServices": [{"ServiceId": service("orders", "AWS::DynamoDB::Table")}],
    }
    assert len(ask(watched, "GetInsightEvents", InsightId=ACTIVE, MaxResults=3)["InsightEvents"]) == 3


def test_an_insight_without_a_page_has_no_events(watched: Server) -> None:
    assert ask(watched, "GetInsightEvents", InsightId=OLD) == {"InsightEvents": []}


def test_the_impact_graph_is_the_part_of_the_map_that_the_insight_concerns(watched: Server) -> None:
    answer = ask(watched, "GetInsightImpactGraph", **GRAPH)
    names = {each["ReferenceId"]: (each["Type"], each["Name"]) for each in answer["Services"]}
    calls = {
        (names[each["ReferenceId"]], names[edge["ReferenceId"]])
        for each in answer["Services"]
        for edge in each["Edges"]
    }
    client, shop, pay, orders = ("client", "shop"), (SHOP.type, "shop"), (PAY.type, "pay"), (ORDERS.type, "orders")
    assert set(names.values()) == {client, shop, pay, orders}
    assert calls == {(client, shop), (shop, pay), (pay, orders)}
    assert {each["AccountId"] for each in answer["Services"]} == {"000000000000"}
    times = ("StartTime", "EndTime", "ServiceGraphStartTime", "ServiceGraphEndTime")
    assert [answer[name] for name in times] == [START_S - 60, START_S + 600, START_S + 5, START_S + 6]


def test_the_impact_graph_of_a_quiet_range_is_empty(watched: Server) -> None:
    answer = ask(watched, "GetInsightImpactGraph", InsightId=ACTIVE, StartTime=START_S + 120, EndTime=START_S + 180)
    assert (answer["Services"], answer["ServiceGraphStartTime"]) == ([], START_S + 120)


def test_insights_of_a_deleted_group_are_found_by_their_id_alone(watched: Server) -> None:
    assert ask(watched, "GetInsight", InsightId=GONE)["Insight"]["GroupName"] == "gone"
    assert refused(watched, "GetInsightSummaries", GroupName="gone", **RANGE) == "Group not found"
    assert refused(watched, "GetInsightImpactGraph", **{**GRAPH, "InsightId": GONE}) == "Group not found"


def test_a_group_has_no_insights_of_an_earlier_one_of_its_name(watched: Server) -> None:
    watched.post("/CreateGroup", {"GroupName": "again"})
    assert ids(ask(watched, "GetInsightSummaries", GroupName="again", **RANGE)) == []


def test_ids_are_read_in_any_case(watched: Server) -> None:
    assert ask(watched, "GetInsight", InsightId=ACTIVE.upper())["Insight"]["InsightId"] == ACTIVE


UNKNOWN = insight_id(99)
WRONG = [
    ("GetInsight", {}, "InsightId is required"),
    ("GetInsight", {"InsightId": ""}, "InsightId is '', a UUID was expected"),
    ("GetInsight", {"InsightId": "00000001-0000-9000-8000-000000000001"}, "a UUID was expected"),
    ("GetInsight", {"InsightId": ACTIVE + "\n"}, "a UUID was expected"),
    ("GetInsight", {"InsightId": "x" * 100_000}, "x" * 60 + "', a UUID was expected"),
    ("GetInsight", {"InsightId": UNKNOWN}, f"Insight {UNKNOWN} not found"),
    ("GetInsightEvents", {"InsightId": UNKNOWN}, "not found"),
    ("GetInsightEvents", {"InsightId": ACTIVE, "MaxResults": 51}, "MaxResults is 51, 1 to 50 was expected"),
    ("GetInsightEvents", {"InsightId": ACTIVE, "MaxResults": 0}, "1 to 50 was expected"),
    ("GetInsightEvents", {"InsightId": ACTIVE, "NextToken": "what"}, "Invalid token what"),
    ("GetInsightSummaries", {**RANGE}, "GroupName or GroupARN is required"),
    ("GetInsightSummaries", {"GroupName": "nobody", **RANGE}, "Group not found"),
    ("GetInsightSummaries", {"GroupARN": "arn", **RANGE}, "Group not found"),
    ("GetInsightSummaries", {"GroupName": "Default"}, "StartTime is required"),
    ("GetInsightSummaries", {"GroupName": "Default", "StartTime": 1}, "EndTime is required"),
    ("GetInsightSummaries", {"GroupName": "Default", "StartTime": 1, "EndTime": 2}, "more than 30 days ago"),
    ("GetInsightSummaries", {"GroupName": "Default", "StartTime": NOW_S, "EndTime": NOW_S}, "not after"),
    ("GetInsightSummaries", {"GroupName": "Default", "States": ["OPEN"], **RANGE}, "ACTIVE or CLOSED was expected"),
    ("GetInsightSummaries", {"GroupName": "Default", "States": ["ACTIVE", "CLOSED"], **RANGE}, "at most 1"),
    ("GetInsightSummaries", {"GroupName": "Default", "MaxResults": 101, **RANGE}, "1 to 100 was expected"),
    ("GetInsightSummaries", {"GroupName": "Default", "MaxResults": -1, **RANGE}, "1 to 100 was expected"),
    ("GetInsightSummaries", {"GroupName": "Default", "NextToken": "AAAA", **RANGE}, "Invalid token AAAA"),
    ("GetInsightImpactGraph", {**GRAPH, "InsightId": UNKNOWN}, "not found"),
    ("GetInsightImpactGraph", {**GRAPH, "StartTime": START_S - 6 * HOUR_S}, "longer than 6 hours"),
    ("GetInsightImpactGraph", {**GRAPH, "StartTime": NOW_S - 31 * 24 * HOUR_S}, "more than 30 days ago"),
    ("GetInsightImpactGraph", {**GRAPH, "NextToken": "next"}, "Invalid token next"),
]


@pytest.mark.parametrize(("operation", "members", "expected"), WRONG)
def test_what_breaks_a_rule_is_refused_in_words(
    watched: Server, operation: str, members: dict[str, Any], expected: str
) -> None:
    assert expected in refused(watched, operation, **members)


def test_thirty_days_are_accepted_though_the_request_took_a_moment(watched: Server) -> None:
    thirty = int(time.time()) - 30 * 24 * HOUR_S - 10
    assert len(ids(ask(watched, "GetInsightSummaries", GroupName="Default", StartTime=thirty, EndTime=NOW_S))) == 3


def test_a_member_of_another_type_is_refused(watched: Server) -> None:
    for members in ({"InsightId": 1}, {"InsightId": ["x"]}, {"InsightId": {"a": 1}}):
        assert watched.post("/Insight", members).error == (400, "SerializationException")


def test_boto3_raises_what_it_knows(watched: Server) -> None:
    client = watched.client()
    with pytest.raises(client.exceptions.InvalidRequestException, match="not found"):
        client.get_insight(InsightId=UNKNOWN)
    with pytest.raises(ClientError, match="more than 30 days ago"):
        client.get_insight_summaries(GroupName="Default", StartTime=1, EndTime=NOW_S)


def test_a_place_far_behind_the_last_event_is_an_empty_page(watched: Server) -> None:
    for shown in (-5, 60, 2**62):
        token = write_token(_EventPlace(shown), ("InsightEvents", ACTIVE))
        answer = ask(watched, "GetInsightEvents", InsightId=ACTIVE, NextToken=token)
        assert len(answer["InsightEvents"]) == (50 if shown < 0 else 0)
