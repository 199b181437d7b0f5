"""An incident at hand: reservations are stored late, then the table refuses some of them, then all is well."""

from __future__ import annotations

import msgspec

from raylens.model.figures import Entity
from raylens.model.group import ExpressionVersion, Group
from raylens.model.insight import Deviation, Impact, Insight, InsightEvent, InsightState, Signal, Suspect
from raylens.model.service import ServiceId

MINUTE_NS = 60_000_000_000
START_NS = 1_700_000_040_000_000_000
STAGE = ServiceId("QuickTableXRayAPI/prod", "AWS::ApiGateway::Stage")
FUNCTION = ServiceId("CreateReservation", "AWS::Lambda::Function")
TABLE = ServiceId("Reservations", "AWS::DynamoDB::Table")
WATCHED = Group(
    name="Default",
    unique_id="",
    versions=(ExpressionVersion(None, 0),),
    insights_enabled=True,
    notifications_enabled=True,
)


def event(minute: int = 3, summary: str = "Reservations answers late.") -> InsightEvent:
    return InsightEvent(
        START_NS + minute * MINUTE_NS, summary, Impact(80, 3, 10, 7), Impact(60, 0, 10, 0), (TABLE, FUNCTION)
    )


def insight(number: int = 1, *, is_closed: bool = False) -> Insight:
    active = Insight(
        id=f"0b6f7a3e-0000-4000-8000-{number:012d}",
        group_name="Default",
        group_arn="arn:aws:xray:eu-central-1:123456789012:group/Default",
        state=InsightState.ACTIVE,
        start_ns=START_NS,
        detected_ns=START_NS + 3 * MINUTE_NS,
        updated_ns=START_NS + 3 * MINUTE_NS,
        end_ns=None,
        summary="Reservations (AWS::DynamoDB::Table) answers in 512 ms, 14 ms are usual; 25 % of clients' calls fail.",
        signals=(Signal.LATENCY, Signal.THROTTLE),
        suspects=(
            Suspect(Entity(TABLE, FUNCTION), Signal.LATENCY, 0.75, "500 of 512 ms pass in 강남's calls of the table."),
            Suspect(Entity(FUNCTION), Signal.LATENCY, 0.125, "It takes no longer itself."),
        ),
        deviations=(Deviation(Entity(TABLE), Signal.LATENCY), Deviation(Entity(STAGE), Signal.LATENCY)),
        top_services=(TABLE, STAGE),
        client_impact=Impact(ok=300, error=12, throttle=40, fault=48),
        root_cause_impact=Impact(ok=200, error=0, throttle=40, fault=0),
    )
    if not is_closed:
        return active
    return msgspec.structs.replace(active, state=InsightState.CLOSED, end_ns=START_NS + 12 * MINUTE_NS)
