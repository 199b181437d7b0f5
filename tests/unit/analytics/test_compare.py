"""What is said of two trace sets."""

from __future__ import annotations

from typing import Any

import pytest

from raylens.analytics import (
    Attribute,
    AttributeKind,
    BucketCount,
    CategoricalCounts,
    Comparison,
    ComparisonRules,
    ComparisonState,
    NumericCounts,
    PathCount,
    TraceSets,
    ValueCount,
    compare_sets,
)
from raylens.analytics.comparison import Test

FIFTY = TraceSets(50, 50)


def values(kind: AttributeKind, rows: dict[Any, tuple[int, int]], **members: Any) -> CategoricalCounts:
    counts = tuple(ValueCount(value, a, b) for value, (a, b) in rows.items())
    return CategoricalCounts(Attribute(kind), counts, **members)


def annotation(key: str, rows: dict[Any, tuple[int, int]], **members: Any) -> CategoricalCounts:
    counts = tuple(ValueCount(value, a, b) for value, (a, b) in rows.items())
    return CategoricalCounts(Attribute(AttributeKind.ANNOTATION, key), counts, **members)


def response_time(rows: dict[int, tuple[int, int]], **members: Any) -> NumericCounts:
    buckets = tuple(BucketCount(ms, a, b) for ms, (a, b) in rows.items())
    return NumericCounts(Attribute(AttributeKind.RESPONSE_TIME), buckets, **members)


def sentences(comparison: Comparison) -> list[str]:
    return [finding.sentence for finding in comparison.findings]


def ranked(comparison: Comparison) -> list[str]:
    return [each.attribute.key or each.attribute.kind for each in comparison.attributes]


def test_a_finding_is_a_sentence_with_shares_counts_and_ratio() -> None:
    comparison = compare_sets(FIFTY, [annotation("restaurantName", {"": (48, 2), "강남 맛집": (2, 48)})])
    assert sentences(comparison) == [
        'restaurantName is "" in 96 % of A (48 of 50) but 4 % of B (2 of 50): 24 times as often.',
        'restaurantName is "강남 맛집" in 4 % of A (2 of 50) but 96 % of B (48 of 50): 24 times as often in B.',
    ]
    assert comparison.state is ComparisonState.DIFFERENT
    assert comparison.summary == (
        "2 differences, the largest first, between A (50 traces) and B (50 traces): "
        'restaurantName is "" in 96 % of A (48 of 50) but 4 % of B (2 of 50): 24 times as often.'
    )


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (
            annotation("restaurantName", {"x": (2, 48)}, absent_a=48, absent_b=2),
            "The trace has no restaurantName in 96 % of A (48 of 50) but 4 % of B (2 of 50): 24 times as often.",
        ),
        (
            values(AttributeKind.USER, {"": (50, 20), "alice": (0, 30)}),
            "User is \"\" in all of A (50 of 50) but 40 % of B (20 of 50): 2.5 times as often.",
        ),
        (
            values(AttributeKind.STATUS, {502: (40, 0), 200: (10, 50)}),
            "Status is 502 in 80 % of A (40 of 50) but none of B (0 of 50): only in A.",
        ),
        (
            values(AttributeKind.METHOD, {"GET": (50, 35), "POST": (0, 15)}),
            "Method is GET in all of A (50 of 50) but 70 % of B (35 of 50): 30 percentage points more often.",
        ),
        (
            values(AttributeKind.SERVICE, {"api": (50, 50), "orders (AWS::DynamoDB::Table)": (45, 3)}),
            "The trace passes through orders (AWS::DynamoDB::Table) in 90 % of A (45 of 50) but 6 % of B (3 of 50): "
            "15 times as often.",
        ),
        (
            annotation("beta", {True: (50, 5), False: (0, 45)}),
            "beta is true in all of A (50 of 50) but 10 % of B (5 of 50): 10 times as often.",
        ),
        (
            response_time({120: (0, 45), 130: (1, 5), 3200: (49, 0)}),
            "The response time is longer in A: median 3.2 s against 120 ms in B; of two traces, that of A takes longer "
            "than that of B in 99.9 % of all pairs.",
        ),
        (
            response_time({10: (45, 5), 20: (5, 45)}),
            "The response time is shorter in A: median 10 ms against 20 ms in B; of two traces, that of B takes longer "
            "than that of A in 90 % of all pairs.",
        ),
        (
            response_time({10: (10, 49)}, absent_a=40, absent_b=1),
            "The trace has no response time in 80 % of A (40 of 50) but 2 % of B (1 of 50): 40 times as often.",
        ),
    ],
    ids=["absent", "user", "only in A", "points", "service", "boolean", "slower", "faster", "unfinished"],
)  # fmt: skip
def test_each_kind_has_its_words(counts: CategoricalCounts | NumericCounts, expected: str) -> None:
    assert expected in sentences(compare_sets(FIFTY, [counts]))


