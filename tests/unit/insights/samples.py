"""An insight to begin from."""

from __future__ import annotations

from raylens.model.figures import Entity
from raylens.model.insight import Impact, Insight, InsightState, Signal, Suspect
from raylens.model.service import ServiceId
from raylens.model.time import NS_PER_S

TABLE = ServiceId("Reservations", "AWS::DynamoDB::Table")


def an_insight() -> Insight:
    """An active one about a slow table."""
    suspect = Suspect(Entity(TABLE), Signal.LATENCY, 0.9, f"{TABLE.label} answered in 512 ms instead of 9 ms.")
    return Insight(
        id="5f1a4b1e-0b5e-5d6c-9d53-1f1b0a4f9a10",
        group_name="Default",
        group_arn="arn:aws:xray:us-east-1:000000000000:group/Default",
        state=InsightState.ACTIVE,
        start_ns=600 * NS_PER_S,
        detected_ns=780 * NS_PER_S,
        updated_ns=900 * NS_PER_S,
        end_ns=None,
        summary="Response times are unusually high since 00:10 UTC. The table is slow.",
        signals=(Signal.LATENCY,),
        suspects=(suspect,),
        anomalous=(Entity(TABLE),),
        top_services=(TABLE,),
        client_impact=Impact(ok=90, fault=10),
        root_cause_impact=Impact(ok=50),
    )
