"""Answers about insights as the API gives them: an incident that is over, one that lasts, and groups without any."""

from __future__ import annotations

from typing import Any

import msgspec

from raylens.api.analytics.shapes import ServiceShape, SetShape
from raylens.api.insights import shapes
from raylens.model.insight import Category, InsightState, Signal

START_S = 1_700_000_040.0
STAGE = ServiceShape("QuickTableXRayAPI/prod", "AWS::ApiGateway::Stage")
FUNCTION = ServiceShape("GetReservations-week13-2-quicktable-xray-lab-stack", "AWS::Lambda::Function")
TABLE = ServiceShape("Reservations", "AWS::DynamoDB::Table")
PAYMENT = ServiceShape("강남 결제", "")

SUSPECT = shapes.SuspectShape(
    shapes.EntityShape(TABLE, FUNCTION, "2"),
    Signal.LATENCY,
    0.75,
    "Reservations answers in 512 ms, 14 ms are usual; the time passes in no service below it.",
)
OTHER = shapes.SuspectShape(
    shapes.EntityShape(FUNCTION, None, "1"), Signal.LATENCY, 0.125, "It waits for Reservations."
)


def _insight(**members: Any) -> shapes.InsightShape:
    closed = shapes.InsightShape(
        id="0b6f7a3e-0000-4000-8000-000000000001",
        group="Default",
        state=InsightState.CLOSED,
        categories=(Category.RESPONSE_TIME, Category.THROTTLING),
        start=START_S,
        detected=START_S + 180,
        updated=START_S + 1_620,
        end=START_S + 720,
        summary="Reservations (AWS::DynamoDB::Table) answered late from 22:14 to 22:26: 512 ms, 14 ms before.",
        root_cause=SUSPECT,
        anomalous=(shapes.EntityShape(TABLE, FUNCTION, "2"), shapes.EntityShape(STAGE, None, "0")),
        client_impact=shapes.ImpactShape(1_473, 1_400, 21, 52, 0),
        root_cause_impact=shapes.ImpactShape(451, 399, 0, 52, 0),
    )
    return msgspec.structs.replace(closed, **members)


CLOSED = _insight()
ACTIVE = _insight(
    id="0b6f7a3e-0000-4000-8000-000000000002",
    group="payments",
    state=InsightState.ACTIVE,
    categories=(Category.ERROR_RATE,),
    start=START_S + 3_600,
    detected=START_S + 3_780,
    updated=START_S + 3_900,
    end=None,
    summary="강남 결제 failed: 40 of 80 requests were faults, at most 2 are usual.",
    root_cause=shapes.SuspectShape(shapes.EntityShape(PAYMENT, None, "7"), Signal.FAULT, 0.9, "It fails itself."),
    client_impact=shapes.ImpactShape(80, 40, 0, 0, 40),
)


def watch(state: shapes.WatchState, sentence: str, group: str = "Default") -> shapes.WatchShape:
    is_on = state is not shapes.WatchState.OFF
    return shapes.WatchShape(group, state, sentence, is_on, False, None, 0, 0, 0, 0, 0, 0)


OFF = watch(shapes.WatchState.OFF, "Insights are switched off for this group.")
LEARNING = watch(
    shapes.WatchState.LEARNING,
    "Learning what is normal: the busiest service had 120 of 300 requests in 12 of 30 minutes.",
    "payments",
)


def list_answer(*insights: shapes.InsightShape, total: int | None = None) -> dict[str, Any]:
    categories = tuple(shapes.CategoryCount(category, 0, 1) for category in Category)
    found = len(insights) if total is None else total
    answer = shapes.InsightsAnswer(insights, found, categories, (OFF, LEARNING), False)
    return _builtins(answer)


def whole_answer() -> dict[str, Any]:
    """Everything about the incident that is over."""
    none = shapes.ImpactShape(0, 0, 0, 0, 0)
    events = tuple(
        shapes.InsightEventShape(START_S + minute * 60, summary, none, none, ())
        for minute, summary in ((3, "Reservations answers late."), (8, "Requests are throttled."), (27, "It is over."))
    )
    minutes = tuple(
        shapes.ImpactMinute(START_S + minute * 60, 40, minute % 2, 20 if 5 <= minute < 12 else 0, 0)
        for minute in range(-5, 20)
        if minute != 15
    )
    exemplars = (
        shapes.ExemplarShape("1-65530000-0123456789abcdef01234567", START_S + 60, "a typical slow request"),
        shapes.ExemplarShape("1-65530000-0123456789abcdef01234568", START_S + 90, "the slowest"),
    )
    anomalous = SetShape(START_S, START_S + 720, "", None)
    return _builtins(
        shapes.InsightAnswer(
            insight=CLOSED, suspects=(SUSPECT, OTHER), events=events, exemplars=exemplars, anomalous_set=anomalous,
            normal_set=None, nodes=(), edges=(), impact=minutes,
            findings=("annotation operation is get in 98 % of the slow requests, in 47 % before.",),
        )
    )  # fmt: skip


def _builtins(answer: msgspec.Struct) -> dict[str, Any]:
    built: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(answer))
    return built
