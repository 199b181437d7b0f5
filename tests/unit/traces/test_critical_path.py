"""Where the time of a response went, as lines of `kind service type: span, milliseconds`."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from raylens.cli.waterfall import assemble_waterfall
from raylens.model.service import ServiceId
from raylens.traces import CriticalPath, critical_path, exclusive_time_by_service, summarize_trace
from tests.fixture_traces import orders_trace, quicktable_documents, throttled_root_trace, unfinished_trace
from tests.strategies import UNHURRIED, traces
from tests.xray_documents import independent, lambda_trace, segment, shop_trace, subsegment, trace_of

Documents = list[dict[str, Any]]
FUNCTION = "AWS::Lambda::Function"
THROTTLED = {"namespace": "aws", "http": {"response": {"status": 429}}}


def path_of(documents: Documents) -> CriticalPath:
    path = critical_path(trace_of(documents))
    assert path is not None
    return path


def lines(documents: Documents) -> list[str]:
    return [
        f"{step.kind} {step.service.type or step.service.name}: {step.name}, {step.held_ns / 1e6:g}"
        for step in path_of(documents).steps
    ]


def causes(documents: Documents) -> list[tuple[str, str, float]]:
    return [(cause.name, cause.service.type, round(cause.share, 3)) for cause in path_of(documents).causes]


def test_a_request_through_a_function_is_followed_to_its_table_and_back() -> None:
    assert lines(orders_trace()) == [
        "work AWS::ApiGateway::Stage: orders-api/prod, 50",
        "transit AWS::ApiGateway::Stage: Lambda, 50",
        "waiting AWS::Lambda: fn, 100",
        "work AWS::Lambda::Function: fn, 100",
        "call AWS::SQS::Queue: SQS, 200",
        "work AWS::Lambda::Function: fn, 100",
        "call Database::SQL: ledger@db.test, 100",
        "work AWS::Lambda::Function: fn, 350",
        "work AWS::Lambda: fn, 50",
        "transit AWS::ApiGateway::Stage: Lambda, 50",
        "work AWS::ApiGateway::Stage: orders-api/prod, 50",
    ]


def test_a_cold_start_is_named_with_what_it_took_of_the_response() -> None:
    documents = quicktable_documents("cold_post")
    path = path_of(documents)
    assert causes(documents) == [
        ("cold start", FUNCTION, 0.951),
        ("waiting for the function", "AWS::Lambda", 0.006),
    ]
    assert path.causes[0].held_ns == 830_818_000
    assert path.causes[0].span_ids == (int("6f18774dcbf5f521", 16),)


def test_a_cold_start_that_was_over_before_the_response_began_held_nothing() -> None:
    """As with provisioned concurrency, where Initialization may lie hours earlier."""
    documents = [
        segment("fn", 10, 11, number=1, origin="AWS::Lambda"),
        segment(
            "fn", 10.1, 11, number=2, parent_id=f"{1:016x}", origin=FUNCTION,
            subsegments=[subsegment("Initialization", 1, 3, number=3)],
        ),
    ]  # fmt: skip
    assert causes(documents) == [("waiting for the function", "AWS::Lambda", 0.1)]


@pytest.mark.parametrize("origin", ["AWS::EC2::Instance", ""])
def test_initialization_outside_a_function_is_ordinary_work(origin: str) -> None:
    children = [subsegment("Initialization", 0.5, 1.5, number=2)]
    assert causes([segment("web", 0, 2, number=1, origin=origin, subsegments=children)]) == []


def test_a_throttled_table_is_named_although_the_sdk_flagged_a_fault() -> None:
    """The stage, the service and the function around it passed the refusal on: they are not named."""
    assert causes(quicktable_documents("table_throttle")) == [
        ("throttling", "AWS::DynamoDB::Table", 0.996),
        ("waiting for the function", "AWS::Lambda", 0.0),
    ]


def test_a_throttled_call_of_ten_attempts_is_throttling_as_a_whole() -> None:
    """What an SDK retries inside one call is not reported, so it is one step."""
    call = subsegment("DynamoDB", 1, 9, number=2, aws={"operation": "PutItem", "table_name": "t"}, **THROTTLED)
    assert lines([segment("web", 0, 10, number=1, subsegments=[call])]) == [
        "work web: web, 1000",
        "throttled AWS::DynamoDB::Table: DynamoDB, 8000",
        "work web: web, 1000",
    ]


def test_a_throttle_that_a_retry_healed_is_not_claimed() -> None:
    call = subsegment("DynamoDB", 1, 9, number=2, namespace="aws", http={"response": {"status": 200}})
    assert causes([segment("web", 0, 10, number=1, subsegments=[call])]) == []


def test_a_function_without_a_free_sandbox_is_throttling_of_the_lambda_service() -> None:
    documents = [
        segment("api", 0, 1, number=1, fault=True, subsegments=[subsegment("Lambda", 0, 1, number=2, **THROTTLED)]),
        segment(
            "fn", 0.25, 0.75, number=3, parent_id=f"{2:016x}", origin="AWS::Lambda", error=True, throttle=True,
            http={"response": {"status": 429}},
        ),
    ]  # fmt: skip
    assert causes(documents) == [("throttling", "AWS::Lambda", 0.5)]


def test_a_root_that_refused_the_request_itself_is_throttling() -> None:
    assert causes(throttled_root_trace()) == [("throttling", "AWS::EC2::Instance", 1.0)]


def test_the_lambda_service_alone_is_work_because_its_function_may_report_nothing() -> None:
    assert lines([segment("fn", 0, 1, number=1, origin="AWS::Lambda")]) == ["work AWS::Lambda: fn, 1000"]


def test_the_time_between_two_attempts_is_waiting_and_after_the_last_is_not() -> None:
    documents = [
        segment("fn", 0, 10, number=1, origin="AWS::Lambda"),
        segment("fn", 1, 3, number=2, parent_id=f"{1:016x}", origin=FUNCTION),
        segment("fn", 7, 9, number=3, parent_id=f"{1:016x}", origin=FUNCTION),
    ]
    assert lines(documents) == [
        "waiting AWS::Lambda: fn, 1000",
        "work AWS::Lambda::Function: fn, 2000",
        "waiting AWS::Lambda: fn, 4000",
        "work AWS::Lambda::Function: fn, 2000",
        "work AWS::Lambda: fn, 1000",
    ]


def test_dwell_time_is_waiting() -> None:
    queue = subsegment("Dwell Time", 0, 4, number=2)
    assert lines([segment("fn", 0, 5, number=1, origin="AWS::Lambda", subsegments=[queue])]) == [
        "waiting AWS::Lambda: Dwell Time, 4000",
        "work AWS::Lambda: fn, 1000",
    ]


def test_an_asynchronous_tail_is_listed_apart_with_all_below_it() -> None:
    path = path_of(shop_trace())
    assert path.async_tails == (3, 4)
    assert [(span.span_id, span.held_ns, span.share) for span in path.spans] == [
        (1, 500_000_000, 0.25),
        (2, 1_500_000_000, 0.75),
        (3, 0, 0.0),
        (4, 0, 0.0),
    ]


def test_a_call_whose_callee_went_on_without_it_is_a_call_and_no_transit() -> None:
    assert lines(shop_trace())[1] == "call AWS::EC2::Instance: pay, 1500"


def test_parallel_work_has_self_time_but_only_the_last_to_end_held_the_response() -> None:
    children = [subsegment("long", 1, 9, number=2), subsegment("short", 1, 5, number=3)]
    path = path_of([segment("web", 0, 10, number=1, subsegments=children)])
    assert [(span.span_id, span.self_time_ns // 10**9, span.held_ns // 10**9) for span in path.spans] == [
        (1, 2, 2),
        (2, 8, 8),
        (3, 4, 0),
    ]


def test_an_orphan_of_a_killed_function_is_work_of_that_function() -> None:
    documents = [
        segment(
            "fn", 0, 4, number=1, origin=FUNCTION, subsegments=[subsegment("Invocation", 0, 4, number=2)],
        ),
        independent("validate_input", 1, 2, number=3, parent=99),
    ]  # fmt: skip
    assert lines(documents)[1] == "work AWS::Lambda::Function: validate_input, 1000"


def test_an_instant_inside_a_span_does_not_cut_its_step_in_two() -> None:
    documents = [segment("web", 0, 2, number=1, subsegments=[subsegment("mark", 1, 1, number=2)])]
    assert lines(documents) == ["work web: web, 2000"]


@pytest.mark.parametrize(
    "documents",
    [
        unfinished_trace(),
        [independent("lost", 0, 1, number=1, parent=2)],
        [
            segment("a", 0, 1, number=1, parent_id=f"{2:016x}"),
            segment("b", 0, 1, number=2, parent_id=f"{1:016x}"),
        ],
    ],
    ids=["unfinished root", "no segment", "a circle"],
)
def test_without_a_finished_root_there_is_no_path(documents: Documents) -> None:
    assert critical_path(trace_of(documents)) is None
    assert exclusive_time_by_service(trace_of(documents)) == ()


def test_a_response_that_took_no_time_has_no_steps() -> None:
    path = path_of([segment("web", 1, 1, number=1, subsegments=[subsegment("late", 1, 2, number=2)])])
    assert (path.response_ns, path.steps, path.spans[0].share) == (0, (), 0.0)


def test_exclusive_time_is_told_by_node_longest_first() -> None:
    assert exclusive_time_by_service(trace_of(orders_trace())) == (
        (ServiceId("fn", FUNCTION), 550_000_000),
        (ServiceId("https://sqs.test/111122223333/jobs", "AWS::SQS::Queue"), 200_000_000),
        (ServiceId("orders-api/prod", "AWS::ApiGateway::Stage"), 200_000_000),
        (ServiceId("fn", "AWS::Lambda"), 150_000_000),
        (ServiceId("ledger@db.test", "Database::SQL"), 100_000_000),
    )


@UNHURRIED
@given(documents=traces())
def test_the_steps_cover_the_response_exactly_once(documents: Documents) -> None:
    trace = trace_of(documents)
    path = critical_path(trace)
    response_ns = summarize_trace(trace).response_ns
    if path is None:
        assert response_ns is None
        return
    assert path.response_ns == response_ns == sum(step.held_ns for step in path.steps)
    assert all(first.end_ns == second.start_ns for first, second in itertools.pairwise(path.steps))
    assert not path.steps or path.steps[0].start_ns == path.start_ns
    assert all(step.held_ns > 0 for step in path.steps)
    assert sum(span.held_ns for span in path.spans) == response_ns
    assert sum(held_ns for _, held_ns in exclusive_time_by_service(trace)) == response_ns
    assert not {step.span_id for step in path.steps} & set(path.async_tails)


@UNHURRIED
@given(documents=traces())
def test_documents_in_any_order_give_the_same_path(documents: Documents) -> None:
    assert critical_path(trace_of(documents)) == critical_path(trace_of(documents[::-1]))


def wide(size: int) -> Documents:
    children = (independent("child", n / 100, n / 100 + 0.3, number=n, parent=1) for n in range(2, size + 1))
    return [segment("root", 0, size, number=1), *children]


def deep(size: int) -> Documents:
    links = (independent("link", n / 1e4, 60 - n / 1e4, number=n, parent=n - 1) for n in range(2, size + 1))
    return [segment("root", 0, 60, number=1), *links]


def deep_with_skew(size: int) -> Documents:
    """Every span begins and ends before its parent begins."""
    links = (independent("link", size - n, size + 0.5 - n, number=n, parent=n - 1) for n in range(2, size + 1))
    return [segment("root", size, size + 1, number=1), *links]


@pytest.mark.parametrize("shape", [wide, deep, deep_with_skew])
def test_twenty_thousand_spans_take_less_than_two_seconds(shape: Callable[[int], Documents]) -> None:
    trace = trace_of(shape(20_000))
    started_s = time.process_time()  # of this process alone: other work on the machine does not count
    path = critical_path(trace)
    assert time.process_time() - started_s < 2.0
    assert path is not None and len(path.spans) == 20_000


def test_the_terminal_and_the_server_point_at_the_same_spans() -> None:
    documents = lambda_trace()
    waterfall = assemble_waterfall(documents)
    assert waterfall is not None
    shown = {int(row.span.id, 16): row.held_ns for row in waterfall.rows}
    assert shown == {span.span_id: span.held_ns for span in path_of(documents).spans}
