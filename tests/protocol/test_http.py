"""Raw HTTP as odd clients send it: what they leave out, what they get wrong, and the answer in AWS' words."""

from __future__ import annotations

import base64
import json
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from tests import factories
from tests.protocol.server import Server, eventually
from tests.protocol.service_model import misfits

PATHS = (
    "/TraceSegments", "/TelemetryRecords", "/Traces", "/TraceSummaries", "/ServiceGraph", "/TraceGraph",
    "/GetSamplingRules", "/SamplingTargets", "/CreateGroup", "/GetGroup", "/Groups", "/UpdateGroup", "/DeleteGroup",
    "/TimeSeriesServiceStatistics",
)  # fmt: skip


def raw(server: Server, request: bytes) -> tuple[int, bytes]:
    """Status and everything else that comes back for the bytes of a request."""
    address = urlsplit(server.addresses["http"])
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(request)
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
    return int(answer.split(b" ", 2)[1]), answer


@pytest.mark.parametrize("content_type", [None, "application/json", "application/x-amz-json-1.0", "text/plain", ""])
def test_any_content_type_is_accepted(content_type: str | None, server: Server) -> None:
    document = factories.segment()
    headers = {} if content_type is None else {"Content-Type": content_type}

    answer = server.post("/TraceSegments", {"TraceSegmentDocuments": [factories.text(document)]}, headers)

    assert (answer.status, answer.json) == (200, {"UnprocessedTraceSegments": []})


@pytest.mark.parametrize("body", [b"", b"{}", b' {"NextToken": null} ', b'{"Unknown": [1, {"a": null}]}'])
def test_sampling_rules_are_served_for_an_empty_a_null_and_an_unknown_request(body: bytes, server: Server) -> None:
    answer = server.post("/GetSamplingRules", body)

    assert answer.status == 200
    assert misfits("GetSamplingRules", answer.body) == []


def test_sampling_is_served_on_the_daemons_tcp_port_as_well(server: Server) -> None:
    host, port = server.addresses["tcp"].split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(
            b"POST /GetSamplingRules HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        )
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))

    assert b'"RuleName":"Default"' in answer


def test_an_empty_list_of_documents_is_accepted(server: Server) -> None:
    assert server.post("/TraceSegments", {"TraceSegmentDocuments": []}).json == {"UnprocessedTraceSegments": []}


@pytest.mark.parametrize(
    ("path", "member"),
    [
        ("/TraceSegments", "TraceSegmentDocuments"),
        ("/TelemetryRecords", "TelemetryRecords"),
        ("/Traces", "TraceIds"),
        ("/TraceGraph", "TraceIds"),
        ("/TraceSummaries", "StartTime"),
        ("/ServiceGraph", "StartTime"),
        ("/SamplingTargets", "SamplingStatisticsDocuments"),
        ("/CreateGroup", "GroupName"),
    ],
)
@pytest.mark.parametrize("null", [False, True])
def test_a_required_member_that_is_absent_or_null_is_named(path: str, member: str, null: bool, server: Server) -> None:
    answer = server.post(path, {member: None} if null else b"")

    assert answer.error == (400, "InvalidRequestException")
    assert answer.json["Message"] == f"{member} is required"


def iso(seconds: float, form: str) -> str:
    return time.strftime(form, time.gmtime(seconds))


@pytest.mark.parametrize(
    "spelling",
    [
        lambda s: s,
        lambda s: int(s),
        lambda s: str(s),
        lambda s: iso(s, "%Y-%m-%dT%H:%M:%SZ"),
        lambda s: iso(s, "%Y-%m-%dT%H:%M:%S+00:00"),
        lambda s: iso(s, "%Y-%m-%dT%H:%M:%S"),
        lambda s: iso(s + 3600, "%Y-%m-%dT%H:%M:%S+01:00"),
    ],
)
def test_times_are_read_as_numbers_as_text_and_as_iso_8601(spelling: Any, server: Server) -> None:
    document = factories.segment(name="timed")
    server.put(document)
    times = {
        "StartTime": spelling(document["start_time"] - 5),
        "EndTime": spelling(document["start_time"] + 5),
    }

    assert any(s["Name"] == "timed" for s in server.post("/ServiceGraph", times).json["Services"])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("soon", "StartTime is 'soon', epoch seconds or ISO 8601 were expected"),
        ("", "StartTime is '', epoch seconds or ISO 8601 were expected"),
        ("nan", "StartTime is nan, epoch seconds were expected"),
        ("1e400", "StartTime is inf, epoch seconds were expected"),
        (-1, "StartTime is -1, epoch seconds were expected"),
        (1_700_000_000_000, "StartTime is 1.7e+12, epoch seconds were expected"),
        (10**400, "StartTime is inf, epoch seconds were expected"),
        ("0001-01-01T00:00:00Z", "epoch seconds were expected"),
        ("9999-12-31T23:59:59Z", "epoch seconds were expected"),
    ],
)
@pytest.mark.parametrize("path", ["/TraceSummaries", "/ServiceGraph"])
def test_a_time_that_is_none_is_refused_with_what_was_seen(path: str, value: Any, words: str, server: Server) -> None:
    answer = server.post(path, {"StartTime": value, "EndTime": 2})

    assert answer.error == (400, "InvalidRequestException")
    assert words in answer.json["Message"]


