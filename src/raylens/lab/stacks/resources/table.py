"""AWS::DynamoDB::Table."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from raylens.lab.stacks.errors import ResourceFailed
from raylens.lab.stacks.model import ResourceRecord
from raylens.lab.stacks.naming import physical_name
from raylens.lab.stacks.platform import NewResource, Platform
from raylens.lab.stacks.properties import mapping, matched
from raylens.lab.template import Value

_PASSED_ON = (
    "AttributeDefinitions",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
    "ProvisionedThroughput",
    "TableClass",
)
_WHOLE_NUMBERS = frozenset(("ReadCapacityUnits", "WriteCapacityUnits"))
_ACTIVE_POLLS = 240
_POLL_S = 0.25


class TableHandler:
    """Creates the table at the lab's DynamoDB and waits until it is ACTIVE."""

    async def create(self, platform: Platform, new: NewResource) -> ResourceRecord:
        name = matched(
            new.properties, "TableName", r"[a-zA-Z0-9_.-]{3,255}", physical_name(new.stack_name, new.logical_id, 255)
        )
        body: dict[str, Any] = {"TableName": name}
        for key in _PASSED_ON:
            if (value := new.properties.get(key)) is not None:
                body[key] = _with_numbers(value)
        if stream := mapping(new.properties, "StreamSpecification"):
            body["StreamSpecification"] = {"StreamEnabled": True, **stream}
        # aws: keys are CloudFormation's own; DynamoDB refuses them from anybody else.
        body["Tags"] = [{"Key": key, "Value": value} for key, value in new.tags.items() if not key.startswith("aws:")]
        await _call(platform, "CreateTable", body)
        table = await _active(platform, name)
        if expiry := mapping(new.properties, "TimeToLiveSpecification"):
            await _call(platform, "UpdateTimeToLive", {"TableName": name, "TimeToLiveSpecification": expiry})
        attributes = {"Arn": str(table.get("TableArn", ""))}
        if stream_arn := table.get("LatestStreamArn"):
            attributes["StreamArn"] = str(stream_arn)
        return new.made(name, attributes=attributes, arn=attributes["Arn"], state={"create": body})

    async def delete(self, platform: Platform, record: ResourceRecord) -> None:
        answer = await platform.dynamodb.call("DeleteTable", {"TableName": record.physical_id})
        if answer.status != 200 and "ResourceNotFoundException" not in str(answer.document().get("__type")):
            raise ResourceFailed(_reason("DeleteTable", answer.document()))

    async def restore(self, platform: Platform, record: ResourceRecord) -> None:
        """The lab's own DynamoDB has its journal; another endpoint may have lost the table, then it begins empty."""
        answer = await platform.dynamodb.call("DescribeTable", {"TableName": record.physical_id})
        if answer.status != 200:
            await _call(platform, "CreateTable", record.state["create"])
            await _active(platform, record.physical_id)


async def _active(platform: Platform, name: str) -> dict[str, Any]:
    for _ in range(_ACTIVE_POLLS):
        table = dict((await _call(platform, "DescribeTable", {"TableName": name})).get("Table") or {})
        if table.get("TableStatus") == "ACTIVE":
            return table
        await asyncio.sleep(_POLL_S)
    raise ResourceFailed(f"Table {name} was not ACTIVE after {_ACTIVE_POLLS * _POLL_S:g} s")


async def _call(platform: Platform, operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
    answer = await platform.dynamodb.call(operation, body)
    if answer.status != 200:
        raise ResourceFailed(_reason(operation, answer.document()))
    return answer.document()


def _reason(operation: str, document: Mapping[str, Any]) -> str:
    kind = str(document.get("__type", "error")).rpartition("#")[2]
    return f"DynamoDB {operation}: {kind}: {document.get('message') or document.get('Message') or 'no message'}"


def _with_numbers(value: Value) -> Any:
    """Capacity units as whole numbers: parameters arrive as text, and DynamoDB takes numbers only."""
    if isinstance(value, list):
        return [_with_numbers(item) for item in value]
    if not isinstance(value, dict):
        return value
    result: dict[str, Any] = {}
    for key, item in value.items():
        if key in _WHOLE_NUMBERS:
            if not str(item).isdecimal():
                raise ResourceFailed(f"Property {key} is {item!r}; expected a whole number")
            result[key] = int(str(item))
        else:
            result[key] = _with_numbers(item)
    return result
