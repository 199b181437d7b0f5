from __future__ import annotations

import json
from typing import Any

import pytest

from raylens.ingest.decode import decode_document
from raylens.ingest.normalize import MAX_SEGMENT_NAME, MAX_SUBSEGMENT_NAME, spans_from_segment
from raylens.ingest.refusal import Refused
from raylens.model.outcome import THROTTLING_EXCEPTIONS, Outcome
from raylens.model.span import MAX_SPAN_LINKS, Link, Span, received_ns_of, version_of
from tests.xray_documents import START_S, TRACE_ID, id_bytes, independent, segment, subsegment, trace_id_of

NOW_NS = 1_800_000_000_000_000_000
START_NS = int(START_S) * 1_000_000_000


def spans(document: dict[str, Any]) -> list[Span]:
    return spans_from_segment(decode_document(json.dumps(document)), NOW_NS)


def span(**members: Any) -> Span:
    return spans({**segment("shop", 0, 1, number=1), **members})[0]


def refused(document: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(Refused) as error:
        spans(document)
    return error.value.code, error.value.kind


def status(code: int) -> dict[str, Any]:
    return {"http": {"response": {"status": code}}}


@pytest.mark.parametrize(
    ("members", "flags", "outcome"),
    [
        ({}, (False, False, False), Outcome.OK),
        (status(404), (True, False, False), Outcome.ERROR),
        (status(429), (True, True, False), Outcome.THROTTLE),
        (status(503), (False, False, True), Outcome.FAULT),
        (status(302), (False, False, False), Outcome.OK),
        ({**status(500), "error": True}, (True, False, False), Outcome.ERROR),
        ({**status(200), "fault": True}, (False, False, True), Outcome.FAULT),
        ({**status(500), "fault": False}, (False, False, True), Outcome.FAULT),
        ({"error": True, "throttle": True, "fault": True}, (True, True, True), Outcome.FAULT),
    ],
)
def test_flags_come_from_the_document_and_else_from_its_status(
    members: dict[str, Any], flags: tuple[bool, bool, bool], outcome: Outcome
) -> None:
    seen = span(**members)
    assert ((seen.error, seen.throttle, seen.fault), Outcome(seen.outcome)) == (flags, outcome)


def call(**members: Any) -> Span:
    child = subsegment("dynamodb", 0, 1, number=2, namespace="aws", **members)
    return spans(segment("shop", 0, 1, number=1, subsegments=[child]))[1]


@pytest.mark.parametrize("exception", sorted(THROTTLING_EXCEPTIONS))
def test_a_call_that_failed_by_a_throttling_exception_counts_as_throttled(exception: str) -> None:
    """DynamoDB throttles with status 400, and the Python SDK flags that `error` and `fault`; the class is inferred."""
    seen = call(error=True, fault=True, **status(400), cause={"exceptions": [{"id": "1" * 16, "type": exception}]})
    assert (seen.throttle, seen.fault, Outcome(seen.outcome)) == (True, True, Outcome.THROTTLE)


def test_a_call_answered_429_counts_as_throttled_whatever_its_flags() -> None:
    assert Outcome(call(fault=True, **status(429)).outcome) is Outcome.THROTTLE


def test_another_exception_leaves_a_call_a_fault() -> None:
    seen = call(fault=True, **status(400), cause={"exceptions": [{"id": "1" * 16, "type": "ValidationException"}]})
    assert (seen.throttle, Outcome(seen.outcome)) == (False, Outcome.FAULT)


def test_an_exception_that_was_retried_away_does_not_count() -> None:
    seen = call(**status(200), cause={"exceptions": [{"id": "1" * 16, "type": "ThrottlingException"}]})
    assert Outcome(seen.outcome) is Outcome.OK


def test_local_work_that_passed_a_throttling_exception_on_stays_a_fault() -> None:
    child = subsegment(
        "put", 0, 1, number=2, fault=True, cause={"exceptions": [{"id": "1" * 16, "type": "ThrottlingException"}]}
    )
    (_, seen) = spans(segment("shop", 0, 1, number=1, subsegments=[child]))
    assert Outcome(seen.outcome) is Outcome.FAULT


@pytest.mark.parametrize(
    "name",
    [
        "shop", "강남 맛집", "api/prod", "a.b:c/d%e&f#g=h+i\\j-k@l_m", "## UserModel.saveUser", "db@host", "1", "é\tx",
        "x" * MAX_SEGMENT_NAME,
    ],
)  # fmt: skip
def test_names_of_letters_numbers_spaces_and_the_guides_symbols_are_accepted(name: str) -> None:
    assert span(name=name).name == name


@pytest.mark.parametrize("sign", [*"?;*()!$~^<>[]{}|'\"`,", "\x00", "\u2028\x07", "😀"])
def test_other_signs_in_a_name_are_refused(sign: str) -> None:
    assert refused(segment(f"shop{sign}x", 0, 1, number=1)) == ("InvalidName", "segment")
    child = subsegment(f"call{sign}x", 0, 1, number=2)
    assert refused(segment("shop", 0, 1, number=1, subsegments=[child])) == ("InvalidName", "subsegment")


def test_subsegments_may_have_longer_names_than_segments() -> None:
    longest = "x" * MAX_SUBSEGMENT_NAME
    assert spans(segment("s", 0, 1, number=1, subsegments=[subsegment(longest, 0, 1, number=2)]))[1].name == longest
    assert refused(segment("s", 0, 1, number=1, subsegments=[subsegment(longest + "x", 0, 1, number=2)])) == (
        "InvalidName",
        "subsegment",
    )
    assert refused(segment("x" * (MAX_SEGMENT_NAME + 1), 0, 1, number=1)) == ("InvalidName", "segment")


def test_a_name_known_from_a_subsegment_is_still_too_long_for_a_segment() -> None:
    name = "y" * MAX_SUBSEGMENT_NAME
    spans(segment("s", 0, 1, number=1, subsegments=[subsegment(name, 0, 1, number=2)]))
    assert refused(segment(name, 0, 1, number=1)) == ("InvalidName", "segment")


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"trace_id": None}, "MissingTraceId"),
        ({"trace_id": "1-abc"}, "InvalidTraceId"),
        ({"id": "xyz"}, "InvalidId"),
        ({"id": "0" * 16}, "InvalidId"),
        ({"name": ""}, "MissingName"),
        ({"parent_id": "xyz"}, "InvalidParentId"),
        ({"parent_id": "0" * 16}, "InvalidParentId"),
        ({"start_time": -1}, "InvalidStartTime"),
        ({"start_time": 1e10}, "InvalidStartTime"),
        ({"end_time": 0}, "InvalidEndTime"),
        ({"end_time": 1e10}, "InvalidEndTime"),
        ({"end_time": None}, "MissingEndTime"),
        ({"end_time": None, "in_progress": False}, "MissingEndTime"),
        ({"trace_id": None, "id": "xyz", "name": ""}, "MissingTraceId"),
        ({"id": "xyz", "name": "", "start_time": -1}, "InvalidId"),
        ({"name": "", "start_time": -1}, "MissingName"),
    ],
)
def test_the_first_rule_broken_names_the_refusal(members: dict[str, Any], code: str) -> None:
    assert refused({**segment("shop", 0, 1, number=1), **members}) == (code, "segment")


