"""The segment an API Gateway stage records of a request, with the call of the function in it."""

from __future__ import annotations

import msgspec

from raylens.lab.gateway.exchange import Exchange
from raylens.lab.segments import Document, milliseconds_down, milliseconds_up
from raylens.lab.spec import StageSpec

_MAX_URL_CHARS = 2_000  # a document must fit a datagram; a gateway takes longer paths


class FunctionCall(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway's view of its call: the status it mapped the result to, and the length of the answer."""

    segment_id: str
    function_arn: str
    start_ns: int
    end_ns: int
    status: int
    content_length: int


def stage_document(
    exchange: Exchange, segment_id: str, end_ns: int, status: int, rule_name: str | None, call: FunctionCall | None
) -> Document:
    """The AWS::ApiGateway::Stage segment; `call` is None when the request did not get as far as the function."""
    stage = exchange.stage
    request: Document = {
        "url": f"https://{exchange.domain}{exchange.full_path}"[:_MAX_URL_CHARS],
        "method": exchange.request.method,
        "client_ip": exchange.request.client_ip,
        "x_forwarded_for": True,
    }
    if exchange.user_agent is not None:
        request["user_agent"] = exchange.user_agent[:_MAX_URL_CHARS]
    aws: Document = {
        "api_gateway": {
            "account_id": stage.account_id,
            "rest_api_id": stage.api_id,
            "stage": stage.stage_name,
            "request_id": exchange.request_id,
        }
    }
    if rule_name is not None:
        aws["xray"] = {"sampling_rule_name": rule_name}
    document: Document = {
        "id": segment_id,
        "name": service_name(stage),
        "start_time": milliseconds_down(exchange.started_ns),
        "trace_id": exchange.header.root,
        "end_time": milliseconds_up(end_ns),
        **({"parent_id": exchange.header.parent} if exchange.header.parent else {}),
        **_flags(status),
        "http": {"request": request, "response": {"status": status, "content_length": 0}},
        "aws": aws,
        "annotations": {"aws:api_id": stage.api_id, "aws:api_stage": stage.stage_name},
        "metadata": {
            "default": {"extended_request_id": exchange.extended_request_id, "request_id": exchange.request_id}
        },
        "origin": "AWS::ApiGateway::Stage",
        "resource_arn": exchange.stage_arn,
    }
    if call is not None:
        document["subsegments"] = [_call_document(stage, call)]
    return document


def service_name(stage: StageSpec) -> str:
    """`<api>/<stage>`: a stage's name as a segment and for sampling rules."""
    return f"{stage.api_name}/{stage.stage_name}"


def _call_document(stage: StageSpec, call: FunctionCall) -> Document:
    function_name = call.function_arn.split(":")[6]
    return {
        "id": call.segment_id,
        "name": "Lambda",
        "start_time": milliseconds_down(call.start_ns),
        "end_time": milliseconds_up(call.end_ns),
        **_flags(call.status),
        "http": {
            "request": {
                "url": f"https://lambda.{stage.region}.amazonaws.com/2015-03-31/functions/"
                f"{call.function_arn}/invocations",
                "method": "POST",
            },
            "response": {"status": call.status, "content_length": call.content_length},
        },
        "aws": {
            "function_name": function_name,
            "region": stage.region,
            "operation": "Invoke",
            "resource_names": [function_name],
        },
        "namespace": "aws",
    }


def _flags(status: int) -> Document:
    if status >= 500:
        return {"fault": True}
    if status == 429:
        return {"error": True, "throttle": True}
    return {"error": True} if status >= 400 else {}
