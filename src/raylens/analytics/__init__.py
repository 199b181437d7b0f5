"""What sets traces apart: distributions, groupings, and the comparison of two sets. Pure arithmetic on counts."""

from raylens.analytics.compare import compare_sets
from raylens.analytics.comparison import Comparison, ComparisonState, Finding, PathChange, PathFinding
from raylens.analytics.distribution import percentiles_ms, share_within
from raylens.analytics.path_diff import compare_paths
from raylens.analytics.rules import ComparisonRules
from raylens.analytics.time_series import statistics_by_period
from raylens.model.service import merge_histograms, merge_statistics
from raylens.model.trace_sets import (
    Attribute,
    AttributeKind,
    BucketCount,
    CategoricalCounts,
    NumericCounts,
    PathCount,
    TraceSets,
    ValueCount,
)

__all__ = [
    "Attribute",
    "AttributeKind",
    "BucketCount",
    "CategoricalCounts",
    "Comparison",
    "ComparisonRules",
    "ComparisonState",
    "Finding",
    "NumericCounts",
    "PathChange",
    "PathCount",
    "PathFinding",
    "TraceSets",
    "ValueCount",
    "compare_paths",
    "compare_sets",
    "merge_histograms",
    "merge_statistics",
    "percentiles_ms",
    "share_within",
    "statistics_by_period",
]
