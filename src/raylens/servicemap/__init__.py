"""The service graph of traces, and how it is shown."""

from raylens.servicemap.lambda_view import GraphView, ViewEdge, merged_view, parts_of, raw_view
from raylens.servicemap.links import linked_trace_ids
from raylens.servicemap.observe import graph_of_traces
from raylens.servicemap.selectors import edge_filter, node_filter

__all__ = [
    "GraphView",
    "ViewEdge",
    "edge_filter",
    "graph_of_traces",
    "linked_trace_ids",
    "merged_view",
    "node_filter",
    "parts_of",
    "raw_view",
]
