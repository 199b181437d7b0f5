"""What came of a comparison: differences of shares and of order, by attribute and by call path, and their sentences.

`difference`, `cohens_h` and `cliffs_delta` are positive where A has more; they change sign, and nothing else, when A
and B change places.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from raylens.model.segment import AnnotationValue
from raylens.model.trace_sets import Attribute


class Test(StrEnum):
    """How a p was computed."""

    __test__ = False  # no test case, whatever pytest thinks of the name

    FISHER = "fisher"
    CHI_SQUARE = "chi_square"
    MANN_WHITNEY = "mann_whitney"
    # the smallest p of the values times their number (Bonferroni): holds however the values hang together
    SMALLEST_OF_VALUES = "smallest_of_values"


class Significance(msgspec.Struct, frozen=True):
    """How likely chance alone gives as much: `p` for this question, `q` among all that were asked.

    `q` is None for what was not asked in earnest: attributes that define the sets, and sets that are too small.
    """

    test: Test
    p: float
    q: float | None = None


class ShareDifference(msgspec.Struct, frozen=True):
    """One condition and how many traces of each set meet it.

    `ratio` is share_a / share_b, None where B has none. Not `supported` conditions are met by too few traces to be
    findings; those met by too few even to test, and those met by all or none, have no significance.
    """

    count_a: int
    count_b: int
    n_a: int
    n_b: int
    cohens_h: float
    supported: bool
    significance: Significance | None

    @property
    def share_a(self) -> float:
        return self.count_a / self.n_a if self.n_a else 0.0

    @property
    def share_b(self) -> float:
        return self.count_b / self.n_b if self.n_b else 0.0

    @property
    def difference(self) -> float:
        return self.share_a - self.share_b

    @property
    def ratio(self) -> float | None:
        return self.share_a / self.share_b if self.count_b else None


class OrderDifference(msgspec.Struct, frozen=True):
    """Two distributions of a duration. `n` are the traces that have one; `superiority` is the common-language effect.

    Says whether one set is slower as a whole; two distributions of one middle and different shapes look alike to it.
    """

    n_a: int
    n_b: int
    median_a_ns: int
    median_b_ns: int
    mean_a_ns: int
    mean_b_ns: int
    cliffs_delta: float
    significance: Significance | None

    @property
    def superiority(self) -> float:
        """The share of pairs, one trace of each set, in which that of A took longer; equal ones count half."""
        return (1 + self.cliffs_delta) / 2


class ValueDifference(msgspec.Struct, frozen=True):
    """One value of an attribute; None stands for having none."""

    value: AnnotationValue | None
    shares: ShareDifference


class AttributeDifference(msgspec.Struct, frozen=True):
    """One attribute, with every value that was counted, the most different first.

    `effect` (0 to 1) is the common scale of `analytics.effect_size`; `significant` says whether the attribute as a
    whole or one of its values can be told from chance at the false-discovery rate asked for. `other` and `distinct`
    tell of values that were not listed.
    """

    attribute: Attribute
    effect: float
    significant: bool
    significance: Significance | None
    distinct: int
    other_a: int
    other_b: int
    values: tuple[ValueDifference, ...]
    order: OrderDifference | None = None


class Finding(msgspec.Struct, frozen=True):
    """One difference worth telling: of a value (or of having none), or of the order of a number."""

    attribute: Attribute
    sentence: str
    value: ValueDifference | None = None
    order: OrderDifference | None = None

    @property
    def effect(self) -> float:
        """Signed, on the common scale: positive where A has more or takes longer."""
        if self.value is not None:
            return self.value.shares.difference
        return self.order.cliffs_delta if self.order is not None else 0.0


class PathChange(StrEnum):
    """What happened to a call path in A, seen from B."""

    NEW = "new"
    MISSING = "missing"
    MORE_FREQUENT = "more_frequent"
    RARER = "rarer"
    LONGER = "longer"
    SHORTER = "shorter"


class PathDifference(msgspec.Struct, frozen=True):
    """One call path in both sets. `per_trace` are occurrences per trace that contains it, None where none does.

    `changes` are those that can be told from chance. `implied_by` is a shorter path that is just as new, missing,
    frequent or rare, in exactly as many traces: there is nothing to say of this one that was not said of that.
    """

    path: str
    presence: ShareDifference
    per_trace_a: float | None
    per_trace_b: float | None
    time: OrderDifference | None
    changes: tuple[PathChange, ...] = ()
    implied_by: str | None = None


class PathFinding(msgspec.Struct, frozen=True):
    """One change of a call path worth telling."""

    path: str
    change: PathChange
    # signed, on the common scale
    effect: float
    sentence: str


class ComparisonState(StrEnum):
    """Whether anything can be said."""

    TOO_FEW = "too_few"
    NO_DIFFERENCE = "no_difference"
    DIFFERENT = "different"


class Comparison(msgspec.Struct, frozen=True):
    """All that can be said of two trace sets.

    `summary` is one sentence for the reader, `notes` what they must know to judge it. `tests` is how many questions
    share the false-discovery rate. `attributes` are ranked, `defining` are those that the sets were made by.
    """

    state: ComparisonState
    summary: str
    notes: tuple[str, ...]
    n_a: int
    n_b: int
    overlap: int
    tests: int
    findings: tuple[Finding, ...]
    attributes: tuple[AttributeDifference, ...]
    defining: tuple[AttributeDifference, ...]
    path_findings: tuple[PathFinding, ...]
    paths: tuple[PathDifference, ...]
