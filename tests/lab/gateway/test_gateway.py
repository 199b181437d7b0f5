"""What a client and a function see of the gateway, and what it records."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from tests.lab.gateway.rig import API_ID, Rig, function_arn, function_spec, stage_spec

from raylens.lab.gateway import Gateway, GatewaySettings

pytestmark = pytest.mark.anyio


async def test_the_stage_segment_holds_the_call_of_the_function(rig: Rig) -> None:
    answer = await rig.request("POST", "/echo", content=b"hello")
    stage = answer.origin("AWS::ApiGateway::Stage")
    (call,) = stage["subsegments"]
    url = f"https://{API_ID}.execute-api.ap-northeast-2.amazonaws.com/prod/echo"
    assert stage["name"] == "QuickTableXRayAPI/prod"
    assert stage["http"]["request"] == {
        "url": url,
        "method": "POST",
        "client_ip": "127.0.0.1",
        "x_forwarded_for": True,
        "user_agent": "curl/8.5.0",
    }
    assert stage["http"]["response"] == {"status": 201, "content_length": 0}
    assert stage["annotations"] == {"aws:api_id": API_ID, "aws:api_stage": "prod"}
    assert stage["aws"]["xray"] == {"sampling_rule_name": "lab"}
    assert stage["resource_arn"] == f"arn:aws:apigateway:ap-northeast-2::/restapis/{API_ID}/stages/prod"
    assert (call["name"], call["namespace"], call["aws"]["function_name"]) == ("Lambda", "aws", "echo")
    assert call["http"]["response"] == {"status": 201, "content_length": len(answer.response.content)}
    assert not {"error", "fault", "throttle"} & (set(stage) | set(call))


async def test_every_parent_starts_before_and_ends_after_its_child(rig: Rig) -> None:
    answer = await rig.request("GET", "/echo")
    stage = answer.origin("AWS::ApiGateway::Stage")
    chain = [stage, stage["subsegments"][0], answer.origin("AWS::Lambda"), answer.origin("AWS::Lambda::Function")]
    starts = [each["start_time"] for each in chain]
    ends = [each["end_time"] for each in chain]
    assert (starts, ends) == (sorted(starts), sorted(ends, reverse=True))


async def test_the_function_gets_a_proxy_event(rig: Rig) -> None:
    answer = await rig.request(
        "POST",
        "/items/a%20b?x=1&x=2".replace("/items/a%20b", "/echo"),
        headers=[("X-Custom", "one"), ("X-Custom", "two"), ("content-Type", "application/json")],
        content='{"name": "강남 맛집"}'.encode(),
    )
    event = answer.response.json()
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/echo", "/echo", "POST")
    assert event["queryStringParameters"] == {"x": "2"}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"]}
    assert event["headers"]["X-Custom"] == "two"
    assert event["multiValueHeaders"]["X-Custom"] == ["one", "two"]
    assert event["headers"]["content-Type"] == "application/json"
    assert event["headers"]["X-Forwarded-For"] == "127.0.0.1"
    assert event["headers"]["X-Amzn-Trace-Id"] == f"Root={answer.trace_id}"
    assert event["pathParameters"] is None
    assert event["stageVariables"] == {"colour": "blue"}
    assert (event["body"], event["isBase64Encoded"]) == ('{"name": "강남 맛집"}', False)
    context = event["requestContext"]
    assert (context["path"], context["stage"], context["apiId"]) == ("/prod/echo", "prod", API_ID)
    assert context["requestId"] == answer.response.headers["x-amzn-RequestId"]
    assert context["identity"]["sourceIp"] == "127.0.0.1"


async def test_path_parameters_come_decoded_and_an_empty_body_is_null(rig: Rig) -> None:
    event = (await rig.request("GET", "/items/a%20b")).response.json()
    assert (event["resource"], event["pathParameters"]) == ("/items/{id}", {"id": "a b"})
    assert (event["body"], event["queryStringParameters"]) == (None, None)


async def test_a_body_that_is_not_text_comes_as_base64(rig: Rig) -> None:
    event = (await rig.request("POST", "/echo", content=b"\xff\x00")).response.json()
    assert (base64.b64decode(event["body"]), event["isBase64Encoded"]) == (b"\xff\x00", True)


async def test_the_stage_is_found_by_host_name_too(rig: Rig) -> None:
    host = f"{API_ID}.execute-api.ap-northeast-2.localhost"
    response = await rig.client.get(f"{rig.gateway.base_url}/prod/echo", headers={"Host": host})
    assert response.json()["requestContext"]["path"] == "/prod/echo"


@pytest.mark.parametrize(
    ("path", "status", "stage_flags", "function_flags"),
    [
        ("/teapot", 418, {"error"}, set()),
        ("/crash", 502, {"fault"}, {"error"}),
        ("/malformed", 502, {"fault"}, set()),
        ("/slow", 502, {"fault"}, {"error"}),
        ("/leave", 502, {"fault"}, {"error"}),
    ],
)
async def test_flags_follow_the_outcome(
    rig: Rig, path: str, status: int, stage_flags: set[str], function_flags: set[str]
) -> None:
    answer = await rig.request("GET", path)
    flags = {"error", "fault", "throttle"}
    stage = answer.origin("AWS::ApiGateway::Stage")
    assert answer.response.status_code == status
    assert flags & set(stage) == flags & set(stage["subsegments"][0]) == stage_flags
    assert flags & set(answer.origin("AWS::Lambda::Function")) == function_flags
    service = answer.origin("AWS::Lambda")
    assert (service["http"]["response"]["status"], flags & set(service)) == (200, function_flags)


async def test_a_function_failure_tells_the_client_nothing_of_it(rig: Rig) -> None:
    response = (await rig.request("GET", "/crash")).response
    assert response.json() == {"message": "Internal server error"}
    assert response.headers["x-amzn-ErrorType"] == "InternalServerErrorException"


async def test_an_unknown_resource_or_stage_is_403_and_leaves_no_segment(rig: Rig) -> None:
    answer = await rig.request("GET", "/unknown")
    assert (answer.response.status_code, answer.documents) == (403, [])
    assert answer.response.json() == {"message": "Missing Authentication Token"}
    other = await rig.client.get(rig.gateway.stage_url(API_ID, "absent") + "/echo")
    assert (other.status_code, other.json()) == (403, {"message": "Forbidden"})


async def test_a_function_that_may_not_be_invoked_is_500(rig: Rig, code_dir: Path) -> None:
    await rig.host.deploy(
        function_spec("teapot", code_dir, name="private", arn=function_arn("private"), permissions=())
    )
    await rig.gateway.deploy(stage_spec({("GET", "/private"): "private"}, stage_name="closed"))
    header = {"X-Amzn-Trace-Id": "Root=1-65cde7a8-fc2eb0bb7b27667a2d21c7c4;Sampled=1"}
    response = await rig.client.get(rig.gateway.stage_url(API_ID, "closed") + "/private", headers=header)
    (stage,) = rig.sink.of_trace("1-65cde7a8-fc2eb0bb7b27667a2d21c7c4")
    assert (response.status_code, stage["fault"]) == (500, True)


async def test_a_mock_integration_answers_a_browsers_question(rig: Rig) -> None:
    answer = await rig.request("OPTIONS", "/echo")
    assert answer.response.status_code == 200
    assert answer.response.headers["Access-Control-Allow-Origin"] == "*"
    assert "subsegments" not in answer.origin("AWS::ApiGateway::Stage")


async def test_requests_beyond_the_stage_limit_are_throttled(rig: Rig) -> None:
    await rig.gateway.deploy(
        stage_spec({("GET", "/teapot"): "teapot"}, stage_name="narrow", throttle_rate_per_s=0.0, throttle_burst=1)
    )
    url = rig.gateway.stage_url(API_ID, "narrow") + "/teapot"
    statuses = [(await rig.client.get(url)).status_code for _ in range(2)]
    header = {"X-Amzn-Trace-Id": "Root=1-65cde7a8-000000000000000000000429;Sampled=1"}
    refused = await rig.client.get(url, headers=header)
    (stage,) = rig.sink.of_trace("1-65cde7a8-000000000000000000000429")
    assert statuses == [418, 429]
    assert refused.json() == {"message": "Too Many Requests"}
    assert (stage["error"], stage["throttle"], "subsegments" in stage) == (True, True, False)


async def test_a_slow_function_is_answered_504_by_the_gateway_and_goes_on(rig: Rig) -> None:
    gateway = Gateway(GatewaySettings(daemon_address=rig.sink.address, integration_limit_s=0.05), rig.host, rig.sampler)
    await gateway.start()
    try:
        await gateway.deploy(stage_spec({("GET", "/slow"): "slow"}))
        response = await rig.client.get(gateway.stage_url(API_ID, "prod") + "/slow")
        assert (response.status_code, response.json()) == (504, {"message": "Endpoint request timed out"})
    finally:
        await gateway.close()


async def test_a_clients_trace_is_continued_and_its_decision_obeyed(rig: Rig) -> None:
    root = "1-65cde7a8-00000000000000000000aaaa"
    sent = f"Self=1-65cde7a9-12;Root={root};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:1"
    answer = await rig.request("GET", "/echo", headers={"X-Amzn-Trace-Id": sent})
    assert answer.response.headers["X-Amzn-Trace-Id"] == f"Root={root};Sampled=1"
    assert answer.origin("AWS::ApiGateway::Stage")["parent_id"] == "53995c3f42cd8ad8"
    unsampled = await rig.request("GET", "/echo", headers={"X-Amzn-Trace-Id": "Sampled=0"})
    assert (unsampled.response.status_code, unsampled.documents) == (201, [])


async def test_a_stage_without_tracing_leaves_the_decision_to_the_function(rig: Rig) -> None:
    await rig.gateway.deploy(stage_spec({("GET", "/echo"): "echo"}, stage_name="untraced", tracing_enabled=False))
    asked = len(rig.sampler.asked)
    response = await rig.client.get(rig.gateway.stage_url(API_ID, "untraced") + "/echo")
    assert "Sampled" not in response.headers["X-Amzn-Trace-Id"]
    assert len(rig.sampler.asked) == asked


async def test_rules_are_asked_about_the_stage_under_its_own_names(rig: Rig) -> None:
    await rig.request("GET", "/teapot", headers={"X-Tenant": "a"})
    asked = rig.sampler.asked[-1]
    assert asked.service_name == "QuickTableXRayAPI/prod"
    assert asked.service_type == "AWS::ApiGateway::Stage"
    assert (asked.method, asked.path, asked.attributes["x-tenant"]) == ("GET", "/prod/teapot", "a")


async def test_a_body_over_ten_megabytes_is_refused(rig: Rig) -> None:
    response = (await rig.request("POST", "/echo", content=b"x" * (10 * 1024 * 1024 + 1))).response
    assert (response.status_code, response.json()) == (413, {"message": "Request Too Long"})


async def test_an_event_over_the_invoke_limit_is_500(rig: Rig) -> None:
    answer = await rig.request("POST", "/echo", content=b"x" * (7 * 1024 * 1024))
    assert answer.response.status_code == 500
    assert json.loads(answer.response.content) == {"message": "Internal server error"}