def test_an_independent_subsegment_needs_a_parent() -> None:
    assert refused(segment("call", 0, 1, number=1, type="subsegment")) == ("MissingParentId", "subsegment")


@pytest.mark.parametrize("members", [{"id": "xyz"}, {"start_time": -1}, {"end_time": None}])
def test_one_bad_subsegment_refuses_the_whole_document(members: dict[str, Any]) -> None:
    deep = subsegment("a", 0, 1, number=2, subsegments=[{**subsegment("b", 0, 1, number=3), **members}])
    assert refused(segment("shop", 0, 1, number=1, subsegments=[deep]))[1] == "subsegment"


def test_ids_of_embedded_subsegments_follow_the_tree_and_not_their_members() -> None:
    """The Python SDK sends trace_id, parent_id and type inside embedded subsegments too."""
    child = subsegment("a", 0, 1, number=2, trace_id="nonsense", parent_id="nonsense", type="subsegment")
    root, seen = spans(segment("shop", 0, 1, number=1, parent_id="ABCDEF0000000000", subsegments=[child]))
    assert (root.parent_id, root.trace_id.hex()) == (0xABCDEF0000000000, TRACE_ID.replace("-", "")[1:])
    assert (seen.trace_id, seen.id, seen.parent_id, seen.is_segment) == (root.trace_id, 2, 1, False)