@pytest.mark.parametrize("range_type", ["TraceId", "Event", "Service"])
@pytest.mark.parametrize(("start", "end"), [(0, 9_000_000_000), (0, 1), (8e9, 8.9e9), (4.5e9, 4.6e9)])
def test_ranges_of_decades_and_of_far_ages_are_answered(
    range_type: str, start: float, end: float, server: Server
) -> None:
    document = factories.segment()
    server.put(document)

    answer = server.post("/TraceSummaries", {"StartTime": start, "EndTime": end, "TimeRangeType": range_type})

    assert answer.status == 200
    assert misfits("GetTraceSummaries", answer.body) == []
    assert bool(answer.json["TraceSummaries"]) is (end == 9_000_000_000)
    graph = server.post("/ServiceGraph", {"StartTime": start, "EndTime": end})
    assert misfits("GetServiceGraph", graph.body) == []


FORGED = ("x", "", "é", "A" * 5000, "====", "kg==", "lc__________-QA")


@pytest.mark.parametrize("at_ns", [-(2**63), -1, 0, 2**63 - 1, 2**63, 2**64 - 1])
@pytest.mark.parametrize("range_type", ["TraceId", "Event", "Service"])
def test_a_token_forged_in_the_right_form_does_no_harm(at_ns: int, range_type: str, server: Server) -> None:
    cursor = [at_ns, "f" * 32, 1_000_000_000, 9_000_000_000_000_000_000, range_type]
    token = base64.urlsafe_b64encode(msgspec.msgpack.encode(cursor)).decode()

    answer = server.post(
        "/TraceSummaries",
        {"StartTime": 1, "EndTime": 9_000_000_000, "TimeRangeType": range_type, "NextToken": token},
    )

    assert answer.status in (200, 400)


@pytest.mark.parametrize("token", FORGED, ids=range(len(FORGED)))
def test_a_forged_token_is_refused(token: str, server: Server) -> None:
    answer = server.post("/TraceSummaries", {"StartTime": 1, "EndTime": 2, "NextToken": token})

    assert answer.error == (400, "InvalidRequestException")
    assert answer.json["Message"].startswith("Invalid token")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/Nope"),
        ("POST", "/TraceSegments/"),
        ("POST", "/tracesegments"),
        ("GET", "/TraceSegments"),
        ("PUT", "/TraceSegments"),
        ("DELETE", "/Traces"),
        ("PATCH", "/Traces"),
        ("POST", "/%00%ff/../x"),
    ],
)
def test_an_unknown_path_or_method_is_an_unknown_operation(method: str, path: str, server: Server) -> None:
    answer = server.post(path, b"{}", method=method)

    assert answer.error == (404, "UnknownOperationException")
    assert f"no operation at {method} " in answer.json["Message"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "body",
    [
        b"hello", b"[]", b"null", b'"x"', b"7", b"{", b'{"TraceIds": ["', b"\xff\xfe",
        b'{"a": "\\ud800"}', b"[" * 200_000, b'{"a":' * 200_000, b'{"a": 1e400', b"\x00", b"NaN",
    ],
    ids=range(14),
)  # fmt: skip
def test_a_body_that_is_no_json_object_is_a_serialization_exception(path: str, body: bytes, server: Server) -> None:
    answer = server.post(path, body)

    assert answer.error == (400, "SerializationException")
    assert answer.json["Message"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/TraceSegments", {"TraceSegmentDocuments": "x"}),
        ("/TraceSegments", {"TraceSegmentDocuments": [None]}),
        ("/TraceSegments", {"TraceSegmentDocuments": [{"id": 1}]}),
        ("/Traces", {"TraceIds": "1-x"}),
        ("/Traces", {"TraceIds": [5]}),
        ("/TraceSummaries", {"StartTime": [], "EndTime": 5}),
        ("/TraceSummaries", {"StartTime": True, "EndTime": 5}),
        ("/TraceSummaries", {"StartTime": 1, "EndTime": 2, "Sampling": "yes"}),
        ("/TraceSummaries", {"StartTime": 1, "EndTime": 2, "NextToken": 5}),
        ("/SamplingTargets", {"SamplingStatisticsDocuments": [5]}),
        ("/TelemetryRecords", {"TelemetryRecords": {}}),
        ("/CreateGroup", {"GroupName": 5}),
        ("/CreateGroup", {"GroupName": "a", "FilterExpression": ["ok"]}),
        ("/CreateGroup", {"GroupName": "a", "InsightsConfiguration": {"InsightsEnabled": "yes"}}),
        ("/CreateGroup", {"GroupName": "a", "Tags": {"a": "b"}}),
        ("/Groups", {"NextToken": 5}),
    ],
)
def test_a_member_of_the_wrong_type_is_a_serialization_exception_that_names_it(
    path: str, body: dict[str, Any], server: Server
) -> None:
    answer = server.post(path, body)

    assert answer.error == (400, "SerializationException")
    assert "Expected `" in answer.json["Message"]
    assert f"$.{list(body)[-1] if path != '/TraceSummaries' else ''}"[:2] in answer.json["Message"]


