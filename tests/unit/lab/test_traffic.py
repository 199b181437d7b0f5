from __future__ import annotations

from raylens.lab.traffic import RESTAURANTS, Request, TrafficPlan


def test_a_plan_creates_then_reads_then_sends_bad_requests() -> None:
    requests = TrafficPlan(create_count=6, read_count=2, invalid_count=1).requests()
    assert [each.kind for each in requests] == ["create"] * 6 + ["read"] * 2 + ["invalid"]
    names = [each.body["restaurantName"] for each in requests[:6] if each.body]
    assert names == [*RESTAURANTS, RESTAURANTS[0]]
    assert requests[6] == Request("read") and requests[8].body == {"restaurantName": RESTAURANTS[0]}


def test_users_take_turns_in_what_is_written_and_in_what_is_read() -> None:
    requests = TrafficPlan(create_count=3, read_count=3, invalid_count=0, users=("a", "b")).requests()
    assert [each.body["userId"] for each in requests if each.body] == ["a", "b", "a"]
    assert [each.user for each in requests if each.kind == "read"] == ["a", "b", "a"]
