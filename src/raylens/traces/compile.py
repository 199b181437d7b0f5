"""The documents of one trace as X-Ray returns them: streamed subsegments embedded, inferred segments added."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from types import UnionType
from typing import Any

import msgspec

from raylens.model.document import plain_from_json
from raylens.model.ids import format_span_id, format_trace_id
from raylens.model.inferred import InferredNode, infer_node
from raylens.model.outcome import THROTTLING_EXCEPTIONS
from raylens.model.segment import Aws, Segment, Sql

Document = dict[str, Any]
# Members an embedded subsegment does not have in X-Ray's answers (inferred from its examples).
_OF_INDEPENDENT = ("type", "trace_id", "parent_id")
_COPIED_TO_INFERRED = ("http", "aws", "sql", "error", "throttle", "fault")
# Subsegments hang at most this deep in one entry; deeper ones are entries of their own. Clients read the document with
# decoders that give up at a thousand levels, of which each subsegment takes two and its own content some more.
MAX_TREE_DEPTH = 200
_TYPES: dict[str, type | UnionType] = {
    "type": str, "parent_id": str, "trace_id": str, "namespace": str, "origin": str, "resource_arn": str, "user": str,
    "end_time": int | float, "in_progress": bool, "error": bool, "throttle": bool, "fault": bool, "traced": bool,
    "http": dict, "aws": dict, "sql": dict, "cause": dict | str, "annotations": dict, "subsegments": list,
}  # fmt: skip


class CompiledSegment(msgspec.Struct, frozen=True):
    """One entry of `Segments`: its id and its document as JSON text."""

    id: str
    document: str


class CompiledTrace(msgspec.Struct, frozen=True):
    """One trace as BatchGetTraces returns it; `duration_s` is latest end minus earliest start, as in its summary."""

    trace_id: bytes
    duration_s: float
    segments: tuple[CompiledSegment, ...]


class _Entity:
    """A segment or subsegment while the tree is put together; `home` is the root of the document it came in."""

    __slots__ = ("document", "home", "id", "is_segment", "level", "parent_id", "version")

    def __init__(self, document: Document, parent: _Entity | None, version: int) -> None:
        _drop_misfits(document)
        # upper-case hex is accepted and comes back lower-case, as X-Ray's ids are
        self.id: str = document["id"].lower()
        document["id"] = self.id
        self.document = document
        self.version = version
        self.home: _Entity = self if parent is None else parent.home
        # steps below `home`
        self.level: int = 0 if parent is None else parent.level + 1
        self.is_segment = parent is None and document.get("type") != "subsegment"
        if parent is None and document.get("parent_id"):
            document["parent_id"] = document["parent_id"].lower()
        self.parent_id: str | None = parent.id if parent is not None else document.get("parent_id") or None


def _drop_misfits(document: Document) -> None:
    """Drop members of the wrong type, as X-Ray does while compiling: readers take the schema's types for granted."""
    for name in [n for n, value in document.items() if n in _TYPES and not _fits(value, _TYPES[n])]:
        del document[name]


def _fits(value: object, type_: type | UnionType) -> bool:
    return isinstance(value, type_) and (type_ is bool or not isinstance(value, bool))


