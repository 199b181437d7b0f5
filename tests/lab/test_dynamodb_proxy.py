"""boto3, unchanged, against the lab's DynamoDB: the real proxy, the real moto."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from raylens.clock import ManualClock
from raylens.lab.dynamodb import DynamoDbEndpoint

KEYS = {
    "AttributeDefinitions": [{"AttributeName": "userId", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "userId", "KeyType": "HASH"}],
}
ON_DEMAND = {**KEYS, "TableName": "Reservations", "BillingMode": "PAY_PER_REQUEST"}
ONE_UNIT = {
    **KEYS,
    "TableName": "Reservations",
    "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
}


def client_of(base_url: str) -> Any:
    return boto3.client(
        "dynamodb",
        endpoint_url=base_url,
        region_name="ap-northeast-2",
        aws_access_key_id="lab",
        aws_secret_access_key="lab",
        config=Config(retries={"total_max_attempts": 1}),
    )


def with_endpoint(data_dir: Path, visit: Callable[[DynamoDbEndpoint, Any], Awaitable[None]], **options: Any) -> None:
    """Run `visit` with a started endpoint and a boto3 client of it; end both."""

    async def run() -> None:
        endpoint = DynamoDbEndpoint(data_dir, region="ap-northeast-2", account_id="000000000000", **options)
        await endpoint.start()
        client = client_of(endpoint.base_url)
        try:
            await visit(endpoint, client)
        finally:
            client.close()
            await endpoint.close()

    asyncio.run(run())


async def in_thread(call: Callable[..., Any], **arguments: Any) -> Any:
    return await asyncio.to_thread(call, **arguments)


async def code_of(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        await in_thread(call, **arguments)
    return str(caught.value.response["Error"]["Code"])


def test_tables_have_arns_of_the_lab_and_items_survive_a_restart(tmp_path: Path) -> None:
    async def fill(_: DynamoDbEndpoint, client: Any) -> None:
        created = await in_thread(client.create_table, **ON_DEMAND)
        assert (
            created["TableDescription"]["TableArn"] == "arn:aws:dynamodb:ap-northeast-2:000000000000:table/Reservations"
        )
        for name in ("a", "b", "강남"):
            await in_thread(client.put_item, TableName="Reservations", Item={"userId": {"S": name}})
        await in_thread(client.delete_item, TableName="Reservations", Key={"userId": {"S": "a"}})
        await in_thread(
            client.update_item,
            TableName="Reservations",
            Key={"userId": {"S": "b"}},
            UpdateExpression="SET #s = :s",
            ConditionExpression="attribute_not_exists(#s)",
            ExpressionAttributeNames={"#s": "status"},
            ExpressionAttributeValues={":s": {"S": "pending"}},
        )

    async def look(_: DynamoDbEndpoint, client: Any) -> None:
        items = (await in_thread(client.scan, TableName="Reservations"))["Items"]
        assert sorted(item["userId"]["S"] for item in items) == ["b", "강남"]
        assert {"userId": {"S": "b"}, "status": {"S": "pending"}} in items

    with_endpoint(tmp_path, fill)
    with (tmp_path / "dynamodb.journal").open("ab") as journal:
        journal.write(b'0badc0de {"op":"PutItem","bo')  # a write cut off by a crash
    with_endpoint(tmp_path, look)


def test_writes_beyond_the_burst_are_throttled_until_capacity_refills(tmp_path: Path) -> None:
    clock = ManualClock(1_700_000_000_000_000_000)
    large = {"userId": {"S": "u"}, "note": {"S": "x" * 99 * 1024}}

    async def visit(_: DynamoDbEndpoint, client: Any) -> None:
        await in_thread(client.create_table, **ONE_UNIT)
        put = {"TableName": "Reservations", "Item": large}
        for _attempt in range(3):
            await in_thread(client.put_item, **put)
        assert await code_of(client.put_item, **put) == "ProvisionedThroughputExceededException"
        clock.advance(100)
        await in_thread(client.put_item, **put)

    with_endpoint(tmp_path, visit, clock=clock)


def test_a_batch_beyond_the_capacity_leaves_unprocessed_items_and_a_valid_checksum(tmp_path: Path) -> None:
    clock = ManualClock(1_700_000_000_000_000_000)

    async def visit(endpoint: DynamoDbEndpoint, client: Any) -> None:
        await in_thread(client.create_table, **ONE_UNIT)
        endpoint.set_capacity("Reservations", 2, 2)
        requests = [{"PutRequest": {"Item": {"userId": {"S": name}}}} for name in "abc"]
        answer = await in_thread(client.batch_write_item, RequestItems={"Reservations": requests})
        assert answer["UnprocessedItems"] == {"Reservations": requests[2:]}
        assert (await in_thread(client.scan, TableName="Reservations"))["Count"] == 2

    with_endpoint(tmp_path, visit, clock=clock)


def test_switches_throttle_fail_and_recover(tmp_path: Path) -> None:
    async def visit(endpoint: DynamoDbEndpoint, client: Any) -> None:
        await in_thread(client.create_table, **ON_DEMAND)
        get = {"TableName": "Reservations", "Key": {"userId": {"S": "a"}}}
        endpoint.set_throttle_share("Reservations", 1)
        assert await code_of(client.get_item, **get) == "ProvisionedThroughputExceededException"
        endpoint.set_throttle_share("Reservations", 0)
        endpoint.set_error_share("Reservations", 1)
        assert await code_of(client.get_item, **get) == "InternalServerError"
        endpoint.set_error_share("Reservations", 0)
        assert "Item" not in await in_thread(client.get_item, **get)

    with_endpoint(tmp_path, visit)


def test_another_endpoint_can_stand_behind_the_switches(tmp_path: Path) -> None:
    async def visit(outer: DynamoDbEndpoint, client: Any) -> None:
        await in_thread(client.create_table, **ONE_UNIT)
        front = DynamoDbEndpoint(
            tmp_path / "front", region="ap-northeast-2", account_id="000000000000", endpoint_url=outer.base_url
        )
        await front.start()
        other = client_of(front.base_url)
        try:
            assert front.moto_pid is None
            assert (await in_thread(other.list_tables))["TableNames"] == ["Reservations"]
            front.set_throttle_share("Reservations", 1)
            assert await code_of(other.scan, TableName="Reservations") == "ProvisionedThroughputExceededException"
            assert not (tmp_path / "front").exists()
        finally:
            other.close()
            await front.close()

    with_endpoint(tmp_path, visit)


STARTER = """
import asyncio, sys
from pathlib import Path
from raylens.lab.dynamodb import DynamoDbEndpoint

async def run():
    endpoint = DynamoDbEndpoint(Path(sys.argv[1]), region="ap-northeast-2", account_id="000000000000")
    await endpoint.start()
    print(endpoint.moto_pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(run())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="watches the child through /proc")
def test_the_child_dies_when_the_lab_is_killed(tmp_path: Path) -> None:
    lab = subprocess.Popen([sys.executable, "-c", STARTER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert lab.stdout is not None
        child = os.pidfd_open(int(lab.stdout.readline()))
        lab.send_signal(signal.SIGKILL)
        import select

        ended, _, _ = select.select([child], [], [], 20)  # a pidfd becomes readable when its process ends
        os.close(child)
        assert ended
    finally:
        lab.kill()
        lab.wait()
        if lab.stdout is not None:
            lab.stdout.close()
