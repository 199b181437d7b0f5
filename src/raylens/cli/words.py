"""The words and colours of the screen: outcomes of requests, and resource types said the way people say them."""

from __future__ import annotations

from typing import Literal

Outcome = Literal["ok", "error", "throttle", "fault"]

# The colours of the service map of X-Ray: green, yellow, purple, red.
OUTCOME_STYLES: dict[Outcome, str] = {"ok": "green", "error": "yellow", "throttle": "magenta", "fault": "red"}

_TYPE_LABELS = {
    "AWS::ApiGateway::Stage": "API Gateway stage",
    "AWS::APIGateway::Stage": "API Gateway stage",
    "AWS::Lambda": "Lambda service",
    "AWS::Lambda::Function": "Lambda function",
    "AWS::DynamoDB::Table": "DynamoDB table",
    "AWS::DynamoDB": "DynamoDB",
    "AWS::EC2::Instance": "EC2 instance",
    "AWS::ECS::Container": "ECS container",
    "AWS::ElasticBeanstalk::Environment": "Elastic Beanstalk",
    "Database::SQL": "SQL database",
    "client": "client",
    "remote": "remote service",
}

_SHORT_TYPE_LABELS = {
    "AWS::ApiGateway::Stage": "API Gateway",
    "AWS::APIGateway::Stage": "API Gateway",
    "AWS::Lambda": "service",
    "AWS::Lambda::Function": "function",
}


def outcome_of(*, error: bool, throttle: bool, fault: bool) -> Outcome:
    """The one word for a set of flags: a fault outweighs a throttle, a throttle any other error."""
    return "fault" if fault else "throttle" if throttle else "error" if error else "ok"


def type_label(origin: str) -> str:
    """A resource type in words; one that has none here is shown as it was sent."""
    return _TYPE_LABELS.get(origin, origin)


def short_type_label(origin: str) -> str:
    """The same for a narrow line, where the name beside it says the rest."""
    return _SHORT_TYPE_LABELS.get(origin) or type_label(origin)
