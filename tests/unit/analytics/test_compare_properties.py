"""What holds of every comparison: seldom a false alarm, a planted cause first, no preference for A, B or an order."""

from __future__ import annotations

import random

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raylens.analytics import (
    Attribute,
    AttributeKind,
    BucketCount,
    CategoricalCounts,
    Comparison,
    NumericCounts,
    PathCount,
    TraceSets,
    ValueCount,
    compare_sets,
)
from raylens.analytics.comparison import AttributeDifference, OrderDifference, PathChange, ShareDifference
from tests.strategies import UNHURRIED

Counts = list[CategoricalCounts | NumericCounts]


def noise(rng: np.random.Generator, sets: TraceSets, attributes: int) -> Counts:
    """Attributes of every size, from two values to a unique one for each trace, distributed alike in both sets."""
    counts: Counts = []
    for number in range(attributes):
        size = (2, 3, 8, 40, 5000)[number % 5]
        weights = rng.dirichlet(np.full(size, 0.8))
        a, b = rng.multinomial(sets.n_a, weights), rng.multinomial(sets.n_b, weights)
        rows = tuple(ValueCount(f"v{n}", int(a[n]), int(b[n])) for n in range(size) if a[n] or b[n])
        counts.append(CategoricalCounts(Attribute(AttributeKind.ANNOTATION, f"noise{number}"), rows))
    shares = rng.random(20)
    a, b = rng.binomial(sets.n_a, shares), rng.binomial(sets.n_b, shares)
    services = tuple(ValueCount(f"s{n}", int(a[n]), int(b[n])) for n in range(20))
    counts.append(CategoricalCounts(Attribute(AttributeKind.SERVICE), services))
    a, b = (np.round(rng.lognormal(4, 1, size)).astype(int) for size in (sets.n_a, sets.n_b))
    buckets = tuple(BucketCount(int(ms), int((a == ms).sum()), int((b == ms).sum())) for ms in np.union1d(a, b))
    counts.append(NumericCounts(Attribute(AttributeKind.RESPONSE_TIME), buckets))
    return counts


def test_sets_that_are_alike_seldom_give_a_finding() -> None:
    """With nothing to find, every finding is false: they may come in no more than one comparison of twenty."""
    sizes = [TraceSets(50, 50), TraceSets(20, 400), TraceSets(300, 300), TraceSets(12, 12), TraceSets(60, 3000)]
    false_alarms = sum(
        bool(compare_sets(sizes[seed % 5], noise(np.random.default_rng(seed), sizes[seed % 5], 20)).findings)
        for seed in range(100)
    )
    assert false_alarms <= 5


@pytest.mark.parametrize("seed", range(10))
def test_a_planted_cause_is_ranked_first_among_fifty_attributes_of_noise(seed: int) -> None:
    rng, sets = np.random.default_rng(seed), TraceSets(50, 200)
    cause = CategoricalCounts(
        Attribute(AttributeKind.ANNOTATION, "cause"), (ValueCount("x", 35, 20), ValueCount("y", 15, 180))
    )
    comparison = compare_sets(sets, [*noise(rng, sets, 50), cause])
    assert comparison.attributes[0].attribute.key == "cause"
    assert comparison.findings[0].attribute.key == "cause"


@st.composite
def comparable(draw: st.DrawFn) -> tuple[TraceSets, Counts, list[PathCount]]:
    n_a, n_b = draw(st.integers(8, 60)), draw(st.integers(8, 200))

    def pair() -> tuple[int, int]:
        return draw(st.integers(0, n_a)), draw(st.integers(0, n_b))

    counts: Counts = []
    for number in range(draw(st.integers(0, 4))):
        rows = tuple(ValueCount(f"v{n}", *pair()) for n in range(draw(st.integers(0, 4))))
        absent_a, absent_b = pair()
        attribute = Attribute(AttributeKind.ANNOTATION, f"k{number}", draw(st.booleans()))
        counts.append(CategoricalCounts(attribute, rows, absent_a, absent_b))
    x, y = pair()
    one_each = (ValueCount("GET", x, y), ValueCount("POST", n_a - x, n_b - y))
    counts.append(CategoricalCounts(Attribute(AttributeKind.METHOD), one_each))
    x, y = pair()
    buckets = (BucketCount(10, x, n_b - y), BucketCount(2000, n_a - x, y))
    counts.append(NumericCounts(Attribute(AttributeKind.DURATION), buckets))
    held = st.lists(st.integers(0, 30), max_size=20).map(tuple)
    paths = []
    for path in ("a", "a > b", "a > b > c"):
        x, y = pair()
        paths.append(PathCount(path, x, y, 2 * x, y, draw(held), draw(held)))
    return TraceSets(n_a, n_b, draw(st.integers(0, 8))), counts, paths


