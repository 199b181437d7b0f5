"""The operations through boto3, as applications call them; every answer fits botocore's model of the service."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import factories
from tests.protocol.server import Server


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def window(document: dict[str, Any]) -> dict[str, datetime]:
    return {"StartTime": moment(document["start_time"] - 2), "EndTime": moment(document["start_time"] + 2)}


def put(xray: Any, *documents: Any) -> list[dict[str, Any]]:
    unprocessed: list[dict[str, Any]] = xray.put_trace_segments(
        TraceSegmentDocuments=[d if isinstance(d, str) else factories.text(d) for d in documents]
    )["UnprocessedTraceSegments"]
    return unprocessed


def rich_trace() -> list[dict[str, Any]]:
    """A trace that makes use of every part of a summary."""
    calls = [
        factories.embedded(
            name="DynamoDB", namespace="aws", error=True, fault=True,
            aws={"operation": "PutItem", "table_name": "carts"},
            cause={"exceptions": [{"id": factories.new_id(), "message": "slow down", "type": "ThrottlingException"}]},
        ),
        factories.embedded(name="api.example.com", namespace="remote", http={"response": {"status": 200}}),
        factories.embedded(name="orders", namespace="remote", sql={"sanitized_query": "select ?"}),
        factories.embedded(name="backend", namespace="remote", fault=True, http={"request": {"traced": True}}),
    ]  # fmt: skip
    front = factories.segment(
        name="front", fault=True, user="ada", origin="AWS::EC2::Instance", resource_arn="arn:aws:ec2:x",
        http={"request": {"method": "GET", "url": "http://shop/", "user_agent": "test", "client_ip": "10.0.0.1"},
              "response": {"status": 500}},
        aws={"ec2": {"instance_id": "i-1", "availability_zone": "us-east-1a"}},
        annotations={"text": "a", "number": 1.5, "count": 3, "flag": True},
        metadata={"default": {"any": [1, {"b": None}]}},
        cause={"exceptions": [{"id": factories.new_id(), "message": "broke", "type": "ValueError"}]},
        subsegments=calls,
    )  # fmt: skip
    back = factories.segment(
        name="backend", trace_id=front["trace_id"], parent_id=calls[3]["id"], fault=True, annotations={"text": "b"},
        cause={"exceptions": [{"id": factories.new_id(), "message": "failed", "type": "KeyError"}]},
    )  # fmt: skip
    return [front, back]


def test_documents_come_back_as_they_were_sent(xray: Any) -> None:
    front, back = rich_trace()
    assert put(xray, front, back) == []

    answer = xray.batch_get_traces(TraceIds=[front["trace_id"]])

    [trace] = answer["Traces"]
    assert (trace["Id"], trace["LimitExceeded"], answer["UnprocessedTraceIds"]) == (front["trace_id"], False, [])
    documents = {s["Id"]: json.loads(s["Document"]) for s in trace["Segments"]}
    assert documents.pop(back["id"]) == back
    sent = documents.pop(front["id"])
    assert {name: sent[name] for name in front if name != "subsegments"} == {
        name: front[name] for name in front if name != "subsegments"
    }
    assert all(document["inferred"] for document in documents.values())
    assert sorted(document["name"] for document in documents.values()) == ["DynamoDB", "api.example.com", "orders"]


@pytest.mark.parametrize("range_type", ["TraceId", "Event", "Service"])
def test_a_summary_says_what_the_trace_holds(range_type: str, xray: Any) -> None:
    front, back = rich_trace()
    put(xray, front, back)
    times = window(front) if range_type != "Event" else {**window(front), "EndTime": datetime.now(UTC)}

    pages = xray.get_paginator("get_trace_summaries").paginate(**times, TimeRangeType=range_type)
    [summary] = [s for page in pages for s in page["TraceSummaries"] if s["Id"] == front["trace_id"]]

    # the flags speak of the root alone: the throttled call below it does not count
    assert (summary["HasFault"], summary["HasThrottle"], summary["IsPartial"]) == (True, False, False)
    assert summary["Http"] == {
        "HttpURL": "http://shop/", "HttpStatus": 500, "HttpMethod": "GET", "UserAgent": "test", "ClientIp": "10.0.0.1",
    }  # fmt: skip
    assert [user["UserName"] for user in summary["Users"]] == ["ada"]
    values = {
        key: [next(iter(v["AnnotationValue"].values())) for v in entries]
        for key, entries in summary["Annotations"].items()
    }
    assert values == {"text": ["a", "b"], "number": [1.5], "count": [3], "flag": [True]}
    assert summary["EntryPoint"] == {"Name": "front", "Names": ["front"], "Type": "AWS::EC2::Instance"}
    assert summary["InstanceIds"] == [{"Id": "i-1"}]
    assert summary["AvailabilityZones"] == [{"Name": "us-east-1a"}]
    assert summary["ResourceARNs"] == [{"ARN": "arn:aws:ec2:x"}]
    assert summary["FaultRootCauses"]
    assert ("MatchedEventTime" in summary) is (range_type != "TraceId")


def test_the_graph_of_a_trace_and_of_its_time_agree(xray: Any) -> None:
    front, back = rich_trace()
    names = {"front", "backend", "carts", "api.example.com", "orders"}
    put(xray, front, back)

    def nodes(services: list[dict[str, Any]]) -> dict[tuple[str, str], int]:
        return {
            (s["Name"], s.get("Type", "")): s["SummaryStatistics"]["TotalCount"]
            for s in services
            if s["Name"] in names and "SummaryStatistics" in s
        }

    of_trace = xray.get_trace_graph(TraceIds=[front["trace_id"]])
    of_time = xray.get_service_graph(**window(front))

    assert nodes(of_trace["Services"]) == {
        ("front", "AWS::EC2::Instance"): 1, ("backend", ""): 1, ("carts", "AWS::DynamoDB::Table"): 1,
        ("api.example.com", "remote"): 1, ("orders", "Database::SQL"): 1,
    }  # fmt: skip
    assert nodes(of_time["Services"]).keys() == nodes(of_trace["Services"]).keys()
    for graph in (of_trace["Services"], of_time["Services"]):
        references = {service["ReferenceId"] for service in graph}
        assert {edge["ReferenceId"] for service in graph for edge in service["Edges"]} <= references


def queue_and_worker(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A service that sends to a queue, and the function that receives the message 1.5 s later in its own trace."""
    send = factories.embedded(
        name="SQS", namespace="aws", aws={"operation": "SendMessage", "queue_url": f"https://sqs.test/{name}"}
    )
    producer = factories.segment(name=f"{name}-producer", start_time=send["start_time"], subsegments=[send])
    links = [{"trace_id": producer["trace_id"], "id": send["id"], "attributes": {"queue": name}}]
    start = round(send["end_time"] + 1.5, 3)
    return producer, factories.segment(name=f"{name}-worker", origin="AWS::Lambda", start_time=start, links=links)


