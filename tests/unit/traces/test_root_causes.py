"""Root causes: the recorded cases, each as lines of `service (type): entity [flags]`."""

from __future__ import annotations

from typing import Any

import pytest

from raylens.model.trace import RootCause
from raylens.traces import summarize_trace
from tests.fixture_traces import (
    broken_call_trace,
    broken_root_trace,
    not_found_trace,
    orders_trace,
    quicktable_documents,
    slow_call_trace,
    throttled_root_trace,
)
from tests.xray_documents import segment, shop_trace, subsegment, trace_of

Documents = list[dict[str, Any]]
BOOM = {"exceptions": [{"id": "b" * 16, "type": "Boom", "message": "it broke"}]}


def shown(causes: tuple[RootCause, ...]) -> list[list[str]]:
    lines = []
    for cause in causes:
        own = ["client impacting" if cause.client_impacting else "inside"]
        for service in cause.services:
            path = []
            for entity in service.path:
                words = [entity.name]
                words += [] if entity.coverage is None else [f"{entity.coverage:g}"]
                words += ["remote"] if entity.remote else []
                words += [f"{exception.name}/{exception.message}" for exception in entity.exceptions]
                path.append(" ".join(words))
            kind = f"{service.id.type}{', inferred' if service.inferred else ''}"
            own.append(f"{service.id.name} ({kind}): {', '.join(path)}")
        lines.append(own)
    return lines


def causes_of(documents: Documents) -> tuple[list[list[str]], list[list[str]], list[list[str]]]:
    """Fault, error and response time root causes."""
    summary = summarize_trace(trace_of(documents))
    return (
        shown(summary.fault_root_causes),
        shown(summary.error_root_causes),
        shown(summary.response_time_root_causes),
    )


def slow(length: float, **members: Any) -> Documents:
    return [segment("web", 0, 4, number=1, subsegments=[subsegment("part", 0.5, 0.5 + length, number=2, **members)])]


LAMBDA_CHAIN = [
    "client impacting",
    "orders-api/prod (AWS::ApiGateway::Stage): orders-api/prod 1, Lambda 0.917 remote",
    "fn (AWS::Lambda): fn 0.833",
    "fn (AWS::Lambda::Function): fn 0.708",
]


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        (slow(3), [["client impacting", "web (): web 1, part 0.75"]]),
        (slow(2, namespace="remote"), []),
        (slow(1, namespace="remote"), []),
        (
            slow_call_trace(),
            [
                [
                    "client impacting",
                    "web (): web 1, names.test 0.75 remote",
                    "names.test (remote, inferred): names.test 0.75",
                ]
            ],
        ),
        (shop_trace(), [["client impacting", "shop (AWS::EC2::Instance): shop 1, pay 0.75 remote"]]),
        (orders_trace(), [LAMBDA_CHAIN]),
    ],
    ids=["local 3 of 4 s", "remote 2 of 4 s", "remote 1 of 4 s", "T7", "T1", "T6"],
)
def test_the_time_is_where_more_than_half_of_the_roots_is(documents: Documents, expected: list[list[str]]) -> None:
    """Recorded, but for the Lambda chain and the exact cut of one half, which are inferred."""
    assert causes_of(documents)[2] == expected


def test_of_two_dominant_children_the_longest_is_followed() -> None:
    children = [subsegment("short", 0, 2.5, number=2), subsegment("long", 0, 3, number=3)]
    assert causes_of([segment("web", 0, 4, number=1, subsegments=children)])[2] == [
        ["client impacting", "web (): web 1, long 0.75"]
    ]


@pytest.mark.parametrize("end", [None, 0])
def test_an_unfinished_or_timeless_root_has_no_response_time_cause(end: float | None) -> None:
    root = segment("web", 0, end, number=1, subsegments=[subsegment("part", 0, 3, number=2)])
    assert causes_of([root])[2] == []


