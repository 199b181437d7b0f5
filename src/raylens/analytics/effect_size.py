"""How large a difference is, whatever the sizes of the sets.

One scale ranks all attributes: which share of the traces would have to change for the sets to be alike.

* One value: the difference of its shares.
* An attribute with one value for each trace: the total variation distance of its two distributions.
* An attribute with several: the largest difference of shares among its values (which the distance is never below).
* A number: Cliff's delta, which for a number of two values is the difference of their shares.

Cramér's V was refused for the ranking: it shrinks as one set grows, and a baseline is usually much the larger set.
The Jensen-Shannon distance was refused because it cannot be read as a share of anything.

All of these are above 0 by chance alone, the more so the more values there are and the fewer traces. What chance
would give is therefore taken out, `(observed - expected) / (1 - expected)`, as kappa does for agreement (Cohen 1960).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

# Mean of |x| for a standard normal x
_MEAN_ABSOLUTE = math.sqrt(2 / math.pi)


def cohens_h(share_a: float, share_b: float) -> float:
    """The difference of two shares on a scale where 2 % against 0.1 % counts as much as 60 % against 50 %.

    From -pi to pi; 0.2 is called small, 0.5 medium, 0.8 large (Cohen 1988).
    """
    return 2 * math.asin(math.sqrt(share_a)) - 2 * math.asin(math.sqrt(share_b))


def total_variation(pairs: Sequence[tuple[int, int]]) -> float:
    """Distance of two distributions, 0 to 1, from the counts of each category in A and in B; chance taken out."""
    n_a, n_b = sum(a for a, _ in pairs), sum(b for _, b in pairs)
    if not n_a or not n_b:
        return 0.0
    observed = math.fsum(abs(a * n_b - b * n_a) / (n_a * n_b) for a, b in pairs) / 2
    expected = math.fsum(_MEAN_ABSOLUTE * _spread(a + b, n_a, n_b) for a, b in pairs) / 2
    return without_chance(observed, expected)


def largest_difference(pairs: Sequence[tuple[int, int]], n_a: int, n_b: int) -> float:
    """The largest difference of shares among values that one trace may have several of, 0 to 1; chance taken out."""
    if not n_a or not n_b:
        return 0.0
    # The largest of k normal values is below this many standard deviations in the mean.
    of_many = _MEAN_ABSOLUTE if len(pairs) == 1 else math.sqrt(2 * math.log(2 * max(len(pairs), 1)))
    return max(
        (without_chance(abs(a / n_a - b / n_b), of_many * _spread(a + b, n_a, n_b)) for a, b in pairs), default=0.0
    )


def order_effect(delta: float, n_a: int, n_b: int) -> float:
    """The size of a Cliff's delta, 0 to 1, chance taken out."""
    if not n_a or not n_b:
        return 0.0
    return without_chance(abs(delta), _MEAN_ABSOLUTE * math.sqrt((n_a + n_b + 1) / (3 * n_a * n_b)))


def without_chance(observed: float, expected: float) -> float:
    """What is left of an effect when that is taken out which chance alone would give; 0 when nothing is."""
    return max((observed - expected) / (1 - expected), 0.0) if expected < 1 else 0.0


def _spread(count: int, n_a: int, n_b: int) -> float:
    """Standard deviation of the difference of two shares that are really the same."""
    share = count / (n_a + n_b)
    return math.sqrt(max(share * (1 - share), 0.0) * (1 / n_a + 1 / n_b))
