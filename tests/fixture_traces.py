"""The fixture traces T2 to T8 (T1 and the lab's are in tests.xray_documents) and the recorded documents of the lab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from tests.xray_documents import segment, subsegment

DATA = Path(__file__).parent / "data"
QUICKTABLE = ("cold_post", "warm_get", "handled_400", "table_throttle", "unhandled_exception")
QUEUE_URL = "https://sqs.test/111122223333/jobs"
EC2 = "AWS::EC2::Instance"


def quicktable_texts(name: str) -> list[str]:
    """The documents of one request of the lab, as they were sent."""
    return (DATA / "quicktable" / f"{name}.jsonl").read_text("utf-8").splitlines()


def quicktable_documents(name: str) -> list[dict[str, Any]]:
    return [msgspec.json.decode(text) for text in quicktable_texts(name)]


def http(method: str, url: str, status: int | None = None, **request: Any) -> dict[str, Any]:
    response = {} if status is None else {"response": {"status": status}}
    return {"http": {"request": {"method": method, "url": f"http://shop.test{url}", **request}, **response}}


def not_found_trace() -> list[dict[str, Any]]:
    """T2: the root answered 404, flagged as an error, without an exception."""
    annotations = {"plan": "free", "items": 10, "beta": False}
    members: dict[str, Any] = {
        "user": "alice",
        "error": True,
        "annotations": annotations,
        **http("GET", "/v1/none", 404),
    }
    return [segment("shop", 0, 1, number=1, origin=EC2, **members)]


def broken_root_trace() -> list[dict[str, Any]]:
    """T3: the root answered 500, flagged as a fault, without an exception."""
    annotations = {"plan": "gold", "items": 20, "beta": False}
    members: dict[str, Any] = {"user": "bob", "fault": True, "annotations": annotations}
    members |= http("POST", "/v2/pay", 500, client_ip="192.0.2.9")
    return [segment("shop", 0, 3, number=1, origin=EC2, **members)]


def throttled_root_trace() -> list[dict[str, Any]]:
    """T4: the root answered 429."""
    members: dict[str, Any] = {"user": "bob", "error": True, "throttle": True, "annotations": {"items": 30}}
    return [segment("shop", 0, 0.5, number=1, origin=EC2, **members, **http("GET", "/v2/cart", 429))]


def unfinished_trace() -> list[dict[str, Any]]:
    """T5: the root is in progress."""
    return [segment("shop", 0, None, number=1, origin=EC2, annotations={"items": 40}, **http("GET", "/v2/report"))]


def orders_trace() -> list[dict[str, Any]]:
    """T6: a stage calls a function, which sends to a queue and asks a database."""
    arn = "arn:aws:apigateway:us-west-2::/restapis/a1/stages/prod"
    function_arn = "arn:aws:lambda:us-west-2:111122223333:function:fn"
    invoke = subsegment(
        "Lambda", 0.05, 1.15, number=2, namespace="aws", aws={"operation": "Invoke", "function_name": "fn"}
    )
    queue = subsegment(
        "SQS", 0.3, 0.5, number=5, namespace="aws", aws={"operation": "SendMessage", "queue_url": QUEUE_URL}
    )
    database = subsegment(
        "ledger@db.test", 0.6, 0.7, number=6, namespace="remote", sql={"url": "jdbc:postgresql://db.test/ledger"}
    )
    return [
        segment(
            "orders-api/prod", 0, 1.2, number=1, origin="AWS::ApiGateway::Stage", resource_arn=arn,
            subsegments=[invoke], **http("POST", "/orders", 200),
        ),
        segment("fn", 0.1, 1.1, number=3, parent_id=f"{2:016x}", origin="AWS::Lambda", resource_arn=function_arn),
        segment(
            "fn", 0.2, 1.05, number=4, parent_id=f"{3:016x}", origin="AWS::Lambda::Function",
            annotations={"plan": "gold"}, subsegments=[queue, database],
        ),
    ]  # fmt: skip


def slow_call_trace() -> list[dict[str, Any]]:
    """T7: three of four seconds pass in a call that nobody answers."""
    call = subsegment("names.test", 0.1, 3.1, number=2, namespace="remote", **http("GET", "/", 200))
    return [
        segment("web", 0, 4, number=1, annotations={"items": "3"}, subsegments=[call], **http("GET", "/names", 200))
    ]


def broken_call_trace() -> list[dict[str, Any]]:
    """T8: the root answered 500 because a call failed with an exception."""
    call = subsegment(
        "names.test", 0.1, 3.1, number=2, namespace="remote", fault=True,
        cause={"exceptions": [{"id": "a" * 16, "type": "ProbeError", "message": "names exploded"}]},
    )  # fmt: skip
    return [segment("web", 0, 4, number=1, fault=True, subsegments=[call], **http("GET", "/names", 500))]


JOBS_TRACE_ID = "1-65cde7a8-00000000000000000000000a"
WORKER_TRACE_ID = "1-65cde7a8-00000000000000000000000b"


def jobs_traces() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """`orders` sends to the queue `jobs`, done at 0.5 s; the function `worker` receives it at 2 s, in its own trace."""
    send = subsegment(
        "SQS", 0.3, 0.5, number=31, namespace="aws", aws={"operation": "SendMessage", "queue_url": QUEUE_URL}
    )
    orders = segment("orders", 0, 1, number=30, trace_id=JOBS_TRACE_ID, origin=EC2, subsegments=[send])
    link = {"trace_id": JOBS_TRACE_ID, "id": f"{31:016x}", "attributes": {"kind": "message"}}
    own: dict[str, Any] = {"trace_id": WORKER_TRACE_ID}
    service = segment("worker", 2, 5, number=40, origin="AWS::Lambda", links=[link], **own)
    function = segment(
        "worker", 2.5, 4.5, number=41, parent_id=f"{40:016x}", origin="AWS::Lambda::Function", fault=True, **own
    )
    return [orders], [service, function]