@pytest.mark.parametrize(
    ("documents", "faults", "errors"),
    [
        (
            shop_trace(),
            [["inside", "pay (AWS::ECS::Container): pay PayDown/backend down"]],
            [["inside", "orders (AWS::DynamoDB::Table, inferred): DynamoDB"]],
        ),
        (not_found_trace(), [], []),
        (broken_root_trace(), [], []),
        (throttled_root_trace(), [], []),
        (
            [segment("web", 0, 1, number=1, fault=True, cause=BOOM)],
            [["client impacting", "web (): web Boom/it broke"]],
            [],
        ),
        (
            [
                segment(
                    "web", 0, 1, number=1, fault=True,
                    subsegments=[subsegment("part", 0, 1, number=2, fault=True, cause=BOOM)],
                )
            ],
            [["client impacting", "web (): web, part Boom/it broke"]],
            [],
        ),
        (
            broken_call_trace(),
            [
                [
                    "client impacting",
                    "web (): web, names.test remote ProbeError/names exploded",
                    "names.test (remote, inferred): names.test",
                ]
            ],
            [],
        ),
    ],
    ids=["T1", "T2", "T3", "T4", "500 with exception", "500 with a child's exception", "T8"],
)  # fmt: skip
def test_faults_and_errors_come_from_where_the_evidence_is(
    documents: Documents, faults: list[list[str]], errors: list[list[str]]
) -> None:
    assert causes_of(documents)[:2] == (faults, errors)


def test_a_fault_is_followed_through_the_services_that_passed_it_on() -> None:
    call = subsegment("pay", 0, 1, number=2, namespace="remote", fault=True)
    documents = [
        segment("shop", 0, 2, number=1, fault=True, subsegments=[call]),
        segment("pay", 0, 1, number=3, parent_id=f"{2:016x}", fault=True, cause=BOOM),
    ]
    assert causes_of(documents)[0] == [["client impacting", "shop (): shop, pay remote", "pay (): pay Boom/it broke"]]


def test_an_inferred_failure_is_preferred_to_an_exception_of_our_own() -> None:
    """With equal branches the service's own choice is not stable (inferred)."""
    children = [
        subsegment("part", 0, 1, number=2, fault=True, cause=BOOM),
        subsegment("names.test", 0.5, 1, number=3, fault=True, namespace="remote"),
    ]
    assert causes_of([segment("web", 0, 1, number=1, fault=True, subsegments=children)])[0] == [
        ["client impacting", "web (): web, names.test remote", "names.test (remote, inferred): names.test"]
    ]


def test_two_failures_inside_a_healthy_request_are_two_causes() -> None:
    calls = [subsegment(f"n{n}.test", 0, 1, number=n, fault=True, namespace="remote") for n in (2, 3)]
    assert causes_of([segment("web", 0, 1, number=1, subsegments=calls)])[0] == [
        ["inside", "n2.test (remote, inferred): n2.test"],
        ["inside", "n3.test (remote, inferred): n3.test"],
    ]


def test_the_labs_throttled_table_is_an_error_cause_below_a_healthy_function() -> None:
    """The stage answered 429, the function in between ended well: the table is a starting point of its own."""
    faults, errors, _ = causes_of(quicktable_documents("table_throttle"))
    assert (faults, errors) == ([], [["inside", "Reservations (AWS::DynamoDB::Table, inferred): dynamodb"]])


def test_the_labs_unhandled_exception_is_an_error_of_the_function() -> None:
    """Lambda flags the function `error`; the stage's 502 alone is a flag without evidence.

    The walk goes on to the last flagged entity, although the exception sits above it (inferred).
    """
    faults, errors, _ = causes_of(quicktable_documents("unhandled_exception"))
    function = "CreateReservation-week13-2-quicktable-xray-lab-stack-ABC123"
    assert faults == []
    assert errors == [
        [
            "inside",
            f"{function} (AWS::Lambda): {function}",
            f"{function} (AWS::Lambda::Function): {function} RuntimeError/boom, Invocation",
        ]
    ]


def test_parents_in_a_circle_end_the_walk() -> None:
    first = segment("a", 0, 1, number=1, parent_id=f"{2:016x}", fault=True, cause=BOOM)
    second = segment("b", 0, 1, number=2, parent_id=f"{1:016x}", fault=True, cause=BOOM)
    assert causes_of([first, second])[0] == []
