"""The example's functions under the real runtime client, X-Ray SDK and boto3, on a DynamoDB endpoint."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.lab.gateway.rig import API_ID, Rig, function_spec, moto_server, stage_spec

from raylens.errors import InvalidRequest
from raylens.lab.faults import Fault, FaultSwitches
from raylens.lab.traffic import TrafficPlan, send_traffic

pytestmark = pytest.mark.anyio
CODE = Path(__file__).parents[3] / "examples" / "quicktable" / "functions"
RESERVATION = {
    "restaurantName": "강남 맛집",
    "date": "2024-02-20",
    "time": "18:00",
    "partySize": 4,
    "phoneNumber": "010-1234-5678",
}


@pytest.fixture(scope="module")
async def lab(anyio_backend: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    with moto_server() as dynamodb_url:
        async with httpx.AsyncClient(trust_env=False) as client:
            created = await client.post(
                dynamodb_url,
                headers={
                    "Content-Type": "application/x-amz-json-1.0",
                    "X-Amz-Target": "DynamoDB_20120810.CreateTable",
                    "Authorization": "AWS4-HMAC-SHA256 Credential=x/20240101/ap-northeast-2/dynamodb/aws4_request",
                },
                json={
                    "TableName": "Reservations",
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [
                        {"AttributeName": "userId", "AttributeType": "S"},
                        {"AttributeName": "reservationId", "AttributeType": "S"},
                    ],
                    "KeySchema": [
                        {"AttributeName": "userId", "KeyType": "HASH"},
                        {"AttributeName": "reservationId", "KeyType": "RANGE"},
                    ],
                },
            )
            created.raise_for_status()
        rig = await Rig.start(tmp_path_factory.mktemp("quicktable"), dynamodb_url=dynamodb_url)
        for name in ("create_reservation", "get_reservations"):
            await rig.host.deploy(function_spec(name, CODE, handler=f"{name}.handler"))
        routes: dict[tuple[str, str], str | None] = {
            ("POST", "/reservations"): "create_reservation",
            ("GET", "/reservations"): "get_reservations",
        }
        await rig.gateway.deploy(stage_spec(routes))
        yield rig
        await rig.close()


async def create(lab: Rig, **changes: Any) -> httpx.Response:
    return (await lab.request("POST", "/reservations", json={**RESERVATION, **changes})).response


async def test_a_created_reservation_is_answered_as_stored(lab: Rig) -> None:
    response = await create(lab)
    assert response.status_code == 201
    stored = response.json()
    assert stored | RESERVATION == stored
    assert (stored["userId"], stored["status"]) == ("anonymous", "pending")
    assert stored["reservationId"].startswith("res-") and len(stored["reservationId"]) == 14


async def test_a_creation_leaves_the_whole_chain_of_segments(lab: Rig) -> None:
    answer = await lab.request("POST", "/reservations", json=RESERVATION)
    stage = answer.origin("AWS::ApiGateway::Stage")
    service = answer.origin("AWS::Lambda")
    function = answer.origin("AWS::Lambda::Function")
    invocation = next(each for each in function["subsegments"] if each["name"] == "Invocation")
    assert service["parent_id"] == stage["subsegments"][0]["id"]
    assert function["parent_id"] == service["id"]
    create = answer.named("create_reservation")
    assert create["parent_id"] == invocation["id"]
    assert answer.named("validate_input")["parent_id"] == create["id"]
    put = answer.named("dynamodb_put_item")
    assert put["parent_id"] == create["id"]
    table = answer.named("dynamodb")
    assert table["parent_id"] == put["id"]
    assert table["aws"]["table_name"] == "Reservations"


async def test_a_creation_is_annotated_and_described(lab: Rig) -> None:
    answer = await lab.request("POST", "/reservations", json=RESERVATION)
    subsegment = answer.named("create_reservation")
    assert subsegment["annotations"] == {
        "operation": "create",
        "restaurantName": "강남 맛집",
        "date": "2024-02-20",
        "status": "pending",
    }
    metadata = subsegment["metadata"]["default"]
    assert metadata["reservation_data"] == answer.response.json()
    assert metadata["user_id"] == "anonymous"
    assert metadata["request_body"] == RESERVATION
    assert metadata["request"]["httpMethod"] == "POST"


async def test_reading_answers_an_array_newest_first_with_numbers_kept(lab: Rig) -> None:
    ids = [(await create(lab, userId="reader")).json()["reservationId"] for _ in range(3)]
    answer = await lab.request("GET", "/reservations", params={"userId": "reader"})
    assert answer.response.status_code == 200
    assert [each["reservationId"] for each in answer.response.json()] == ids[::-1]
    assert {json.dumps(each["partySize"]) for each in answer.response.json()} == {"4"}
    assert answer.named("get_reservations")["annotations"] == {"operation": "get"}
    assert answer.named("dynamodb")["parent_id"] == answer.named("dynamodb_query")["id"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{not json", "the body is not JSON"),
        ("[1]", "the body is not a JSON object"),
        ("", "the body is not JSON"),
        ('{"restaurantName": "강남 맛집"}', "missing: date,time,partySize,phoneNumber"),
        (json.dumps({**RESERVATION, "partySize": "4"}), "partySize: expected a whole number from 1 to 1000"),
        (json.dumps({**RESERVATION, "partySize": 1.5}), "partySize: expected a whole number from 1 to 1000"),
        (json.dumps({**RESERVATION, "date": "soon"}), "date and time: expected YYYY-MM-DD and HH:MM"),
        (json.dumps({**RESERVATION, "userId": 7}), "userId: expected a string"),
    ],
)
async def test_a_bad_reservation_is_the_clients_error(lab: Rig, body: str, said: str) -> None:
    answer = await lab.request("POST", "/reservations", content=body.encode())
    assert (answer.response.status_code, answer.response.json()) == (400, {"message": said})
    assert answer.origin("AWS::ApiGateway::Stage")["error"] is True
    assert "error" not in answer.origin("AWS::Lambda::Function")
    assert answer.named("create_reservation")["fault"] is True


async def test_the_labs_traffic_is_answered_and_returns_its_trace_ids(lab: Rig) -> None:
    sent = await send_traffic(lab.gateway.stage_url(API_ID, "prod"))
    assert [each.status for each in sent] == [201] * 10 + [200] * 5 + [400]
    assert len({each.trace_id for each in sent}) == 16
    names = [lab.sink.of_trace(each.trace_id or "") for each in sent]
    assert [len(documents) for documents in names] == [7] * 10 + [6] * 5 + [5]


class _Tables:
    def __init__(self) -> None:
        self.calls: list[tuple[str, float]] = []

    def set_added_latency(self, table: str, operation: str, seconds: float) -> None:
        self.calls.append((f"{table}.{operation}", seconds))

    def set_throttle_share(self, table: str, share: float) -> None:
        self.calls.append((table, share))


@pytest.mark.parametrize(
    ("fault", "error_type"), [(Fault.CRASH, "RuntimeError"), (Fault.OUT_OF_MEMORY, "Runtime.ExitError")]
)
async def test_a_function_fails_while_its_fault_is_on(lab: Rig, fault: Fault, error_type: str) -> None:
    switches = FaultSwitches(lab.host, _Tables(), lambda: lab.gateway.stage_url(API_ID, "prod"))
    await switches.turn_on(fault, "create_reservation")
    answer = await lab.request("POST", "/reservations", json=RESERVATION)
    assert answer.response.status_code == 502
    cause = answer.origin("AWS::Lambda::Function")["cause"]
    assert cause["exceptions"][0]["type"] == error_type
    await switches.turn_off(fault, "create_reservation")
    assert (await create(lab)).status_code == 201
    assert switches.active() == ()


async def test_table_faults_are_set_at_the_endpoint_and_taken_back(lab: Rig) -> None:
    tables = _Tables()
    switches = FaultSwitches(lab.host, tables, lambda: "")
    await switches.turn_on(Fault.SLOW_QUERY, "Reservations", 0.4)
    await switches.turn_on(Fault.THROTTLING, "Reservations")
    await switches.turn_all_off()
    assert tables.calls == [
        ("Reservations.Query", 0.4),
        ("Reservations", 0.5),
        ("Reservations.Query", 0.0),
        ("Reservations", 0.0),
    ]


async def test_invalid_input_sends_one_restaurants_bad_requests_until_turned_off(lab: Rig) -> None:
    switches = FaultSwitches(lab.host, _Tables(), lambda: lab.gateway.stage_url(API_ID, "prod"))
    asked_before = len(lab.sampler.asked)
    await switches.turn_on(Fault.INVALID_INPUT, "홍대 파스타", 100)
    async with asyncio.timeout(30):
        while len(lab.sampler.asked) < asked_before + 3:
            await asyncio.sleep(0)
    await switches.turn_off(Fault.INVALID_INPUT, "홍대 파스타")
    assert switches.active() == ()


async def test_a_fault_of_an_unknown_function_or_amount_is_refused(lab: Rig) -> None:
    switches = FaultSwitches(lab.host, _Tables(), lambda: "")
    with pytest.raises(InvalidRequest, match="no function 'nobody' is deployed"):
        await switches.turn_on(Fault.CRASH, "nobody")
    with pytest.raises(InvalidRequest, match="at most 1"):
        await switches.turn_on(Fault.THROTTLING, "Reservations", 2)


async def test_traffic_at_a_rate_overlaps_and_says_what_was_not_answered(lab: Rig) -> None:
    plan = TrafficPlan(create_count=4, read_count=0, invalid_count=0, rate_per_s=200, max_concurrency=2)
    url = lab.gateway.stage_url(API_ID, "prod")
    assert [each.status for each in await send_traffic(url, plan)] == [201] * 4
    assert [each.status for each in await send_traffic("http://127.0.0.1:9", plan)] == [0] * 4
