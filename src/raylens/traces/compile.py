"""The documents of one trace as X-Ray returns them: streamed subsegments embedded, inferred segments added."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from raylens.model.ids import format_span_id, format_trace_id
from raylens.model.inferred import InferredNode, infer_node
from raylens.model.outcome import THROTTLING_EXCEPTIONS
from raylens.model.segment import Aws, Segment, Sql

Document = dict[str, Any]
# Members an embedded subsegment does not have in X-Ray's answers (inferred from its examples).
_OF_INDEPENDENT = ("type", "trace_id", "parent_id")
_COPIED_TO_INFERRED = ("http", "aws", "sql", "error", "throttle", "fault")


class CompiledSegment(msgspec.Struct, frozen=True):
    """One entry of `Segments`: its id and its document as JSON text."""

    id: str
    document: str


class CompiledTrace(msgspec.Struct, frozen=True):
    """One trace as BatchGetTraces returns it; `duration_s` is latest end minus earliest start."""

    trace_id: bytes
    duration_s: float
    segments: tuple[CompiledSegment, ...]


class _Entity:
    """A segment or subsegment while the tree is put together."""

    __slots__ = ("document", "id", "is_segment", "parent_id", "version")

    def __init__(self, document: Document, parent_id: str | None, is_segment: bool, version: int) -> None:
        self.document = document
        # upper-case hex is accepted and comes back lower-case, as X-Ray's ids are
        self.id: str = document["id"].lower()
        document["id"] = self.id
        self.parent_id = parent_id.lower() if parent_id else None
        if "parent_id" in document and self.parent_id is not None:
            document["parent_id"] = self.parent_id
        self.is_segment = is_segment
        self.version = version


def compile_trace(trace_id: bytes, documents: Sequence[tuple[int, str]]) -> CompiledTrace:
    """Put a trace's documents, each with its version, together.

    Independent subsegments go into the (sub)segment they name as parent; those whose parent never came, or that name
    each other in a circle, are entries of their own (inferred; the API speaks of "segments and subsegments"). Members
    raylens does not know are kept as sent. The result does not depend on the order of `documents`.
    """
    roots, entities = _parse(documents)
    entries = _attach(roots, entities)
    for entry in entries:
        _tidy(entry)
    text_id = format_trace_id(trace_id)
    for entry in entries:
        entry.document["trace_id"] = text_id
    callers = {root.parent_id for root in roots if root.is_segment}
    inferred = [
        document
        for entity in entities.values()
        if entity.id not in callers and (document := _inferred_document(entity, trace_id, text_id)) is not None
    ]
    compiled = [entry.document for entry in entries] + sorted(inferred, key=lambda d: (d["start_time"], d["id"]))
    return CompiledTrace(
        trace_id,
        _duration_s(entities.values()),
        tuple(CompiledSegment(document["id"], msgspec.json.encode(document).decode()) for document in compiled),
    )


def _parse(documents: Sequence[tuple[int, str]]) -> tuple[list[_Entity], dict[str, _Entity]]:
    """The roots of the documents, oldest first, and every entity by id; of one id the highest version is kept."""
    parsed = []
    for version, text in documents:
        document: Document = msgspec.json.decode(text)
        is_segment = document.get("type") != "subsegment"
        parsed.append(_Entity(document, document.get("parent_id"), is_segment, version))
    # highest version first, so that what is met again later is the older copy
    parsed.sort(key=lambda root: (-root.version, root.id))
    roots: list[_Entity] = []
    entities: dict[str, _Entity] = {}
    for root in parsed:
        if root.id in entities:
            continue
        roots.append(root)
        others = set(entities)
        waiting = [root]
        while waiting:
            entity = waiting.pop()
            entities.setdefault(entity.id, entity)
            # a subsegment that a newer document holds as well is the older copy
            children = [c for c in _children(entity.document) if c["id"].lower() not in others]
            if children or "subsegments" in entity.document:
                entity.document["subsegments"] = children
            waiting += [_Entity(child, entity.id, False, root.version) for child in children]
    roots.sort(key=lambda root: (root.document["start_time"], root.id))
    return roots, entities


def _children(document: Document) -> list[Document]:
    children = document.get("subsegments")
    if not isinstance(children, list):
        return []
    return [child for child in children if isinstance(child, dict) and isinstance(child.get("id"), str)]


def _attach(roots: list[_Entity], entities: dict[str, _Entity]) -> list[_Entity]:
    """Move independent subsegments into their parents; return what stands alone, segments first."""
    alone = [root for root in roots if root.is_segment]
    for root in roots:
        if root.is_segment:
            continue
        parent = entities.get(root.parent_id or "")
        if parent is None or _is_below(parent, root, entities):
            alone.append(root)
            continue
        siblings = parent.document.get("subsegments")
        if not isinstance(siblings, list):
            siblings = parent.document["subsegments"] = []
        siblings.append(root.document)
        for name in _OF_INDEPENDENT:
            root.document.pop(name, None)
    return alone


def _is_below(entity: _Entity, ancestor: _Entity, entities: dict[str, _Entity]) -> bool:
    """Whether `ancestor` is on the way up from `entity`, so that hanging one below the other would close a circle."""
    seen: set[str] = set()
    at: _Entity | None = entity
    while at is not None and at.id not in seen:
        if at.id == ancestor.id:
            return True
        seen.add(at.id)
        at = None if at.is_segment else entities.get(at.parent_id or "")
    return False


def _tidy(entry: _Entity) -> None:
    """Drop what X-Ray does not return, and order each level by time: the order of arrival means nothing."""
    waiting = [entry.document]
    while waiting:
        document = waiting.pop()
        if document.get("namespace") == "local":
            del document["namespace"]
        if document.get("in_progress") is False:
            del document["in_progress"]
        children = _children(document)
        if children:
            children.sort(key=lambda child: (child["start_time"], child["id"]))
            document["subsegments"] = children
            for child in children:
                for name in _OF_INDEPENDENT:
                    child.pop(name, None)
            waiting += children
        elif document.get("subsegments") == []:
            del document["subsegments"]


def _inferred_document(call: _Entity, trace_id: bytes, text_id: str) -> Document | None:
    """The segment X-Ray makes for a call that nobody answered; None when nothing is inferred from `call`."""
    document = call.document
    if call.is_segment or "end_time" not in document or _expects_segment(document):
        return None
    node = _node_of(document)
    if node is None:
        return None
    if node.resource_names and isinstance(document.get("aws"), dict):
        document["aws"].setdefault("resource_names", list(node.resource_names))
    # stable between reads, unlike X-Ray's random one
    own_id = hashlib.blake2b(trace_id + call.id.encode(), digest_size=8).hexdigest()
    inferred: Document = {
        "id": own_id,
        "name": node.document_name,
        "start_time": document["start_time"],
        "end_time": document["end_time"],
        "parent_id": format_span_id(int(call.id, 16)),
        "inferred": True,
        **{name: document[name] for name in _COPIED_TO_INFERRED if name in document},
        "trace_id": text_id,
    }
    if node.origin is not None:
        inferred["origin"] = node.origin
    if _is_throttled(document):
        inferred.pop("fault", None)
        inferred.update(error=True, throttle=True)
    return inferred


def _expects_segment(document: Document) -> bool:
    http = document.get("http")
    request = http.get("request") if isinstance(http, dict) else None
    return document.get("traced") is True or (isinstance(request, dict) and request.get("traced") is True)


def _node_of(document: Document) -> InferredNode | None:
    aws: Aws | None = None
    if isinstance(document.get("aws"), dict):
        try:
            aws = msgspec.convert(document["aws"], Aws)
        except msgspec.ValidationError:
            aws = None
    sql = Sql() if isinstance(document.get("sql"), dict) else None
    namespace = document.get("namespace")
    return infer_node(
        Segment(
            id=document["id"],
            name=document["name"],
            start_time=document["start_time"],
            namespace=namespace if isinstance(namespace, str) else "",
            aws=aws,
            sql=sql,
        )
    )


def _is_throttled(document: Document) -> bool:
    if not (document.get("error") or document.get("fault") or document.get("throttle")):
        return False
    http = document.get("http")
    response = http.get("response") if isinstance(http, dict) else None
    if isinstance(response, dict) and response.get("status") == 429:
        return True
    cause = document.get("cause")
    exceptions = cause.get("exceptions") if isinstance(cause, dict) else None
    return isinstance(exceptions, list) and any(
        isinstance(e, dict) and e.get("type") in THROTTLING_EXCEPTIONS for e in exceptions
    )


def _duration_s(entities: Iterable[_Entity]) -> float:
    starts, ends = [], []
    for entity in entities:
        starts.append(entity.document["start_time"])
        end = entity.document.get("end_time")
        ends.append(end if isinstance(end, int | float) else entity.document["start_time"])
    return float(max(ends) - min(starts)) if starts else 0.0
