"""The filter-expression language of X-Ray: text to a typed tree and back, and what the tree means for a trace.

Knows no table, no SQL and no HTTP.
"""