def test_a_ratio_exists_only_where_b_has_some() -> None:
    rows = compare_sets(FIFTY, [annotation("k", {"x": (40, 10), "y": (10, 0)}, absent_b=40)]).attributes[0].values
    assert {row.value: row.shares.ratio for row in rows} == {"x": 4.0, "y": None, None: 0.0}


def test_shares_next_to_all_and_none_are_not_rounded_to_them() -> None:
    comparison = compare_sets(TraceSets(10_000, 10_000), [annotation("k", {"x": (9_999, 40), "y": (1, 9_960)})])
    assert "over 99.9 % of A" in sentences(comparison)[0] and "0.4 % of B" in sentences(comparison)[0]


def test_a_unique_id_for_each_trace_is_ranked_last() -> None:
    ids = annotation("requestId", {f"r{n}": (int(n < 50), int(n >= 50)) for n in range(100)})
    comparison = compare_sets(FIFTY, [ids, annotation("cause", {"x": (30, 10), "y": (20, 40)})])
    assert ranked(comparison) == ["cause", "requestId"]
    assert comparison.attributes[1].effect == 0.0 and comparison.attributes[1].distinct == 100


def test_a_unique_id_of_which_only_the_first_are_listed_is_ranked_last_too() -> None:
    ids = annotation("id", {f"r{n}": (1, 0) for n in range(20)}, other_a=30, other_b=50, distinct=100)
    comparison = compare_sets(FIFTY, [ids, annotation("cause", {"x": (30, 10), "y": (20, 40)})])
    assert ranked(comparison) == ["cause", "id"]
    assert (comparison.attributes[1].distinct, comparison.attributes[1].other_b) == (100, 50)


def test_one_value_that_differs_among_many_is_not_lost() -> None:
    rows = {f"v{n}": (8, 8) for n in range(50)} | {"bad": (60, 0), "good": (40, 100)}
    comparison = compare_sets(TraceSets(500, 500), [annotation("k", rows)])
    assert [finding.value.value for finding in comparison.findings if finding.value] == ["bad", "good"]
    assert comparison.attributes[0].significant


def test_what_the_filter_mentions_is_listed_apart_and_not_tested_with_the_rest() -> None:
    status = CategoricalCounts(
        Attribute(AttributeKind.STATUS, defining=True), (ValueCount(502, 50, 0), ValueCount(200, 0, 50))
    )
    comparison = compare_sets(FIFTY, [status, annotation("k", {"x": (25, 25), "y": (25, 25)})])
    assert ranked(comparison) == ["k"]
    assert [each.attribute.kind for each in comparison.defining] == [AttributeKind.STATUS]
    assert comparison.defining[0].significance is not None and comparison.defining[0].significance.q is None
    assert comparison.state is ComparisonState.NO_DIFFERENCE and comparison.findings == ()


