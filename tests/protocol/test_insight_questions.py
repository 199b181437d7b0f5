"""What the console asks about insights, on a server that finds insights in its store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.insights import insight_id
from tests.protocol.server import Answer, Server
from tests.protocol.watched import ACTIVE, EARLIER, GONE, HOUR_S, NOW_S, OLD, SLOW, START_S, STEADY_S

JSON = {"Content-Type": "application/json"}
EVERYTHING = [ACTIVE, GONE, EARLIER, SLOW, OLD]
ORDERS, PAY = "orders|AWS::DynamoDB::Table", "pay|AWS::ECS::Container"
SHOP = "shop|AWS::EC2::Instance"


@pytest.fixture(autouse=True)
def _insights_off(watched: Server) -> Iterator[None]:
    """Leave the switches of Default as they were found."""
    yield
    switch(watched, "Default", insights=False)


def ask(server: Server, name: str, **members: Any) -> dict[str, Any]:
    answer = server.post(f"/api/v1/{name}", members)
    assert answer.status == 200, answer.body
    found: dict[str, Any] = answer.json
    return found


def switch(server: Server, group: str, **members: Any) -> Answer:
    return server.post(f"/api/v1/groups/{group}/insights", members, headers=JSON, method="PUT")


def look(server: Server, id_: str) -> dict[str, Any]:
    answer = server.post(f"/api/v1/insights/{id_}", method="GET")
    assert answer.status == 200, answer.body
    found: dict[str, Any] = answer.json
    return found


def ids(answer: dict[str, Any]) -> list[str]:
    return [each["id"] for each in answer["insights"]]


def error(answer: Answer) -> tuple[int, str, str]:
    member = answer.json["error"]
    return answer.status, member["code"], member["message"]


def entity(name: str, type_: str, source: tuple[str, str] | None = None) -> dict[str, Any]:
    caller = None if source is None else {"name": source[0], "type": source[1]}
    return {"service": {"name": name, "type": type_}, "source": caller, "node_key": f"{name}|{type_}"}


def test_all_insights_come_active_first_then_the_latest(watched: Server) -> None:
    answer = ask(watched, "insights")
    assert (ids(answer), answer["total"]) == (EVERYTHING, 5)
    assert answer["has_webhook"] is False


def test_an_insight_in_a_list_says_what_who_and_whom(watched: Server) -> None:
    found = ask(watched, "insights", state="ACTIVE")["insights"][0]
    table = ("orders", "AWS::DynamoDB::Table")
    pay = ("pay", "AWS::ECS::Container")
    assert found == {
        "id": ACTIVE,
        "group": "Default",
        "state": "ACTIVE",
        "categories": ["error_rate"],
        "start": START_S,
        "detected": START_S + 180,
        "updated": START_S + 240,
        "end": None,
        "summary": "orders (AWS::DynamoDB::Table) fails 40 % of its requests.",
        "root_cause": {
            "entity": entity(*table),
            "signal": "fault",
            "score": 0.8,
            "sentence": "orders (AWS::DynamoDB::Table) failed.",
        },
        "anomalous": [entity(*table), entity(*table, source=pay), entity(*pay)],
        "client_impact": {"requests": 100, "ok": 90, "error": 3, "throttle": 2, "fault": 5},
        "root_cause_impact": {"requests": 100, "ok": 60, "error": 0, "throttle": 0, "fault": 40},
    }


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"group": "Default"}, [ACTIVE, SLOW, OLD]),
        ({"group": "arn:aws:xray:us-east-1:000000000000:group/Default"}, [ACTIVE, SLOW, OLD]),
        ({"state": "CLOSED"}, [GONE, EARLIER, SLOW, OLD]),
        ({"start": NOW_S - 4 * HOUR_S}, [ACTIVE, GONE, EARLIER]),
        ({"end": NOW_S - 4 * HOUR_S}, [SLOW, OLD]),
        ({"start": NOW_S - 6 * HOUR_S, "end": NOW_S - 4 * HOUR_S}, [SLOW]),
        ({"start": "2001-01-01T00:00:00Z", "end": "2002-01-01T00:00:00Z"}, []),
    ],
)
def test_insights_are_chosen_by_group_state_and_range(
    watched: Server, members: dict[str, Any], expected: list[str]
) -> None:
    assert ids(ask(watched, "insights", **members)) == expected


def test_what_a_limit_leaves_out_is_counted(watched: Server) -> None:
    answer = ask(watched, "insights", limit=2)
    assert (ids(answer), answer["total"]) == (EVERYTHING[:2], 5)
    assert answer["categories"] == [
        {"category": "response_time", "active": 0, "closed": 1},
        {"category": "error_rate", "active": 1, "closed": 3},
        {"category": "throttling", "active": 0, "closed": 0},
    ]


def test_every_group_says_how_it_is_watched(watched: Server) -> None:
    watched.post("/CreateGroup", {"GroupName": "new", "InsightsConfiguration": {"InsightsEnabled": True}})
    watches = {each["group"]: each for each in ask(watched, "insights")["watches"]}
    assert {"Default", "new"} <= watches.keys()
    assert (watches["Default"]["state"], watches["Default"]["watched_until"]) == ("off", None)
    only = ask(watched, "insights", group="Default")["watches"]
    assert [each["group"] for each in only] == ["Default"]
    watched.post("/DeleteGroup", {"GroupName": "new"})


def test_switches_are_turned_one_by_one(watched: Server) -> None:
    on = switch(watched, "Default", insights=True).json
    assert (on["group"], on["insights"], on["notifications"]) == ("Default", True, False)
    told = switch(watched, "Default", notifications=True).json
    assert (told["insights"], told["notifications"]) == (True, True)
    assert watched.post("/GetGroup", {"GroupName": "Default"}).json["Group"]["InsightsConfiguration"] == {
        "InsightsEnabled": True, "NotificationsEnabled": True,
    }  # fmt: skip
    off = switch(watched, "Default", insights=False).json
    assert (off["insights"], off["notifications"], off["state"]) == (False, False, "off")


def test_a_group_is_switched_only_by_json(watched: Server) -> None:
    form = watched.post("/api/v1/groups/Default/insights", b'{"insights": true}', method="PUT")
    assert error(form)[:2] == (400, "malformed_body")


def test_the_page_of_an_insight_has_all_of_it(watched: Server) -> None:
    page = look(watched, ACTIVE)
    assert page["insight"] == ask(watched, "insights", state="ACTIVE")["insights"][0]
    assert [each["score"] for each in page["suspects"]] == [0.8, 0.1]
    assert [each["at"] for each in page["events"]] == [START_S + 60 * n for n in range(60)]
    assert page["events"][3]["client_impact"]["fault"] == 3
    assert page["exemplars"][0]["why"] == "slowest"
    assert page["findings"] == ["It differs."]
    assert page["anomalous_set"]["group"] is None
    assert (page["anomalous_set"]["start"], page["anomalous_set"]["filter"]) == (START_S, "")
    assert page["normal_set"] is None


def test_the_page_shows_whom_the_incident_concerns(watched: Server) -> None:
    page = look(watched, ACTIVE)
    nodes = {node["key"]: (node["is_client"], node["is_root_cause"], node["signal"]) for node in page["nodes"]}
    edges = {(edge["source"], edge["target"]): (edge["is_root_cause"], edge["signal"]) for edge in page["edges"]}
    assert nodes == {
        "client": (True, False, None),
        SHOP: (False, False, None),
        PAY: (False, False, "fault"),
        ORDERS: (False, True, "fault"),
    }
    assert edges == {
        ("client", SHOP): (False, None),
        (SHOP, PAY): (False, None),
        (PAY, ORDERS): (False, "fault"),
    }


def test_the_page_shows_what_clients_got_by_the_minute(watched: Server) -> None:
    assert look(watched, ACTIVE)["impact"] == [{"start": START_S, "ok": 1, "error": 0, "throttle": 0, "fault": 0}]


def test_an_insight_of_a_deleted_group_has_a_page_without_a_map(watched: Server) -> None:
    watched.post("/CreateGroup", {"GroupName": "again"})
    for id_, group in ((GONE, "gone"), (EARLIER, "again")):
        page = look(watched, id_)
        assert page["insight"]["group"] == page["anomalous_set"]["group"] == group
        assert (page["nodes"], page["edges"], page["impact"], page["events"]) == ([], [], [], [])


def test_a_band_has_every_minute_of_its_range(watched: Server) -> None:
    asked = {"start": STEADY_S + 600, "end": STEADY_S + 1_560}
    answer = ask(watched, "bands", set=asked, signal="fault", node={"name": "steady"})
    minutes = answer["minutes"]
    assert [minute["start"] for minute in minutes] == [STEADY_S + 60 * n for n in range(10, 26)]
    assert [minute["observed"] for minute in minutes] == [0] * 14 + [6, None]
    assert [minute["low"] for minute in minutes] == [None] * 2 + [0] * 13 + [None]
    assert [minute["is_anomalous"] for minute in minutes] == [False] * 14 + [True, False]
    assert 0 < minutes[14]["high"] < 6


def test_the_band_of_response_times_is_in_seconds(watched: Server) -> None:
    asked = {"start": STEADY_S + 1_200, "end": STEADY_S + 1_260}
    (minute,) = ask(watched, "bands", set=asked, signal="latency", node={"name": "steady"})["minutes"]
    assert minute["observed"] == pytest.approx(0.2)
    assert 0 < minute["low"] < 0.2 < minute["high"] < 1


def test_a_band_of_an_edge_that_nobody_took_is_unknown(watched: Server) -> None:
    edge = {"source": {"name": "steady"}, "target": {"name": "nobody"}}
    answer = ask(watched, "bands", set={"start": STEADY_S, "end": STEADY_S + 60}, signal="error", edge=edge)
    assert answer["minutes"] == [
        {"start": STEADY_S, "observed": None, "low": None, "high": None, "is_anomalous": False}
    ]


def test_a_band_ends_now(watched: Server) -> None:
    answer = ask(watched, "bands", set={"start": NOW_S, "end": NOW_S + HOUR_S}, signal="fault", node={"name": "x"})
    assert 1 <= len(answer["minutes"]) < 30


UNKNOWN = insight_id(99)
RANGE = {"start": NOW_S - 60, "end": NOW_S}
NODE = {"name": "shop"}
WRONG_BANDS: list[tuple[dict[str, Any], str]] = [
    ({"set": RANGE, "signal": "fault"}, "neither of node and edge given"),
    ({"set": RANGE, "signal": "fault", "node": NODE, "edge": {"source": NODE, "target": NODE}}, "both of node and"),
    ({"set": {}, "signal": "fault", "node": NODE}, "set.start is required"),
    ({"set": {**RANGE, "filter": "fault"}, "signal": "fault", "node": NODE}, "set.filter was given"),
    ({"set": {**RANGE, "group": "nobody"}, "signal": "fault", "node": NODE}, "Group not found"),
    ({"set": {**RANGE, "start": NOW_S - 25 * HOUR_S}, "signal": "fault", "node": NODE}, "longer than 24 hours"),
    ({"set": {"start": NOW_S, "end": NOW_S}, "signal": "fault", "node": NODE}, "is not after"),
]


@pytest.mark.parametrize(("members", "words"), WRONG_BANDS, ids=range(len(WRONG_BANDS)))
def test_a_band_of_what_cannot_be_is_refused(watched: Server, members: dict[str, Any], words: str) -> None:
    status, code, message = error(watched.post("/api/v1/bands", members))
    assert (status, code) == (400, "invalid_request")
    assert words in message


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"set": {}}, "set.start is required"),
        ({"set": {**RANGE, "group": "gone"}}, "Group not found"),
        ({"set": {**RANGE, "start": NOW_S - 25 * HOUR_S}}, "longer than a day"),
        ({"set": RANGE, "normal_start": NOW_S}, "normal_start is not before set.start"),
        ({"set": RANGE, "normal_start": 0}, "more than eight days before it"),
    ],
)
def test_causes_of_what_cannot_be_are_refused(watched: Server, members: dict[str, Any], words: str) -> None:
    status, code, message = error(watched.post("/api/v1/root-causes", members))
    assert (status, code) == (400, "invalid_request")
    assert words in message


def test_a_range_in_which_nothing_was_traced_has_no_suspects(watched: Server) -> None:
    answer = ask(watched, "root-causes", set={"start": NOW_S - 20 * HOUR_S, "end": NOW_S - 19 * HOUR_S})
    assert answer["suspects"] == []
    assert answer["summary"]


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"group": "nobody"}, "Group not found"),
        ({"group": "gone"}, "Group not found"),
        ({"group": ""}, "Group not found"),
        ({"limit": 0}, "limit is 0, 1 to 1,000 was expected"),
        ({"limit": 1_001}, "1 to 1,000 was expected"),
        ({"start": NOW_S, "end": NOW_S}, "is not after"),
        ({"start": "yesterday"}, "start is 'yesterday', epoch seconds or ISO 8601 were expected"),
        ({"end": -1}, "end is -1, epoch seconds were expected"),
        ({"end": 0}, "is not after start"),
    ],
)
def test_a_list_that_cannot_be_is_refused(watched: Server, members: dict[str, Any], words: str) -> None:
    status, code, message = error(watched.post("/api/v1/insights", members))
    assert (status, code) == (400, "invalid_request")
    assert words in message


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("insights", {"state": "OPEN"}),
        ("insights", {"limit": "many"}),
        ("bands", {"set": RANGE, "node": NODE}),
        ("bands", {"set": RANGE, "node": NODE, "signal": "noise"}),
        ("bands", []),
    ],
)
def test_a_body_that_does_not_fit_is_refused(watched: Server, path: str, body: Any) -> None:
    assert error(watched.post(f"/api/v1/{path}", json.dumps(body)))[:2] == (400, "malformed_body")


@pytest.mark.parametrize("id_", [UNKNOWN, "x", "%00", "a" * 3_000, "%ED%A0%80"])
def test_an_unknown_insight_is_not_found(watched: Server, id_: str) -> None:
    assert error(watched.post(f"/api/v1/insights/{id_}", method="GET"))[:2] == (404, "not_found")


def test_a_group_that_is_not_there_cannot_be_switched(watched: Server) -> None:
    assert error(switch(watched, "nobody", insights=True)) == (404, "not_found", "there is no group 'nobody'")


def test_notifications_need_insights(watched: Server) -> None:
    status, code, message = error(switch(watched, "Default", notifications=True))
    assert (status, code) == (400, "invalid_request")
    assert "InsightsEnabled must be true as well" in message
