"""The filter-expression language of X-Ray: text to a typed tree and back, and what the tree means for a trace.

Knows no table, no SQL and no HTTP.
"""

from raylens.filterexpr.ast import Expression, Selector
from raylens.filterexpr.causes import cause_matches, template_matches
from raylens.filterexpr.evaluate import matches
from raylens.filterexpr.inline import count_conditions, inline_groups
from raylens.filterexpr.parser import parse_filter, parse_selector, selects_by_id
from raylens.filterexpr.printer import print_filter

__all__ = [
    "Expression",
    "Selector",
    "cause_matches",
    "count_conditions",
    "inline_groups",
    "matches",
    "parse_filter",
    "parse_selector",
    "print_filter",
    "selects_by_id",
    "template_matches",
]
