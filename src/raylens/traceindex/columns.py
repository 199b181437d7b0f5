"""Columns of spans as arrays, one copy of each span, sorted by trace, start and id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

Ints = Any  # numpy arrays of integers; numpy's own types say no more under mypy --strict
Flags = Any

_RECEIVED = np.uint64((1 << 63) - 1)
_NUMBERS = (
    "id", "parent_id", "version", "start_ns", "end_ns", "last_end_ns", "outcome", "http_status",
)  # fmt: skip
_FLAGS = ("is_segment", "in_progress", "traced", "error", "fault")
_WORDS = ("name", "origin", "namespace", "remote_name", "remote_type", "account_id")

# What tells how the spans of a trace hang together, and all that is read of the table of spans.
TREE_COLUMNS = ("trace_id", *_NUMBERS, *_FLAGS, *_WORDS)
SPAN_COLUMNS = (
    *TREE_COLUMNS, "http_method", "http_url", "http_user_agent", "http_client_ip", "user", "resource_arn",
    "instance_id", "availability_zone", "exception_types", "exception_messages", "annotation_strings",
    "annotation_numbers", "annotation_booleans", "link_trace_ids", "link_ids",
)  # fmt: skip


class Words(msgspec.Struct, frozen=True):
    """Texts as numbers: `codes[i]` is the position in `values` of the i-th text; equal texts have equal codes."""

    codes: Ints
    values: list[str]

    @classmethod
    def from_arrow(cls, column: Any) -> Words:
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        values: dict[str, int] = {}
        # a dictionary that came in pieces may hold one text twice
        mapping = [values.setdefault(text, len(values)) for text in column.dictionary.to_pylist()]
        codes = column.indices.to_numpy(zero_copy_only=False)
        return cls(np.array(mapping, np.int64)[codes] if mapping else codes.astype(np.int64), list(values))

    def take(self, positions: Ints) -> Words:
        return Words(self.codes[positions], self.values)

    def code_of(self, text: str) -> int:
        """The code of `text`, -1 when nothing has it."""
        return self.values.index(text) if text in self.values else -1

    def is_empty(self) -> Flags:
        return self.codes == self.code_of("")

    def array(self) -> Any:
        """The texts as an Arrow dictionary."""
        return pa.DictionaryArray.from_arrays(
            pa.array(self.codes.astype(np.int32)), pa.array(self.values or [""], pa.string())
        )


def either(first: Words, second: Words, is_first: Flags) -> Words:
    """`first` where `is_first`, `second` elsewhere, in one vocabulary."""
    values = {text: code for code, text in enumerate(first.values)}
    mapping = np.array([values.setdefault(text, len(values)) for text in second.values] or [0], np.int64)
    return Words(np.where(is_first, first.codes, mapping[second.codes]), list(values))


class Spans(msgspec.Struct, frozen=True):
    """The spans of some traces. Arrays are in the order of spans; `trace` numbers the traces from 0.

    `rows` are the places of the spans in `table`, for columns that only some of them are asked for. `first` is where
    each trace begins.
    """

    table: Any
    rows: Ints
    trace: Ints
    first: Ints
    number: dict[str, Ints]
    flag: dict[str, Flags]
    words: dict[str, Words]

    @classmethod
    def from_arrow(cls, table: Any) -> Spans:
        """Take `TREE_COLUMNS` or more of at least one span. Of copies of a span the highest version is kept."""
        table = table.unify_dictionaries().combine_chunks()
        high, low = _trace_words(table.column("trace_id"))
        ids, starts = _numpy(table, "id"), _numpy(table, "start_ns")
        versions = _numpy(table, "version")
        rows = _newest(high, low, ids, versions)
        rows = rows[np.lexsort((ids[rows], starts[rows], low[rows], high[rows]))]
        high, low = high[rows], low[rows]
        begins = np.ones(len(rows), bool)
        begins[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
        return cls(
            table,
            rows,
            np.cumsum(begins) - 1,
            np.flatnonzero(begins),
            {name: _numpy(table, name)[rows] for name in _NUMBERS},
            {name: _numpy(table, name)[rows] for name in _FLAGS},
            {name: Words.from_arrow(table.column(name).chunk(0)).take(rows) for name in _WORDS},
        )

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def traces(self) -> int:
        return len(self.first)

    def column(self, name: str, spans: Ints) -> Any:
        """The Arrow values of a column for some spans."""
        return self.table.column(name).chunk(0).take(pa.array(self.rows[spans]))

    def received_ns(self) -> Ints:
        """When each span was received; see `model.span.version_of`."""
        return (self.number["version"] & _RECEIVED).astype(np.int64)

    def least(self, values: Ints) -> Ints:
        """The least of `values` in each trace."""
        return np.minimum.reduceat(values, self.first)

    def greatest(self, values: Ints) -> Ints:
        """The greatest of `values` in each trace."""
        return np.maximum.reduceat(values, self.first)

    def any(self, flags: Flags) -> Flags:
        """Whether any of `flags` is set in each trace."""
        return np.logical_or.reduceat(flags, self.first)


def offsets_of(groups: Ints, count: int) -> Any:
    """Where the members of each of `count` groups begin and end, as Arrow list offsets; `groups` ascend."""
    sizes = np.bincount(groups, minlength=count) if len(groups) else np.zeros(count, np.int64)
    return pa.array(np.concatenate(([0], np.cumsum(sizes))).astype(np.int32))


def lists_of(offsets: Any, values: Any) -> Any:
    """An Arrow list column of Arrow or numpy values."""
    return pa.ListArray.from_arrays(offsets, values if isinstance(values, pa.Array) else pa.array(values))


def places(keys: Ints, wanted: Ints) -> Ints:
    """Where each of `wanted` stands in `keys`, -1 where it does not; `keys` are distinct."""
    order = np.argsort(keys, kind="stable")
    nearest = np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)
    found = order[nearest]
    return np.where(keys[found] == wanted, found, -1)


def _newest(high: Ints, low: Ints, ids: Ints, versions: Ints) -> Ints:
    order = np.lexsort((versions, ids, low, high))
    same = (
        (high[order][1:] == high[order][:-1])
        & (low[order][1:] == low[order][:-1])
        & (ids[order][1:] == ids[order][:-1])
    )
    return order[np.concatenate((~same, [True]))]


def _numpy(table: Any, name: str) -> Ints:
    return table.column(name).chunk(0).to_numpy(zero_copy_only=False)


def _trace_words(column: Any) -> tuple[Ints, Ints]:
    """The two halves of each trace id as numbers, which compare faster than bytes."""
    chunk = column.chunk(0)
    words = np.frombuffer(chunk.buffers()[1], ">u8", count=2 * len(chunk), offset=16 * chunk.offset).reshape(-1, 2)
    return words[:, 0].astype(np.uint64), words[:, 1].astype(np.uint64)


def texts(values: Sequence[str]) -> Any:
    """Texts as an Arrow dictionary, whatever they are."""
    return pa.array(values, pa.string()).dictionary_encode()
