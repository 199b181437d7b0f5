"""What is sent: segment documents of about 2.5 kB with five spans, and the lab's traces."""

from __future__ import annotations

import json
import os
from typing import Any

DOCUMENTS_PER_CALL = 50
SPANS_PER_DOCUMENT = 5
# Replaced in every copy that is sent, so that each document is a trace of its own.
_MARK = b"@@@@@@@@"


def five_span_document(trace_id: str, start_s: float, kind: int = 0) -> str:
    """One service's segment with a table call, a remote call and two local subsegments; 2.5 kB."""
    at = start_s
    table = {
        "operation": "PutItem",
        "region": "ap-northeast-2",
        "request_id": os.urandom(26).hex().upper(),
        "table_name": f"table-{kind % 4}",
    }
    remote = {
        "request": {"url": f"https://api.partner.example/v1/things/{kind}", "method": "GET"},
        "response": {"status": 200, "content_length": 200},
    }
    notes = {"default": {"note": os.urandom(60).hex() + "x" * 120}}
    spans: list[dict[str, Any]] = [
        {"name": "validate_input", "start_time": at + 0.001, "end_time": at + 0.004},
        {"name": "DynamoDB", "namespace": "aws", "aws": table, "http": {"response": {"status": 200}}},
        {"name": "render", "start_time": at + 0.030, "end_time": at + 0.044},
        {"name": "api.partner.example", "namespace": "remote", "http": remote},
    ]
    for number, span in enumerate(spans):
        span.setdefault("start_time", at + 0.005 * number)
        span.setdefault("end_time", at + 0.005 * number + 0.010)
        span.update(id=os.urandom(8).hex(), metadata=notes)
    document = {
        "id": os.urandom(8).hex(),
        "name": f"service-{kind % 8}",
        "trace_id": trace_id,
        "start_time": at,
        "end_time": at + 0.050 + (kind % 50) / 1000,
        "origin": "AWS::ECS::Container",
        "http": {
            "request": {
                "url": f"https://example.com/reservations/{kind}",
                "method": "POST",
                "user_agent": "python-requests/2.31",
                "client_ip": "10.0.0.1",
            },
            "response": {"status": 201, "content_length": 244},
        },
        "aws": {
            "ec2": {"instance_id": "i-0abc", "availability_zone": "ap-northeast-2a"},
            "xray": {"sdk": "X-Ray for Python", "sdk_version": "2.15.0"},
        },
        "annotations": {"restaurantName": f"restaurant {kind % 40}", "partySize": kind % 9, "status": "pending"},
        "metadata": {"default": {"reservation": {"item": "y" * 200}}},
        "subsegments": spans,
    }
    return json.dumps(document)


class CallTemplates:
    """Bodies of PutTraceSegments calls, prepared so that sending one costs the client next to nothing."""

    def __init__(self, count: int, now_s: float) -> None:
        self._bodies = []
        for call in range(count):
            documents = [
                five_span_document(f"1-{int(now_s):08x}-{_MARK.decode()}{call:08x}{n:08x}", now_s, call * 50 + n)
                for n in range(DOCUMENTS_PER_CALL)
            ]
            self._bodies.append(json.dumps({"TraceSegmentDocuments": documents}).encode())

    def body(self, serial: int) -> bytes:
        """The body of call number `serial`, unlike that of every other number."""
        return self._bodies[serial % len(self._bodies)].replace(_MARK, b"%08x" % serial)
