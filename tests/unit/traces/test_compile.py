from __future__ import annotations

import itertools
import json
from typing import Any

import msgspec
import pytest

from raylens.model.ids import parse_trace_id
from raylens.traces import compile_trace, summarize_trace
from raylens.traces.compile import CompiledTrace
from tests.conftest import Golden
from tests.fixture_traces import DATA, QUEUE_URL, QUICKTABLE, orders_trace, quicktable_documents, quicktable_texts
from tests.xray_documents import (
    TRACE_ID,
    id_bytes,
    independent,
    lambda_trace,
    segment,
    shop_trace,
    subsegment,
    trace_id_of,
    trace_of,
)

Document = dict[str, Any]


def compiled(documents: list[Document]) -> CompiledTrace:
    return compile_trace(id_bytes(), [(1, json.dumps(document)) for document in documents])


def documents_of(trace: CompiledTrace) -> list[Document]:
    return [msgspec.json.decode(entry.document) for entry in trace.segments]


def names_below(document: Document) -> list[Any]:
    """The tree as nested lists of names."""
    children = [names_below(child) for child in document.get("subsegments", [])]
    return [document["name"], *children]


@pytest.mark.parametrize("name", QUICKTABLE)
def test_the_labs_documents_compile_to_the_golden_trace(name: str, golden: Golden) -> None:
    documents = quicktable_documents(name)
    trace_id = parse_trace_id(documents[0]["trace_id"])
    assert trace_id is not None
    trace = compile_trace(trace_id, [(1, text) for text in quicktable_texts(name)])
    lines = [entry.document for entry in trace.segments]
    golden(f"traces/{name}.jsonl", "".join(f"{line}\n" for line in [*lines, f"{trace.duration_s:.6f}"]).encode())


def test_streamed_subsegments_are_embedded_below_invocation() -> None:
    stage, service, function, table = documents_of(compiled(lambda_trace()))
    assert [names_below(document) for document in (stage, service, function, table)] == [
        ["api/prod", ["Lambda"]],
        ["create"],
        [
            "create",
            ["Initialization"],
            ["Invocation", ["create_reservation", ["validate_input"], ["dynamodb_put_item", ["dynamodb"]]]],
            ["Overhead"],
        ],
        ["DynamoDB"],
    ]


def test_an_embedded_subsegment_lost_what_only_lone_ones_need() -> None:
    function = documents_of(compiled(lambda_trace()))[2]
    lone = function["subsegments"][1]["subsegments"][0]
    assert lone["name"] == "create_reservation"
    assert {"type", "trace_id", "parent_id", "namespace"}.isdisjoint(lone)
    assert lone["metadata"] == {"default": {"user_id": "anonymous"}}


def test_a_table_is_inferred_from_the_call_with_its_resource_name_on_both() -> None:
    *_, function, table = documents_of(compiled(lambda_trace()))
    call = function["subsegments"][1]["subsegments"][0]["subsegments"][1]["subsegments"][0]
    aws = {
        "operation": "PutItem", "region": "ap-northeast-2", "table_name": "Reservations",
        "resource_names": ["Reservations"],
    }  # fmt: skip
    assert call["aws"] == aws
    assert {name: value for name, value in table.items() if name != "id"} == {
        "name": "DynamoDB",
        "start_time": call["start_time"],
        "end_time": call["end_time"],
        "parent_id": f"{22:016x}",
        "inferred": True,
        "http": {"response": {"status": 200}},
        "aws": aws,
        "trace_id": TRACE_ID,
        "origin": "AWS::DynamoDB::Table",
    }


def test_a_throttled_table_shows_throttle_and_error_instead_of_fault_and_the_call_what_was_sent() -> None:
    """The SDK flags it error and fault; X-Ray's own answer is unknown (inferred)."""
    documents = documents_of(compiled(quicktable_documents("table_throttle")))
    (table,) = (document for document in documents if document.get("inferred"))
    assert (table.get("error"), table.get("throttle"), table.get("fault")) == (True, True, None)
    text = json.dumps(documents[2])
    assert '"fault": true' in text
    assert '"throttle": true' not in text


def test_the_guides_own_trace_compiles_to_what_the_service_answered() -> None:
    """Fed with the segments of a published answer, the inferred ones come out as the service made them."""
    answer = json.loads((DATA / "xray" / "gettingdata-3.json").read_text("utf-8"))["Traces"][0]
    published = [json.loads(entry["Document"]) for entry in answer["Segments"]]
    sent = [json.dumps(document) for document in published if not document.get("inferred")]
    trace_id = parse_trace_id(published[0]["trace_id"])
    assert trace_id is not None
    trace = compile_trace(trace_id, [(1, text) for text in sent])
    assert trace.duration_s == pytest.approx(answer["Duration"])

    def comparable(documents: list[Document]) -> list[Document]:
        inferred = sorted((d for d in documents if d.get("inferred")), key=lambda d: str(d["name"]))
        return [{name: value for name, value in d.items() if name != "id"} for d in inferred]

    assert comparable(documents_of(trace)) == comparable(published)


