from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from raylens.ingest.decode import MAX_DOCUMENT_BYTES, decode_document, split_document
from raylens.ingest.normalize import spans_from_segment
from raylens.ingest.refusal import Refused, refusal_from
from raylens.model.segment import Aws, Cause, Ec2, ExceptionDetail, Http, HttpRequest, HttpResponse, SegmentLink
from tests.fixture_traces import DATA, QUICKTABLE, quicktable_texts
from tests.xray_documents import segment, subsegment, trace_id_of


def text_of(**members: Any) -> str:
    return json.dumps({**segment("shop", 0, 1, number=1), **members})


def refusal_of(document: str) -> Refused:
    with pytest.raises(Refused) as refused:
        spans_from_segment(decode_document(document), 1)
    return refused.value


@pytest.mark.parametrize("name", ["segmentdocuments-1", "segmentdocuments-2", "segmentdocuments-3", "sendingdata-1"])
def test_the_guides_example_documents_are_accepted(name: str) -> None:
    document = (DATA / "xray" / f"{name}.json").read_text("utf-8")
    assert spans_from_segment(decode_document(document), 1)[0].id == int(json.loads(document)["id"], 16)


@pytest.mark.parametrize("name", QUICKTABLE)
def test_the_labs_documents_need_no_leniency(name: str) -> None:
    for text in quicktable_texts(name):
        assert msgspec.to_builtins(decode_document(text))["id"] == json.loads(text)["id"]


@pytest.mark.parametrize("value", ["text", 7, True, None, [], {}])
@pytest.mark.parametrize(
    ("member", "fits"),
    [
        ("in_progress", bool),
        ("parent_id", str),
        ("type", str),
        ("namespace", str),
        ("origin", str),
        ("resource_arn", str),
        ("user", str),
        ("error", bool),
        ("throttle", bool),
        ("fault", bool),
        ("traced", bool),
        ("http", dict),
        ("aws", dict),
        ("sql", dict),
        ("annotations", dict),
    ],
)
def test_a_member_of_another_type_is_dropped_and_the_document_accepted(member: str, fits: type, value: object) -> None:
    seen = msgspec.to_builtins(decode_document(text_of(**{member: value})))
    if not isinstance(value, fits):
        assert not seen[member]
    assert (seen["id"], seen["name"]) == (f"{1:016x}", "shop")


def test_members_of_nested_objects_are_dropped_one_by_one() -> None:
    decoded = decode_document(
        text_of(
            http={"request": {"method": 5, "url": "/x", "traced": "yes"}, "response": {"status": "200"}},
            aws={"operation": "Get", "table_name": ["t"], "table_names": [1], "ec2": {"instance_id": "i", "x": 1}},
            cause={"exceptions": [{"id": 7, "type": "Boom", "message": None}, "text"]},
            annotations={"text": "a", "number": 1.5, "flag": True, "list": [1], "none": None, "object": {}},
            subsegments=[5, None, subsegment("child", 0, 1, number=2, fault="yes")],
        )
    )
    assert decoded.http == Http(HttpRequest(url="/x"), HttpResponse())
    assert decoded.aws == Aws(operation="Get", ec2=Ec2(instance_id="i"))
    assert decoded.cause == Cause([ExceptionDetail(type="Boom")])
    assert decoded.annotations == {"text": "a", "number": 1.5, "flag": True}
    assert decoded.subsegments is not None
    assert [(child.name, child.fault) for child in decoded.subsegments] == [("child", False)]


@pytest.mark.parametrize("value", ["text", 7, {}, [], None, [5, None, "x", []]])
def test_links_that_are_no_list_of_objects_are_dropped(value: object) -> None:
    assert not decode_document(text_of(links=value)).links


def test_a_link_that_cannot_be_read_is_dropped_and_the_others_are_kept() -> None:
    good = {"trace_id": trace_id_of(7), "id": f"{7:016x}"}
    links = [{"trace_id": 5, "id": "x"}, {**good, "attributes": {"any": [1, None]}}, {"trace_id": trace_id_of(7)}, None]
    assert decode_document(text_of(links=links)).links == [SegmentLink(**good)]


def test_null_members_are_absent_members() -> None:
    decoded = decode_document(text_of(http=None, aws=None, cause=None, annotations=None, subsegments=None, user=None))
    assert not any((decoded.http, decoded.aws, decoded.cause, decoded.annotations, decoded.user))


