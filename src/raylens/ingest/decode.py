"""Document bytes to `Segment`, or the reason for `UnprocessedTraceSegments`."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from raylens.ingest.refusal import Refused, quote
from raylens.model.document import MAX_DEPTH, is_nested_too_deeply, is_number, plain_from_json
from raylens.model.segment import Aws, Ec2, Http, HttpRequest, HttpResponse, Segment, Sql

# X-Ray's quota for one segment document.
MAX_DOCUMENT_BYTES = 64 * 1024

_typed = msgspec.json.Decoder(Segment)
_elements = msgspec.json.Decoder(list[msgspec.Raw])


def split_document(document: str) -> list[str]:
    """The documents inside one element of a call: itself, or the elements of an array of subsegments.

    Raises: Refused (ParseError) when an array is not JSON; (MissingId) for an empty array, as X-Ray answers `[]`.
    """
    if document.lstrip()[:1] != "[":
        return [document]
    _check_depth(document)
    try:
        elements = _elements.decode(document)
    except msgspec.DecodeError as error:
        raise Refused("ParseError", f"the array is not JSON: {error}") from error
    if not elements:
        raise Refused("MissingId", "the document is an empty array")
    return [bytes(element).decode() for element in elements]


def decode_document(document: str) -> Segment:
    """The typed segment of one document.

    Members that do not fit X-Ray's schema are dropped and the document is still accepted, as X-Ray does; only a
    document without usable id, name or times is refused, here or in `normalize`.
    Raises: Refused with ParseError, MissingId, MissingName, MissingStartTime or InvalidSegment.
    Source: X-Ray developer guide, getting data ("data that does not fit the schema").
    """
    size = len(document) if document.isascii() else len(document.encode())
    if size > MAX_DOCUMENT_BYTES:
        raise Refused("InvalidSegment", f"the document has {size} bytes, at most {MAX_DOCUMENT_BYTES} are accepted")
    _check_depth(document)
    try:
        return _typed.decode(document)
    except msgspec.ValidationError:
        return _decode_leniently(document)
    except msgspec.DecodeError as error:
        raise Refused("ParseError", f"the document is not JSON: {error}") from error


def _check_depth(document: str) -> None:
    if is_nested_too_deeply(document):
        raise Refused(
            "InvalidSegment",
            f"the document has more than {MAX_DEPTH} levels of nesting, at most {MAX_DEPTH} are accepted",
        )


def _decode_leniently(document: str) -> Segment:
    """The slow way, taken only by documents whose members have unexpected types."""
    try:
        value = plain_from_json(document)
    except ValueError as error:
        # the typed decoder stops at the first misfit, so what follows it is read only here
        raise Refused("ParseError", f"the document is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Refused(
            "ParseError", f"the document is {'null' if value is None else _kind(value)}, a JSON object was expected"
        )
    _conform_tree(value)
    try:
        return msgspec.convert(value, Segment)
    except msgspec.ValidationError as error:
        raise Refused("InvalidSegment", str(error), document_id=_text(value.get("id"))) from error


def _conform_tree(root: dict[str, Any]) -> None:
    """Drop from a document and its subsegments what does not fit; refuse what cannot be done without."""
    waiting = [root]
    while waiting:
        entity = waiting.pop()
        _require(entity, is_root=entity is root)
        for name, types in _SCALARS.items():
            if name in entity and not _fits(entity[name], types):
                del entity[name]
        for name in ("start_time", "end_time"):
            if name in entity and not is_number(entity[name]):
                # an integer beyond a double: left to the check of times, which says what was expected
                entity[name] = math.inf
        for name, shape in _OBJECTS.items():
            if name in entity:
                entity[name] = _conform_object(entity[name], shape)
        if isinstance(entity.get("cause"), str) is False:
            entity["cause"] = _conform_cause(entity.get("cause"))
        annotations = entity.get("annotations")
        entity["annotations"] = (
            {k: v for k, v in annotations.items() if isinstance(v, str | bool) or is_number(v)}
            if isinstance(annotations, dict)
            else None
        )
        if "links" in entity:
            entity["links"] = _conform_links(entity["links"])
        children = entity.get("subsegments")
        children = [c for c in children if isinstance(c, dict)] if isinstance(children, list) else []
        entity["subsegments"] = children
        waiting.extend(children)


def _require(entity: dict[str, Any], is_root: bool) -> None:
    kind = "segment" if is_root and entity.get("type") != "subsegment" else "subsegment"
    seen = _text(entity.get("id"))
    for name, code, expected in (
        ("id", "MissingId", "16 hex digits were"),
        ("name", "MissingName", "a string was"),
        ("start_time", "MissingStartTime", "epoch seconds were"),
    ):
        value = entity.get(name)
        wanted: tuple[type, ...] = (int, float) if name == "start_time" else (str,)
        if not _fits(value, wanted):
            raise Refused(code, f"{name} is {_kind(value)}, {expected} expected", kind=kind, document_id=seen)


def _fits(value: object, types: tuple[type, ...]) -> bool:
    return isinstance(value, types) and (bool in types or not isinstance(value, bool))


def _conform_object(value: object, shape: type[msgspec.Struct]) -> dict[str, Any] | None:
    """`value` without the members that `shape` could not take; None when it is no object."""
    if not isinstance(value, dict):
        return None
    kept: dict[str, Any] = {}
    for field in msgspec.structs.fields(shape):
        if field.name not in value:
            continue
        member = value[field.name]
        nested = _NESTED.get((shape, field.name))
        if nested is not None:
            member = _conform_object(member, nested)
        try:
            msgspec.convert(member, field.type)
        except msgspec.ValidationError:
            continue
        kept[field.name] = member
    return kept


def _conform_cause(value: object) -> dict[str, Any] | None:
    if not isinstance(value, dict) or not isinstance(value.get("exceptions"), list):
        return None
    kept = []
    for exception in value["exceptions"]:
        if isinstance(exception, dict):
            kept.append(
                {
                    name: exception[name]
                    for name, types in (("id", str), ("message", str), ("type", str), ("remote", bool))
                    if isinstance(exception.get(name), types)
                }
            )
    return {"exceptions": kept}


def _conform_links(value: object) -> list[dict[str, str]]:
    """The links that can be read; others are dropped."""
    entries = value if isinstance(value, list) else []
    return [
        {"trace_id": entry["trace_id"], "id": entry["id"]}
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("trace_id"), str) and isinstance(entry.get("id"), str)
    ]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _kind(value: object) -> str:
    match value:
        case None:
            return "missing"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return f"the string {quote(value)}"
        case list():
            return "an array"
    return "an object"


_SCALARS: dict[str, tuple[type, ...]] = {
    "end_time": (int, float),
    "in_progress": (bool,),
    "trace_id": (str,),
    "parent_id": (str,),
    "type": (str,),
    "namespace": (str,),
    "origin": (str,),
    "resource_arn": (str,),
    "user": (str,),
    "error": (bool,),
    "throttle": (bool,),
    "fault": (bool,),
    "traced": (bool,),
}
_OBJECTS: dict[str, type[msgspec.Struct]] = {"http": Http, "aws": Aws, "sql": Sql}
_NESTED: dict[tuple[type[msgspec.Struct], str], type[msgspec.Struct]] = {
    (Http, "request"): HttpRequest,
    (Http, "response"): HttpResponse,
    (Aws, "ec2"): Ec2,
}
