"""One question to two trace sets: do they have the same share, do they take as long. And when the answer counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from raylens.analytics.comparison import OrderDifference, ShareDifference, Significance, Test
from raylens.analytics.effect_size import cohens_h
from raylens.analytics.rules import ComparisonRules
from raylens.analytics.significance import (
    chi_square_p,
    cliffs_delta,
    fisher_exact_p,
    mann_whitney_p,
    smallest_expected,
)
from raylens.model.trace_sets import TraceSets


def compare_shares(sets: TraceSets, count_a: int, count_b: int, rules: ComparisonRules) -> ShareDifference:
    """How many of each set meet a condition, tested where a test could possibly tell.

    Whether to test is decided by the traces of both sets together. Deciding by those of one would select what looks
    different, and the tests would find more than there is (Bourgon, Gentleman and Huber 2010).
    """
    n_a, n_b = sets.n_a, sets.n_b
    support_a, support_b = rules.support(n_a), rules.support(n_b)
    together = count_a + count_b
    significance = None
    if n_a and n_b and min(support_a, support_b) <= together < n_a + n_b:
        significance = _test_shares(count_a, n_a, count_b, n_b, rules.exact_below_expected)
    return ShareDifference(
        count_a,
        count_b,
        n_a,
        n_b,
        cohens_h(count_a / n_a if n_a else 0.0, count_b / n_b if n_b else 0.0),
        count_a >= support_a or count_b >= support_b,
        significance,
    )


def _test_shares(count_a: int, n_a: int, count_b: int, n_b: int, exact_below: float) -> Significance:
    pairs = ((count_a, count_b), (n_a - count_a, n_b - count_b))
    if smallest_expected(pairs) < exact_below:
        return Significance(Test.FISHER, fisher_exact_p(count_a, n_a, count_b, n_b))
    return Significance(Test.CHI_SQUARE, chi_square_p(pairs))


def compare_orders(rows: Sequence[tuple[int, int, int]], min_each: int) -> OrderDifference | None:
    """Whether one set takes longer, from (nanoseconds, count in A, count in B); None when a set is empty.

    Tested where each set has at least `min_each`.
    """
    ordered = sorted(rows)
    n_a, n_b = sum(a for _, a, _ in ordered), sum(b for _, _, b in ordered)
    if not n_a or not n_b:
        return None
    tested = min(n_a, n_b) >= min_each
    return OrderDifference(
        n_a,
        n_b,
        _median_ns([(ns, a) for ns, a, _ in ordered], n_a),
        _median_ns([(ns, b) for ns, _, b in ordered], n_b),
        sum(ns * a for ns, a, _ in ordered) // n_a,
        sum(ns * b for ns, _, b in ordered) // n_b,
        cliffs_delta(ordered),
        Significance(Test.MANN_WHITNEY, mann_whitney_p(ordered)) if tested else None,
    )


def is_share_finding(shares: ShareDifference, rules: ComparisonRules) -> bool:
    """Whether a difference of shares is certain, supported and not small."""
    return shares.supported and abs(shares.cohens_h) >= rules.min_cohens_h and is_certain(shares.significance, rules)


def is_order_finding(order: OrderDifference, rules: ComparisonRules) -> bool:
    """Whether a difference of order is certain and not small."""
    return abs(order.cliffs_delta) >= rules.min_cliffs_delta and is_certain(order.significance, rules)


def is_certain(significance: Significance | None, rules: ComparisonRules) -> bool:
    """Whether a difference can be told from chance at the false-discovery rate asked for."""
    return significance is not None and significance.q is not None and significance.q <= rules.false_discovery_rate


def with_q(significance: Significance | None, q_of: Callable[[float], float]) -> Significance | None:
    """The same, placed among all questions asked."""
    return None if significance is None else msgspec.structs.replace(significance, q=q_of(significance.p))


def _median_ns(rows: Sequence[tuple[int, int]], total: int) -> int:
    """The middle observation, or the mean of the two in the middle."""
    lower_ns = upper_ns = None
    seen = 0
    for ns, count in rows:
        seen += count
        if lower_ns is None and seen > (total - 1) // 2:
            lower_ns = ns
        if upper_ns is None and seen > total // 2:
            upper_ns = ns
    return ((lower_ns or 0) + (upper_ns or 0)) // 2