@pytest.mark.parametrize("cause", ["f" * 16, {"exceptions": []}, {}])
def test_a_cause_may_be_an_id_or_an_object(cause: object) -> None:
    decoded = decode_document(text_of(cause=cause)).cause
    assert decoded == (cause if isinstance(cause, str) else Cause(cause.get("exceptions")))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("id", None, "MissingId"),
        ("id", 5, "MissingId"),
        ("name", None, "MissingName"),
        ("name", {"a": 1}, "MissingName"),
        ("start_time", None, "MissingStartTime"),
        ("start_time", "1707993000", "MissingStartTime"),
        ("start_time", True, "MissingStartTime"),
    ],
)
def test_a_document_without_id_name_or_start_is_refused(member: str, value: object, code: str) -> None:
    refused = refusal_of(text_of(**{member: value}))
    assert (refused.code, refused.kind) == (code, "segment")


@pytest.mark.parametrize("member", ["id", "name", "start_time"])
def test_a_missing_member_of_a_subsegment_refuses_the_document_in_the_subsegments_name(member: str) -> None:
    child = subsegment("child", 0, 1, number=2)
    del child[member]
    refused = refusal_of(text_of(subsegments=[child]))
    assert (refused.code, refused.kind) == (
        {"start_time": "MissingStartTime"}.get(member, f"Missing{member.title()}"),
        "subsegment",
    )


def test_a_refusal_reads_as_x_rays() -> None:
    refusal = refusal_from(refusal_of(text_of(name="what?")), 3)
    assert (refusal.index, refusal.document_id, refusal.code) == (3, f"{1:016x}", "InvalidName")
    assert refusal.message.startswith("Invalid segment. ErrorCode: InvalidName, Cause: name is 'what?'")


@pytest.mark.parametrize("document", ["", "{", "nonsense", '{"id":}', "5", '"text"', "null", '{"a":"\\ud800"}'])
def test_what_is_no_json_object_is_a_parse_error(document: str) -> None:
    assert refusal_of(document).code == "ParseError"


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1" + "0" * 400, "1" + "0" * 5000])
@pytest.mark.parametrize("member", ["start_time", "end_time", "user"])
def test_a_number_no_machine_holds_refuses_one_document_and_no_call(member: str, number: str) -> None:
    document = text_of(**{member: "@"}).replace('"@"', number)
    try:
        spans_from_segment(decode_document(document), 1)
    except Refused as refused:
        assert refused.code in ("ParseError", "InvalidSegment", "InvalidStartTime", "InvalidEndTime")


def test_a_document_nested_too_deeply_is_refused() -> None:
    deep = "[" * 20_000 + "]" * 20_000
    assert refusal_of(text_of(metadata="@").replace('"@"', deep)).code == "InvalidSegment"


@pytest.mark.parametrize("letter", ["a", "강"])
def test_the_size_of_a_document_is_counted_in_bytes(letter: str) -> None:
    frame = text_of(metadata={"default": {"x": ""}})
    width = len(letter.encode())
    fitting = (MAX_DOCUMENT_BYTES - len(frame)) // width
    fits, not_fits = (frame.replace('"x": ""', f'"x": "{letter * n}"') for n in (fitting, fitting + 1))
    assert len(fits.encode()) <= MAX_DOCUMENT_BYTES < len(not_fits.encode())
    decode_document(fits)
    refused = refusal_of(not_fits)
    assert refused.code == "InvalidSegment"
    assert f"{len(not_fits.encode())} bytes" in refused.cause


def test_an_array_holds_one_document_an_element() -> None:
    assert split_document(' [{"a": 1}, {"b": [2]}]') == ['{"a": 1}', '{"b": [2]}']
    assert split_document('{"a": [1]}') == ['{"a": [1]}']


@pytest.mark.parametrize(("document", "code"), [("[]", "MissingId"), ("[", "ParseError"), ("[1,]", "ParseError")])
def test_an_empty_or_broken_array_is_refused(document: str, code: str) -> None:
    """`[]` as the service answers it; the other is inferred."""
    with pytest.raises(Refused) as refused:
        split_document(document)
    assert refused.value.code == code
