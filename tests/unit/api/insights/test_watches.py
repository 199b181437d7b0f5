"""In which words a group is watched."""

from __future__ import annotations

from typing import Any

import pytest

from raylens.api.insights.shapes import WatchState
from raylens.api.insights.watches import watch_shape
from raylens.insights.records import WatchStatus
from raylens.model.group import ExpressionVersion, Group
from raylens.model.time import NS_PER_MINUTE

NOW_NS = 1_000_000 * NS_PER_MINUTE
ON = Group(name="shop", unique_id="", versions=(ExpressionVersion(None, 0),), insights_enabled=True)
SEEN = {"requests_seen": 60, "requests_needed": 60, "minutes_seen": 12, "minutes_needed": 12}
CASES: list[tuple[dict[str, Any], WatchState, str]] = [
    ({}, WatchState.NO_TRAFFIC, "Nothing was traced yet, so there is nothing to learn from."),
    (
        {**SEEN, "entities": 3, "minutes_seen": 4},
        WatchState.LEARNING,
        "Learning what is normal: the busiest service or call was seen in 4 of 12 minutes with traffic that are "
        "needed.",
    ),
    (
        {**SEEN, "entities": 3, "requests_seen": 1, "minutes_seen": 1, "requests_needed": 6_000},
        WatchState.LEARNING,
        "Learning what is normal: the busiest service or call was seen in 1 of 6,000 requests and 1 of 12 minutes with "
        "traffic that are needed.",
    ),
    (
        {**SEEN, "entities": 3},
        WatchState.LEARNING,
        "Learning what is normal: no service and no call has been seen often enough yet.",
    ),
    ({**SEEN, "entities": 1, "ready": 1}, WatchState.WATCHING, "Watching 1 service or call."),
    ({**SEEN, "entities": 1_200, "ready": 1_200}, WatchState.WATCHING, "Watching 1,200 services and calls."),
    (
        {**SEEN, "entities": 5, "ready": 3},
        WatchState.WATCHING,
        "Watching 3 of 5 services and calls; too little has been seen of the others to tell what is normal.",
    ),
    (
        {**SEEN, "entities": 5, "ready": 5, "until_ns": NOW_NS - 12 * NS_PER_MINUTE},
        WatchState.BEHIND,
        "The watch is behind: what happened in the last 12 minutes was not judged yet.",
    ),
    ({"until_ns": None}, WatchState.BEHIND, "The watch has not begun: no minute was judged yet."),
]


@pytest.mark.parametrize(("members", "state", "sentence"), CASES)
def test_a_watch_says_how_far_it_is(members: dict[str, Any], state: WatchState, sentence: str) -> None:
    found = watch_shape(ON, WatchStatus(**{"until_ns": NOW_NS - 2 * NS_PER_MINUTE, **members}), NOW_NS)
    assert (found.state, found.sentence) == (state, sentence)


def test_a_group_without_insights_is_off_whatever_was_seen() -> None:
    off = Group(name="shop", unique_id="", versions=(ExpressionVersion(None, 0),))
    found = watch_shape(off, WatchStatus(until_ns=NOW_NS, entities=4, ready=4), NOW_NS)
    assert (found.state, found.sentence) == (
        WatchState.OFF, "Insights are off: nobody looks for incidents in this group.",
    )  # fmt: skip


def test_a_watch_carries_what_it_is_judged_by() -> None:
    status = WatchStatus(until_ns=NOW_NS - NS_PER_MINUTE, entities=5, ready=3, **SEEN)
    found = watch_shape(ON, status, NOW_NS)
    assert found.watched_until == (NOW_NS - NS_PER_MINUTE) / 1e9
    assert [getattr(found, name) for name in ("entities", "ready", *SEEN)] == [5, 3, *SEEN.values()]
    assert (found.group, found.insights, found.notifications) == ("shop", True, False)
