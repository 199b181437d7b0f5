"""When a difference between two trace sets counts."""

from __future__ import annotations

import math

import msgspec


class ComparisonRules(msgspec.Struct, frozen=True):
    """When a difference counts. The defaults are the usual ones of the sources named; the choice is ours (inferred)."""

    # Below this many traces in a set nothing is claimed. Ten against ten that differ completely give p = 0.00001,
    # which survives a few hundred comparisons; five against five give 0.008, which does not.
    min_traces: int = 10
    # A value must be in this many traces, and in this share of them, in at least one of the sets to be a finding.
    min_support_traces: int = 5
    min_support_share: float = 0.01
    # Share of the findings that may be chance (Benjamini and Hochberg 1995).
    false_discovery_rate: float = 0.05
    # A difference of shares must be at least small (Cohen 1988), however certain it is.
    min_cohens_h: float = 0.2
    # The same for two distributions of a number (Romano et al. 2006).
    min_cliffs_delta: float = 0.147
    # Where a smaller number is expected anywhere in a table, Fisher's exact test is used. Textbooks say 5, but many
    # comparisons ask for p of 0.0001, and that far out the approximation needs more.
    exact_below_expected: float = 10.0

    def support(self, traces: int) -> int:
        """The fewest traces, of a set of this size, that support a finding."""
        # rounded first: 700 * 0.01 is a little more than 7
        return max(self.min_support_traces, math.ceil(round(traces * self.min_support_share, 6)))


DEFAULT_RULES = ComparisonRules()