def test_each_kind_of_callee_is_inferred_as_x_ray_does() -> None:
    inferred = [document for document in documents_of(compiled(orders_trace())) if document.get("inferred")]
    assert [(d["name"], d.get("origin"), d.get("aws", {}).get("resource_names"), d.get("sql")) for d in inferred] == [
        ("SQS", "AWS::SQS::Queue", [QUEUE_URL], None),
        ("ledger@db.test", "Database::SQL", None, {"url": "jdbc:postgresql://db.test/ledger"}),
    ]


def test_a_remote_host_is_inferred_without_origin() -> None:
    call = subsegment("names.test", 0, 1, number=2, namespace="remote", cause={"exceptions": []}, annotations={"a": 1})
    (_, inferred) = documents_of(compiled([segment("shop", 0, 1, number=1, subsegments=[call])]))
    assert set(inferred) == {"id", "name", "start_time", "end_time", "parent_id", "inferred", "trace_id"}


def test_the_id_of_an_inferred_segment_is_the_same_in_every_answer() -> None:
    first, second = (documents_of(compiled(lambda_trace()))[-1]["id"] for _ in range(2))
    assert first == second != f"{22:016x}"


@pytest.mark.parametrize(("parent", "fault"), [({"fault": True}, True), ({"error": True}, None), ({}, None)])
def test_a_table_that_never_answered_below_a_fault_is_inferred_as_a_fault(parent: Document, fault: bool | None) -> None:
    """The call itself comes back as it was sent (inferred)."""
    aws = {"operation": "PutItem", "table_name": "orders"}
    call = independent("dynamodb", 0, 1, number=3, parent=2, namespace="aws", aws=aws)
    work = independent("put", 0, 1, number=2, parent=1, **parent)
    shop, table = documents_of(compiled([call, work, segment("shop", 0, 1, number=1)]))
    assert table.get("fault") is fault
    assert "fault" not in shop["subsegments"][0]["subsegments"][0]


@pytest.mark.parametrize("members", [{}, {"fault": True}, {"error": True, "fault": True}])
def test_a_call_answered_429_is_inferred_as_throttled_whatever_its_flags(members: Document) -> None:
    aws = {"operation": "PutItem", "table_name": "orders"}
    response = {"response": {"status": 429}}
    call = subsegment("dynamodb", 0, 1, number=2, namespace="aws", aws=aws, http=response, **members)
    (_, table) = documents_of(compiled([segment("shop", 0, 1, number=1, subsegments=[call])]))
    assert (table.get("error"), table.get("throttle"), table.get("fault")) == (True, True, None)


@pytest.mark.parametrize(
    "members",
    [
        {"namespace": "local"},
        {"namespace": None},
        {"namespace": "remote", "traced": True},
        {"namespace": "remote", "http": {"request": {"traced": True}}},
        {"namespace": "remote", "in_progress": True},
        {"namespace": "remote", "end_time": "soon", "in_progress": True},
    ],
)
def test_local_work_and_calls_that_wait_infer_nothing(members: Document) -> None:
    call = {**subsegment("pay", 0, 1, number=2), **members}
    assert len(compiled([segment("shop", 0, 1, number=1, subsegments=[call])]).segments) == 1


def test_a_reporting_callee_replaces_the_inferred_one() -> None:
    caller, callee = shop_trace()
    assert [d["name"] for d in documents_of(compiled([caller])) if d.get("inferred")] == ["pay"]
    assert [d["name"] for d in documents_of(compiled([caller, callee])) if d.get("inferred")] == ["DynamoDB"]


def test_unknown_members_are_kept_as_sent() -> None:
    extra: Document = {
        "service": {"version": "1"},
        "links": [{"trace_id": "x"}],
        "precursor_ids": ["a"],
        "강": {"deep": [None]},
    }
    document = segment("shop", 0, 1, number=1, subsegments=[subsegment("a", 0, 1, number=2, **extra)], **extra)
    assert documents_of(compiled([document])) == [document]


def test_members_of_another_type_are_left_out_as_ingest_left_them_out() -> None:
    sent = segment("shop", 0, None, number=1, end_time="x", parent_id=7, type=3, fault="yes", http=[], namespace=5)
    assert documents_of(compiled([sent])) == [segment("shop", 0, None, number=1)]


