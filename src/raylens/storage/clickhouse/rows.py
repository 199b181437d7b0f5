"""Spans and documents to Arrow columns and back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import msgspec
import pyarrow as pa

from raylens.model.segment import AnnotationValue
from raylens.model.span import Span, received_ns_of
from raylens.model.time import NS_PER_MINUTE, NS_PER_S
from raylens.storage.interface import StoredDocument

_text = pa.string()
_MAX_DOUBLE = sys.float_info.max

_SPAN_TYPES: dict[str, Any] = {
    "trace_id": pa.binary(16),
    "id": pa.uint64(),
    "parent_id": pa.uint64(),
    "document_id": pa.uint64(),
    "document_parent_id": pa.uint64(),
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
assert (*_SPAN_TYPES, "annotations") == Span.__struct_fields__, "columns follow the fields of Span, in order"

# What `spans_from_rows` reads, in the order of Span's fields.
SPAN_COLUMNS = (*_SPAN_TYPES, *_ANNOTATION_COLUMNS)


def arrow_from_spans(spans: Sequence[Span]) -> Any:
    """The Arrow table of a batch of spans, with the derived columns `minute` and `received_at`."""
    columns = list(zip(*map(msgspec.structs.astuple, spans), strict=True))
    values = dict(zip(Span.__struct_fields__, columns, strict=True))
    arrays = {name: pa.array(values[name], type_) for name, type_ in _SPAN_TYPES.items() if name != "trace_id"}
    arrays["trace_id"] = _trace_id_array(values["trace_id"])
    arrays.update(_annotation_arrays(values["annotations"]))
    arrays["minute"] = pa.array([start // NS_PER_MINUTE for start in values["start_ns"]], pa.uint32())
    arrays["received_at"] = _received_at(values["version"])
    return pa.table(arrays)


def arrow_from_documents(documents: Sequence[StoredDocument]) -> Any:
    """The Arrow table of a batch of documents."""
    columns = list(zip(*map(msgspec.structs.astuple, documents), strict=True))
    trace_ids, document_ids, versions, starts, last_starts, texts = columns
    return pa.table(
        {
            "trace_id": _trace_id_array(trace_ids),
            "document_id": pa.array(document_ids, pa.uint64()),
            "version": pa.array(versions, pa.uint64()),
            "start_ns": pa.array(starts, pa.int64()),
            "last_start_ns": pa.array(last_starts, pa.int64()),
            "document": pa.array(texts, _text),
            "received_at": _received_at(versions),
        }
    )


def spans_from_rows(rows: Sequence[tuple[Any, ...]]) -> list[Span]:
    """Spans of rows that selected `SPAN_COLUMNS`."""
    plain = len(_SPAN_TYPES)
    # the driver returns arrays, the last two of the plain columns, as lists
    return [
        Span(*(*row[: plain - 2], tuple(row[plain - 2]), tuple(row[plain - 1]), _annotations(*row[plain:])))
        for row in rows
    ]


def _annotations(
    strings: dict[str, str], numbers: dict[str, float], booleans: dict[str, bool]
) -> dict[str, AnnotationValue] | None:
    if not (strings or numbers or booleans):
        return None
    return {**strings, **numbers, **booleans}


def _annotation_arrays(annotations: Sequence[dict[str, AnnotationValue] | None]) -> dict[str, Any]:
    strings = _MapBuilder()
    numbers = _MapBuilder()
    booleans = _MapBuilder()
    for members in annotations:
        if members:
            for key, value in members.items():
                if isinstance(value, str):
                    strings.add(key, value)
                elif isinstance(value, bool):
                    booleans.add(key, value)
                elif -_MAX_DOUBLE <= value <= _MAX_DOUBLE:
                    numbers.add(key, float(value))
                # an integer beyond any double cannot be searched for; failing here would lose the whole batch
        strings.close_row()
        numbers.close_row()
        booleans.close_row()
    return {
        "annotation_strings": strings.array(_text),
        "annotation_numbers": numbers.array(pa.float64()),
        "annotation_booleans": booleans.array(pa.bool_()),
    }


class _MapBuilder:
    """A map column from flat keys and values: pyarrow's own conversion of lists of pairs costs twenty times more."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._values: list[AnnotationValue] = []
        self._offsets = [0]

    def add(self, key: str, value: AnnotationValue) -> None:
        self._keys.append(key)
        self._values.append(value)

    def close_row(self) -> None:
        self._offsets.append(len(self._keys))

    def array(self, value_type: Any) -> Any:
        offsets = pa.array(self._offsets, pa.int32())
        return pa.MapArray.from_arrays(offsets, pa.array(self._keys, _text), pa.array(self._values, value_type))


def _trace_id_array(trace_ids: Sequence[bytes]) -> Any:
    # Straight from the joined bytes: building binary(16) from a list was measured at 40 times the cost.
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(16), len(trace_ids), [None, pa.py_buffer(b"".join(trace_ids))]
    )


def _received_at(versions: Sequence[int]) -> Any:
    return pa.array([received_ns_of(version) // NS_PER_S for version in versions], pa.uint32())
