"""Groups: named filter expressions and what they contain."""

from raylens.groups.groups import KEEP_INSIGHTS, Groups, InsightsChange

__all__ = ["KEEP_INSIGHTS", "Groups", "InsightsChange"]
