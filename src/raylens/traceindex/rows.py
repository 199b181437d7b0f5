"""One row of columns for each trace: what the table `traces` holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from raylens.model.facts import MAX_ANNOTATION_KEYS, annotation_key
from raylens.model.span import Link
from raylens.model.time import NS_PER_MINUTE, NS_PER_S
from raylens.traceindex.causes import Causes, TimeCauses, error_flags, fault_flags, flag_causes, time_causes
from raylens.traceindex.columns import Flags, Ints, Spans, Words, lists_of, offsets_of, texts
from raylens.traceindex.links import Send, link_columns
from raylens.traceindex.paths import paths_of
from raylens.traceindex.tree import Calls, Tree, calls_of, tree_of

_NONE = -1
# `outcome` of a trace whose root is unfinished or missing
NO_OUTCOME = 4
_OF_ROOT = ("http_url", "http_method", "http_user_agent", "http_client_ip")
_OF_NODE = (*_OF_ROOT, "user", "resource_arn", "instance_id", "availability_zone")
_ANNOTATIONS = (
    ("text", "annotation_strings"),
    ("number", "annotation_numbers"),
    ("flag", "annotation_booleans"),
)


def index_rows(table: Any, generation: int, sends: Mapping[Link, Send] | None = None) -> Any:
    """The index rows of the traces that the spans of an Arrow table (`SPAN_COLUMNS`, at least one row) make up.

    The table MUST hold all spans of each trace. Rows come in the order of trace ids. `sends` are what their links lead
    to (`sends_in`); links that lead nowhere else are left out.
    """
    spans = Spans.from_arrow(table)
    tree = tree_of(spans)
    calls = calls_of(spans, tree)
    starts = _starts(spans)
    observed = np.flatnonzero(spans.flag["is_segment"] | (tree.inferred & (tree.owner != _NONE)))
    places = _places(spans, observed)
    columns = _trace_columns(spans, tree, starts, generation)
    columns |= _node_columns(spans, tree, calls, starts, observed, places)
    columns |= _annotation_columns(spans, tree, places)
    columns |= _cause_columns(spans, tree)
    columns |= link_columns(spans, tree, starts, places, sends or {})
    return pa.table(columns)


def _starts(spans: Spans) -> Ints:
    """The earliest segment; of traces without segments the earliest span."""
    never = np.iinfo(np.int64).max
    first = spans.least(np.where(spans.flag["is_segment"], spans.number["start_ns"], never))
    return np.where(first == never, spans.least(spans.number["start_ns"]), first)


def _places(spans: Spans, observed: Ints) -> Ints:
    """The place of each observation in its trace, from 1; 0 elsewhere, and at one entry more, which is nobody's."""
    places = np.zeros(len(spans) + 1, np.int64)
    trace = spans.trace[observed]
    places[observed] = np.arange(len(observed)) - offsets_of(trace, spans.traces).to_numpy()[trace] + 1
    return places


