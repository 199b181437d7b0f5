"""DynamoDB on one machine: moto (or any endpoint) behind a proxy that adds capacity, faults and durability."""

from __future__ import annotations

from raylens.lab.dynamodb.endpoint import DynamoDbEndpoint
from raylens.lab.dynamodb.switches import TableSwitches
from raylens.lab.dynamodb.wire import Answer

__all__ = ["Answer", "DynamoDbEndpoint", "TableSwitches"]
