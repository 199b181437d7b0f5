"""The service graph of traces."""

from raylens.servicemap.links import linked_trace_ids
from raylens.servicemap.observe import graph_of_traces

__all__ = ["graph_of_traces", "linked_trace_ids"]