def links_from(services: list[dict[str, Any]], name: str) -> list[tuple[str, dict[str, Any]]]:
    """Names of receivers and links that lead from the node called so."""
    names = {service["ReferenceId"]: service["Name"] for service in services}
    edges = [edge for service in services if service["Name"] == name for edge in service["Edges"]]
    return [(names[edge["ReferenceId"]], edge) for edge in edges if edge.get("EdgeType") == "link"]


@pytest.mark.parametrize("late", [False, True])
def test_a_queue_is_linked_to_the_function_that_received_from_it(xray: Any, late: bool) -> None:
    name = f"jobs-{late}"
    producer, worker = queue_and_worker(name)
    times = {"StartTime": moment(producer["start_time"] - 2), "EndTime": moment(worker["start_time"] + 2)}
    if late:
        put(xray, worker)
        assert links_from(xray.get_service_graph(**times)["Services"], f"https://sqs.test/{name}") == []
        put(xray, producer)
    else:
        put(xray, producer, worker)

    of_time = xray.get_service_graph(**times)["Services"]
    of_traces = xray.get_trace_graph(TraceIds=[producer["trace_id"], worker["trace_id"]])["Services"]
    of_worker = xray.get_trace_graph(TraceIds=[worker["trace_id"]])["Services"]

    for services in (of_time, of_traces, of_worker):
        [(receiver, link)] = links_from(services, f"https://sqs.test/{name}")
        assert receiver == worker["name"]
        assert link["ReceivedEventAgeHistogram"] == [{"Value": 1.5, "Count": 1}]
        assert (link["SummaryStatistics"]["TotalCount"], link["Aliases"]) == (1, [])
        assert "ResponseTimeHistogram" not in link
    # what the queue got is known from the producer alone
    assert [s["SummaryStatistics"]["TotalCount"] for s in of_worker if s["Name"].startswith("https")] == [0]


