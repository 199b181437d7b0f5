"""Spans and documents to Arrow columns and back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from raylens.model.segment import AnnotationValue
from raylens.model.span import Link, Span, received_ns_of
from raylens.model.time import NS_PER_MINUTE, NS_PER_S
from raylens.storage.interface import StoredDocument

_text = pa.string()
_MAX_DOUBLE = sys.float_info.max

_SPAN_TYPES: dict[str, Any] = {
    "trace_id": pa.binary(16),
    "id": pa.uint64(),
    "parent_id": pa.uint64(),
    "version": pa.uint64(),
    "start_ns": pa.int64(),
    "end_ns": pa.int64(),
    "last_end_ns": pa.int64(),
    "is_segment": pa.bool_(),
    "in_progress": pa.bool_(),
    "name": _text,
    "origin": _text,
    "namespace": _text,
    "remote_name": _text,
    "remote_type": _text,
    "traced": pa.bool_(),
    "owner_name": _text,
    "owner_type": _text,
    "account_id": _text,
    "error": pa.bool_(),
    "throttle": pa.bool_(),
    "fault": pa.bool_(),
    "outcome": pa.uint8(),
    "http_method": _text,
    "http_url": _text,
    "http_status": pa.uint16(),
    "http_user_agent": _text,
    "http_client_ip": _text,
    "user": _text,
    "resource_arn": _text,
    "operation": _text,
    "instance_id": _text,
    "availability_zone": _text,
    "exception_types": pa.list_(_text),
    "exception_messages": pa.list_(_text),
}
_ANNOTATION_COLUMNS = ("annotation_strings", "annotation_numbers", "annotation_booleans")
_LINK_COLUMNS = ("link_trace_ids", "link_ids")
assert (*_SPAN_TYPES, "annotations", "links") == Span.__struct_fields__, "columns follow the fields of Span, in order"

# What `spans_from_rows` reads, in the order of Span's fields.
SPAN_COLUMNS = (*_SPAN_TYPES, *_ANNOTATION_COLUMNS, *_LINK_COLUMNS)


def arrow_from_spans(spans: Sequence[Span], stored_s: int) -> Any:
    """The Arrow table of a batch of spans, with the derived columns `minute`, `received_at` and `stored_at`.

    The columns of links are left out where no span has any, which is nearly always.
    """
    columns = list(zip(*map(msgspec.structs.astuple, spans), strict=True))
    values = dict(zip(Span.__struct_fields__, columns, strict=True))
    arrays = {name: pa.array(values[name], type_) for name, type_ in _SPAN_TYPES.items() if name != "trace_id"}
    arrays["trace_id"] = _trace_id_array(values["trace_id"])
    arrays.update(_annotation_arrays(values["annotations"]))
    if any(values["links"]):
        arrays.update(_link_arrays(values["links"]))
    # stored as lengths, read back through alias columns; meaningless and unread while in progress
    ends = arrays.pop("end_ns")
    arrays["duration_ns"] = pc.subtract(ends, arrays["start_ns"])
    arrays["tail_ns"] = pc.subtract(arrays.pop("last_end_ns"), ends)
    arrays["minute"] = pc.divide(arrays["start_ns"], NS_PER_MINUTE).cast(pa.uint32())
    arrays["received_at"] = _received_at(arrays["version"])
    arrays["stored_at"] = pa.array(np.full(len(spans), stored_s, np.uint32))
    return pa.table(arrays)


def arrow_from_documents(documents: Sequence[StoredDocument]) -> Any:
    """The Arrow table of a batch of documents."""
    columns = list(zip(*map(msgspec.structs.astuple, documents), strict=True))
    trace_ids, document_ids, versions, starts, last_starts, texts = columns
    version_array = pa.array(versions, pa.uint64())
    return pa.table(
        {
            "trace_id": _trace_id_array(trace_ids),
            "document_id": pa.array(document_ids, pa.uint64()),
            "version": version_array,
            "start_ns": pa.array(starts, pa.int64()),
            "extent_ns": pa.array([last - first for first, last in zip(starts, last_starts, strict=True)], pa.int64()),
            "document": pa.array(texts, _text),
            "received_at": _received_at(version_array),
        }
    )


def spans_from_rows(rows: Sequence[tuple[Any, ...]]) -> list[Span]:
    """Spans of rows that selected `SPAN_COLUMNS`."""
    plain = len(_SPAN_TYPES)
    # the driver returns arrays, the last two of the plain columns, as lists
    return [
        Span(
            *(
                *row[: plain - 2],
                tuple(row[plain - 2]),
                tuple(row[plain - 1]),
                _annotations(*row[plain:-2]),
                tuple(map(Link, row[-2], row[-1])),
            )
        )
        for row in rows
    ]


def _annotations(
    strings: dict[str, str], numbers: dict[str, float], booleans: dict[str, bool]
) -> dict[str, AnnotationValue] | None:
    if not (strings or numbers or booleans):
        return None
    return {**strings, **numbers, **booleans}


def _annotation_arrays(annotations: Sequence[dict[str, AnnotationValue] | None]) -> dict[str, Any]:
    """Map columns from flat keys and values: pyarrow's own conversion of lists of pairs costs twenty times more."""
    string_keys: list[str] = []
    strings: list[str] = []
    number_keys: list[str] = []
    numbers: list[float] = []
    boolean_keys: list[str] = []
    booleans: list[bool] = []
    string_offsets, number_offsets, boolean_offsets = [0], [0], [0]
    for members in annotations:
        if members:
            for key, value in members.items():
                if isinstance(value, str):
                    string_keys.append(key)
                    strings.append(value)
                elif isinstance(value, bool):
                    boolean_keys.append(key)
                    booleans.append(value)
                elif -_MAX_DOUBLE <= value <= _MAX_DOUBLE:
                    number_keys.append(key)
                    numbers.append(float(value))
                # an integer beyond any double cannot be searched for; failing here would lose the whole batch
        string_offsets.append(len(strings))
        number_offsets.append(len(numbers))
        boolean_offsets.append(len(booleans))
    return {
        "annotation_strings": _map_array(string_offsets, string_keys, pa.array(strings, _text)),
        "annotation_numbers": _map_array(number_offsets, number_keys, pa.array(numbers, pa.float64())),
        "annotation_booleans": _map_array(boolean_offsets, boolean_keys, pa.array(booleans, pa.bool_())),
    }


def _link_arrays(links: Sequence[tuple[Link, ...]]) -> dict[str, Any]:
    offsets = pa.array(np.concatenate(([0], np.cumsum([len(own) for own in links]))).astype(np.int32))
    flat = [link for own in links for link in own]
    return {
        "link_trace_ids": pa.ListArray.from_arrays(offsets, _trace_id_array([link.trace_id for link in flat])),
        "link_ids": pa.ListArray.from_arrays(offsets, pa.array([link.span_id for link in flat], pa.uint64())),
    }


def _map_array(offsets: list[int], keys: list[str], values: Any) -> Any:
    return pa.MapArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(keys, _text), values)


def _trace_id_array(trace_ids: Sequence[bytes]) -> Any:
    # Straight from the joined bytes: building binary(16) from a list was measured at 40 times the cost.
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(16), len(trace_ids), [None, pa.py_buffer(b"".join(trace_ids))]
    )


def _received_at(versions: Any) -> Any:
    received_ns = pc.bit_wise_and(versions, pa.scalar(received_ns_of(2**64 - 1), pa.uint64()))
    return pc.divide(received_ns, pa.scalar(NS_PER_S, pa.uint64())).cast(pa.uint32())
