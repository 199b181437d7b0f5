from __future__ import annotations

from typing import Any

import pytest

from raylens.api.explore.compare_traces import comparison_of
from raylens.api.explore.shapes import CompareTracesAnswer
from tests.xray_documents import lambda_trace, segment, subsegment, trace_id_of, trace_of


def compared(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> CompareTracesAnswer:
    return comparison_of(trace_of(a), trace_of(b))


def order(seconds: float, *tables: str, **members: Any) -> list[dict[str, Any]]:
    calls = [
        subsegment("DynamoDB", n * 0.1, n * 0.1 + seconds, number=n + 2, namespace="aws",
                   aws={"operation": "GetItem", "table_name": table})
        for n, table in enumerate(tables)
    ]  # fmt: skip
    return [segment("web", 0, 1, number=1, trace_id=trace_id_of(1), subsegments=calls, **members)]


def test_a_trace_compared_with_itself_differs_in_nothing() -> None:
    seen = compared(lambda_trace(), lambda_trace())
    assert {path.change for path in seen.paths} == {"same"}
    assert seen.facts == ()
    assert seen.a == seen.b


@pytest.mark.parametrize(
    ("a", "b", "change"),
    [(0.05, 0.0555, "slower"), (0.05, 0.054, "same"), (0.0555, 0.05, "faster"), (0.001, 0.0018, "same")],
)
def test_slower_is_a_tenth_and_a_millisecond_at_least(a: float, b: float, change: str) -> None:
    seen = compared(order(a, "T"), order(b, "T"))
    (path,) = (path for path in seen.paths if path.path.endswith("T (AWS::DynamoDB::Table)"))
    assert (path.change, path.count_a, path.count_b) == (change, 1, 1)
    assert (path.held_a_ms, path.held_b_ms) == (a * 1000, b * 1000)


def test_paths_that_one_trace_has_alone_are_told_with_how_often_and_the_largest_difference_first() -> None:
    seen = compared(order(0.02, "T"), order(0.02, "T", "U", "U"))
    told = [(path.path.rpartition(" > ")[2], path.change, path.count_a, path.count_b) for path in seen.paths]
    assert told == [
        # of 40 ms each; 4 % of what it held before is not much for the service
        ("web", "same", 1, 1),
        ("U (AWS::DynamoDB::Table)", "only_b", 0, 2),
        ("T (AWS::DynamoDB::Table)", "same", 1, 1),
    ]


def test_facts_that_differ_are_told_and_null_where_one_trace_tells_none() -> None:
    a = order(0.02, "T", user="윤", annotations={"size": 4, "vip": True})
    b = order(0.02, "T", fault=True, annotations={"size": 5.5, "note": "<b>"})
    facts = {fact.name: (fact.a, fact.b) for fact in compared(a, b).facts}
    assert facts == {
        "outcome": ("ok", "fault"), "user": ("윤", None), "annotation.size": ("4", "5.5"),
        "annotation.vip": ("true", None), "annotation.note": (None, "<b>"),
    }  # fmt: skip


def test_an_unfinished_trace_held_nothing() -> None:
    unfinished = [segment("web", 0, None, number=1, trace_id=trace_id_of(2))]
    seen = compared(order(0.02), unfinished)
    assert (seen.b.response_time_ms, seen.b.outcome) == (None, "unfinished")
    assert [(path.held_a_ms, path.held_b_ms, path.change) for path in seen.paths] == [(1000, 0, "faster")]
