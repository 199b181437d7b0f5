"""Insights for tests: valid as they come, each argument bends one thing.

python -m tests.insights DATA < insights     puts them where a server that starts on DATA finds them
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from raylens.clock import SystemClock
from raylens.insights.lease import Lease
from raylens.insights.records import Exemplar, InsightDetail, Insights, WatchStatus
from raylens.model.figures import Entity
from raylens.model.insight import Deviation, Impact, Insight, InsightEvent, InsightState, Signal, Suspect
from raylens.model.service import ServiceId
from raylens.model.time import NS_PER_S
from raylens.storage.clickhouse.store import open_store

SHOP, PAY = ServiceId("shop", "AWS::EC2::Instance"), ServiceId("pay", "AWS::ECS::Container")
ORDERS = ServiceId("orders", "AWS::DynamoDB::Table")
DEFAULT_ARN = "arn:aws:xray:us-east-1:000000000000:group/Default"


def insight_id(number: int) -> str:
    """A UUID of its own for each number."""
    return f"{number:08x}-0000-4000-8000-{number:012x}"


def suspect(service: ServiceId = ORDERS, source: ServiceId | None = None, **members: Any) -> Suspect:
    """Who may have been it."""
    default = {"signal": Signal.FAULT, "score": 0.8, "sentence": f"{service.label} failed."}
    return Suspect(Entity(service, source), **{**default, **members})


def deviations(signal: Signal, *entities: Entity) -> tuple[Deviation, ...]:
    """Entities that deviate in one way."""
    return tuple(Deviation(entity, signal) for entity in entities)


def insight(number: int = 1, *, start_s: float, lasts_s: float | None = None, **members: Any) -> Insight:
    """An incident of the group Default that began at `start_s`; it is over where it is said how long it lasted."""
    start_ns = round(start_s * NS_PER_S)
    default: dict[str, Any] = {
        "id": insight_id(number),
        "group_name": "Default",
        "group_arn": DEFAULT_ARN,
        "state": InsightState.ACTIVE if lasts_s is None else InsightState.CLOSED,
        "start_ns": start_ns,
        "detected_ns": start_ns + 180 * NS_PER_S,
        "updated_ns": start_ns + 240 * NS_PER_S,
        "end_ns": None if lasts_s is None else start_ns + round(lasts_s * NS_PER_S),
        "summary": "orders (AWS::DynamoDB::Table) fails 40 % of its requests.",
        "signals": (Signal.FAULT,),
        "suspects": (suspect(), suspect(PAY, score=0.1)),
        "deviations": deviations(Signal.FAULT, Entity(ORDERS), Entity(ORDERS, PAY), Entity(PAY)),
        "top_services": (ORDERS, PAY),
        "client_impact": Impact(ok=90, error=3, throttle=2, fault=5),
        "root_cause_impact": Impact(ok=60, fault=40),
    }
    return Insight(**{**default, **members})


def event(at_s: float, summary: str = "It began.", fault: int = 5) -> InsightEvent:
    """A notable change."""
    return InsightEvent(round(at_s * NS_PER_S), summary, Impact(ok=90, fault=fault), Impact(ok=60), (ORDERS,))


def detail(*events: InsightEvent, **members: Any) -> InsightDetail:
    """The page of an insight."""
    exemplars = (Exemplar(f"1-{int(time.time()):08x}-{1:024x}", time.time_ns(), "slowest"),)
    return InsightDetail(**{"events": events, "exemplars": exemplars, "findings": ("It differs.",), **members})


class Stored(msgspec.Struct, frozen=True):
    """What a server shall find: insights with what their pages show, and how groups are watched."""

    insights: tuple[tuple[Insight, InsightDetail | None], ...] = ()
    watches: tuple[tuple[str, WatchStatus], ...] = ()


def store_insights(
    data: Path,
    insights: Iterable[tuple[Insight, InsightDetail | None]],
    watches: Iterable[tuple[str, WatchStatus]] = (),
) -> None:
    """Put insights into a directory that no server has open: the watch alone writes them, no call does.

    The watch of a server that starts there leaves them alone for its first minute and a half: another process seems to
    watch. Then it would close the active ones, for which it finds no reason.
    """
    body = msgspec.json.encode(Stored(tuple(insights), tuple(watches)))
    subprocess.run([sys.executable, "-m", "tests.insights", str(data)], input=body, check=True)


def main() -> None:
    """Store what standard input holds."""
    stored = msgspec.json.decode(sys.stdin.buffer.read(), type=Stored)
    store = open_store(f"chdb://{sys.argv[1]}")
    kept = Insights(store, SystemClock())
    for each, page in stored.insights:
        kept.put(each, page)
    for name, status in stored.watches:
        kept.put_watch_status(name, status)
    Lease(store, "insights", SystemClock()).hold()
    store.close()


if __name__ == "__main__":
    main()