@pytest.mark.parametrize("number", ["1e400", "1" + "0" * 5000])
def test_a_number_that_no_double_holds_does_not_keep_the_rest_from_being_returned(number: str) -> None:
    child = subsegment("a", 0, 1, number=2, metadata={"x": "@"}, annotations={"k": 1})
    document = segment("shop", 0, 1, number=1, subsegments=[child], metadata={"y": 2})
    text = json.dumps(document).replace('"@"', number)
    (entry,) = compile_trace(id_bytes(), [(1, text)]).segments
    seen = json.loads(entry.document)
    del child["metadata"]
    seen["subsegments"][0].pop("metadata")
    assert seen == document


def test_a_chain_of_documents_deeper_than_clients_read_is_returned_whole() -> None:
    documents = [segment("shop", 0, 1, number=1)]
    documents += [independent("work", 0, 1, number=n, parent=n - 1) for n in range(2, 1500)]
    assert sum(entry.document.count('"id":') for entry in compiled(documents).segments) == 1499


def test_orphans_are_entries_of_their_own_after_the_segments() -> None:
    """X-Ray's text speaks of segments and subsegments in an answer; the form is inferred."""
    orphan = independent("late", 5, 9, number=5, parent=77, namespace="local")
    trace = compiled([orphan, segment("shop", 0, 1, number=1)])
    first, second = documents_of(trace)
    assert (first["name"], second["name"], second["parent_id"], second["type"]) == (
        "shop", "late", f"{77:016x}", "subsegment",
    )  # fmt: skip
    assert trace.duration_s == 1.0


def test_subsegments_in_a_circle_are_returned_once_each() -> None:
    first, second = independent("a", 0, 1, number=2, parent=3), independent("b", 0, 1, number=3, parent=2)
    for order in itertools.permutations([first, second, segment("shop", 0, 1, number=1)]):
        text = json.dumps(documents_of(compiled(list(order))))
        assert [text.count(f'"name": "{name}"') for name in ("shop", "a", "b")] == [1, 1, 1]


def test_upper_case_ids_come_back_lower_case_and_still_join() -> None:
    root = segment("shop", 0, 1, number=0xABCDEF)
    root["id"] = root["id"].upper()
    call = independent("names.test", 0, 1, number=0xBC, parent=0xABCDEF, namespace="remote")
    call["parent_id"] = call["parent_id"].upper()
    answer = segment("names", 0, 1, number=0xCD, parent_id=f"{0xBC:016x}".upper())
    second, first = documents_of(compiled([root, call, answer]))
    assert (first["id"], names_below(first)) == (f"{0xABCDEF:016x}", ["shop", ["names.test"]])
    assert (second["id"], second["parent_id"]) == (f"{0xCD:016x}", f"{0xBC:016x}")


def test_of_two_copies_the_newer_is_returned_and_nothing_twice() -> None:
    child = subsegment("call", 0, 1, number=2, namespace="remote")
    old = segment("shop", 0, None, number=1, subsegments=[child])
    new = segment("shop", 0, 2, number=1)
    streamed = independent("call", 0, 1.5, number=2, parent=1, namespace="remote")
    copies = [(1, json.dumps(old)), (2, json.dumps(new)), (3, json.dumps(streamed))]
    answers = {compile_trace(id_bytes(), order) for order in map(tuple, itertools.permutations(copies))}
    (answer,) = answers
    root, inferred = documents_of(answer)
    assert (names_below(root), root["end_time"] - root["start_time"], inferred["name"]) == (
        ["shop", ["call"]], 2.0, "call",
    )  # fmt: skip


def test_siblings_are_ordered_by_time() -> None:
    children = [subsegment("b", 0.5, 1, number=2), subsegment("a", 0.25, 1, number=3)]
    assert names_below(documents_of(compiled([segment("s", 0, 1, number=1, subsegments=children)]))[0]) == [
        "s", ["a"], ["b"],
    ]  # fmt: skip


@pytest.mark.parametrize("documents", [shop_trace(), lambda_trace(), orders_trace(), lambda_trace()[:4]])
def test_the_duration_is_that_of_the_summary(documents: list[Document]) -> None:
    duration_ns = summarize_trace(trace_of(documents)).duration_ns
    assert duration_ns is None or compiled(documents).duration_s == pytest.approx(duration_ns / 1e9)


def test_an_empty_trace_compiles_to_nothing() -> None:
    assert compile_trace(id_bytes(), []) == CompiledTrace(id_bytes(), 0.0, ())


def test_links_come_back_as_they_were_sent() -> None:
    links = [{"trace_id": trace_id_of(7), "id": f"{7:016x}", "attributes": {"a": [1, {"b": None}]}}, {"odd": True}, 5]
    (document,) = documents_of(compiled([segment("worker", 0, 1, number=1, links=links)]))
    assert document["links"] == links