Case = tuple[TraceSets, Counts, list[PathCount]]


@UNHURRIED
@given(case=comparable(), seed=st.integers())
def test_the_order_of_the_counts_is_no_matter(case: Case, seed: int) -> None:
    sets, counts, paths = case
    shuffle = random.Random(seed)

    def shuffled(each: CategoricalCounts | NumericCounts) -> CategoricalCounts | NumericCounts:
        if isinstance(each, NumericCounts):
            return msgspec.structs.replace(each, buckets=each.buckets[::-1])
        return msgspec.structs.replace(each, values=tuple(shuffle.sample(each.values, len(each.values))))

    other = [shuffled(each) for each in shuffle.sample(counts, len(counts))]
    assert compare_sets(sets, counts, paths) == compare_sets(sets, other, shuffle.sample(paths, len(paths)))


@UNHURRIED
@given(case=comparable())
def test_changing_places_flips_signs_and_nothing_else(case: Case) -> None:
    sets, counts, paths = case
    there = compare_sets(sets, counts, paths)
    back = compare_sets(TraceSets(sets.n_b, sets.n_a, sets.overlap), list(map(_swapped, counts)), _swapped_paths(paths))
    assert (there.state, there.tests) == (back.state, back.tests)
    assert _claims(there, 1) == _claims(back, -1)
    assert [_numbers(each, 1) for each in there.attributes] == [_numbers(each, -1) for each in back.attributes]
    assert _path_claims(there, 1) == _path_claims(back, -1)


def _swapped(counts: CategoricalCounts | NumericCounts) -> CategoricalCounts | NumericCounts:
    absent = {"absent_a": counts.absent_b, "absent_b": counts.absent_a}
    if isinstance(counts, NumericCounts):
        buckets = tuple(BucketCount(row.bucket_ms, row.count_b, row.count_a) for row in counts.buckets)
        return msgspec.structs.replace(counts, buckets=buckets, **absent)
    values = tuple(ValueCount(row.value, row.count_b, row.count_a) for row in counts.values)
    return msgspec.structs.replace(counts, values=values, **absent)


def _swapped_paths(paths: list[PathCount]) -> list[PathCount]:
    return [
        PathCount(p.path, p.traces_b, p.traces_a, p.occurrences_b, p.occurrences_a, p.held_b_ns, p.held_a_ns)
        for p in paths
    ]


def _claims(comparison: Comparison, sign: int) -> set[tuple[str, str, float]]:
    return {
        (each.attribute.key, repr(each.value and each.value.value), sign * each.effect) for each in comparison.findings
    }


def _numbers(difference: AttributeDifference, sign: int) -> object:
    rows = {repr(row.value): _signed(row.shares, sign) for row in difference.values}
    return difference.attribute, difference.effect, difference.significance, rows, _signed(difference.order, sign)


def _signed(each: ShareDifference | OrderDifference | None, sign: int) -> object:
    if each is None:
        return None
    if isinstance(each, ShareDifference):
        return sign * each.difference, sign * each.cohens_h, each.supported, each.significance
    return sign * each.cliffs_delta, each.significance


_OPPOSITE = {
    PathChange.NEW: PathChange.MISSING,
    PathChange.MORE_FREQUENT: PathChange.RARER,
    PathChange.LONGER: PathChange.SHORTER,
}
_OPPOSITE |= {opposite: change for change, opposite in _OPPOSITE.items()}


def _path_claims(comparison: Comparison, sign: int) -> set[tuple[str, PathChange, float]]:
    return {
        (each.path, each.change if sign == 1 else _OPPOSITE[each.change], sign * each.effect)
        for each in comparison.path_findings
    }
