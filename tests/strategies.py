"""Hypothesis strategies: traces as senders cut them into documents, and JSON of every shape."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

Document = dict[str, Any]

# Others may keep this machine busy: how long an example takes says nothing.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

TRACE_ID = "1-66f00001-0123456789abcdef01234567"
START_S = 1_726_989_313

_names = st.sampled_from(["shop", "DynamoDB", "api.test", "S3", "pay"])
_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
# Every JSON value a decoder may hand on, NaN and infinities included
json_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
_flags = st.fixed_dictionaries({}, optional=dict.fromkeys(("error", "fault", "throttle"), st.booleans()))
_callees: st.SearchStrategy[Document] = st.sampled_from(
    [
        {},
        {"namespace": "local"},
        {"namespace": "remote", "http": {"request": {"url": "http://api.test/"}, "response": {"status": 503}}},
        {"namespace": "remote", "http": {"request": {"url": "http://api.test/", "traced": True}}},
        {"namespace": "remote", "sql": {"url": "jdbc:test"}},
        {"namespace": "aws", "aws": {"operation": "GetItem", "table_name": "carts"}},
        {"namespace": "aws", "aws": {"operation": "Get", "bucket_name": "b"}, "http": {"response": {"status": 429}}},
    ]
)
_annotations = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), st.booleans() | st.integers(-5, 5) | st.text(max_size=3), max_size=2
)


@st.composite
def traces(draw: st.DrawFn) -> list[Document]:
    """The complete documents of one trace: a tree of entities, each a segment of its own, streamed or embedded.

    Some parents never arrive; times are in any order; everything has an id of its own.
    """
    size = draw(st.integers(1, 12))
    entities: list[Document] = []
    documents: list[Document] = []
    for number in range(1, size + 1):
        start = START_S + draw(st.integers(0, 3_000)) / 1000
        entity: Document = {
            "id": f"{number:016x}",
            "name": draw(_names),
            "start_time": start,
            "end_time": start + draw(st.integers(0, 2_000)) / 1000,
            **draw(_flags),
        }
        if annotations := draw(_annotations):
            entity["annotations"] = annotations
        has_parent = bool(entities) and draw(st.integers(0, 9)) > 0
        parent = draw(st.sampled_from(entities)) if has_parent else None
        _place(draw, entity, parent, documents)
        entities.append(entity)
    return documents


def _place(draw: st.DrawFn, entity: Document, parent: Document | None, documents: list[Document]) -> None:
    kind = "segment" if parent is None else draw(st.sampled_from(["segment", "streamed", "embedded"]))
    if kind != "segment":
        entity |= draw(_callees)
    if kind == "embedded" and parent is not None:
        parent.setdefault("subsegments", []).append(entity)
        return
    entity["trace_id"] = TRACE_ID
    if kind == "streamed":
        entity["type"] = "subsegment"
    if parent is not None:
        # now and then a parent that never arrives
        entity["parent_id"] = parent["id"] if draw(st.integers(0, 9)) else "ffffffffffffffff"
    documents.append(entity)


def in_progress_copies(documents: list[Document]) -> list[Document]:
    """What was sent of each document while it ran: neither end nor children yet."""
    return [
        {**{k: v for k, v in d.items() if k not in ("end_time", "subsegments")}, "in_progress": True} for d in documents
    ]


_members = (
    "id", "name", "trace_id", "parent_id", "type", "start_time", "end_time", "in_progress", "http", "aws", "sql",
    "cause", "annotations", "metadata", "namespace", "origin", "user", "error", "fault", "throttle", "subsegments",
    "traced", "resource_arn", "links", "service",
)  # fmt: skip
_deep_members = st.sampled_from(
    [
        '{"request": %s}', '{"response": {"status": %s}}', '{"request": {"traced": %s, "url": %s}}', '{"ec2": %s}',
        '{"operation": "Get", "table_name": %s, "table_names": %s}', '{"exceptions": [{"type": %s, "message": %s}]}',
        '{"exceptions": %s}', "[%s]", '{"a": %s}', '[{"id": "00000000000000aa", "name": %s, "start_time": %s}]',
        '[{"id": "00000000000000aa", "name": "x", "start_time": 1, "end_time": 2, "namespace": "aws", "aws": %s}]',
        '[{"id": "00000000000000aa", "name": "x", "start_time": 1, "end_time": 2, "http": %s, "subsegments": %s}]',
    ]
)  # fmt: skip
_odd_texts = st.sampled_from(
    [
        "1e400",
        "-1e400",
        "1" + "0" * 400,
        "1" + "0" * 5000,
        "NaN",
        "Infinity",
        r'"\ud800"',
        r'"\u0000"',
        "-0",
        "[]",
        "{}",
    ]
)


@st.composite
def bent_documents(draw: st.DrawFn) -> str:
    """The text of a good segment with some members replaced by anything at all."""
    document: Document = {
        "id": "00000000000000ff", "name": "shop", "trace_id": TRACE_ID, "start_time": START_S, "end_time": START_S + 1,
        "type": draw(st.sampled_from(["subsegment", "segment"])), "parent_id": "00000000000000fe",
    }  # fmt: skip
    parts = {name: json.dumps(value) for name, value in document.items()}
    for name in draw(st.lists(st.sampled_from(_members), max_size=4, unique=True)):
        anything = json_values.map(json.dumps) | _odd_texts
        form = draw(_deep_members)
        text = draw(anything) if draw(st.booleans()) else form % tuple(draw(anything) for _ in range(form.count("%s")))
        parts[name] = text
    return "{" + ", ".join(f'"{name}": {text}' for name, text in parts.items()) + "}"
