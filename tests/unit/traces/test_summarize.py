from __future__ import annotations

from typing import Any

import pytest

from raylens.model.facts import MAX_ANNOTATION_KEYS
from raylens.model.service import ServiceId
from raylens.model.trace import AnnotatedValue, TraceSummary
from raylens.traces import summarize_trace
from tests.fixture_traces import (
    EC2,
    QUEUE_URL,
    broken_call_trace,
    broken_root_trace,
    not_found_trace,
    orders_trace,
    slow_call_trace,
    throttled_root_trace,
    unfinished_trace,
)
from tests.xray_documents import independent, segment, shop_trace, subsegment, trace_of

SHOP, PAY = ServiceId("shop", EC2), ServiceId("pay", "AWS::ECS::Container")
CLIENT = ServiceId("shop", "client")


def summary_of(documents: list[dict[str, Any]]) -> TraceSummary:
    return summarize_trace(trace_of(documents))


@pytest.mark.parametrize(
    ("documents", "fault", "error", "throttle", "partial", "status", "response_s"),
    [
        (shop_trace(), False, False, False, False, 200, 2.0),
        (not_found_trace(), False, True, False, False, 404, 1.0),
        (broken_root_trace(), True, False, False, False, 500, 3.0),
        (throttled_root_trace(), False, False, True, False, 429, 0.5),
        (unfinished_trace(), False, False, False, True, 0, None),
        (orders_trace(), False, False, False, False, 200, 1.2),
        (slow_call_trace(), False, False, False, False, 200, 4.0),
        (broken_call_trace(), True, False, False, False, 500, 4.0),
    ],
    ids=["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8"],
)
def test_flags_and_times_are_the_roots(
    documents: list[dict[str, Any]],
    fault: bool,
    error: bool,
    throttle: bool,
    partial: bool,
    status: int,
    response_s: float | None,
) -> None:
    """Recorded answers: a throttled root has no HasError, and trouble further down shows in no flag.

    IsPartial follows the documented contract, although a lone root in progress was once recorded as false (inferred).
    """
    seen = summary_of(documents)
    assert (seen.has_fault, seen.has_error, seen.has_throttle, seen.is_partial) == (fault, error, throttle, partial)
    assert seen.http_status == status
    assert seen.response_ns == (None if response_s is None else int(response_s * 1e9))


def test_the_whole_summary_of_the_shop() -> None:
    seen = summary_of(shop_trace())
    assert (seen.duration_ns, seen.http_url, seen.http_method, seen.user_agent, seen.client_ip) == (
        7_000_000_000, "http://shop.test/v2/cart", "GET", "probe/1", "192.0.2.7",
    )  # fmt: skip
    assert seen.annotations == {
        "beta": (AnnotatedValue(True, (SHOP,)),),
        "items": (AnnotatedValue(3, (SHOP,)),),
        "plan": (AnnotatedValue("gold", (SHOP,)),),
        "backend": (AnnotatedValue(True, (PAY,)),),
    }
    assert seen.users == (("alice", (SHOP,)), ("svc-pay", (PAY,)))
    assert seen.services == (ServiceId("orders", "AWS::DynamoDB::Table"), PAY, SHOP, CLIENT)
    assert (seen.instance_ids, seen.availability_zones, seen.resource_arns) == (("i-0abc",), ("us-west-2a",), ())
    assert (seen.entry_point, seen.revision) == (SHOP, 1)


def test_an_unfinished_root_has_neither_duration_nor_response_time() -> None:
    seen = summary_of(unfinished_trace())
    assert (seen.duration_ns, seen.response_ns, seen.entry_point, seen.http_url) == (
        None, None, SHOP, "http://shop.test/v2/report",
    )  # fmt: skip


def test_work_that_goes_on_after_the_answer_lengthens_the_duration_alone() -> None:
    tail = subsegment("tail", 1, 5, number=2)
    seen = summary_of([segment("shop", 0, 2, number=1, subsegments=[tail])])
    assert (seen.duration_ns, seen.response_ns) == (5_000_000_000, 2_000_000_000)