def test_that_what_did_not_fail_has_no_cause_is_no_finding_where_failing_was_asked_for() -> None:
    outcome = CategoricalCounts(
        Attribute(AttributeKind.OUTCOME, defining=True), (ValueCount("fault", 50, 0), ValueCount("ok", 0, 50))
    )
    cause = CategoricalCounts(
        Attribute(AttributeKind.FAULT_ROOT_CAUSE), (ValueCount("orders: Timeout", 50, 0),), absent_a=0, absent_b=50
    )

    told = [
        finding.value.value for finding in compare_sets(FIFTY, [outcome, cause]).findings if finding.value is not None
    ]

    assert told == ["orders: Timeout"]


def test_values_of_which_a_trace_has_several_are_tested_one_by_one() -> None:
    services = values(AttributeKind.SERVICE, {"api": (50, 50), "fn": (50, 49), "orders": (45, 3), "queue": (5, 40)})
    difference = compare_sets(FIFTY, [services]).attributes[0]
    by_value = {row.value: row.shares.significance for row in difference.values}
    assert by_value["api"] is None  # every trace has it: there is nothing to ask
    smallest = min(each.p for each in by_value.values() if each is not None)
    assert difference.significance is not None
    assert difference.significance.test is Test.SMALLEST_OF_VALUES
    assert difference.significance.p == pytest.approx(3 * smallest)


def test_small_counts_are_tested_exactly_and_large_ones_by_chi_square() -> None:
    few = compare_sets(FIFTY, [annotation("k", {"x": (8, 1), "y": (42, 49)})])
    many = compare_sets(TraceSets(500, 500), [annotation("k", {"x": (80, 10), "y": (420, 490)})])
    tests = [each.attributes[0].values[0].shares.significance for each in (few, many)]
    assert [each.test for each in tests if each] == [Test.FISHER, Test.CHI_SQUARE]


def test_a_value_in_too_few_traces_is_counted_and_no_finding() -> None:
    rules = ComparisonRules(min_support_traces=20)
    rare = annotation("k", {"x": (15, 0), "y": (35, 50)})
    comparison = compare_sets(FIFTY, [rare], rules=rules)
    row = next(row for row in comparison.attributes[0].values if row.value == "x")
    assert (row.shares.count_a, row.shares.supported) == (15, False)
    assert not any(finding.value and finding.value.value == "x" for finding in comparison.findings)


def test_support_is_five_traces_or_one_percent() -> None:
    rules = ComparisonRules()
    assert [rules.support(traces) for traces in (50, 500, 501, 700, 10_000)] == [5, 5, 6, 7, 100]


def test_a_certain_but_small_difference_is_no_finding() -> None:
    sets = TraceSets(100_000, 100_000)
    comparison = compare_sets(sets, [annotation("k", {"x": (52_000, 50_000), "y": (48_000, 50_000)})])
    significance = comparison.attributes[0].significance
    assert significance is not None and significance.p < 1e-10
    assert comparison.findings == ()


@pytest.mark.parametrize(("n_a", "n_b"), [(3, 50), (50, 3), (0, 0)])
def test_too_few_traces_are_said_so_and_counted_without_a_claim(n_a: int, n_b: int) -> None:
    counts = annotation("k", {"x": (n_a, 0), "y": (0, n_b)})
    path = PathCount("a", n_a, n_b, n_a, n_b, tuple(range(n_a)), tuple(range(n_b)))
    comparison = compare_sets(TraceSets(n_a, n_b), [counts], [path])
    assert comparison.state is ComparisonState.TOO_FEW
    assert comparison.summary == (f"Too few traces to tell: A has {n_a} and B has {n_b}, and each needs at least 10.")
    assert (comparison.findings, comparison.path_findings, comparison.tests) == ((), (), 0)
    assert {row.value: (row.shares.count_a, row.shares.count_b) for row in comparison.attributes[0].values} == {
        "x": (n_a, 0),
        "y": (0, n_b),
    }


def test_ten_against_ten_can_tell() -> None:
    counts = [annotation(f"k{n}", {"x": (5, 5), "y": (5, 5)}) for n in range(50)]
    comparison = compare_sets(TraceSets(10, 10), [*counts, annotation("cause", {"x": (10, 0), "y": (0, 10)})])
    assert ranked(comparison)[0] == "cause" and len(comparison.findings) == 2


