"""The call path of every observation of one trace, and how long each path held the response.

A path is spelled as the trace index spells it (`traceindex.paths`; a property test holds the two together), so that
times of single traces can be put beside counts of all.
"""

from __future__ import annotations

from raylens.model.trace import Trace, calls_of, node_of, observations_of
from raylens.traces.critical_path import CriticalPath

SEPARATOR = " > "
# Deeper paths are the node alone, as in the index.
_MAX_STEPS = 64


def call_paths(trace: Trace) -> dict[int, str]:
    """The path of every segment, and of every call that only its caller recorded, by span id.

    Such as `stage > fn (AWS::Lambda) > orders (AWS::DynamoDB::Table)`. The second answer of one service to one call is
    reached by nobody, and neither are callers in a circle: their path is the node alone.
    """
    nodes = {span.id: node_of(span).label for span in observations_of(trace)}
    sources = {call.target.id: call.source.id for call in calls_of(trace)}
    return {span_id: _path_text(span_id, sources, nodes) for span_id in nodes}


def held_by_path(trace: Trace, path: CriticalPath) -> dict[str, int]:
    """For how many nanoseconds the last node of each call path held the response, 0 where nobody waited for it.

    Every path that the trace contains is there. What a segment held is the time of the segment and of everything in
    its document that called nobody else, or that somebody with a segment of his own answered.
    """
    paths = call_paths(trace)
    held_ns = dict.fromkeys(paths.values(), 0)
    for step in path.steps:
        observed = step.span_id if step.span_id in paths else step.segment_id
        if observed in paths:
            held_ns[paths[observed]] += step.held_ns
    return held_ns


def _path_text(span_id: int, sources: dict[int, int], nodes: dict[int, str]) -> str:
    steps = [nodes[span_id]]
    at = span_id
    while at in sources:
        if len(steps) > _MAX_STEPS:
            return nodes[span_id]
        at = sources[at]
        steps.append(nodes[at])
    return SEPARATOR.join(reversed(steps))
