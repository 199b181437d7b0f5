"""The facts of many traces at once: columns of spans in, one row of columns for each trace out.

`traces.facts_of_trace` says the same of one trace in plain Python and is what this is tested against.
"""

from raylens.traceindex.causes import cause_from_text, with_coverages
from raylens.traceindex.links import Send, links_in, sends_in
from raylens.traceindex.rows import index_rows

__all__ = ["Send", "cause_from_text", "index_rows", "links_in", "sends_in", "with_coverages"]
