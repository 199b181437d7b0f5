"""Insights as they are stored."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from raylens.clock import ManualClock
from raylens.insights.records import Exemplar, InsightDetail, Insights, WatchStatus
from raylens.model.insight import Insight, InsightState
from raylens.model.time import NS_PER_S, TimeRange
from tests.insights import insight
from tests.unit.groups.records import RecordsInMemory


def an_insight() -> Insight:
    return insight(start_s=600)


@pytest.fixture
def store() -> RecordsInMemory:
    return RecordsInMemory()


@pytest.fixture
def insights(store: RecordsInMemory) -> Insights:
    return Insights(store, ManualClock(10_000 * NS_PER_S))


def test_what_was_put_is_found_at_once(insights: Insights) -> None:
    insight = an_insight()
    detail = InsightDetail(exemplars=(Exemplar("1-5759e988-bd862e3fe1be46a994272793", 5, "the slowest"),))
    assert insights.list() == ()
    insights.put(insight, detail)
    assert insights.get(insight.id) == insight
    assert insights.detail(insight.id) == detail
    assert insights.list() == (insight,)


def test_putting_again_replaces_and_without_a_detail_keeps_the_old_one(insights: Insights) -> None:
    insight = an_insight()
    insights.put(insight, InsightDetail(findings=("one",)))
    changed = replace(insight, summary="Something else. Entirely.")
    insights.put(changed)
    assert insights.list() == (changed,)
    assert insights.detail(insight.id) == InsightDetail(findings=("one",))


def test_another_process_sees_it_a_second_later(store: RecordsInMemory, insights: Insights) -> None:
    clock = ManualClock(0)
    other = Insights(store, clock)
    assert other.list() == ()
    insights.put(an_insight())
    clock.advance(1)
    assert other.list() == (an_insight(),)


def test_active_ones_come_first_and_then_the_latest(insights: Insights) -> None:
    old, new = (replace(an_insight(), id=str(n), start_ns=n * NS_PER_S) for n in (1, 2))
    closed = replace(an_insight(), id="3", start_ns=3 * NS_PER_S, end_ns=4 * NS_PER_S, state=InsightState.CLOSED)
    for each in (closed, old, new):
        insights.put(each)
    assert [each.id for each in insights.list()] == ["2", "1", "3"]
    assert [each.id for each in insights.list(state=InsightState.CLOSED)] == ["3"]


def test_those_are_listed_that_lasted_at_some_time_of_a_range(insights: Insights) -> None:
    insights.put(replace(an_insight(), id="closed", start_ns=100, end_ns=200, state=InsightState.CLOSED))
    insights.put(replace(an_insight(), id="active", start_ns=150, end_ns=None))

    def listed(start_ns: int, end_ns: int) -> set[str]:
        return {each.id for each in insights.list(window=TimeRange(start_ns, end_ns))}

    assert listed(0, 100) == set()
    assert listed(0, 101) == {"closed"}
    assert listed(199, 200) == {"closed", "active"}
    assert listed(200, 1_000) == {"active"}


def test_those_of_other_groups_are_not_listed(insights: Insights) -> None:
    insights.put(an_insight())
    assert insights.list("Default") == (an_insight(),)
    assert insights.list("other") == ()


def test_a_removed_insight_is_gone_with_its_detail(insights: Insights) -> None:
    insights.put(an_insight(), InsightDetail())
    insights.remove(an_insight().id)
    insights.remove("never there")
    assert (insights.list(), insights.detail(an_insight().id)) == ((), None)


def test_records_of_another_version_are_left_out_and_written_over(store: RecordsInMemory, insights: Insights) -> None:
    for kind in ("insight", "insight-detail", "insight-watch"):
        store.put_record(kind, an_insight().id, '["another version"]', 0)
    assert (insights.list(), insights.get(an_insight().id), insights.detail(an_insight().id)) == ((), None, None)
    assert insights.watch_status(an_insight().id) == WatchStatus()
    insights.put(an_insight(), InsightDetail())
    assert insights.list() == (an_insight(),)


def test_a_group_that_was_never_watched_has_a_status_of_zeros(insights: Insights) -> None:
    assert insights.watch_status("Default") == WatchStatus()
    insights.put_watch_status("Default", WatchStatus(5, 4, 3, 2, 1))
    assert insights.watch_status("Default") == WatchStatus(5, 4, 3, 2, 1)