def test_links_come_back_as_they_were_sent(xray: Any) -> None:
    _, worker = queue_and_worker("kept")
    put(xray, worker)
    [trace] = xray.batch_get_traces(TraceIds=[worker["trace_id"]])["Traces"]
    assert [json.loads(segment["Document"]) for segment in trace["Segments"]] == [worker]


def test_pages_of_summaries_hold_every_trace_once(server: Server, xray: Any) -> None:
    # two days back, where no other test puts a trace
    start = round(factories.segment()["start_time"] - 2 * 86400, 3)
    sent = [factories.segment(start_time=start + i % 7) for i in range(600)]
    for at in range(0, len(sent), 50):
        assert server.put(*sent[at : at + 50]) == []

    pages = list(
        xray.get_paginator("get_trace_summaries").paginate(StartTime=moment(start - 1), EndTime=moment(start + 100))
    )

    assert len(pages) == 3
    ids = [summary["Id"] for page in pages for summary in page["TraceSummaries"]]
    assert sorted(ids) == sorted(document["trace_id"] for document in sent)
    starts = [summary["StartTime"] for page in pages for summary in page["TraceSummaries"]]
    assert starts == sorted(starts, reverse=True)
    assert sum(page["TracesProcessedCount"] for page in pages) == 600


def test_sampling_returns_a_share_of_the_traces(server: Server, xray: Any) -> None:
    start = round(factories.segment()["start_time"] - 3 * 86400, 3)
    server.put(*(factories.segment(start_time=start) for _ in range(50)))
    times = {"StartTime": moment(start - 1), "EndTime": moment(start + 1)}

    none = xray.get_trace_summaries(**times, Sampling=True, SamplingStrategy={"Name": "FixedRate", "Value": 0.0})
    every = xray.get_trace_summaries(**times, Sampling=True, SamplingStrategy={"Name": "PartialScan", "Value": 1.0})

    assert (len(none["TraceSummaries"]), none["TracesProcessedCount"]) == (0, 50)
    assert len(every["TraceSummaries"]) == 50


def test_an_unknown_trace_is_left_out(xray: Any) -> None:
    answer = xray.batch_get_traces(TraceIds=[factories.new_trace_id()])

    assert (answer["Traces"], answer["UnprocessedTraceIds"]) == ([], [])


def test_telemetry_records_are_taken_with_the_empty_strings_that_daemons_send(server: Server, xray: Any) -> None:
    before = server.counter("telemetry_records")
    record = {
        "Timestamp": datetime.now(UTC), "SegmentsReceivedCount": 1, "SegmentsSentCount": 1,
        "SegmentsSpilloverCount": 0, "SegmentsRejectedCount": 0,
        "BackendConnectionErrors": {"TimeoutCount": 1, "OtherCount": 0},
    }  # fmt: skip

    xray.put_telemetry_records(TelemetryRecords=[record, record], EC2InstanceId="", Hostname="", ResourceARN="")

    assert server.counter("telemetry_records") == before + 2


def test_the_default_sampling_rule_has_every_member(xray: Any) -> None:
    [record] = xray.get_sampling_rules()["SamplingRuleRecords"]

    assert record["SamplingRule"] == {
        "RuleName": "Default", "RuleARN": "arn:aws:xray:us-east-1:000000000000:sampling-rule/Default",
        "ResourceARN": "*", "Priority": 10000, "FixedRate": 0.05, "ReservoirSize": 1, "ServiceName": "*",
        "ServiceType": "*", "Host": "*", "HTTPMethod": "*", "URLPath": "*", "Version": 1, "Attributes": {},
    }  # fmt: skip


def report(rule: str = "Default", client: str = "a" * 24) -> dict[str, Any]:
    return {
        "RuleName": rule, "ClientID": client, "Timestamp": datetime.now(UTC), "RequestCount": 5, "SampledCount": 1,
        "BorrowCount": 0,
    }  # fmt: skip