def test_no_difference_is_said_with_what_was_asked() -> None:
    comparison = compare_sets(FIFTY, [annotation("k", {"x": (25, 24), "y": (25, 26)})])
    assert comparison.summary == (
        "No difference found between A (50 traces) and B (50 traces): of 3 comparisons none stands out at a "
        "false-discovery rate of 5 %."
    )


def test_nothing_to_ask_is_said_as_well() -> None:
    assert compare_sets(FIFTY, []).summary == (
        "Nothing to compare between A (50 traces) and B (50 traces): no value is shared by enough of them, "
        "and not by all."
    )


@pytest.mark.parametrize(
    ("sets", "note"),
    [
        (TraceSets(50, 60, 1), "1 trace is in both sets"),
        (TraceSets(50, 60, 12), "12 traces are in both sets"),
        (TraceSets(50, 60, 50), "All of A (50 traces) is also in the other set"),
        (TraceSets(60, 50, 50), "All of B (50 traces) is also in the other set"),
        (TraceSets(50, 50, 50), "A and B are the same 50 traces"),
    ],
)
def test_traces_in_both_sets_are_said(sets: TraceSets, note: str) -> None:
    assert compare_sets(sets, []).notes[0].startswith(note)
    assert compare_sets(TraceSets(sets.n_a, sets.n_b), []).notes == ()


def test_true_and_one_and_the_text_one_are_three_values() -> None:
    counts = tuple(ValueCount(value, 20, 20) for value in ("1", True, 1))
    comparison = compare_sets(TraceSets(60, 60), [CategoricalCounts(Attribute(AttributeKind.ANNOTATION, "k"), counts)])
    assert sorted(repr(row.value) for row in comparison.attributes[0].values) == ["'1'", "1", "True"]


@pytest.mark.parametrize(
    "counts",
    [
        [annotation("k", {"x": (51, 0)})],
        [annotation("k", {"x": (-1, 0)})],
        [annotation("k", {"x": (5, 5)}, absent_b=51)],
        [annotation("k", {"x": (5, 5)}), annotation("k", {"x": (5, 5)})],
        [CategoricalCounts(Attribute(AttributeKind.URL), (ValueCount("x", 1, 1), ValueCount("x", 2, 2)))],
        [response_time({10: (30, 0), 20: (30, 0)})],
    ],
    ids=["too many", "negative", "absent", "attribute twice", "value twice", "buckets"],
)
def test_counts_that_contradict_each_other_are_refused(counts: list[CategoricalCounts | NumericCounts]) -> None:
    with pytest.raises(ValueError):
        compare_sets(FIFTY, counts)


def test_more_traces_in_both_sets_than_in_one_are_refused() -> None:
    with pytest.raises(ValueError, match="both sets"):
        compare_sets(TraceSets(5, 5, 6), [])


def lengths(kind: AttributeKind, rows: dict[int, tuple[int, int]]) -> NumericCounts:
    return NumericCounts(Attribute(kind), tuple(BucketCount(ms, a, b) for ms, (a, b) in rows.items()))


def test_a_duration_that_is_the_response_time_is_told_once() -> None:
    slow = {10: (0, 40), 20: (50, 10)}
    counts = [lengths(AttributeKind.DURATION, slow), lengths(AttributeKind.RESPONSE_TIME, dict(reversed(slow.items())))]
    compared = compare_sets(FIFTY, counts)
    assert [finding.attribute.kind for finding in compared.findings] == [AttributeKind.RESPONSE_TIME]
    assert len(compared.attributes) == 2
    with_tail = [lengths(AttributeKind.DURATION, {10: (0, 40), 21: (50, 10)}), counts[1]]
    assert len(compare_sets(FIFTY, with_tail).findings) == 2


def test_whole_numbers_are_told_without_a_point() -> None:
    compared = compare_sets(FIFTY, [values(AttributeKind.STATUS, {404.0: (50, 0), 200.0: (0, 50)})])
    assert [f.sentence.split(" in ")[0] for f in compared.findings] == ["Status is 404", "Status is 200"]