def compile_trace(trace_id: bytes, documents: Sequence[tuple[int, str]]) -> CompiledTrace:
    """Put a trace's documents, each with its version, together.

    Independent subsegments go into the (sub)segment they name as parent; those whose parent never came, or that name
    each other in a circle, are entries of their own (inferred; the API speaks of "segments and subsegments"). Members
    raylens does not know are kept as sent, those of the wrong type are dropped. The result does not depend on the order
    of `documents`.
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
        if entity.id not in callers
        and (document := _inferred_document(entity, entities.get(entity.parent_id or ""), trace_id, text_id))
        is not None
    ]
    compiled = [entry.document for entry in entries] + sorted(inferred, key=lambda d: (d["start_time"], d["id"]))
    return CompiledTrace(
        trace_id,
        _duration_s(entities),
        tuple(CompiledSegment(document["id"], msgspec.json.encode(document).decode()) for document in compiled),
    )


def _parse(documents: Sequence[tuple[int, str]]) -> tuple[list[_Entity], dict[str, _Entity]]:
    """The roots of the documents, oldest first, and every entity by id; of one id the highest version is kept."""
    parsed = [_Entity(plain_from_json(text), None, version) for version, text in documents]
    # highest version first, so that what is met again later is the older copy
    parsed.sort(key=lambda root: (-root.version, root.id))
    roots: list[_Entity] = []
    entities: dict[str, _Entity] = {}
    for root in parsed:
        if root.id in entities:
            continue
        roots.append(root)
        waiting = [root]
        while waiting:
            entity = waiting.pop()
            entities.setdefault(entity.id, entity)
            # a subsegment that a newer document holds as well is the older copy
            children = [c for c in _children(entity.document) if _is_free(c["id"].lower(), root, entities)]
            if children or "subsegments" in entity.document:
                entity.document["subsegments"] = children
            waiting += [_Entity(child, entity, root.version) for child in children]
    roots.sort(key=lambda root: (root.document["start_time"], root.id))
    return roots, entities


def _is_free(id_: str, root: _Entity, entities: dict[str, _Entity]) -> bool:
    known = entities.get(id_)
    return known is None or known.home is root


def _children(document: Document) -> list[Document]:
    children = document.get("subsegments")
    if not isinstance(children, list):
        return []
    return [child for child in children if isinstance(child, dict) and isinstance(child.get("id"), str)]


def _attach(roots: list[_Entity], entities: dict[str, _Entity]) -> list[_Entity]:
    """Move independent subsegments into their parents; return what stands alone, segments first.

    Every document is looked at a fixed number of times: climbing from each one up to its segment took half a minute
    for a chain of twenty thousand.
    """
    parents = {
        root.id: entities[root.parent_id]
        for root in roots
        if not root.is_segment and root.parent_id is not None and root.parent_id in entities
    }
    heights: dict[str, int] = {}
    for entity in entities.values():
        heights[entity.home.id] = max(heights.get(entity.home.id, 0), entity.level)
    hanging: dict[str, list[_Entity]] = {}
    for root in roots:
        if root.id in parents:
            hanging.setdefault(parents[root.id].home.id, []).append(root)
    circle = _circle_members(parents)
    alone = {root.id for root in roots if root.id not in parents or root.id in circle}
    waiting = [(root, 0) for root in roots if root.id in alone]
    while waiting:
        home, depth = waiting.pop()
        for root in hanging.get(home.id, ()):
            if root.id in circle:
                continue
            parent = parents[root.id]
            own_depth = depth + parent.level + 1
            if own_depth + heights[root.id] > MAX_TREE_DEPTH:
                alone.add(root.id)
                waiting.append((root, 0))
                continue
            _embed(root.document, parent.document)
            waiting.append((root, own_depth))
    return sorted((root for root in roots if root.id in alone), key=lambda root: not root.is_segment)


def _embed(child: Document, parent: Document) -> None:
    parent.setdefault("subsegments", []).append(child)
    for name in _OF_INDEPENDENT:
        child.pop(name, None)


def _circle_members(parents: dict[str, _Entity]) -> set[str]:
    """Roots whose way up leads back to themselves."""
    members: set[str] = set()
    seen: set[str] = set()
    for start in parents:
        path: dict[str, int] = {}
        at: str | None = start
        while at is not None and at not in seen:
            seen.add(at)
            path[at] = len(path)
            at = parents[at].home.id if at in parents else None
        if at in path:
            members |= set(list(path)[path[at] :])
    return members


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


def _inferred_document(call: _Entity, parent: _Entity | None, trace_id: bytes, text_id: str) -> Document | None:
    """The segment X-Ray makes for a call that nobody answered; None when nothing is inferred from `call`."""
    document = call.document
    if call.is_segment or "end_time" not in document or document.get("in_progress") or _expects_segment(document):
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
    elif parent is not None and _is_unreached(document, parent):
        inferred["fault"] = True
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


def _is_unreached(call: Document, caller: _Entity) -> bool:
    """Whether a call to AWS got no answer while its parent faulted (see `traces.assemble`)."""
    if call.get("namespace") != "aws" or _has_flag(call) or _status(call):
        return False
    parent = caller.document
    if not _has_flag(parent):
        return 500 <= _status(parent) < 600
    is_call = not caller.is_segment and parent.get("namespace") in ("aws", "remote")
    return parent.get("fault") is True and not (is_call and _is_throttled(parent))


def _has_flag(document: Document) -> bool:
    return bool(document.get("error") or document.get("throttle") or document.get("fault"))


def _status(document: Document) -> int:
    """The HTTP status that was answered, 0 when there is none."""
    http = document.get("http")
    response = http.get("response") if isinstance(http, dict) else None
    status = response.get("status") if isinstance(response, dict) else None
    return status if isinstance(status, int) and 0 < status <= 999 else 0


def _is_throttled(document: Document) -> bool:
    # a status of 429 is a flag where none was sent, as in `ingest.normalize`
    if _status(document) == 429:
        return True
    if not (_has_flag(document) or 400 <= _status(document) < 600):
        return False
    cause = document.get("cause")
    exceptions = cause.get("exceptions") if isinstance(cause, dict) else None
    return isinstance(exceptions, list) and any(
        isinstance(e, dict) and isinstance(e.get("type"), str) and e["type"] in THROTTLING_EXCEPTIONS
        for e in exceptions
    )


def _duration_s(entities: dict[str, _Entity]) -> float:
    """Earliest start of a segment to the latest end of what belongs to one; orphans count only among themselves."""
    segments = [entity for entity in entities.values() if entity.is_segment]
    below: dict[str, bool] = {}
    attached = [entity for entity in entities.values() if _has_segment_above(entity, entities, below)]
    starts = [_number(entity.document["start_time"]) for entity in segments or entities.values()]
    ends = [_number(e.document.get("end_time", e.document["start_time"])) for e in attached or entities.values()]
    return max(0.0, max(ends) - min(starts)) if starts else 0.0


def _number(value: Any) -> float:
    return float(value)


def _has_segment_above(entity: _Entity, entities: dict[str, _Entity], known: dict[str, bool]) -> bool:
    """Whether a segment is on the way up; `known` remembers the answers for the next entity."""
    path: dict[str, None] = {}
    at: _Entity | None = entity
    while at is not None and not at.is_segment and at.id not in path and at.id not in known:
        path[at.id] = None
        at = entities.get(at.parent_id or "")
    found = at is not None and (at.is_segment or known.get(at.id, False))
    known.update(dict.fromkeys(path, found))
    return found
