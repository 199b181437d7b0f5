"""What PutTraceSegments refuses: with which code and words, and that nothing else of the call is lost."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories
from tests.protocol.server import Server

_YEAR_S = 365 * 86400


def raw_segment(member: str) -> str:
    """A segment's text with a member spelled as given: what no encoder would write."""
    return factories.text(factories.segment())[:-1] + ", " + member + "}"


def nested_segment(levels: int) -> str:
    return raw_segment('"metadata": ' + "[" * levels + "]" * levels)


def segment_text(**members: Any) -> str:
    return factories.text(factories.segment(**members))


def child_text(*missing: str, **members: Any) -> str:
    child = {k: v for k, v in factories.embedded(**members).items() if k not in missing}
    return segment_text(subsegments=[child])


# name of the case: (document, error code, what the message says beyond the code)
REFUSED: dict[str, tuple[str, str, str]] = {
    "70 kB": (segment_text(metadata={"a": "x" * 70_000}), "InvalidSegment", "at most 65536 are accepted"),
    "nothing": ("", "ParseError", "is not JSON"),
    "no JSON": ("hello", "ParseError", "is not JSON"),
    "truncated": (segment_text()[:-5], "ParseError", "is not JSON"),
    "null": ("null", "ParseError", "the document is null, a JSON object was expected"),
    "a number": ("17", "ParseError", "the document is a number, a JSON object was expected"),
    "a string": ('"text"', "ParseError", "the document is the string 'text', a JSON object was expected"),
    "an empty object": ("{}", "MissingId", "id is missing, 16 hex digits were expected"),
    "an empty array": ("[]", "MissingId", "empty array"),
    "an array of numbers": ("[1]", "ParseError", "the document is a number, a JSON object was expected"),
    "an array of arrays": ("[[]]", "ParseError", "the document is an array, a JSON object was expected"),
    "a truncated array": ("[{}", "ParseError", "is not JSON"),
    "1000 levels": (nested_segment(1000), "InvalidSegment", "more than 256 levels of nesting"),
    "10000 levels": (nested_segment(10_000), "InvalidSegment", "more than 256 levels of nesting"),
    "30000 levels": (nested_segment(30_000), "InvalidSegment", "more than 256 levels of nesting"),
    "100000 levels of array": ("[" * 100_000 + "]" * 100_000, "InvalidSegment", "more than 256 levels of nesting"),
    "500 subsegment levels": (
        segment_text()[:-1] + ', "subsegments":[{"id":"1"' * 500 + "}]" * 500 + "}",
        "InvalidSegment",
        "more than 256 levels of nesting",
    ),
    "NaN": (raw_segment('"metadata": {"a": NaN}'), "ParseError", "is not JSON"),
    "Infinity": (raw_segment('"end_time": Infinity'), "ParseError", "is not JSON"),
    "half a surrogate pair": (raw_segment(r'"user": "\ud800"'), "ParseError", "is not JSON"),
    "half a surrogate pair beside 1e400": (
        raw_segment(r'"fault": 7, "metadata": {"a": 1e400, "b": "\ud800"}'),
        "ParseError",
        "is not JSON",
    ),
    "start 1e400": (raw_segment('"start_time": 1e400'), "InvalidStartTime", "start_time is inf, epoch seconds were"),
    "start of 400 digits": (raw_segment(f'"start_time": 1{"0" * 400}'), "InvalidStartTime", "epoch seconds were"),
    "end 1e400": (raw_segment('"end_time": 1e400'), "InvalidEndTime", "end_time is inf, epoch seconds were expected"),
    "start -1": (segment_text(start_time=-1, end_time=1), "InvalidStartTime", "start_time is -1, epoch seconds were"),
    "end -1": (segment_text(end_time=-1), "InvalidEndTime", "end_time is -1, epoch seconds were expected"),
    "start in milliseconds": (
        segment_text(start_time=1_700_000_000_000, end_time=1_700_000_000_001),
        "InvalidStartTime",
        "epoch seconds were expected",
    ),
    "start as text": (
        segment_text(start_time="yesterday", end_time=1),
        "MissingStartTime",
        "start_time is the string 'yesterday', epoch seconds were expected",
    ),
    "start as boolean": (segment_text(start_time=True, end_time=1), "MissingStartTime", "start_time is a boolean"),
    "start two years back": (
        segment_text(start_time=factories.segment()["start_time"] - 2 * _YEAR_S),
        "InvalidStartTime",
        "at most 30 days are accepted",
    ),
    "start two years ahead": (
        segment_text(start_time=factories.segment()["start_time"] + 2 * _YEAR_S),
        "InvalidStartTime",
        "at most 2 hours are accepted",
    ),
    "end two years ahead": (
        segment_text(end_time=factories.segment()["start_time"] + 2 * _YEAR_S),
        "InvalidEndTime",
        "at most 2 hours are accepted",
    ),
    "no trace id": (segment_text(trace_id=None), "MissingTraceId", "trace_id is missing"),
    "trace id as number": (segment_text(trace_id=5), "MissingTraceId", "trace_id is"),
    "trace id of another version": (
        segment_text(trace_id="2-5759e988-bd862e3fe1be46a994272793"),
        "InvalidTraceId",
        "trace_id is '2-5759e988-bd862e3fe1be46a994272793', 1-, 8 hex digits, -, 24 hex digits",
    ),
    "trace id too short": (segment_text(trace_id="1-5759e988-bd86"), "InvalidTraceId", "24 hex digits"),
    "trace id without hex": (segment_text(trace_id="1-5759e98g-bd862e3fe1be46a994272793"), "InvalidTraceId", "hex"),
    "no id": (raw_segment('"id": null'), "MissingId", "id is missing, 16 hex digits were"),
    "id as number": (segment_text(id=5), "MissingId", "id is a number, 16 hex digits were expected"),
    "id too short": (segment_text(id="abc"), "InvalidId", "id is 'abc', 16 hex digits were expected"),
    "id too long": (segment_text(id="0" * 16 + "1"), "InvalidId", "16 hex digits were expected"),
    "id without hex": (segment_text(id="g" * 16), "InvalidId", "16 hex digits were expected"),
    "id with spaces": (segment_text(id="ab cd ef 01 23 4"), "InvalidId", "16 hex digits were expected"),
    "id of zeros": (segment_text(id="0" * 16), "InvalidId", "16 hex digits were expected"),
    "parent id too short": (segment_text(parent_id="abc"), "InvalidParentId", "parent_id is 'abc', 16 hex digits"),
    "no name": (raw_segment('"name": null'), "MissingName", "name is missing, a string was expected"),
    "name as object": (segment_text(name={}), "MissingName", "name is an object, a string was expected"),
    "empty name": (segment_text(name=""), "MissingName", "name is empty"),
    "name of 201 characters": (segment_text(name="n" * 201), "InvalidName", "at most 200 are accepted"),
    "name with brackets": (segment_text(name="a[0]"), "InvalidName", "name is 'a[0]', letters, numbers, spaces"),
    "neither end nor in progress": (
        factories.text({k: v for k, v in factories.segment().items() if k != "end_time"}),
        "MissingEndTime",
        "neither end_time nor in_progress",
    ),
    "subsegment without parent": (segment_text(type="subsegment"), "MissingParentId", "needs parent_id"),
    "child without id": (child_text("id"), "MissingId", "id is missing"),
    "child without name": (child_text("name"), "MissingName", "name is missing"),
    "child without start": (child_text("start_time"), "MissingStartTime", "start_time is missing"),
    "child without end": (child_text("end_time"), "MissingEndTime", "neither end_time nor in_progress"),
    "child with a bad id": (child_text(id="xyz"), "InvalidId", "id is 'xyz'"),
    "child with a bad name": (child_text(name="what?"), "InvalidName", "name is 'what?'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_document_is_refused_with_its_reason_and_the_good_ones_around_it_are_stored(
    case: str, server: Server
) -> None:
    document, code, words = REFUSED[case]
    before, after = factories.segment(), factories.segment()

    [refused] = server.put(before, document, after)

    assert refused["ErrorCode"] == code
    assert refused["Message"].startswith(("Invalid segment. ErrorCode: ", "Invalid subsegment. ErrorCode: "))
    assert words in refused["Message"]
    assert [server.documents_of(good["trace_id"]) for good in (before, after)] == [[before], [after]]


@pytest.mark.parametrize(
    ("kind", "document"),
    [("segment", segment_text(name="a[0]")), ("subsegment", child_text(name="a[0]"))],
)
def test_the_message_names_the_kind_of_object_that_is_at_fault(kind: str, document: str, server: Server) -> None:
    [refused] = server.put(document)

    assert refused["Message"].startswith(f"Invalid {kind}. ErrorCode: InvalidName, Cause: ")


def test_the_id_of_the_object_at_fault_is_reported(server: Server) -> None:
    child = factories.embedded(name="a[0]")

    [refused] = server.put(factories.segment(subsegments=[child]))

    assert refused["Id"] == child["id"]


# Members that X-Ray drops because they do not fit its schema; the document is stored without them.
MISFITS: dict[str, list[Any]] = {
    "parent_id": [5, [], {}, True],
    "type": [5, None],
    "namespace": [5, {}],
    "origin": [5],
    "user": [5, []],
    "error": ["yes", 1],
    "fault": [None, "true"],
    "http": [[], "GET", 5],
    "aws": [[], "x"],
    "cause": [5, []],
    "annotations": [[], "x", 5],
    "subsegments": [{}, None, "x", 5],
    "in_progress": ["false"],
    "traced": [1],
}


@pytest.mark.parametrize(("member", "value"), [(m, v) for m, values in MISFITS.items() for v in values])
def test_a_member_of_the_wrong_type_is_dropped_and_the_document_kept(member: str, value: Any, server: Server) -> None:
    document = factories.segment()

    assert server.put({**document, member: value}) == []

    assert server.documents_of(document["trace_id"]) == [document]


@pytest.mark.parametrize(
    "member",
    [
        '"metadata": {"default": {"a": 1e400}}',
        '"metadata": {"default": {"a": 1%s}}' % ("0" * 5000),
        '"annotations": {"a": 1%s, "kept": 1}' % ("0" * 400),
        '"annotations": {"a": -1e400, "kept": 1}',
        '"http": {"response": {"status": 1%s}}' % ("0" * 400),
        '"cause": {"exceptions": [{"type": [], "message": 5}]}, "fault": true',
        '"subsegments": [1, null, "x", []]',
        '"x": ' + "[" * 250 + "]" * 250,
    ],
)
def test_a_value_nobody_can_use_makes_neither_the_document_nor_its_call_unreadable(member: str, server: Server) -> None:
    document, neighbour = factories.segment(), factories.segment()
    text = factories.text(document)[:-1] + ", " + member + "}"

    assert server.put(text, neighbour) == []

    [compiled] = server.documents_of(document["trace_id"])
    assert compiled["id"] == document["id"]
    assert server.documents_of(neighbour["trace_id"]) == [neighbour]
    window = {"StartTime": document["start_time"] - 1, "EndTime": document["start_time"] + 1}
    assert server.post("/TraceSummaries", window).status == 200
    assert server.post("/TraceGraph", {"TraceIds": [document["trace_id"]]}).status == 200


def test_an_array_of_subsegments_is_stored_element_by_element(server: Server) -> None:
    parent = factories.segment()
    children = [factories.subsegment(parent) for _ in range(3)]

    assert server.put(parent, children) == []

    [compiled] = server.documents_of(parent["trace_id"])
    assert [child["id"] for child in compiled["subsegments"]] == [child["id"] for child in children]


@pytest.mark.parametrize("trace_id", ["1-5759E988-BD862E3FE1BE46A994272793", "5759e988bd862e3fe1be46a994272793"])
def test_a_trace_id_is_accepted_in_upper_case_and_in_the_w3c_spelling(trace_id: str, server: Server) -> None:
    document = factories.segment(trace_id=trace_id, id="ABCDEF0123456789")

    assert server.put(document) == []

    [compiled] = server.documents_of(trace_id)
    assert (compiled["trace_id"], compiled["id"]) == ("1-5759e988-bd862e3fe1be46a994272793", "abcdef0123456789")


def test_an_end_before_the_start_counts_as_no_time_at_all(server: Server) -> None:
    document = factories.segment(name="set back")
    document["end_time"] = document["start_time"] - 5

    assert server.put(document) == []

    trace = server.post("/Traces", {"TraceIds": [document["trace_id"]]}).json["Traces"][0]
    graph = server.post("/TraceGraph", {"TraceIds": [document["trace_id"]]}).json["Services"]
    assert trace["Duration"] == 0
    assert [s["SummaryStatistics"]["TotalResponseTime"] for s in graph if "SummaryStatistics" in s] == [0]
