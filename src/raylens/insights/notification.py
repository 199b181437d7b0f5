"""What is sent when an insight opens, changes or closes: the event that X-Ray sends to EventBridge.

    {version, id, detail-type, source, account, time, region, resources, detail: {...}}

Receivers that were written for EventBridge find every member where they expect it; what AWS does not have stands in
`detail.Raylens` alone. Source: EventBridge events reference, "AWS X-Ray events"; the members of `detail` are those of
the `aws.xray@AWSXRayInsightUpdate` schema, as aws-cdk-go spells them out, and `Category` as the patterns of the X-Ray
developer guide have it ("Use EventBridge for alerting on insights"). That times are epoch seconds, as in the API, is
inferred.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import msgspec

from raylens.model.insight import Impact, Insight, InsightEvent, Signal
from raylens.model.service import ServiceId
from raylens.model.time import NS_PER_S

# The only category that AWS has. A pattern written for AWS matches what AWS would have told of; the others are ours.
_AWS_CATEGORY = "FAULT"
_NAMESPACE = uuid.UUID("9f0c7d5e-52a8-5c0e-9d0b-6f3a7d1c2b44")


class NotificationFacts(msgspec.Struct, frozen=True):
    """What a notification says of its sender.

    `console_url` is the address of the console without a slash at its end, empty where it is not known.
    """

    region: str
    account_id: str
    console_url: str = ""


def notification_id(insight: Insight, event: InsightEvent) -> str:
    """A UUID that is the same whenever, and by whichever process, this event of this insight is told."""
    return str(uuid.uuid5(_NAMESPACE, f"{insight.id}/{insight.state}/{event.at_ns}"))


def notification_event(insight: Insight, event: InsightEvent, facts: NotificationFacts) -> dict[str, Any]:
    """The EventBridge event that tells of `event`, the newest of `insight`."""
    return {
        "version": "0",
        "id": notification_id(insight, event),
        "detail-type": "AWS X-Ray Insight Update",
        "source": "aws.xray",
        "account": facts.account_id,
        "time": _instant(event.at_ns),
        "region": facts.region,
        "resources": [insight.group_arn],
        "detail": _detail(insight, event, facts),
    }


def _detail(insight: Insight, event: InsightEvent, facts: NotificationFacts) -> dict[str, Any]:
    has_faults = Signal.FAULT in insight.signals
    detail = {
        "InsightId": insight.id,
        "GroupName": insight.group_name,
        "GroupARN": insight.group_arn,
        "State": insight.state.value,
        "Category": _AWS_CATEGORY if has_faults else None,
        "Categories": [_AWS_CATEGORY] if has_faults else [],
        "StartTime": _seconds(insight.start_ns),
        "Summary": insight.summary,
        "RootCauseServiceId": _service(insight.root_cause.entity.service, facts),
        "ClientRequestImpactStatistics": _impact(insight.client_impact),
        "RootCauseServiceRequestImpactStatistics": _impact(insight.root_cause_impact),
        "TopAnomalousServices": _services(insight.top_services, facts),
        "Event": {
            "EventTime": _seconds(event.at_ns),
            "Summary": event.summary,
            "ClientRequestImpactStatistics": _impact(event.client_impact),
            "RootCauseServiceRequestImpactStatistics": _impact(event.root_cause_impact),
            "TopAnomalousServices": _services(event.top_services, facts),
        },
        "Raylens": _additions(insight, facts),
    }
    # absent while it is active, as in the API's answers
    return detail if insight.end_ns is None else {**detail, "EndTime": _seconds(insight.end_ns)}


def _additions(insight: Insight, facts: NotificationFacts) -> dict[str, Any]:
    suspects = [
        {
            "Service": suspect.entity.service.label,
            "Caller": None if suspect.entity.source is None else suspect.entity.source.label,
            "Signal": suspect.signal.value,
            "Score": suspect.score,
            "Sentence": suspect.sentence,
        }
        for suspect in insight.suspects
    ]
    additions = {
        "Categories": [category.value for category in insight.categories],
        "Suspects": suspects,
        "ClientErrorCount": insight.client_impact.error,
        "ClientThrottleCount": insight.client_impact.throttle,
    }
    url = f"{facts.console_url}/insights/{insight.id}" if facts.console_url else None
    return {**additions, "Url": url}


def _service(service: ServiceId, facts: NotificationFacts) -> dict[str, Any]:
    return {"AccountId": facts.account_id, "Name": service.name, "Names": [service.name], "Type": service.type}


def _services(services: tuple[ServiceId, ...], facts: NotificationFacts) -> list[dict[str, Any]]:
    return [{"ServiceId": _service(service, facts)} for service in services]


def _impact(impact: Impact) -> dict[str, int]:
    """Errors and throttles are in the total alone: the service model has no members for them."""
    return {"FaultCount": impact.fault, "OkCount": impact.ok, "TotalCount": impact.total}


def _seconds(ns: int) -> int | float:
    return ns // NS_PER_S if ns % NS_PER_S == 0 else ns / NS_PER_S


def _instant(ns: int) -> str:
    return datetime.fromtimestamp(ns // NS_PER_S, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
