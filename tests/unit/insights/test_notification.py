from __future__ import annotations

import json
import uuid

import msgspec
import pytest

from raylens.insights.notification import NotificationFacts, notification_event, notification_id
from raylens.model.insight import Signal
from tests.conftest import Golden
from tests.unit.insights.incidents import event, insight

FACTS = NotificationFacts("eu-central-1", "123456789012", "https://raylens.example/console")


@pytest.mark.parametrize("state", ["active", "closed"])
def test_the_event_has_the_members_of_eventbridge_and_ours_in_one_of_their_own(state: str, golden: Golden) -> None:
    content = notification_event(insight(is_closed=state == "closed"), event(), FACTS)
    golden(f"notifications/{state}.json", msgspec.json.format(msgspec.json.encode(content)) + b"\n")


def test_the_category_of_aws_is_there_where_faults_belong_to_the_incident() -> None:
    faulty = msgspec.structs.replace(insight(), signals=(Signal.LATENCY, Signal.FAULT))
    detail = notification_event(faulty, event(), FACTS)["detail"]
    assert (detail["Category"], detail["Categories"]) == ("FAULT", ["FAULT"])
    slow = notification_event(insight(), event(), FACTS)["detail"]
    assert (slow["Category"], slow["Categories"]) == (None, [])


def test_an_active_insight_has_no_end() -> None:
    assert "EndTime" not in notification_event(insight(), event(), FACTS)["detail"]
    assert notification_event(insight(is_closed=True), event(), FACTS)["detail"]["EndTime"] == 1_700_000_760


def test_an_event_has_one_id_whoever_tells_it_and_no_two_events_share_one() -> None:
    first = notification_id(insight(), event())
    assert first == notification_id(insight(), event(summary="told in other words"))
    assert str(uuid.UUID(first)) == first
    others = [(insight(2), event()), (insight(), event(4)), (insight(is_closed=True), event())]
    assert len({first, *(notification_id(*each) for each in others)}) == 4


def test_a_server_that_does_not_know_its_console_gives_no_address() -> None:
    content = notification_event(insight(), event(), NotificationFacts("eu-central-1", "123456789012"))
    assert content["detail"]["Raylens"]["Url"] is None


def test_it_is_json_as_eventbridge_sends_it() -> None:
    content = notification_event(insight(), event(), FACTS)
    assert json.loads(msgspec.json.encode(content)) == content
