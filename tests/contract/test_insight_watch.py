"""The watch: from stored traffic to insights, on a real store and with a clock that the test moves."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from raylens.clock import ManualClock
from raylens.filterexpr import parse_filter
from raylens.groups import Groups, InsightsChange
from raylens.insights.lease import LOST_AFTER_S
from raylens.insights.records import Insights
from raylens.insights.watch import InsightWatch
from raylens.model.group import Group
from raylens.model.insight import Category, Insight, InsightEvent, InsightState, Signal
from raylens.model.time import NS_PER_S
from raylens.storage.clickhouse.store import ClickHouseStore
from tests.insight_traffic import FAIR, SHOP, TABLE, Shop, Weather

SLOW = Weather(table_s=0.4)
BROKEN = Weather(fault_share=0.25)
ARN = "arn:aws:xray:us-east-1:000000000000:group/Default"


class Room:
    """A store with forty steady minutes behind it, and processes that watch it."""

    def __init__(self, store: ClickHouseStore, clock: ManualClock) -> None:
        self.store, self.clock = store, clock
        self.shop = Shop(store)
        self.groups = Groups(store, clock, "us-east-1", "000000000000", parse_filter, 30)
        self.groups.update("Default", insights=InsightsChange(True, True))
        self.insights = Insights(store, clock)
        self.told: list[tuple[str, str]] = []
        self.first = clock.now_ns() // NS_PER_S // 60
        self.minute = self.first
        self.shop.send(range(self.first - 40, self.first))
        self.watch = self.another_process()

    def another_process(self) -> InsightWatch:
        return InsightWatch(
            self.store, self.groups, self.insights, self.clock, region="us-east-1", account_id="000000000000",
            retention_days=30, notify=self._hear,
        )  # fmt: skip

    def _hear(self, group: Group, insight: Insight, event: InsightEvent) -> None:
        self.told.append((insight.id, event.summary.split(".")[0]))

    def pass_minutes(self, count: int, weather: Weather | None = FAIR, watch: InsightWatch | None = None) -> None:
        """Let minutes go by, the watch looking after the last; without weather nobody calls."""
        if weather is not None:
            self.shop.send(range(self.minute, self.minute + count), weather)
        self.minute += count
        self.clock.advance(60 * count)
        (watch or self.watch).run()

    def only(self) -> Insight:
        (insight,) = self.insights.list()
        return insight

    def minutes_of(self, insight: Insight) -> tuple[int, int | None]:
        """The first minute of an insight and the one after its last, counted from the beginning of the test."""
        start, end = insight.start_ns // NS_PER_S // 60, insight.end_ns and insight.end_ns // NS_PER_S // 60
        return start - self.first, end and end - self.first


@pytest.fixture
def room(embedded_store: ClickHouseStore, clock: ManualClock) -> Iterator[Room]:
    """Half a minute after the end of a minute: it has settled then."""
    embedded_store.clear()
    before_ns = clock.now_ns()
    start_s = (int(time.time()) // 60 - 600) * 60
    clock.advance(start_s + 30 - before_ns / NS_PER_S)
    yield Room(embedded_store, clock)
    clock.advance((before_ns - clock.now_ns()) / NS_PER_S)


def test_an_incident_becomes_one_insight_that_names_the_cause_and_closes(room: Room) -> None:
    room.pass_minutes(2)
    assert room.insights.list() == ()
    room.pass_minutes(6, SLOW)
    insight = room.only()
    assert (insight.state, room.minutes_of(insight)) == (InsightState.ACTIVE, (2, None))
    assert (insight.root_cause.entity.service, insight.root_cause.signal) == (TABLE, Signal.LATENCY)
    assert insight.categories[0] is Category.RESPONSE_TIME
    assert SHOP in insight.top_services
    room.pass_minutes(5)
    closed = room.only()
    assert (closed.id, closed.state, room.minutes_of(closed)) == (insight.id, InsightState.CLOSED, (2, 8))
    assert closed.client_impact.total == 6 * FAIR.requests == closed.root_cause_impact.total


def test_faults_are_counted_for_clients_and_for_the_root_cause(room: Room) -> None:
    room.pass_minutes(4, BROKEN)
    insight = room.only()
    assert insight.categories == (Category.ERROR_RATE,)
    assert insight.root_cause.entity.service == TABLE
    assert (insight.client_impact.fault, insight.client_impact.total) == (20, 80)
    assert (insight.root_cause_impact.fault, insight.root_cause_impact.total) == (20, 80)
    assert "Of 80 client requests, 20 (25 %) ended in a fault." in insight.summary


def test_throttling_is_a_category_of_its_own_also_where_sdks_that_call_again_take_longer(room: Room) -> None:
    room.pass_minutes(4, Weather(throttle_share=0.3, table_s=0.4))
    insight = room.only()
    assert insight.categories[0] is Category.THROTTLING
    assert insight.root_cause.entity.service == TABLE


def test_a_surge_of_traffic_beside_an_incident_is_mentioned(room: Room) -> None:
    room.pass_minutes(5, Weather(requests=100, table_s=0.4))
    assert "Traffic was unusual at" in room.only().summary
    assert "100 requests a minute, 20 before." in room.only().summary


def test_events_tell_the_beginning_and_the_end_and_are_told_once(room: Room) -> None:
    for weather in [SLOW] * 4 + [FAIR] * 5:
        room.pass_minutes(1, weather)
    insight = room.only()
    detail = room.insights.detail(insight.id)
    assert detail is not None
    assert [each.summary.split(".")[0] for each in detail.events] == ["Detected", "Ended"]
    assert [each.at_ns for each in detail.events] == sorted(each.at_ns for each in detail.events)
    assert room.told == [(insight.id, "Detected"), (insight.id, "Ended")]


def test_a_process_that_starts_in_the_middle_of_an_incident_goes_on_with_it(room: Room) -> None:
    room.pass_minutes(4, SLOW)
    before = room.only()
    room.watch.release()
    second = room.another_process()
    room.pass_minutes(2, SLOW, second)
    assert (room.only().id, room.only().state) == (before.id, InsightState.ACTIVE)
    room.pass_minutes(5, FAIR, second)
    assert (room.only().id, room.only().state) == (before.id, InsightState.CLOSED)
    assert [what for _, what in room.told] == ["Detected", "Ended"]


def test_of_two_processes_one_watches_and_the_other_takes_over_when_it_dies(room: Room) -> None:
    other = room.another_process()
    room.pass_minutes(1)
    assert not other.run()
    room.pass_minutes(3, SLOW)
    assert not other.run()
    room.clock.advance(LOST_AFTER_S)
    assert other.run()
    assert not room.watch.run()
    assert [what for _, what in room.told] == ["Detected"]


def test_figures_that_come_late_are_taken_in(room: Room) -> None:
    room.pass_minutes(1)
    late = range(room.minute, room.minute + 4)
    room.pass_minutes(4, None)
    assert room.insights.list() == ()
    room.shop.send(late, SLOW, room.clock.now_ns())
    room.pass_minutes(1)
    assert room.minutes_of(room.only())[0] == 1


def test_an_incident_that_lies_hours_back_is_found_when_its_traces_arrive(room: Room) -> None:
    room.pass_minutes(1)
    far = room.first - 240
    room.shop.send(range(far, far + 30), received_ns=room.clock.now_ns())
    room.shop.send(range(far + 30, far + 36), BROKEN, room.clock.now_ns())
    room.shop.send(range(far + 36, far + 46), received_ns=room.clock.now_ns())
    room.clock.advance(3_600)
    room.watch.run()
    insight = room.only()
    assert (insight.state, room.minutes_of(insight)) == (InsightState.CLOSED, (-210, -204))
    assert room.told == []


def test_an_insight_whose_figures_are_corrected_is_closed_and_says_so(room: Room) -> None:
    room.pass_minutes(2, BROKEN)
    broken = range(room.minute - 2, room.minute)
    assert room.only().state is InsightState.ACTIVE
    room.shop.send(broken, FAIR, room.clock.now_ns())
    room.pass_minutes(1)
    insight = room.only()
    assert insight.state is InsightState.CLOSED
    detail = room.insights.detail(insight.id)
    assert detail is not None
    assert detail.events[-1].summary.startswith("Closed: what is stored now is not anomalous")


def test_a_group_that_is_switched_off_has_no_active_insights(room: Room) -> None:
    room.pass_minutes(4, SLOW)
    room.groups.update("Default", insights=InsightsChange(False, False))
    room.clock.advance(2)
    room.watch.run()
    assert room.only().state is InsightState.CLOSED


def test_a_group_has_the_insights_of_its_own_traces(room: Room) -> None:
    room.groups.update("Default", insights=InsightsChange(False, False))
    room.groups.create("gold", 'annotation.plan = "gold"', InsightsChange(True, False))
    room.groups.create("silver", 'annotation.plan = "silver"', InsightsChange(True, False))
    room.pass_minutes(6, SLOW)
    assert {each.group_name for each in room.insights.list()} == {"silver"}


def test_without_traffic_nothing_is_said_and_the_status_tells_so(room: Room) -> None:
    room.pass_minutes(3, None)
    status = room.insights.watch_status("Default")
    assert room.insights.list() == ()
    assert status.until_ns == room.minute * 60 * NS_PER_S
    assert status.ready >= 1


def test_a_service_that_goes_silent_is_no_insight(room: Room) -> None:
    room.pass_minutes(1)
    room.pass_minutes(6, None)
    room.pass_minutes(2)
    assert room.insights.list() == ()


def test_a_clock_that_jumps_makes_no_insight_and_watching_goes_on(room: Room) -> None:
    room.pass_minutes(2)
    room.clock.advance(-7_200)
    room.watch.run()
    room.clock.advance(7_200)
    room.pass_minutes(2)
    assert room.insights.list() == ()
    room.pass_minutes(4, BROKEN)
    assert room.only().root_cause.entity.service == TABLE


def test_insights_older_than_the_retention_are_forgotten(room: Room) -> None:
    room.pass_minutes(4, BROKEN)
    room.pass_minutes(6)
    assert room.only().state is InsightState.CLOSED
    room.clock.advance(31 * 86_400)
    room.watch.run()
    assert room.insights.list() == ()
    room.clock.advance(-31 * 86_400)