def test_parents_come_before_their_children_and_siblings_keep_their_order() -> None:
    tree = segment(
        "r", 0, 1, number=1,
        subsegments=[
            subsegment("a", 0, 1, number=2, subsegments=[subsegment("b", 0, 1, number=3)]),
            subsegment("c", 0, 1, number=4),
        ],
    )  # fmt: skip
    assert [s.name for s in spans(tree)] == ["r", "a", "b", "c"]


def test_embedded_subsegments_know_their_segment_and_independent_ones_do_not() -> None:
    embedded = spans(segment("shop", 0, 1, number=1, origin="X", subsegments=[subsegment("a", 0, 1, number=2)]))[1]
    assert (embedded.owner_name, embedded.owner_type, embedded.parent_id) == ("shop", "X", 1)
    alone, below = spans(independent("a", 0, 1, number=3, parent=1, subsegments=[subsegment("b", 0, 1, number=4)]))
    assert [(seen.owner_name, seen.owner_type) for seen in (alone, below)] == [("", ""), ("", "")]
    assert (alone.parent_id, below.parent_id) == (1, 3)


def test_the_last_end_of_a_segment_includes_its_subsegments_and_theirs_is_their_own() -> None:
    late = subsegment("tail", 0.5, 3, number=2, subsegments=[subsegment("later", 1, 4, number=3)])
    root, tail, later = spans(segment("shop", 0, 1, number=1, subsegments=[late]))
    assert [(s.end_ns - START_NS) / 1e9 for s in (root, tail, later)] == [1, 3, 4]
    assert [(s.last_end_ns - START_NS) / 1e9 for s in (root, tail, later)] == [4, 3, 4]


def test_a_segment_in_progress_has_no_end_even_when_its_subsegments_have() -> None:
    root = spans(segment("shop", 0, None, number=1, subsegments=[subsegment("a", 0, 1, number=2)]))[0]
    assert (root.in_progress, root.end_ns, root.last_end_ns) == (True, 0, 0)


def test_an_end_beside_in_progress_is_not_an_end() -> None:
    assert (span(in_progress=True).end_ns, span(in_progress=False).in_progress) == (0, False)


def test_an_end_before_the_start_counts_as_no_time_at_all() -> None:
    """X-Ray's treatment is unknown; clocks do jump, and refusing would lose the trace (inferred)."""
    assert span(end_time=START_S - 5).end_ns == START_NS


def test_times_are_taken_to_the_microsecond() -> None:
    seen = span(start_time=1707993001.053199, end_time=1707993001.0781251)
    assert (seen.start_ns, seen.end_ns) == (1_707_993_001_053_199_000, 1_707_993_001_078_125_000)


def test_a_complete_copy_outranks_one_in_progress_and_later_ones_earlier_ones() -> None:
    assert version_of(True, 10) < version_of(True, 20) < version_of(False, 10) < version_of(False, 20)
    assert {received_ns_of(version_of(progress, NOW_NS)) for progress in (True, False)} == {NOW_NS}
    assert span().version == version_of(False, NOW_NS)
    assert spans(segment("shop", 0, None, number=1))[0].version == version_of(True, NOW_NS)


