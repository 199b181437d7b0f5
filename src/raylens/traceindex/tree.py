"""How the spans of each trace hang together: parents, owners, answers, roots, nodes and calls."""

from __future__ import annotations

import msgspec
import numpy as np

from raylens.model.outcome import Outcome
from raylens.model.service import ServiceId
from raylens.traceindex.columns import Flags, Ints, Spans, Words, either, places

_NONE = -1


class Tree(msgspec.Struct, frozen=True):
    """The spans of `traces.assemble_trace` and what it derives, by position; -1 is nobody.

    `node_name` and `node_type` are those of the node that a segment is or an inferred call reaches, `node` numbers the
    distinct ones.
    """

    parent: Ints
    # the segment above each span; a segment owns itself
    owner: Ints
    inferred: Flags
    # segments without a parent, or with one that never arrived
    lone: Flags
    # the root of each trace
    root: Ints
    fault: Flags
    outcome: Ints
    node_name: Words
    node_type: Words
    node: Ints

    def node_id(self, span: int) -> ServiceId:
        """The node of one span."""
        return ServiceId(
            self.node_name.values[self.node_name.codes[span]], self.node_type.values[self.node_type.codes[span]]
        )


class Calls(msgspec.Struct, frozen=True):
    """For each span: the segment that called it and the span that recorded the call; -1 where there is no call."""

    source: Ints
    record: Ints


def tree_of(spans: Spans) -> Tree:
    """The trees of all traces."""
    parent = _parents(spans)
    is_segment = spans.flag["is_segment"]
    answered = np.zeros(len(spans), bool)
    answered[parent[is_segment & (parent != _NONE)]] = True
    calls_out = ~spans.words["remote_type"].is_empty()
    outcome, fault = _with_unreached_calls(spans, parent, answered)
    inferred = calls_out & ~spans.flag["traced"] & ~spans.flag["in_progress"] & ~answered
    lone = is_segment & (parent == _NONE)
    name = either(spans.words["name"], spans.words["remote_name"], is_segment)
    type_ = either(spans.words["origin"], spans.words["remote_type"], is_segment)
    return Tree(
        parent,
        _owners(is_segment, parent),
        inferred,
        lone,
        _roots(spans, lone),
        fault,
        outcome,
        name,
        type_,
        name.codes * len(type_.values) + type_.codes,
    )


def calls_of(spans: Spans, tree: Tree) -> Calls:
    """The call over which each observation was reached, as `servicemap.observe` counts calls."""
    count = len(spans)
    source, record = np.full(count, _NONE), np.full(count, _NONE)
    inferred = np.flatnonzero(tree.inferred & (tree.owner != _NONE))
    source[inferred], record[inferred] = tree.owner[inferred], inferred
    segments = np.flatnonzero(spans.flag["is_segment"] & (tree.parent != _NONE))
    segments = segments[tree.owner[tree.parent[segments]] != _NONE]
    callers = tree.parent[segments]
    is_call = ~spans.words["remote_type"].is_empty()[callers]
    # several answers of one service to one call are one call: the first
    answers = segments[is_call]
    _, first = np.unique(np.stack((callers[is_call], tree.node[answers])), axis=1, return_index=True)
    counted = np.concatenate((answers[first], segments[~is_call]))
    source[counted] = tree.owner[tree.parent[counted]]
    record[answers[first]] = tree.parent[answers[first]]
    record[segments[~is_call]] = segments[~is_call]
    return Calls(source, record)


def _parents(spans: Spans) -> Ints:
    ids, parents = spans.number["id"], spans.number["parent_id"]
    # ids of 64 bits and the number of the trace do not fit one key: ids are numbered first
    numbers, codes = np.unique(np.concatenate((ids, parents)), return_inverse=True)
    codes = codes.reshape(-1).astype(np.int64)
    width = len(numbers)
    own, wanted = spans.trace * width + codes[: len(ids)], spans.trace * width + codes[len(ids) :]
    return np.where(parents == 0, _NONE, places(own, wanted))


def _with_unreached_calls(spans: Spans, parent: Ints, answered: Flags) -> tuple[Ints, Flags]:
    """Outcomes and fault flags; calls that reached nothing are faults (`traces.assemble` says why)."""
    outcome, fault = spans.number["outcome"].astype(np.int64), spans.flag["fault"]
    above = np.where(parent == _NONE, 0, outcome[parent])
    namespace = spans.words["namespace"]
    unreached = (
        (namespace.codes == namespace.code_of("aws"))
        & (spans.number["http_status"] == 0)
        & (outcome == 0)
        & ~spans.flag["in_progress"]
        & ~spans.flag["is_segment"]
        & (parent != _NONE)
        & (above == Outcome.FAULT)
        & ~spans.flag["traced"]
        & ~answered
    )
    return np.where(unreached, int(Outcome.FAULT), outcome), fault | unreached


def _owners(is_segment: Flags, parent: Ints) -> Ints:
    """The segment above each span, by going up twice as far with every pass; circles never end at a segment."""
    count = len(parent)
    # one place more for nobody, so that going up from there stays there
    at = np.append(np.where(is_segment, np.arange(count), parent), _NONE)
    settled = np.append(is_segment, True)
    for _ in range(count.bit_length() + 1):
        open_ = ~settled[at]
        if not open_.any():
            break
        at = np.where(open_, at[at], at)
    return np.where(settled[at], at, _NONE)[:count]


def _roots(spans: Spans, lone: Flags) -> Ints:
    """Of lone segments a true root before one whose parent is missing, then the earlier: spans are in that order."""
    count = len(spans)
    rank = np.arange(count) + np.where(spans.number["parent_id"] != 0, count, 0)
    best = spans.least(np.where(lone, rank, 2 * count))
    return np.where(best == 2 * count, _NONE, best % count)
