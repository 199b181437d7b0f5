from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

import httpx
import msgspec
import pytest

from raylens.clock import ManualClock
from raylens.insights.notification import NotificationFacts
from raylens.insights.notify import GIVE_UP_AFTER_S, InsightNotifier, WebhookSender, webhook_client
from raylens.insights.outbox import NotificationCounts, queue_notification, waiting_notifications
from raylens.model.group import Group
from tests.unit.groups.records import RecordsInMemory
from tests.unit.insights.incidents import WATCHED, event, insight
from tests.unit.insights.receiver import Receiver, open_receiver

NOW_S = 1_700_000_400
SECRET = "key of the example"
FACTS = NotificationFacts("eu-central-1", "123456789012")


class Rig:
    """A store, a receiver, and processes that deliver from the one to the other."""

    def __init__(self, receiver: Receiver, http: httpx.Client) -> None:
        self._http = http
        self.store = RecordsInMemory()
        self.receiver = receiver
        self.clock = ManualClock(NOW_S * 1_000_000_000)
        self.counts = NotificationCounts()
        self.url = receiver.url

    def queue(self, number: int = 1, minute: int = 3, group: Group = WATCHED, max_waiting: int = 1_000) -> None:
        queue_notification(self.store, group, insight(number), event(minute), FACTS, self.counts, max_waiting)

    def deliver(self, secret: str = SECRET, jitter: float = 0.999999) -> int:
        """One run of the job; it knows nothing of earlier runs but what the store holds."""
        sender = WebhookSender(self._http, self.url, secret, self.clock)
        return InsightNotifier(self.store, sender, self.clock, self.counts, lambda: jitter).deliver()

    def delays_until_given_up(self, limit: int = 400) -> list[float]:
        """Seconds between tries, the clock moved to when each was due."""
        delays: list[float] = []
        for _ in range(limit):
            self.deliver()
            waiting = waiting_notifications(self.store)
            if not waiting:
                return delays
            delays.append((waiting[0].waiting.due_ns - self.clock.now_ns()) / 1e9)
            self.clock.advance(delays[-1])
        raise AssertionError("never given up")


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    """One for all, since opening it reads all certificates of the system."""
    with webhook_client(timeout_s=2) as client:
        yield client


@pytest.fixture
def rig(http: httpx.Client) -> Iterator[Rig]:
    with open_receiver() as receiver:
        yield Rig(receiver, http)


def test_what_is_posted_is_the_event_and_its_signature_verifies(rig: Rig) -> None:
    rig.queue()
    assert rig.deliver() == 1
    (request,) = rig.receiver.received
    assert request.path == "/hook?token=1"
    assert request.headers["content-type"] == "application/json"
    timestamp, signature = request.headers["x-raylens-timestamp"], request.headers["x-raylens-signature"]
    expected = hmac.new(SECRET.encode(), timestamp.encode() + b"." + request.body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(signature, f"v1={expected}")
    assert int(timestamp) == NOW_S
    content = json.loads(request.body)
    assert content["id"] == request.headers["x-raylens-event-id"]
    assert content["detail"]["InsightId"] == insight().id


def test_without_a_secret_nothing_is_signed(rig: Rig) -> None:
    rig.queue()
    rig.deliver(secret="")
    assert "x-raylens-signature" not in rig.receiver.received[0].headers


def test_what_was_taken_is_not_sent_again(rig: Rig) -> None:
    rig.queue()
    rig.queue()
    assert [rig.deliver(), rig.deliver()] == [1, 0]
    assert len(rig.receiver.received) == 1
    assert rig.counts == NotificationCounts(delivered=1)


@pytest.mark.parametrize("switches", [{"insights_enabled": False}, {"notifications_enabled": False}])
def test_nothing_is_told_of_a_group_whose_switches_are_off(rig: Rig, switches: dict[str, bool]) -> None:
    rig.queue(group=msgspec.structs.replace(WATCHED, **switches))
    assert rig.deliver() == 0
    assert waiting_notifications(rig.store) == []


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_the_receiver_could_not_take_is_tried_again_with_the_same_id(rig: Rig, status: int) -> None:
    rig.queue()
    rig.receiver.answers = [(status, {})]
    assert rig.deliver() == 0
    assert rig.deliver() == 0, "not before it is due"
    rig.clock.advance(5)
    assert rig.deliver() == 1
    first, second = rig.receiver.received
    assert first.body == second.body and len(set(rig.receiver.ids)) == 1
    assert first.headers["x-raylens-signature"] != second.headers["x-raylens-signature"], "signed anew, at a new time"


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 410])
def test_what_the_receiver_refuses_is_given_up_and_redirects_are_not_followed(rig: Rig, status: int) -> None:
    rig.queue()
    rig.receiver.answers = [(status, {"Location": "/elsewhere"})]
    assert rig.deliver() == 0
    rig.clock.advance(3600)
    assert rig.deliver() == 0
    assert [each.path for each in rig.receiver.received] == ["/hook?token=1"]
    assert rig.counts == NotificationCounts(failed_tries=1, given_up=1)