def test_half_a_surrogate_pair_in_the_body_refuses_the_call(server: Server) -> None:
    answer = server.post("/TraceSegments", rb'{"TraceSegmentDocuments": ["\ud800"]}')

    assert answer.error == (400, "SerializationException")


def test_every_other_character_survives_the_journey(server: Server) -> None:
    odd = "\u0000 \u0001 \u001f \" \\ / ' ` {x:String} \u2028 \ufeff \uffff é 한글 \U0001f600 \U0010ffff"
    document = factories.segment(
        name="서비스 é", user=odd, metadata={odd: odd}, annotations={odd: odd}, http={"request": {"url": odd}}
    )
    assert server.put(document) == []

    assert server.documents_of(document["trace_id"]) == [document]
    window = {"StartTime": document["start_time"] - 1, "EndTime": document["start_time"] + 1}
    summaries = server.post("/TraceSummaries", window).json["TraceSummaries"]
    [summary] = [s for s in summaries if s["Id"] == document["trace_id"]]
    assert summary["Http"]["HttpURL"] == odd
    assert [u["UserName"] for u in summary["Users"]] == [odd]
    assert summary["Annotations"][odd][0]["AnnotationValue"] == {"StringValue": odd}


def test_a_body_beyond_16_mib_is_refused_whatever_its_length_header_says(server: Server) -> None:
    body = b'{"TraceSegmentDocuments": ["' + b"a" * (16 << 20) + b'"]}'

    answer = server.post("/TraceSegments", body)

    assert answer.error == (413, "RequestEntityTooLargeException")
    assert answer.json["Message"] == "the body is larger than 16777216 bytes"
    head = b"POST /TraceSegments HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"100000\r\n" + b"a" * (1 << 20) + b"\r\n"
    status, _ = raw(server, head + chunk * 17 + b"0\r\n\r\n")
    assert status == 413


def test_fifty_documents_of_almost_64_kb_are_taken_in_one_call(server: Server) -> None:
    trace_id = factories.new_trace_id()
    # quotes double when the document is put into a JSON string
    documents = [factories.segment(trace_id=trace_id, metadata={"a": '"' * 32_000}) for _ in range(50)]

    assert server.put(*documents) == []

    assert len(server.documents_of(trace_id)) == 50


def test_a_chunked_body_without_a_length_is_read(server: Server) -> None:
    document = factories.segment()
    body = json.dumps({"TraceSegmentDocuments": [factories.text(document)]}).encode()
    half = len(body) // 2
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:], b""))
    head = b"POST /TraceSegments HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"

    status, answer = raw(server, head + chunks)

    assert status == 200, answer
    assert server.documents_of(document["trace_id"]) == [document]


def test_a_caller_that_hangs_up_in_the_middle_of_its_body_harms_nobody(server: Server) -> None:
    address = urlsplit(server.addresses["http"])
    requests = server.counter("requests")
    for _ in range(20):
        with socket.create_connection((address.hostname, address.port)) as connection:
            connection.sendall(b"POST /TraceSegments HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")

    eventually(lambda: server.counter("requests") >= requests + 20, "the requests are seen")
    document = factories.segment()
    assert server.put(document) == []


def test_requests_sent_without_waiting_are_all_answered_in_order(server: Server) -> None:
    one = b"POST /GetSamplingRules HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
    last = b"POST /Nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

    _, answer = raw(server, one * 20 + last)

    statuses = [line.split()[1] for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    # bodies carry no line ends, so that a status line follows the body before it
    assert answer.count(b"HTTP/1.1 200") == 20 and answer.count(b"HTTP/1.1 404") == 1, statuses


@pytest.mark.parametrize(("path", "words"), [("/healthz", "ok"), ("/readyz", "ready"), ("/", "raylens")])
def test_probes_answer_a_get(path: str, words: str, server: Server) -> None:
    answer = server.post(path, method="GET")

    assert answer.status == 200
    assert words in answer.body.decode()


def test_metrics_are_prometheus_text_and_requests_move_them(server: Server) -> None:
    before = server.counter("requests")
    server.post("/GetSamplingRules")
    server.post("/Nope")

    answer = server.post("/metrics", method="GET")

    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert server.counter("requests") == before + 2
    assert b"# TYPE raylens_documents_received_total counter\n" in answer.body
