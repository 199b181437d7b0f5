"""A server that finds insights in its store, and traces of one of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from raylens.insights.records import WatchStatus
from raylens.model.insight import Impact, Signal
from raylens.model.time import NS_PER_S
from tests import factories
from tests.insights import PAY, SHOP, detail, event, insight, insight_id, store_insights, suspect
from tests.protocol.server import Server, running

NOW_S = int(time.time()) // 60 * 60
HOUR_S = 3_600
STEADY_S = NOW_S - 4 * HOUR_S
# the incident of the traces below
START_S = NOW_S - HOUR_S
ACTIVE, SLOW, OLD, GONE, EARLIER = (insight_id(number) for number in (1, 2, 3, 4, 5))


@contextmanager
def watched_server(directory: Path) -> Iterator[Server]:
    """A server with an active insight, a slow and an old one that are closed, and two of a group that is gone."""
    slow = insight(
        2, start_s=NOW_S - 5 * HOUR_S, lasts_s=600, signals=(Signal.LATENCY,),
        suspects=(suspect(PAY, SHOP, signal=Signal.LATENCY),), client_impact=Impact(ok=7, error=2, throttle=1),
    )  # fmt: skip
    old = insight(3, start_s=NOW_S - 9 * HOUR_S, lasts_s=1_200)
    arn = "arn:aws:xray:us-east-1:000000000000:group/"
    gone = insight(4, start_s=NOW_S - 2 * HOUR_S, lasts_s=60, group_name="gone", group_arn=f"{arn}gone/OLD")
    earlier = insight(5, start_s=NOW_S - 3 * HOUR_S, lasts_s=60, group_name="again", group_arn=f"{arn}again/OLD")
    watched = WatchStatus(until_ns=(NOW_S - 120) * NS_PER_S, entities=4, ready=3)
    events = [event(START_S + 60 * n, f"Event {n}.", fault=n) for n in range(60)]
    store_insights(
        directory / "data",
        [(insight(1, start_s=START_S), detail(*events)), *((each, None) for each in (slow, old, gone, earlier))],
        [("Default", watched)],
    )
    with running(directory, data=str(directory / "data")) as server:
        server.put(*incident())
        documents = steady()
        for first in range(0, len(documents), 50):
            server.put(*documents[first : first + 50])
        yield server


def steady() -> list[dict[str, Any]]:
    """`steady` answers six requests a minute from `STEADY_S` on for twenty-five minutes; those of the last fail."""
    return [
        factories.segment(
            name="steady", start_time=(start_s := STEADY_S + minute * 60 + second), end_time=start_s + 0.2,
            fault=minute == 24,
        )
        for minute in range(25)
        for second in range(0, 60, 10)
    ]  # fmt: skip


def incident() -> list[dict[str, Any]]:
    """`shop` calls `pay`, which calls the table `orders`, and `mail`, which has nothing to do with it."""
    at_s = START_S + 5
    table = factories.embedded(
        name="DynamoDB", namespace="aws", start_time=at_s + 0.02, end_time=at_s + 0.03, fault=True,
        aws={"operation": "GetItem", "table_name": "orders"},
    )  # fmt: skip
    calls = [
        factories.embedded(name=name, namespace="remote", start_time=at_s + 0.01, end_time=at_s + 0.04)
        for name in ("pay", "mail")
    ]
    shop = factories.segment(name=SHOP.name, origin=SHOP.type, start_time=at_s, end_time=at_s + 0.1, subsegments=calls)
    pay, mail = (
        factories.segment(
            name=call["name"], origin=PAY.type, trace_id=shop["trace_id"], parent_id=call["id"],
            start_time=at_s + 0.015, end_time=at_s + 0.035, subsegments=[table] if call["name"] == "pay" else [],
        )
        for call in calls
    )  # fmt: skip
    return [shop, pay, mail]
