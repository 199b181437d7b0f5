"""Traces of the fixture shop and of the lab, as documents: what tests send and what their expectations speak of."""

from __future__ import annotations

import json
import time
from typing import Any

from raylens.ingest.decode import decode_document
from raylens.ingest.normalize import spans_from_segment
from raylens.model.ids import parse_trace_id
from raylens.model.span import Span
from raylens.model.trace import Trace
from raylens.storage.interface import StoredDocument
from raylens.traces import assemble_trace

START_S = 1_707_993_000.0
# rows expire by receipt, so what tests store is received now
RECEIVED_NS = time.time_ns()
TRACE_ID = "1-65cde7a8-fc2eb0bb7b27667a2d21c7c4"


def trace_id_of(number: int) -> str:
    return f"1-65cde7a8-{number:024x}"


def segment(
    name: str, start: float, end: float | None, *, number: int, trace_id: str = TRACE_ID, **members: Any
) -> dict[str, Any]:
    """A segment running from `start` to `end` seconds after START_S; without `end` it is in progress."""
    times = {"in_progress": True} if end is None else {"end_time": START_S + end}
    return {
        "id": f"{number:016x}",
        "name": name,
        "trace_id": trace_id,
        "start_time": START_S + start,
        **times,
        **members,
    }


def subsegment(name: str, start: float, end: float | None, *, number: int, **members: Any) -> dict[str, Any]:
    """A subsegment to embed."""
    document = segment(name, start, end, number=number, **members)
    del document["trace_id"]
    return document


def independent(name: str, start: float, end: float, *, number: int, parent: int, **members: Any) -> dict[str, Any]:
    """A subsegment that travels alone."""
    return segment(name, start, end, number=number, parent_id=f"{parent:016x}", type="subsegment", **members)


def shop_trace() -> list[dict[str, Any]]:
    """T1: `shop` answers 200 in 2 s although `pay` fails and goes on for 7 s over a throttled table."""
    pay_call = subsegment(
        "pay", 0.25, 1.75, number=2, namespace="remote", fault=True,
        http={"request": {"method": "POST", "url": "http://pay.test/"}, "response": {"status": 503}},
    )  # fmt: skip
    table_call = subsegment(
        "DynamoDB", 1, 6, number=4, namespace="aws", error=True, throttle=True,
        http={"response": {"status": 429}}, aws={"operation": "GetItem", "table_name": "orders"},
    )  # fmt: skip
    return [
        segment(
            "shop", 0, 2, number=1, origin="AWS::EC2::Instance", user="alice", subsegments=[pay_call],
            http={
                "request": {
                    "method": "GET", "url": "http://shop.test/v2/cart",
                    "user_agent": "probe/1", "client_ip": "192.0.2.7",
                },
                "response": {"status": 200},
            },
            aws={"ec2": {"instance_id": "i-0abc", "availability_zone": "us-west-2a"}},
            annotations={"plan": "gold", "items": 3, "beta": True},
        ),
        segment(
            "pay", 0.5, 7, number=3, origin="AWS::ECS::Container", parent_id=f"{2:016x}", fault=True, user="svc-pay",
            cause={"exceptions": [{"id": "f" * 16, "type": "PayDown", "message": "backend down"}]},
            annotations={"backend": True}, subsegments=[table_call],
        ),
    ]  # fmt: skip


def lambda_trace(trace_id: str = TRACE_ID) -> list[dict[str, Any]]:
    """One cold POST of the lab: stage, both Lambda segments, and four subsegments that travel alone."""
    own = {"trace_id": trace_id}
    arn = "arn:aws:lambda:ap-northeast-2:000000000000:function:create"
    invoke = subsegment(
        "Lambda", 0.002, 0.873, number=11, namespace="aws", http={"response": {"status": 201}},
        aws={"function_name": "create", "operation": "Invoke", "region": "ap-northeast-2"},
    )  # fmt: skip
    phases = [
        subsegment("Initialization", 0.010, 0.841, number=14),
        subsegment("Invocation", 0.842, 0.867, number=15),
        subsegment("Overhead", 0.867, 0.8675, number=16),
    ]
    return [
        independent("validate_input", 0.8432, 0.8433, number=21, parent=24, namespace="local", **own),
        independent(
            "dynamodb", 0.8437, 0.8654, number=22, parent=23, namespace="aws", http={"response": {"status": 200}},
            aws={"operation": "PutItem", "region": "ap-northeast-2", "table_name": "Reservations"}, **own,
        ),
        independent("dynamodb_put_item", 0.8436, 0.8659, number=23, parent=24, namespace="local", **own),
        independent(
            "create_reservation", 0.8430, 0.8663, number=24, parent=15, namespace="local",
            annotations={"operation": "create", "restaurantName": "강남 맛집"},
            metadata={"default": {"user_id": "anonymous"}}, **own,
        ),
        segment(
            "create", 0.8422, 0.8677, number=13, parent_id=f"{12:016x}", origin="AWS::Lambda::Function",
            subsegments=phases, aws={"account_id": "000000000000"}, **own,
        ),
        segment(
            "create", 0.006, 0.872, number=12, parent_id=f"{11:016x}", origin="AWS::Lambda", resource_arn=arn,
            http={"response": {"status": 200}}, **own,
        ),
        segment(
            "api/prod", 0, 0.874, number=10, origin="AWS::ApiGateway::Stage", subsegments=[invoke],
            http={"request": {"method": "POST", "url": "https://api.test/prod/r"}, "response": {"status": 201}}, **own,
        ),
    ]  # fmt: skip


def spans_of(documents: list[dict[str, Any]], received_ns: int = RECEIVED_NS) -> list[Span]:
    return [span for d in documents for span in spans_from_segment(decode_document(json.dumps(d)), received_ns)]


def trace_of(documents: list[dict[str, Any]]) -> Trace:
    return assemble_trace(spans_of(documents))


def stored(documents: list[dict[str, Any]], received_ns: int = RECEIVED_NS) -> list[StoredDocument]:
    rows = []
    for document in documents:
        spans = spans_of([document], received_ns)
        root, starts = spans[0], [span.start_ns for span in spans]
        rows.append(
            StoredDocument(root.trace_id, root.id, root.version, min(starts), max(starts), json.dumps(document))
        )
    return rows


def id_bytes(text: str = TRACE_ID) -> bytes:
    value = parse_trace_id(text)
    assert value is not None
    return value
