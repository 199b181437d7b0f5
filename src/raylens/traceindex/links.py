"""Links between traces: what each trace received, and to which node it was sent.

Few spans have links, so these are gone through one by one. `servicemap.links` says the same in plain Python of traces
that are at hand as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import msgspec
import numpy as np
import pyarrow.compute as pc

from raylens.model.service import ServiceId
from raylens.model.span import MAX_TRACE_LINKS, Link
from raylens.model.time import NS_PER_MINUTE
from raylens.traceindex.columns import Ints, Spans, lists_of, offsets_of, texts
from raylens.traceindex.tree import Tree, tree_of

_NONE = -1


class Send(msgspec.Struct, frozen=True):
    """The node that a completed span sent to, or that it belongs to, and when it was done."""

    node: ServiceId
    end_ns: int


def links_in(table: Any) -> list[tuple[bytes, Link]]:
    """Every link in an Arrow table of spans, behind the id of the trace that received."""
    linking = table.filter(pc.greater(pc.list_value_length(table.column("link_ids")), 0))
    columns = [linking.column(name).to_pylist() for name in ("trace_id", "link_trace_ids", "link_ids")]
    return [
        (receiver, Link(sender, span_id))
        for receiver, senders, span_ids in zip(*columns, strict=True)
        for sender, span_id in zip(senders, span_ids, strict=True)
    ]


def sends_in(table: Any, wanted: Collection[Link]) -> dict[Link, Send]:
    """What those of the `wanted` spans sent that an Arrow table (`TREE_COLUMNS`) of whole traces holds."""
    spans = Spans.from_arrow(table)
    tree = tree_of(spans)
    at = np.flatnonzero(np.isin(spans.number["id"], np.array([link.span_id for link in wanted], np.uint64)))
    callee = _first_callees(spans, tree)
    sends = {}
    for span, trace_id, span_id in zip(
        at.tolist(), spans.column("trace_id", at).to_pylist(), spans.number["id"][at].tolist(), strict=True
    ):
        link = Link(trace_id, span_id)
        node = _node_reached(spans, tree, callee, span) if link in wanted else _NONE
        if node != _NONE:
            sends[link] = Send(tree.node_id(node), int(spans.number["end_ns"][span]))
    return sends


def link_columns(spans: Spans, tree: Tree, starts: Ints, places: Ints, sends: Mapping[Link, Send]) -> dict[str, Any]:
    """The receives of each trace whose senders are among `sends`; `places` are those of the observations."""
    begin, end = spans.number["start_ns"], spans.number["end_ns"]
    lengths = pc.list_value_length(spans.table.column("link_ids").chunk(0)).to_numpy(zero_copy_only=False)
    linking = np.flatnonzero((lengths[spans.rows] > 0) & ~spans.flag["in_progress"] & (tree.owner != _NONE))
    ids = [spans.column(name, linking).to_pylist() for name in ("link_trace_ids", "link_ids")]
    taken: set[tuple[int, Link]] = set()
    counts: Counter[int] = Counter()
    received: list[tuple[int, Send]] = []
    for span, trace, owner, trace_ids, span_ids in zip(
        linking.tolist(), spans.trace[linking].tolist(), tree.owner[linking].tolist(), *ids, strict=True
    ):
        for link in map(Link, trace_ids, span_ids):
            if counts[trace] == MAX_TRACE_LINKS or (owner, link) in taken:
                continue
            taken.add((owner, link))
            counts[trace] += 1
            if link in sends:
                received.append((span, sends[link]))
    minutes = np.unique(np.stack((spans.trace[linking], begin[linking] // NS_PER_MINUTE)), axis=1)
    span = np.array([span for span, _ in received], np.int64)
    sent_ns = np.array([send.end_ns for _, send in received], np.int64)
    offsets = offsets_of(spans.trace[span], spans.traces)
    members: dict[str, Any] = {
        "node": places[tree.owner[span]].astype(np.uint32),
        "source_name": texts([send.node.name for _, send in received]),
        "source_type": texts([send.node.type for _, send in received]),
        "outcome": tree.outcome[span].astype(np.uint8),
        "offset_ns": begin[span] - starts[spans.trace[span]],
        "response_ns": end[span] - begin[span],
        "age_ns": np.maximum(begin[span] - sent_ns, 0),
    }
    columns = {f"link.{name}": lists_of(offsets, values) for name, values in members.items()}
    linked = lists_of(offsets_of(minutes[0], spans.traces), minutes[1].astype(np.uint32))
    return {**columns, "link_minutes": linked}


def _first_callees(spans: Spans, tree: Tree) -> Ints:
    """The first segment below each span, -1 where there is none."""
    segments = np.flatnonzero(spans.flag["is_segment"] & (tree.parent != _NONE))
    callers, first = np.unique(tree.parent[segments], return_index=True)
    callee = np.full(len(spans), _NONE)
    callee[callers] = segments[first]
    return callee


def _node_reached(spans: Spans, tree: Tree, callee: Ints, span: int) -> int:
    """The span whose node a message went to: the one that was called, or the segment that did the work; -1 if none."""
    if spans.flag["in_progress"][span]:
        return _NONE
    if spans.flag["is_segment"][span] or not spans.words["remote_type"].values[spans.words["remote_type"].codes[span]]:
        return int(tree.owner[span])
    if callee[span] != _NONE:
        return int(callee[span])
    return span if tree.inferred[span] and tree.owner[span] != _NONE else _NONE
