"""A store full of the lab's traces, written through the product's own decoder and writer."""

from __future__ import annotations

import json
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raylens.ingest.decode import decode_document
from raylens.ingest.normalize import spans_from_segment
from raylens.model.span import Span
from raylens.storage.clickhouse.store import open_store
from raylens.storage.interface import Batch, StoredDocument

_PER_BATCH = 4_000
RARE_RESTAURANT = "작은 식당"
RARE_SHARE = 1 / 50_000
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@dataclass(frozen=True)
class Loaded:
    """What `load_traces` left behind."""

    traces: int
    start_s: float
    end_s: float
    spans: int
    sample_ids: list[str]
    disk_bytes: int


def load_traces(data: Path, traces: int, start_s: float, end_s: float) -> Loaded:
    """Write `traces` warm requests of the lab, evenly over the range, into a new store at `data`."""
    rng = random.Random(42)
    store = open_store(f"chdb://{data}")
    sample_ids: list[str] = []
    total = 0
    try:
        for first in range(0, traces, _PER_BATCH):
            documents: list[StoredDocument] = []
            spans: list[Span] = []
            for number in range(first, min(first + _PER_BATCH, traces)):
                at = start_s + (end_s - start_s) * number / traces
                trace_id = f"1-{int(at):08x}-{rng.getrandbits(96):024x}"
                if number % 1000 == 0:
                    sample_ids.append(trace_id)
                received_ns = time.time_ns()
                for text in lab_documents(trace_id, at, rng):
                    own = spans_from_segment(decode_document(text), received_ns)
                    root, starts = own[0], [span.start_ns for span in own]
                    documents.append(
                        StoredDocument(root.trace_id, root.id, root.version, min(starts), max(starts), text)
                    )
                    spans += own
            store.write(Batch(documents, spans))
            if first // _PER_BATCH % 10 == 9:
                # as the server's own job would have done meanwhile
                store.compute_graph_minutes()
            total += len(spans)
            if first // _PER_BATCH % 25 == 0:
                print(f"  {first:,} of {traces:,} traces written", file=sys.stderr, flush=True)
        time.sleep(2)
        store.compute_graph_minutes()
        disk_bytes = store.disk_bytes()
    finally:
        store.close()
    return Loaded(traces, start_s, end_s, total, sample_ids, disk_bytes)


def lab_documents(trace_id: str, at: float, rng: random.Random) -> list[str]:
    """The documents of one request of the lab, in the order in which they arrive."""
    create = rng.random() < 0.67
    word, operation = ("create", "PutItem") if create else ("get", "Query")
    function = f"{'CreateReservation' if create else 'GetReservations'}-week13-2-quicktable-xray-lab-stack-ABC123"
    arn = f"arn:aws:lambda:ap-northeast-2:000000000000:function:{function}"
    ids = [f"{rng.getrandbits(64):016x}" for _ in range(9)]
    stage, call, service, host, invocation, overhead, outer, inner, table = ids
    took = rng.lognormvariate(-4, 0.4)
    restaurant = rng.choice(["강남 맛집", "홍대 맛집", "이태원 맛집", "Busan Grill"])
    if rng.random() < RARE_SHARE:
        restaurant = RARE_RESTAURANT
    # one restaurant's requests fail now and then, as with the lab's invalid input
    fails = create and rng.random() < (0.10 if restaurant == "이태원 맛집" else 0.005)

    def span(own: str, name: str, begin: float, end: float, **members: Any) -> dict[str, Any]:
        return {"id": own, "name": name, "start_time": round(at + begin, 6), "end_time": round(at + end, 6), **members}

    def alone(own: str, name: str, begin: float, end: float, parent: str, **members: Any) -> dict[str, Any]:
        extra = {"parent_id": parent, "in_progress": False, "trace_id": trace_id, "type": "subsegment", **members}
        return span(own, name, begin, end, **extra)

    request_id = "".join(rng.choices(_LETTERS, k=52))
    aws = {"operation": operation, "region": "ap-northeast-2", "request_id": request_id, "table_name": "Reservations"}
    annotations = {"operation": word, "restaurantName": restaurant, "date": "2024-02-20", "status": "pending"}
    reservation = {
        "userId": "anonymous",
        "reservationId": f"res-{rng.randrange(10**10):010d}",
        "restaurantName": restaurant,
        "partySize": rng.randrange(1, 9),
    }
    metadata = {"default": {"reservation_data": reservation, "user_id": "anonymous"}}
    failed: dict[str, Any] = {"fault": True} if fails else {}
    thrown: dict[str, Any] = failed
    if fails:
        exception = {"id": f"{rng.getrandbits(64):016x}", "type": "ValidationError", "message": "missing: date,time"}
        thrown = {**failed, "cause": {"working_directory": "/var/task", "exceptions": [exception]}}
    phases = [
        span(invocation, "Invocation", 0.005, 0.006 + took, aws={"function_arn": arn}, **failed),
        span(overhead, "Overhead", 0.006 + took, 0.0065 + took, aws={"function_arn": arn}),
    ]
    invoke = span(
        call, "Lambda", 0.002, 0.009 + took, namespace="aws", **failed,
        http={
            "request": {"url": f"https://lambda.ap-northeast-2.amazonaws.com/2015-03-31/functions/{arn}/invocations"},
            "response": {"status": 201, "content_length": 244},
        },
        aws={"function_name": function, "region": "ap-northeast-2", "operation": "Invoke"},
    )  # fmt: skip
    http = {
        "request": {
            "url": "https://qt4x9kd2ab.execute-api.ap-northeast-2.amazonaws.com/prod/reservations",
            "method": "POST" if create else "GET", "user_agent": "curl/8.5.0", "client_ip": "127.0.0.1",
        },
        "response": {"status": 502 if fails else 201 if create else 200, "content_length": 0},
    }  # fmt: skip
    documents = [
        alone(
            table, "dynamodb", 0.0065, 0.005 + took, inner, namespace="aws", aws=aws, http={"response": {"status": 200}}
        ),
        alone(inner, f"dynamodb_{'put_item' if create else 'query'}", 0.006, 0.0055 + took, outer, namespace="local"),
        alone(
            outer, f"{word}_reservation", 0.0055, 0.0058 + took, invocation, namespace="local",
            annotations=annotations, metadata=metadata, **thrown,
        ),
        span(
            host, function, 0.0048, 0.007 + took, trace_id=trace_id, parent_id=service, origin="AWS::Lambda::Function",
            aws={"account_id": "000000000000", "function_arn": arn, "resource_names": [function]}, subsegments=phases,
            **failed,
        ),
        span(
            service, function, 0.004, 0.008 + took, trace_id=trace_id, parent_id=call, origin="AWS::Lambda",
            resource_arn=arn, http={"response": {"status": 200}}, **failed,
            aws={"request_id": f"{rng.getrandbits(128):032x}"},
        ),
        span(
            stage, "QuickTableXRayAPI/prod", 0.0, 0.01 + took, trace_id=trace_id, origin="AWS::ApiGateway::Stage",
            http=http, subsegments=[invoke], **failed,
            aws={"api_gateway": {"rest_api_id": "qt4x9kd2ab", "request_id": f"{rng.getrandbits(128):032x}"}},
        ),
    ]  # fmt: skip
    return [json.dumps(document, ensure_ascii=False) for document in documents]