def test_pauses_double_up_to_ten_minutes_and_end_after_a_day(rig: Rig) -> None:
    rig.queue()
    rig.receiver.answers = [(500, {})] * 400
    delays = rig.delays_until_given_up()
    assert delays[:8] == pytest.approx([5, 10, 20, 40, 80, 160, 320, 600], rel=0.001)
    assert delays[8:] == pytest.approx([600] * len(delays[8:]), rel=0.001)
    assert GIVE_UP_AFTER_S - 600 < sum(delays) <= GIVE_UP_AFTER_S
    assert rig.counts.given_up == 1 and rig.counts.failed_tries == len(delays) + 1


def test_chance_shortens_a_pause_by_half_at_most(rig: Rig) -> None:
    rig.queue()
    rig.receiver.answers = [(500, {})]
    rig.deliver(jitter=0)
    (entry,) = waiting_notifications(rig.store)
    assert entry.waiting.due_ns - rig.clock.now_ns() == 2_500_000_000


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_heeded(rig: Rig, form: str) -> None:
    date = format_datetime(datetime.fromtimestamp(NOW_S + 90, UTC), usegmt=True)
    rig.queue()
    rig.receiver.answers = [(429, {"Retry-After": "90" if form == "seconds" else date})]
    rig.deliver()
    rig.clock.advance(89)
    assert rig.deliver() == 0
    rig.clock.advance(1)
    assert rig.deliver() == 1


@pytest.mark.parametrize("nonsense", ["soon", "-5", "", "1e9"])
def test_a_retry_after_that_says_nothing_is_passed_over(rig: Rig, nonsense: str) -> None:
    rig.queue()
    rig.receiver.answers = [(503, {"Retry-After": nonsense})]
    rig.deliver()
    rig.clock.advance(5)
    assert rig.deliver() == 1


def test_a_receiver_that_is_down_is_asked_once_a_run(rig: Rig) -> None:
    for number in range(3):
        rig.queue(number)
    rig.url = "http://127.0.0.1:9/"
    assert rig.deliver() == 0
    assert rig.counts.failed_tries == 1
    rig.url = rig.receiver.url
    rig.clock.advance(5)
    assert rig.deliver() == 3


def test_another_process_goes_on_where_one_was_killed(rig: Rig) -> None:
    """Killed between the request and what it would have written: the request may come twice, with one id."""
    rig.queue()

    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    rig.store.before_write = lambda: setattr(rig.store, "before_write", die)
    with pytest.raises(Killed):
        rig.deliver()
    rig.clock.advance(5)
    assert rig.deliver() == 1
    assert len(rig.receiver.received) == 2 and len(set(rig.receiver.ids)) == 1


def test_of_two_processes_that_deliver_at_once_one_sends(rig: Rig) -> None:
    rig.queue()
    sent_by_other: list[int] = []
    rig.store.before_write = lambda: sent_by_other.append(rig.deliver())
    assert (rig.deliver(), sent_by_other) == (0, [1])
    assert len(rig.receiver.received) == 1


def test_events_of_one_insight_arrive_in_their_order(rig: Rig) -> None:
    rig.queue(1, minute=3)
    rig.queue(1, minute=5)
    rig.queue(2, minute=4)
    rig.receiver.answers = [(500, {})]
    assert rig.deliver() == 1, "the other insight's"
    rig.clock.advance(5)
    assert rig.deliver() == 2
    times = [json.loads(each.body)["detail"]["Event"]["EventTime"] for each in rig.receiver.received]
    assert times == [1_700_000_220, 1_700_000_280, 1_700_000_220, 1_700_000_340]


def test_the_oldest_are_dropped_when_too_many_wait(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for minute in range(5):
            rig.queue(minute=minute, max_waiting=3)
    assert rig.counts.dropped == 2
    assert "dropped" in caplog.text
    waiting = [
        json.loads(each.waiting.body)["detail"]["Event"]["EventTime"] for each in waiting_notifications(rig.store)
    ]
    assert waiting == [1_700_000_040 + minute * 60 for minute in (2, 3, 4)]