def _trace_columns(spans: Spans, tree: Tree, starts: Ints, generation: int) -> dict[str, Any]:
    begin, end = spans.number["start_ns"], spans.number["end_ns"]
    last_end = spans.greatest(np.where(tree.owner == _NONE, 0, end))
    root = tree.root
    finished = (root != _NONE) & ~spans.flag["in_progress"][root]
    lacking = (spans.number["parent_id"] != 0) & (tree.parent == _NONE)
    observed = np.maximum(begin, end)
    return {
        # of the earliest span, which may be a call that began before the segment it is part of
        "minute": pa.array((spans.least(begin) // NS_PER_MINUTE).astype(np.uint32)),
        "trace_id": spans.column("trace_id", spans.first),
        "generation": pa.array(np.full(spans.traces, generation, np.uint64)),
        "deleted": pa.array(np.zeros(spans.traces, np.uint8)),
        "start_ns": pa.array(starts),
        "last_minute": pa.array((spans.greatest(observed) // NS_PER_MINUTE).astype(np.uint32)),
        "received_ns": pa.array(spans.least(spans.received_ns())),
        "indexed_at": pa.array(np.full(spans.traces, generation // NS_PER_S, np.uint32)),
        "spans": pa.array(np.diff(np.append(spans.first, len(spans))).astype(np.uint32)),
        "partial": pa.array(spans.any(spans.flag["in_progress"] | lacking)),
        "inferred": pa.array(spans.any(tree.inferred & (tree.owner != _NONE))),
        "outcome": pa.array(np.where(finished, tree.outcome[root], NO_OUTCOME).astype(np.uint8)),
        "response_ns": pa.array(np.where(finished, (end - begin)[root], -1)),
        "duration_ns": pa.array(np.where(finished, last_end - starts, -1)),
        "http_status": pa.array(np.where(root == _NONE, 0, spans.number["http_status"][root]).astype(np.uint16)),
        "root_name": _of_some(tree.node_name, root),
        "root_type": _of_some(tree.node_type, root),
        **{name: _column_of_some(spans, name, root) for name in _OF_ROOT},
    }


def _of_some(words: Words, positions: Ints) -> Any:
    """The words at `positions`, empty at -1."""
    return _blank(words.take(positions), positions == _NONE)


def _column_of_some(spans: Spans, name: str, positions: Ints) -> Any:
    column = spans.column(name, np.maximum(positions, 0))
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    return pc.if_else(pa.array(positions == _NONE), "", column)


def _node_columns(spans: Spans, tree: Tree, calls: Calls, starts: Ints, observed: Ints, places: Ints) -> dict[str, Any]:
    """Observations, and beside each the call over which it was reached."""
    trace = spans.trace[observed]
    offsets = offsets_of(trace, spans.traces)
    begin, end, last = (spans.number[name] for name in ("start_ns", "end_ns", "last_end_ns"))
    running = spans.flag["in_progress"]
    length = np.where(running, 0, end - begin)
    tail = np.where(running | ~spans.flag["is_segment"], 0, last - end)
    source, record = calls.source[observed], calls.record[observed]
    called = record != _NONE
    no_name = np.where(called, source, 0)
    source_name, source_type = tree.node_name.take(no_name), tree.node_type.take(no_name)

    def blank(words: Words) -> Any:
        return _blank(words, ~called)

    members: dict[str, Any] = {
        "name": tree.node_name.take(observed).array(),
        "type": tree.node_type.take(observed).array(),
        "account_id": spans.words["account_id"].take(observed).array(),
        "path": paths_of(tree, observed, source, places).array(),
        "inferred": tree.inferred[observed],
        "root": tree.lone[observed],
        "in_progress": running[observed],
        "outcome": np.where(running, 0, tree.outcome)[observed].astype(np.uint8),
        "offset_ns": begin[observed] - starts[trace],
        "response_ns": length[observed],
        "tail_ns": tail[observed],
        "http_status": spans.number["http_status"][observed].astype(np.uint16),
        **{name: spans.column(name, observed) for name in _OF_NODE},
        "source": np.where(called, places[source], 0).astype(np.uint32),
        "source_name": blank(source_name),
        "source_type": blank(source_type),
        # of the call as its caller saw it, times against those of the observation
        "call_in_progress": np.where(called, running[record], False),
        "call_outcome": np.where(called & ~running[record], tree.outcome[record], 0).astype(np.uint8),
        "call_offset_ns": np.where(called, begin[record] - begin[observed], 0),
        "call_excess_ns": np.where(called, length[record] - length[observed], 0),
        "call_http_status": np.where(called, spans.number["http_status"][record], 0).astype(np.uint16),
    }
    return {f"node.{name}": lists_of(offsets, values) for name, values in members.items()}


def _blank(words: Words, is_blank: Flags) -> Any:
    """The words, empty where `is_blank`."""
    values = words.values if "" in words.values else [*words.values, ""]
    return Words(np.where(is_blank, values.index(""), words.codes), values).array()


def _annotation_columns(spans: Spans, tree: Tree, places: Ints) -> dict[str, Any]:
    entries = {prefix: _entries(spans, column) for prefix, column in _ANNOTATIONS}
    allowed = _allowed_keys(spans, [(span, keys) for span, keys, _ in entries.values()])
    columns = {}
    for prefix, (span, keys, values) in entries.items():
        kept = np.arange(len(span))
        if allowed:
            kept = np.array(
                [
                    i
                    for i in kept
                    if keys.values[keys.codes[i]]
                    in allowed.get(int(spans.trace[span[i]]), (keys.values[keys.codes[i]],))
                ],
                np.int64,
            )
        owner = tree.owner[span[kept]]
        normal = Words(keys.codes[kept], keys.values)
        offsets = offsets_of(spans.trace[span[kept]], spans.traces)
        spelled = pa.DictionaryArray.from_arrays(
            pa.array(normal.codes.astype(np.int32)), pa.array([annotation_key(k) for k in keys.values] or [""])
        ).cast(pa.string())
        columns[f"{prefix}.key"] = lists_of(offsets, spelled.dictionary_encode())
        columns[f"{prefix}.value"] = lists_of(offsets, values.take(pa.array(kept)))
        columns[f"{prefix}.node"] = lists_of(offsets, np.where(owner == _NONE, 0, places[owner]).astype(np.uint32))
    return columns


def _entries(spans: Spans, column: str) -> tuple[Ints, Words, Any]:
    """Span, key and value of every annotation of one type, in the order of spans."""
    maps = spans.column(column, np.arange(len(spans)))
    offsets = maps.offsets.to_numpy()
    span = np.repeat(np.arange(len(spans)), np.diff(offsets))
    first, last = int(offsets[0]), int(offsets[-1])
    return span, Words.from_arrow(maps.keys.slice(first, last - first)), maps.items.slice(first, last - first)


def _allowed_keys(spans: Spans, entries: list[tuple[Ints, Words]]) -> dict[int, set[str]]:
    """For traces with more keys than are searchable, those that are: the first by start, then by key."""
    pairs = [(spans.trace[span], keys.codes, keys.values, span) for span, keys in entries]
    counts = np.zeros(spans.traces, np.int64)
    for trace, codes, values, _ in pairs:
        distinct = np.unique(trace * max(len(values), 1) + codes)
        counts += np.bincount(distinct // max(len(values), 1), minlength=spans.traces)
    many = set(np.flatnonzero(counts > MAX_ANNOTATION_KEYS).tolist())
    allowed: dict[int, dict[str, None]] = {trace: {} for trace in many}
    seen = sorted(
        (int(at), values[code])
        for trace, codes, values, span in pairs
        for number, code, at in zip(trace.tolist(), codes.tolist(), span.tolist(), strict=True)
        if number in many
    )
    for at, key in seen:
        own = allowed[int(spans.trace[at])]
        if len(own) < MAX_ANNOTATION_KEYS:
            own[key] = None
    return {trace: set(own) for trace, own in allowed.items()}


def _cause_columns(spans: Spans, tree: Tree) -> dict[str, Any]:
    faults = flag_causes(spans, tree, fault_flags(tree))
    errors = flag_causes(spans, tree, error_flags(spans, tree))
    times = time_causes(spans, tree)
    return {
        "fault_causes": _cause_lists(faults, spans.traces),
        "error_causes": _cause_lists(errors, spans.traces),
        "time_cause": texts(times.texts),
        "coverages": _coverage_lists(times),
    }


def _cause_lists(causes: Causes, traces: int) -> Any:
    return pa.ListArray.from_arrays(offsets_of(causes.trace, traces), texts(causes.texts))


def _coverage_lists(times: TimeCauses) -> Any:
    offsets = np.concatenate(([0], np.cumsum(times.entities))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(times.coverages.astype(np.uint16)))
