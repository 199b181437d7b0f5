from __future__ import annotations

import pytest

from raylens.api.protocol.rest_json import Timestamp, decode_request, encode_response, ns_from_timestamp
from raylens.api.xray.requests import GetServiceGraph, GetTraceSummaries, PutTelemetryRecords, PutTraceSegments
from raylens.errors import InvalidRequest, MalformedBody

NS = 1_707_993_000_500_000_000


@pytest.mark.parametrize(
    "value",
    [
        1707993000.5,
        "1707993000.5",
        "1.7079930005e9",
        "2024-02-15T10:30:00.5Z",
        "2024-02-15T10:30:00.500000+00:00",
        "2024-02-15T19:30:00.5+09:00",
        "2024-02-15T10:30:00.5",
        "20240215T103000.5Z",
    ],
)
def test_a_timestamp_is_epoch_seconds_or_iso_8601_with_utc_where_no_zone_is_said(value: Timestamp) -> None:
    assert ns_from_timestamp(value, "StartTime") == NS


def test_whole_seconds_and_the_epoch_are_timestamps() -> None:
    assert (ns_from_timestamp(1707993000, "x"), ns_from_timestamp(0, "x")) == (NS - 500_000_000, 0)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "StartTime is required"),
        (-1, "StartTime is -1, epoch seconds were expected"),
        (1e10, "StartTime is 1e\\+10, epoch seconds were expected"),
        (1707993000500, "StartTime is 1.70799e\\+12, epoch seconds were expected"),
        ("soon", "StartTime is 'soon', epoch seconds or ISO 8601 were expected"),
        ("", "StartTime is '', epoch seconds or ISO 8601 were expected"),
        ("x" * 80, "StartTime is 'x{40}...', epoch seconds"),
        ("nan", "StartTime is nan"),
        ("inf", "StartTime is inf"),
        (10**400, "StartTime is .*epoch seconds were expected"),
        ("0001-01-01T00:00:00", "StartTime is -6.21356e\\+10, epoch seconds were expected"),
        ("0001-01-01T00:00:00+23:59", "StartTime is -6.2"),
        ("9999-12-31T23:59:59-23:59", "StartTime is 2.5"),
    ],
)
def test_anything_else_is_refused_by_its_members_name(value: Timestamp | None, message: str) -> None:
    with pytest.raises(InvalidRequest, match=f"^{message}"):
        ns_from_timestamp(value, "StartTime")


@pytest.mark.parametrize("body", [b"", b"{}", b'{"TraceSegmentDocuments":null}', b'{"Unknown":[1]}', b" {} "])
def test_an_empty_body_absent_null_and_unknown_members_are_an_empty_request(body: bytes) -> None:
    assert decode_request(body, PutTraceSegments) == PutTraceSegments()


def test_members_have_the_names_of_the_service_model() -> None:
    records = decode_request(b'{"EC2InstanceId":"i","Hostname":"h","ResourceARN":"a"}', PutTelemetryRecords)
    assert (records.ec2_instance_id, records.hostname, records.resource_arn) == ("i", "h", "a")
    graph = decode_request(b'{"StartTime":1,"EndTime":"2","GroupName":"g","GroupARN":"a"}', GetServiceGraph)
    assert graph == GetServiceGraph(start_time=1, end_time="2", group_name="g", group_arn="a")
    summaries = decode_request(b'{"TimeRangeType":"Event","SamplingStrategy":{"Name":"FixedRate"}}', GetTraceSummaries)
    assert (summaries.time_range_type, summaries.sampling_strategy is not None) == ("Event", True)


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"null", b"5", b'{"TraceSegmentDocuments":"x"}', b'{"TraceSegmentDocuments":[1]}', b"\xff"]
)
def test_a_body_that_is_no_such_request_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedBody, match="does not fit PutTraceSegments"):
        decode_request(body, PutTraceSegments)


def test_a_body_nested_too_deeply_is_malformed() -> None:
    with pytest.raises(MalformedBody):
        decode_request(b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", PutTraceSegments)


def test_answers_are_compact_utf_8() -> None:
    assert encode_response({"Name": "강", "Value": 0.5}) == '{"Name":"강","Value":0.5}'.encode()
