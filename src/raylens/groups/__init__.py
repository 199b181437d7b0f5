"""Groups: named filter expressions and what they contain."""

from raylens.groups.groups import KEEP_INSIGHTS, Groups, InsightsChange
from raylens.groups.selection import inline_known_groups, traces_of, versions_of

__all__ = ["KEEP_INSIGHTS", "Groups", "InsightsChange", "inline_known_groups", "traces_of", "versions_of"]