def test_both_lambda_nodes_and_the_inferred_ones_are_services() -> None:
    assert summary_of(orders_trace()).services == (
        ServiceId("fn", "AWS::Lambda"),
        ServiceId("fn", "AWS::Lambda::Function"),
        ServiceId(QUEUE_URL, "AWS::SQS::Queue"),
        ServiceId("ledger@db.test", "Database::SQL"),
        ServiceId("orders-api/prod", "AWS::ApiGateway::Stage"),
        ServiceId("orders-api/prod", "client"),
    )


@pytest.mark.parametrize(
    "documents",
    [
        [segment("shop", 0, 1, number=1), segment("pay", 0, None, number=2, parent_id=f"{1:016x}")],
        [segment("shop", 0, 1, number=1, subsegments=[subsegment("a", 0, None, number=2)])],
        [segment("shop", 0, 1, number=1), independent("a", 0, 1, number=2, parent=9)],
        [segment("shop", 0, 1, number=1, parent_id=f"{9:016x}")],
        [independent("a", 0, 1, number=2, parent=9)],
    ],
)
def test_a_trace_is_partial_while_something_runs_or_a_parent_is_missing(documents: list[dict[str, Any]]) -> None:
    assert summary_of(documents).is_partial


def test_a_late_parent_heals_a_partial_trace() -> None:
    streamed = independent("a", 0, 1, number=2, parent=1)
    assert not summary_of([streamed, segment("shop", 0, 1, number=1)]).is_partial


def test_orphans_alone_have_a_summary_without_entry_point() -> None:
    seen = summary_of([independent("pay", 0, 1, number=2, parent=9, namespace="remote")])
    assert (seen.entry_point, seen.duration_ns, seen.services, seen.http_url) == (None, None, (), "")
    assert seen.fault_root_causes == seen.error_root_causes == seen.response_time_root_causes == ()


def test_an_orphan_adds_no_duration_and_no_node() -> None:
    orphan = independent("pay", 0, 60, number=2, parent=9, namespace="remote")
    seen = summary_of([segment("shop", 0, 1, number=1), orphan])
    assert (seen.duration_ns, seen.services) == (1_000_000_000, (ServiceId("shop", ""), ServiceId("shop", "client")))


def test_each_distinct_value_of_an_annotation_names_all_services_that_recorded_it() -> None:
    documents = [
        segment("a", 0, 1, number=1, annotations={"k": 1}),
        segment("b", 0, 1, number=2, parent_id=f"{1:016x}", annotations={"k": 1}),
        segment(
            "c", 0, 1, number=3, parent_id=f"{1:016x}", annotations={"k": True},
            subsegments=[subsegment("x", 0, 1, number=4, annotations={"k": "1"})],
        ),
    ]  # fmt: skip
    a, b, c = (ServiceId(name) for name in "abc")
    values = summary_of(documents).annotations["k"]
    assert values == (AnnotatedValue(1, (a, b)), AnnotatedValue(True, (c,)), AnnotatedValue("1", (c,)))
    assert [type(annotated.value) for annotated in values] == [float, bool, str]


def test_the_fifty_first_annotation_is_not_indexed() -> None:
    """Which fifty X-Ray keeps is not documented: here the first by start, then by key (inferred)."""
    many = {f"k{n:02}": n for n in range(MAX_ANNOTATION_KEYS)}
    later = subsegment("later", 0.5, 1, number=2, annotations={"a": 1, "k00": 77})
    annotations = summary_of([segment("s", 0, 1, number=1, annotations=many, subsegments=[later])]).annotations
    assert list(annotations) == sorted(many)
    assert [annotated.value for annotated in annotations["k00"]] == [0, 77]


def test_one_user_of_several_services_is_listed_once() -> None:
    documents = [
        segment("a", 0, 1, number=1, user="alice"),
        segment("b", 0, 1, number=2, parent_id=f"{1:016x}", user="alice"),
    ]
    assert summary_of(documents).users == (("alice", (ServiceId("a"), ServiceId("b"))),)


def test_a_redirect_is_ok() -> None:
    """X-Ray does not classify 3xx (inferred)."""
    seen = summary_of([segment("s", 0, 1, number=1, http={"response": {"status": 302}})])
    assert (seen.has_fault, seen.has_error, seen.has_throttle, seen.http_status) == (False, False, False, 302)
