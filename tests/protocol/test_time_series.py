"""GetTimeSeriesServiceStatistics and percentiles through boto3 and raw HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from raylens.api.page_token import write_token
from raylens.api.xray.time_series import _Place
from tests import factories
from tests.protocol.server import Server
from tests.protocol.service_model import misfits

DAY_S = 86_400
PATH = "/TimeSeriesServiceStatistics"
ZERO_ERRORS = {"ThrottleCount": 0, "OtherCount": 0, "TotalCount": 0}


@pytest.fixture(autouse=True)
def _no_groups(server: Server) -> Iterator[None]:
    """Leave the shared server as it was."""
    yield
    for group in server.post("/Groups").json["Groups"][1:]:
        assert server.post("/DeleteGroup", {"GroupName": group["GroupName"]}).status == 200


@pytest.fixture(scope="module")
def hour_s(server: Server) -> int:
    """The start of an hour that holds traces of this module alone, in the minutes 0, 1, 4, 5 and 12.

    Each trace is a request of `web` of 0.2 s that calls the table `carts`; that of minute 1 fails, that of minute 4
    is refused by a throttled table, and in minute 12 `web` calls nobody.
    """
    hour_s = int(time.time() - 9 * DAY_S) // 3600 * 3600
    for minute in (0, 1, 4, 5, 12):
        start_s = hour_s + minute * 60 + 10
        call = factories.embedded(
            name="DynamoDB", namespace="aws", start_time=start_s + 0.05, end_time=start_s + 0.1,
            aws={"operation": "GetItem", "table_name": "carts"}, throttle=minute == 4,
        )  # fmt: skip
        server.put(
            factories.segment(
                name="web", start_time=start_s, end_time=start_s + 0.2, fault=minute == 1, error=minute == 4,
                annotations={"minute": minute}, subsegments=[] if minute == 12 else [call],
            )
        )  # fmt: skip
    return hour_s


def ask(server: Server, hour_s: int, **members: Any) -> dict[str, Any]:
    """The answer for the hour, held to the model."""
    answer = server.post(PATH, {"StartTime": hour_s, "EndTime": hour_s + 3600, **members})
    assert answer.status == 200, answer.body
    assert misfits("GetTimeSeriesServiceStatistics", answer.body) == []
    found: dict[str, Any] = answer.json
    return found


def minutes_after(hour_s: int, answer: dict[str, Any]) -> list[float]:
    """The stamp of each point in minutes after the hour."""
    return [(point["Timestamp"] - hour_s) / 60 for point in answer["TimeSeriesServiceStatistics"]]


def test_points_are_stamped_with_the_end_of_their_minute_newest_first(server: Server, hour_s: int) -> None:
    assert minutes_after(hour_s, ask(server, hour_s)) == [13, 6, 5, 2, 1]
    assert minutes_after(hour_s, ask(server, hour_s, Period=60)) == [13, 6, 5, 2, 1]


def test_five_minutes_hold_the_minutes_that_end_in_them(server: Server, hour_s: int) -> None:
    answer = ask(server, hour_s, Period=300)

    assert minutes_after(hour_s, answer) == [15, 10, 5]
    assert [p["EdgeSummaryStatistics"]["TotalCount"] for p in answer["TimeSeriesServiceStatistics"]] == [1, 1, 3]


def test_without_a_selector_points_count_the_requests_that_entered(server: Server, hour_s: int) -> None:
    points = {
        (point["Timestamp"] - hour_s) // 60: point for point in ask(server, hour_s)["TimeSeriesServiceStatistics"]
    }

    assert points[1] == {
        "Timestamp": hour_s + 60,
        "EdgeSummaryStatistics": {
            "OkCount": 1, "ErrorStatistics": ZERO_ERRORS, "FaultStatistics": {"OtherCount": 0, "TotalCount": 0},
            "TotalCount": 1, "TotalResponseTime": 0.2,
        },
        "ServiceForecastStatistics": {},
        "ResponseTimeHistogram": [{"Value": 0.2, "Count": 1}],
    }  # fmt: skip
    assert points[2]["EdgeSummaryStatistics"]["FaultStatistics"] == {"OtherCount": 1, "TotalCount": 1}
    assert points[5]["EdgeSummaryStatistics"]["ErrorStatistics"] == {**ZERO_ERRORS, "OtherCount": 1, "TotalCount": 1}


@pytest.mark.parametrize(
    ("selector", "member", "count", "response_s"),
    [
        ('service("web")', "ServiceSummaryStatistics", 5, 0.2),
        ('service(id(name: "web"))', "ServiceSummaryStatistics", 5, 0.2),
        ('service("carts")', "ServiceSummaryStatistics", 4, 0.05),
        ('service(id(name: "carts", type: "AWS::DynamoDB::Table"))', "ServiceSummaryStatistics", 4, 0.05),
        ('edge("web", "carts")', "EdgeSummaryStatistics", 4, 0.05),
        ('edge(id(type: "client"), "web")', "EdgeSummaryStatistics", 5, 0.2),
    ],
)
def test_a_selector_counts_its_node_or_edge_with_complete_nested_objects(
    selector: str, member: str, count: int, response_s: float, server: Server, hour_s: int
) -> None:
    points = ask(server, hour_s, EntitySelectorExpression=selector)["TimeSeriesServiceStatistics"]

    counted = [point for point in points if member in point]
    assert len(points) == 5 and sum(point[member]["TotalCount"] for point in counted) == count
    for point in counted:
        figures = point[member]
        assert figures["TotalResponseTime"] / figures["TotalCount"] == pytest.approx(response_s)
        assert figures["ErrorStatistics"].keys() == ZERO_ERRORS.keys()
        assert figures["FaultStatistics"].keys() == {"OtherCount", "TotalCount"}
        assert point["ResponseTimeHistogram"] == [{"Value": response_s, "Count": 1}]


@pytest.mark.parametrize(
    "selector",
    [
        'service("nobody")',
        'edge("web", "nobody")',
        'service(id(name: "web", account.id: "other"))',
        'service("%\' OR 1")',
    ],
)
def test_a_selector_that_meets_nothing_keeps_the_stamps(selector: str, server: Server, hour_s: int) -> None:
    answer = ask(server, hour_s, EntitySelectorExpression=selector)

    assert answer["TimeSeriesServiceStatistics"] == [
        {"Timestamp": hour_s + minute * 60, "ServiceForecastStatistics": {}, "ResponseTimeHistogram": []}
        for minute in (13, 6, 5, 2, 1)
    ]


@pytest.mark.parametrize(
    ("start_s", "end_s", "expected"),
    [(60, 61, [1]), (60, 120, [1]), (60, 121, [2, 1]), (61, 120, []), (60.9, 120.9, [1]), (0, 60, []), (10, 11, [])],
)
def test_the_range_speaks_of_stamps_in_whole_seconds(
    start_s: float, end_s: float, expected: list[int], server: Server, hour_s: int
) -> None:
    answer = ask(server, hour_s, StartTime=hour_s + start_s, EndTime=hour_s + end_s)

    assert minutes_after(hour_s, answer) == expected


def test_a_period_is_whole_even_where_the_range_begins_inside_it(server: Server, hour_s: int) -> None:
    answer = ask(server, hour_s, Period=300, StartTime=hour_s + 290, EndTime=hour_s + 301)

    [point] = answer["TimeSeriesServiceStatistics"]
    assert point["EdgeSummaryStatistics"]["TotalCount"] == 3


def test_a_group_counts_its_traces_alone(xray: Any, server: Server, hour_s: int) -> None:
    arn = xray.create_group(GroupName="some", FilterExpression="annotation.minute >= 4")["Group"]["GroupARN"]

    for group in ({"GroupName": "some"}, {"GroupARN": arn}):
        answer = ask(server, hour_s, **group)
        assert minutes_after(hour_s, answer) == [13, 6, 5]
        assert answer["ContainsOldGroupVersions"] is False
    with_selector = ask(server, hour_s, GroupName="some", EntitySelectorExpression='service("carts")')
    assert minutes_after(hour_s, with_selector) == [13, 6, 5]
    assert [("ServiceSummaryStatistics" in p) for p in with_selector["TimeSeriesServiceStatistics"]] == [0, 1, 1]

    xray.update_group(GroupName="some", FilterExpression="annotation.minute = 0")
    answer = ask(server, hour_s, GroupName="some")
    assert (minutes_after(hour_s, answer), answer["ContainsOldGroupVersions"]) == ([13, 6, 5], True)


def test_boto3_reads_it(xray: Any, hour_s: int) -> None:
    answer = xray.get_time_series_service_statistics(
        StartTime=hour_s, EndTime=hour_s + 3600, GroupName="Default", Period=300, ForecastStatistics=True,
        EntitySelectorExpression='service(id(name: "web"))',
    )  # fmt: skip

    points = answer["TimeSeriesServiceStatistics"]
    assert [point["Timestamp"].timestamp() - hour_s for point in points] == [900, 600, 300]
    assert sum(point["ServiceSummaryStatistics"]["TotalCount"] for point in points) == 5
    assert all(point["ServiceForecastStatistics"] == {} for point in points)


@pytest.fixture(scope="module")
def steady_s(server: Server) -> int:
    """The start of an hour of another day: `steady` answers six requests a minute in its first twenty-five minutes; one
    fails in minute 5, and all in the last."""
    hour_s = int(time.time() - 11 * DAY_S) // 3600 * 3600
    documents = [
        factories.segment(
            name="steady", start_time=(start_s := hour_s + minute * 60 + second), end_time=start_s + 0.2,
            fault=minute == 24 or (minute == 5 and second == 0),
        )
        for minute in range(25)
        for second in range(0, 60, 10)
    ]  # fmt: skip
    for first in range(0, len(documents), 50):
        server.put(*documents[first : first + 50])
    return hour_s


def forecasts(server: Server, hour_s: int, **members: Any) -> dict[float, dict[str, Any]]:
    """Forecast and faults of each point by minutes after the hour."""
    members = {"EntitySelectorExpression": 'service(id(name: "steady"))', "ForecastStatistics": True, **members}
    return {
        (point["Timestamp"] - hour_s) / 60: point["ServiceForecastStatistics"]
        for point in ask(server, hour_s, **members)["TimeSeriesServiceStatistics"]
    }


def test_faults_are_forecast_once_enough_was_seen(server: Server, steady_s: int) -> None:
    found = forecasts(server, steady_s)

    assert [found[minute] for minute in (1, 5, 12)] == [{}, {}, {}]
    for minute in range(13, 26):
        assert found[minute]["FaultCountLow"] == 0
        assert 1 <= found[minute]["FaultCountHigh"] <= 6
    assert found[25]["FaultCountHigh"] < 6, "six faults are not expected"


def test_a_forecast_knows_what_was_seen_before_the_range(server: Server, steady_s: int) -> None:
    later = forecasts(server, steady_s, StartTime=steady_s + 24 * 60)

    assert later == {minute: forecasts(server, steady_s)[minute] for minute in (24, 25)}


def test_five_minutes_are_forecast_when_twelve_of_them_were_seen(server: Server, steady_s: int) -> None:
    assert set(map(str, forecasts(server, steady_s, Period=300).values())) == {"{}"}


def test_without_asking_nothing_is_forecast(server: Server, steady_s: int) -> None:
    assert set(map(str, forecasts(server, steady_s, ForecastStatistics=False).values())) == {"{}"}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"Period": 61}, "Time period must be one of [60, 300]"),
    ({"Period": 0}, "Time period must be one of [60, 300]"),
    ({"EntitySelectorExpression": ""}, "The entity selector expression has 0 characters"),
    ({"EntitySelectorExpression": 'service("x")' + " " * 500}, "1 to 500 are accepted"),
    ({"EntitySelectorExpression": 'service("x") { fault }'}, "line 1, position 14 : Invalid input symbol: '{'"),
    ({"EntitySelectorExpression": "fault"}, "line 1, position 1 : Invalid input symbol"),
    ({"EntitySelectorExpression": 'service("x") AND service("y")'}, "Invalid input symbol"),
    ({"ForecastStatistics": True}, "ForecastStatistics needs an EntitySelectorExpression with id()"),
    ({"ForecastStatistics": True, "EntitySelectorExpression": 'service("id(")'}, "ForecastStatistics needs"),
    ({"NextToken": "not-a-token"}, "Invalid token not-a-token"),
    ({"NextToken": ""}, "Invalid token"),
    ({"GroupName": "nobody"}, "Group not found"),
    ({"StartTime": 100, "EndTime": 100}, "is not after StartTime"),
    ({"StartTime": 100, "EndTime": 50}, "is not after StartTime"),
    ({"StartTime": 0, "EndTime": 9_000_000_000}, "The range is longer than 366 days"),
]


@pytest.mark.parametrize(("members", "words"), REFUSED, ids=range(len(REFUSED)))
def test_what_breaks_a_rule_is_refused(members: dict[str, Any], words: str, server: Server, hour_s: int) -> None:
    answer = server.post(PATH, {"StartTime": hour_s, "EndTime": hour_s + 60, **members})

    assert answer.error == (400, "InvalidRequestException")
    assert words in answer.json["Message"]


def test_a_year_without_data_is_answered_in_bounded_time(server: Server) -> None:
    server.post("/CreateGroup", {"GroupName": "none", "FilterExpression": 'user = "nobody"'})
    begun_s = time.monotonic()

    for members in ({}, {"GroupName": "none", "EntitySelectorExpression": 'service("x")'}):
        answer = server.post(PATH, {"StartTime": 1_000_000_000, "EndTime": 1_000_000_000 + 366 * DAY_S, **members})
        assert (answer.status, answer.json["TimeSeriesServiceStatistics"]) == (200, [])
    assert time.monotonic() - begun_s < 15


@pytest.fixture(scope="module")
def long_s(server: Server) -> int:
    """The start of a time with a request in each of 1,050 minutes, of which 200 come a day before the others."""
    long_s = int(time.time() - 12 * DAY_S) // 3600 * 3600
    starts = [long_s + n * 60 for n in range(200)] + [long_s + DAY_S + n * 60 for n in range(850)]
    sent = [factories.segment(name="long", start_time=start_s) for start_s in starts]
    for at in range(0, len(sent), 50):
        assert server.put(*sent[at : at + 50]) == []
    return long_s


def test_pages_hold_every_point_once(server: Server, xray: Any, long_s: int) -> None:
    pages = list(
        xray.get_paginator("get_time_series_service_statistics").paginate(
            StartTime=long_s, EndTime=long_s + 2 * DAY_S, EntitySelectorExpression='service("long")'
        )
    )

    assert [len(page["TimeSeriesServiceStatistics"]) for page in pages] == [1000, 50]
    stamps = [p["Timestamp"].timestamp() - long_s for page in pages for p in page["TimeSeriesServiceStatistics"]]
    assert stamps == [DAY_S + n * 60 for n in range(850, 0, -1)] + [n * 60 for n in range(200, 0, -1)]


def test_a_token_is_refused_with_any_other_question_and_outside_its_range(server: Server, long_s: int) -> None:
    asked = {"StartTime": long_s, "EndTime": long_s + 2 * DAY_S}
    token = server.post(PATH, asked).json["NextToken"]
    assert server.post(PATH, {**asked, "NextToken": token}).status == 200
    question = ("TimeSeriesServiceStatistics", long_s * 10**9, (long_s + 2 * DAY_S) * 10**9, 60, None, None, None)
    forged = [write_token(_Place(stamp_s), question) for stamp_s in (-1, 0, long_s - 1, long_s + 2 * DAY_S, 2**63)]

    for other in (
        {"Period": 300, "NextToken": token},
        {"GroupName": "Default", "NextToken": token},
        {"EntitySelectorExpression": 'service("long")', "NextToken": token},
        {"StartTime": long_s + 1, "NextToken": token},
        *({"NextToken": each} for each in forged),
    ):
        answer = server.post(PATH, {**asked, **other})
        assert answer.error == (400, "InvalidRequestException"), other
        assert answer.json["Message"].startswith("Invalid token")


def test_percentiles_are_an_extension_that_boto3_leaves_out(xray: Any, server: Server) -> None:
    start_s = round(time.time() - 13 * DAY_S)
    server.put(*(factories.segment(name="timed", start_time=start_s, end_time=start_s + n / 100) for n in range(1, 12)))
    times = {"StartTime": start_s - 1, "EndTime": start_s + 1}
    expected = {"P50": 0.06, "P90": 0.1, "P95": 0.105, "P99": 0.109}

    client, node = server.post("/ServiceGraph", times).json["Services"]

    assert node["ResponseTimePercentiles"] == client["Edges"][0]["ResponseTimePercentiles"] == expected
    assert "ResponseTimePercentiles" not in client
    for service in xray.get_service_graph(**times)["Services"]:
        assert "ResponseTimePercentiles" not in service
        assert all("ResponseTimePercentiles" not in edge for edge in service["Edges"])


def test_a_node_where_nothing_finished_has_no_percentiles(server: Server) -> None:
    open_ = factories.in_progress(factories.segment(name="open", start_time=round(time.time() - 13.5 * DAY_S)))
    server.put(open_)

    graph = server.post("/TraceGraph", {"TraceIds": [open_["trace_id"]]}).json["Services"]

    assert all("ResponseTimePercentiles" not in service for service in graph)