@pytest.mark.parametrize(("sent", "kept"), [("local", ""), ("aws", "aws"), ("remote", "remote"), ("other", "other")])
def test_the_namespace_local_is_none(sent: str, kept: str) -> None:
    child = subsegment("work", 0, 1, number=2, namespace=sent)
    (_, seen) = spans(segment("shop", 0, 1, number=1, subsegments=[child]))
    assert (seen.namespace, bool(seen.remote_type)) == (kept, sent in ("aws", "remote"))


def test_a_segment_reaches_no_node_whatever_its_namespace() -> None:
    assert span(namespace="remote").remote_type == ""


@pytest.mark.parametrize("members", [{"traced": True}, {"http": {"request": {"traced": True}}}])
def test_traced_is_read_in_both_places(members: dict[str, Any]) -> None:
    child = subsegment("pay", 0, 1, number=2, namespace="remote", **members)
    assert spans(segment("shop", 0, 1, number=1, subsegments=[child]))[1].traced


def test_what_search_needs_is_taken_from_the_nested_objects() -> None:
    seen = span(
        user="alice",
        resource_arn="arn:x",
        http={
            "request": {"method": "GET", "url": "/a", "user_agent": "ua", "client_ip": "1.2.3.4"},
            **status(200)["http"],
        },
        aws={"account_id": "1", "operation": "Get", "ec2": {"instance_id": "i-1", "availability_zone": "z"}},
        cause={"exceptions": [{"id": "1" * 16, "type": "A", "message": "b"}, {"id": "2" * 16}]},
        annotations={"k": 1},
    )
    assert (seen.user, seen.resource_arn, seen.http_method, seen.http_url, seen.http_status) == (
        "alice", "arn:x", "GET", "/a", 200,
    )  # fmt: skip
    assert (seen.http_user_agent, seen.http_client_ip, seen.account_id, seen.operation) == ("ua", "1.2.3.4", "1", "Get")
    assert (seen.instance_id, seen.availability_zone) == ("i-1", "z")
    assert (seen.exception_types, seen.exception_messages, seen.annotations) == (("A", ""), ("b", ""), {"k": 1})


def test_long_strings_are_cut_in_what_is_searched() -> None:
    seen = span(user="u" * 2000, http={"request": {"url": "/" * 2000}})
    assert (len(seen.user), len(seen.http_url)) == (1000, 1000)


@pytest.mark.parametrize("code", [-1, 0, 1000, 10**6, 10**30])
def test_an_impossible_status_is_no_status(code: int) -> None:
    assert span(**status(code)).http_status == 0


def link(number: int) -> dict[str, str]:
    return {"trace_id": trace_id_of(number), "id": f"{number:016x}"}


def test_links_name_a_span_in_either_spelling_of_its_trace() -> None:
    sent = [link(1), {"trace_id": trace_id_of(2)[2:].replace("-", "").upper(), "id": "00000000000000AB"}]
    assert span(links=sent).links == (Link(id_bytes(trace_id_of(1)), 1), Link(id_bytes(trace_id_of(2)), 0xAB))


@pytest.mark.parametrize("members", [{"trace_id": "1-x"}, {"id": "xyz"}, {"id": "0" * 16}, {"id": ""}])
def test_a_link_that_names_no_span_is_dropped(members: dict[str, str]) -> None:
    assert span(links=[{**link(1), **members}, link(2)]).links == (Link(id_bytes(trace_id_of(2)), 2),)


def test_the_first_twenty_distinct_links_of_a_span_are_kept() -> None:
    sent = [link(number) for number in range(1, 40) for _ in range(2)]
    assert [own.span_id for own in span(links=sent).links] == list(range(1, MAX_SPAN_LINKS + 1))


def test_subsegments_have_links_of_their_own() -> None:
    child = subsegment("work", 0, 1, number=2, links=[link(5)])
    assert [len(own.links) for own in spans(segment("shop", 0, 1, number=1, subsegments=[child]))] == [0, 1]
