"""How likely a difference is by chance alone, and what many such questions do to the answer.

Every test gives the same number, to the last bit, when A and B change places.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence

import numpy as np

# What underflows is reported as this: no test proves anything beyond doubt.
_SMALLEST_P = sys.float_info.min


def fisher_exact_p(count_a: int, n_a: int, count_b: int, n_b: int) -> float:
    """Two-sided p that both sets have the same share; exact for any numbers.

    The sum over all tables with these margins that are no likelier than this one.
    """
    # scipy.special costs 0.3 s to import, and the server must start without it
    from scipy.special import gammaln

    (count_a, n_a), (count_b, n_b) = sorted([(count_a, n_a), (count_b, n_b)])
    total = count_a + count_b
    k = np.arange(max(0, total - n_b), min(total, n_a) + 1, dtype=np.float64)
    # log of C(n_a, k) * C(n_b, total - k), the constant parts left out
    log_weight = -(gammaln(k + 1) + gammaln(n_a - k + 1) + gammaln(total - k + 1) + gammaln(n_b - total + k + 1))
    weight = np.exp(log_weight - log_weight.max())
    # Tables that are equally likely differ in the last bits; without the margin one of them would be missed.
    as_unlikely = log_weight <= log_weight[count_a - max(0, total - n_b)] + 1e-7
    return _clamped(float(weight[as_unlikely].sum() / weight.sum()))


def chi_square_p(pairs: Sequence[tuple[int, int]]) -> float:
    """P that two sets have the same shares of all categories, by Pearson's test without correction.

    `pairs` are the counts of each category in A and B; together they are the sets. Good where every expected count is
    at least 5 (Cochran 1954). 1 when there is only one category.
    """
    used = [(a, b) for a, b in pairs if a + b]
    n_a, n_b = sum(a for a, _ in used), sum(b for _, b in used)
    if len(used) < 2 or not n_a or not n_b:
        return 1.0
    # Sum of (observed - expected)^2 / expected over both sets; the integers under the fraction are exact
    statistic = math.fsum((a * n_b - b * n_a) ** 2 / (n_a * n_b * (a + b)) for a, b in used)
    if len(used) == 2:
        return _clamped(math.erfc(math.sqrt(statistic / 2)))
    from scipy.special import chdtrc  # late, see above

    return _clamped(float(chdtrc(len(used) - 1, statistic)))


def smallest_expected(pairs: Sequence[tuple[int, int]]) -> float:
    """The smallest count that equal shares would give anywhere in the table; 0 without categories."""
    n_a, n_b = sum(a for a, _ in pairs), sum(b for _, b in pairs)
    smallest = min((a + b for a, b in pairs if a + b), default=0)
    return smallest * min(n_a, n_b) / (n_a + n_b) if smallest else 0.0


def mann_whitney_p(rows: Iterable[tuple[int, int, int]]) -> float:
    """Two-sided p that neither set tends to larger values, from (value, count in A, count in B).

    Normal approximation with correction for ties and continuity; cautious below ten on a side.
    """
    greater, less, ties, n_a, n_b = _pairs_of(rows)
    n = n_a + n_b
    if not n_a or not n_b or n < 3:
        return 1.0
    variance = n_a * n_b / 12 * ((n + 1) - ties / (n * (n - 1)))
    if variance <= 0:
        return 1.0
    distance = max(abs(greater - less) / 2 - 0.5, 0.0)
    return _clamped(math.erfc(distance / math.sqrt(2 * variance)))


def cliffs_delta(rows: Iterable[tuple[int, int, int]]) -> float:
    """How much likelier a value of A is above one of B than below it, -1 to 1 (Cliff 1993); 0 for an empty set.

    The common-language effect size, the share of pairs in which A is above, is (1 + delta) / 2, ties counted half.
    """
    greater, less, _, n_a, n_b = _pairs_of(rows)
    return (greater - less) / (n_a * n_b) if n_a and n_b else 0.0


def _pairs_of(rows: Iterable[tuple[int, int, int]]) -> tuple[int, int, int, int, int]:
    """(pairs with A above B, pairs below, sum of t^3 - t over ties, size of A, size of B)."""
    greater = less = ties = n_a = n_b = 0
    for _, count_a, count_b in sorted(rows):
        greater += count_a * n_b
        less += count_b * n_a
        tied = count_a + count_b
        ties += tied**3 - tied
        n_a += count_a
        n_b += count_b
    return greater, less, ties, n_a, n_b


def q_values(ps: Iterable[float]) -> dict[float, float]:
    """For each p, the false-discovery rate at which it would just be a finding (Benjamini and Hochberg 1995).

    Equal p have equal q, so the answer is keyed by p. Holds for independent and for positively dependent tests, which
    values of one trace mostly are (Benjamini and Yekutieli 2001).
    """
    ordered = sorted(ps)
    q_of: dict[float, float] = {}
    smallest = 1.0
    for rank in range(len(ordered), 0, -1):
        smallest = min(smallest, ordered[rank - 1] * len(ordered) / rank)
        q_of.setdefault(ordered[rank - 1], smallest)
    return q_of


def _clamped(p: float) -> float:
    return min(max(p, _SMALLEST_P), 1.0)
