"""What a template's intrinsics can see at one moment of a deployment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from raylens.lab.template.values import Value


@dataclass(frozen=True)
class Created:
    """What a created resource answers to `Ref` and to `Fn::GetAtt`."""

    ref: str
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class Scope:
    """Names -> values. `parameters` holds the pseudo parameters too; `resources` grows as resources are created."""

    parameters: Mapping[str, Value]
    mappings: Mapping[str, Value] = field(default_factory=dict)
    conditions: Mapping[str, bool] = field(default_factory=dict)
    resources: Mapping[str, Created] = field(default_factory=dict)


def pseudo_parameters(*, region: str, account_id: str, stack_name: str, stack_id: str) -> dict[str, Value]:
    """The pseudo parameters of one stack; `AWS::NoValue` is not a value and is known to the resolver."""
    return {
        "AWS::AccountId": account_id,
        "AWS::NotificationARNs": [],
        "AWS::Partition": "aws",
        "AWS::Region": region,
        "AWS::StackId": stack_id,
        "AWS::StackName": stack_name,
        "AWS::URLSuffix": "amazonaws.com",
    }
