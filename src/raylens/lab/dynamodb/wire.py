"""DynamoDB's JSON protocol as far as a proxy needs it: operations, tables named, errors, checksums."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import msgspec

CONTENT_TYPE = "application/x-amz-json-1.0"
_PREFIX = "com.amazonaws.dynamodb.v20120810#"

READS = frozenset(("GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"))
WRITES = frozenset(("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"))
STATEMENTS = frozenset(("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"))
TABLE_CHANGES = frozenset(
    ("CreateTable", "UpdateTable", "DeleteTable", "TagResource", "UntagResource", "UpdateTimeToLive")
)


class Answer(msgspec.Struct, frozen=True):
    """A complete HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> dict[str, Any]:
        """The body as JSON; empty when it is none."""
        try:
            decoded = msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            return {}
        return decoded if isinstance(decoded, dict) else {}


def json_answer(status: int, document: Mapping[str, Any]) -> Answer:
    """An answer as DynamoDB writes it: request id and a CRC32 over the body, which SDKs check."""
    body = msgspec.json.encode(document)
    headers = {
        "content-type": CONTENT_TYPE,
        "x-amzn-requestid": uuid4().hex.upper(),
        "x-amz-crc32": str(zlib.crc32(body)),
    }
    return Answer(status, headers, body)


def throughput_exceeded() -> Answer:
    """What a table without capacity left answers. The status is 400, not 429."""
    return json_answer(
        400,
        {
            "__type": f"{_PREFIX}ProvisionedThroughputExceededException",
            "message": "The level of configured provisioned throughput for the table was exceeded. "
            "Consider increasing your provisioning level with the UpdateTable API.",
        },
    )


def internal_error() -> Answer:
    """What DynamoDB answers when it fails itself."""
    return json_answer(
        500,
        {
            "__type": f"{_PREFIX}InternalServerError",
            "message": "The request processing has failed because of an unknown error, exception or failure.",
        },
    )


def unreachable(reason: str) -> Answer:
    """The endpoint behind the proxy does not answer."""
    return json_answer(503, {"__type": f"{_PREFIX}ServiceUnavailable", "message": reason})


def operation_of(target: str) -> str:
    """`PutItem` of `DynamoDB_20120810.PutItem`."""
    return target.rpartition(".")[2]


def table_name_of(name_or_arn: Any) -> str:
    """A table's name, from the name or from the ARN that the protocol also allows."""
    text = str(name_or_arn)
    return text.partition(":table/")[2].split("/")[0] if text.startswith("arn:") else text


def tables_of(operation: str, body: Mapping[str, Any]) -> tuple[str, ...]:
    """Every table a request names, each once, in order of the request."""
    return tuple(dict.fromkeys(table_name_of(name) for name in _named(operation, body)))


def _named(operation: str, body: Mapping[str, Any]) -> Iterator[Any]:
    if operation in ("BatchGetItem", "BatchWriteItem"):
        yield from body.get("RequestItems") or {}
    elif operation in ("TransactGetItems", "TransactWriteItems"):
        for item in body.get("TransactItems") or ():
            for action in item.values():
                yield action.get("TableName", "")
    elif "TableName" in body:
        yield body["TableName"]
    elif "ResourceArn" in body:
        yield body["ResourceArn"]
