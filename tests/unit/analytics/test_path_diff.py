"""What is said of the call paths of two trace sets."""

from __future__ import annotations

import pytest

from raylens.analytics import (
    Attribute,
    AttributeKind,
    CategoricalCounts,
    PathChange,
    PathCount,
    TraceSets,
    ValueCount,
    compare_paths,
    compare_sets,
)

FIFTY = TraceSets(50, 50)
MS = 1_000_000


def in_traces(path: str, a: int, b: int) -> PathCount:
    return PathCount(path, a, b, a, b)


def told(*counts: PathCount, sets: TraceSets = FIFTY) -> list[str]:
    findings, _ = compare_paths(sets, counts)
    return [finding.sentence for finding in findings]


@pytest.mark.parametrize(
    ("count", "change", "sentence"),
    [
        (
            in_traces("api > q", 20, 0),
            PathChange.NEW,
            "api > q is new: in 40 % of A (20 of 50) but none of B (0 of 50).",
        ),
        (
            in_traces("api > q", 0, 20),
            PathChange.MISSING,
            "api > q is missing: in none of A (0 of 50) but 40 % of B (20 of 50).",
        ),
        (
            in_traces("api > q", 40, 10),
            PathChange.MORE_FREQUENT,
            "api > q is more frequent: in 80 % of A (40 of 50) but 20 % of B (10 of 50): 4 times as often.",
        ),
        (
            in_traces("api > q", 10, 40),
            PathChange.RARER,
            "api > q is rarer: in 20 % of A (10 of 50) but 80 % of B (40 of 50): 4 times as often in B.",
        ),
        (
            PathCount("api", 50, 50, 50, 50, tuple(range(90 * MS, 140 * MS, MS)), tuple(range(0, 50 * MS, MS))),
            PathChange.LONGER,
            "api holds the response longer in A: median 114 ms against 24.5 ms in B; of two traces, that of A takes "
            "longer than that of B in 100 % of all pairs.",
        ),
        (
            PathCount("api", 50, 50, 50, 50, (0,) * 50, (0,) * 30 + (50 * MS,) * 20),
            PathChange.SHORTER,
            "api holds the response shorter in A: mean 0 ms against 20 ms in B; of two traces, that of B takes longer "
            "than that of A in 70 % of all pairs.",
        ),
    ],
)
def test_each_change_has_its_words(count: PathCount, change: PathChange, sentence: str) -> None:
    findings, paths = compare_paths(FIFTY, [count])
    assert [(finding.change, finding.sentence) for finding in findings] == [(change, sentence)]
    assert paths[0].changes == (change,)


def test_a_path_that_is_also_taken_more_often_within_a_trace_says_so() -> None:
    assert told(PathCount("api > t", 40, 10, 200, 10)) == [
        "api > t is more frequent: in 80 % of A (40 of 50) but 20 % of B (10 of 50): 4 times as often, and where it "
        "is, 5 times per trace against 1 in B."
    ]


def test_how_often_a_path_is_taken_within_a_trace_is_shown_and_not_tested() -> None:
    findings, paths = compare_paths(FIFTY, [PathCount("api > t", 50, 50, 500, 50)])
    assert findings == ()
    assert (paths[0].per_trace_a, paths[0].per_trace_b) == (10, 1)


def test_what_follows_from_a_shorter_path_is_told_once() -> None:
    counts = [in_traces("api", 50, 50), in_traces("api > q", 20, 0), in_traces("api > q > w", 20, 0)]
    counts.append(in_traces("api > q > w > t", 20, 0))
    findings, paths = compare_paths(FIFTY, counts)
    assert [finding.path for finding in findings] == ["api > q"]
    assert {path.path: path.implied_by for path in paths} == {
        "api": None,
        "api > q": None,
        "api > q > w": "api > q",
        "api > q > w > t": "api > q",
    }


def test_a_longer_path_in_fewer_traces_is_told_as_well() -> None:
    assert [line.split(" is ")[0] for line in told(in_traces("api > q", 30, 0), in_traces("api > q > w", 20, 0))] == [
        "api > q",
        "api > q > w",
    ]


def test_a_path_in_too_few_traces_is_not_called_new() -> None:
    assert told(in_traces("api > q", 4, 0)) == []


def test_a_time_of_fewer_than_ten_traces_is_shown_and_not_tested() -> None:
    _, paths = compare_paths(FIFTY, [PathCount("api", 50, 50, 50, 50, (9 * MS,) * 9, (MS,) * 50)])
    time = paths[0].time
    assert time is not None and (time.median_a_ns, time.significance) == (9 * MS, None)


def test_a_path_without_sampled_times_has_none() -> None:
    assert compare_paths(FIFTY, [in_traces("api", 50, 50)])[1][0].time is None


def test_a_few_extreme_times_do_not_make_a_path_longer() -> None:
    usual = tuple(range(100 * MS, 150 * MS, MS))
    assert told(PathCount("api", 50, 50, 50, 50, (*usual[:-1], 10**12), usual)) == []


def test_the_largest_change_comes_first() -> None:
    findings, _ = compare_paths(FIFTY, [in_traces("a", 15, 0), in_traces("b", 0, 45), in_traces("c", 30, 0)])
    assert [finding.path for finding in findings] == ["b", "c", "a"]
    assert [round(finding.effect, 2) for finding in findings] == [-0.9, 0.6, 0.3]


def test_paths_share_the_false_discovery_rate_with_attributes() -> None:
    path = in_traces("api > q", 9, 2)
    alone = compare_sets(FIFTY, [], [path])
    values = (ValueCount("x", 50, 0), ValueCount("y", 0, 50))
    beside = compare_sets(FIFTY, [CategoricalCounts(Attribute(AttributeKind.METHOD), values)], [path])
    qs = [each.paths[0].presence.significance for each in (alone, beside)]
    assert (alone.tests, beside.tests) == (1, 4)
    assert [each.q == each.p for each in qs if each is not None] == [True, True]
    noise = (ValueCount("x", 25, 25), ValueCount("y", 25, 25))
    among = compare_sets(FIFTY, [CategoricalCounts(Attribute(AttributeKind.METHOD), noise)], [path])
    significance = among.paths[0].presence.significance
    assert significance is not None and significance.q == pytest.approx(4 * significance.p)


@pytest.mark.parametrize("counts", [[in_traces("a", 51, 0)], [in_traces("a", 1, 1)] * 2, [in_traces("a", -1, 0)]])
def test_paths_that_contradict_the_sets_are_refused(counts: list[PathCount]) -> None:
    with pytest.raises(ValueError):
        compare_paths(FIFTY, counts)