def test_a_report_is_answered_with_a_quota_and_its_expiry_and_unknown_rules_are_named(xray: Any) -> None:
    answer = xray.get_sampling_targets(SamplingStatisticsDocuments=[report(), report(), report("Nobody")])

    [target] = answer["SamplingTargetDocuments"]
    assert (target["RuleName"], target["FixedRate"], target["Interval"]) == ("Default", 0.05, 10)
    assert target["ReservoirQuotaTTL"] > datetime.now(UTC)
    assert [u["RuleName"] for u in answer["UnprocessedStatistics"]] == ["Nobody"]


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("put_trace_segments", {"TraceSegmentDocuments": ["{}"] * 51}, "exceeds the maximum segment count: 50"),
    ("batch_get_traces", {"TraceIds": [factories.new_trace_id() for _ in range(6)]}, "maximum query size: 5"),
    ("batch_get_traces", {"TraceIds": ["1-abc"]}, "'1-abc' is not a trace id"),
    ("batch_get_traces", {"TraceIds": [], "NextToken": "x"}, "NextToken is not currently supported"),
    ("get_trace_graph", {"TraceIds": [factories.new_trace_id() for _ in range(6)]}, "maximum query size: 5"),
    ("get_trace_graph", {"TraceIds": [], "NextToken": "x"}, "Invalid token x"),
    ("get_trace_summaries", {"StartTime": 100, "EndTime": 100}, "is not after StartTime"),
    ("get_trace_summaries", {"StartTime": 100, "EndTime": 50}, "is not after StartTime"),
    ("get_trace_summaries", {"StartTime": 1, "EndTime": 2, "TimeRangeType": "X"}, "TraceId, Event or Service was"),
    ("get_trace_summaries", {"StartTime": 1, "EndTime": 2, "FilterExpression": ""}, "FilterExpression"),
    ("get_trace_summaries", {"StartTime": 1, "EndTime": 2, "NextToken": "forged"}, "Invalid token forged"),
    (
        "get_trace_summaries",
        {"StartTime": 1, "EndTime": 2, "SamplingStrategy": {"Name": "FixedRate", "Value": 1.5}},
        "SamplingStrategy.Value is 1.5, 0 to 1 was expected",
    ),
    (
        "get_trace_summaries",
        {"StartTime": 1, "EndTime": 2, "SamplingStrategy": {"Name": "X"}},
        "PartialScan or FixedRate was expected",
    ),
    ("get_service_graph", {"StartTime": 100, "EndTime": 50}, "is not after StartTime"),
    ("get_service_graph", {"StartTime": 1, "EndTime": 2, "GroupName": "other"}, "Group not found"),
    ("get_service_graph", {"StartTime": 1, "EndTime": 2, "NextToken": "x"}, "Invalid token x"),
    ("get_sampling_rules", {"NextToken": "x"}, "Invalid token x"),
    ("get_sampling_targets", {"SamplingStatisticsDocuments": [report()] * 27}, "at most 26 are accepted"),
    ("put_telemetry_records", {"TelemetryRecords": [], "EC2InstanceId": "i" * 21}, "at most 20 are accepted"),
    ("put_telemetry_records", {"TelemetryRecords": [], "Hostname": "h" * 256}, "at most 255 are accepted"),
    ("put_telemetry_records", {"TelemetryRecords": [], "ResourceARN": "r" * 501}, "at most 500 are accepted"),
]


@pytest.mark.parametrize(("operation", "members", "words"), REFUSED, ids=range(len(REFUSED)))
def test_a_request_that_breaks_a_rule_is_an_invalid_request(
    operation: str, members: dict[str, Any], words: str, xray: Any
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(xray, operation)(**members)

    assert isinstance(refused.value, xray.exceptions.InvalidRequestException)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert words in refused.value.response["Error"]["Message"]


def test_fifty_documents_are_stored_and_of_fifty_one_none(server: Server, xray: Any) -> None:
    trace_id = factories.new_trace_id()
    documents = [factories.segment(trace_id=trace_id) for _ in range(51)]

    with pytest.raises(ClientError):
        put(xray, *documents)
    assert server.documents_of(trace_id) == []

    assert put(xray, *documents[:50]) == []
    assert len(server.documents_of(trace_id)) == 50


def test_a_fault_names_the_document_and_the_reason(xray: Any) -> None:
    bad = factories.segment(name="a[0]")

    assert put(xray, bad) == [
        {
            "Id": bad["id"],
            "ErrorCode": "InvalidName",
            "Message": "Invalid segment. ErrorCode: InvalidName, Cause: name is 'a[0]', "
            "letters, numbers, spaces and _.:/%&#=+\\-@ are accepted",
        }
    ]
