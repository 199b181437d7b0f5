"""Segment documents for tests: valid as they come, each argument bends one thing."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any

_numbers = itertools.count(1)


def new_trace_id() -> str:
    """A trace id nobody used before, with the time of now in it."""
    return f"1-{int(time.time()):08x}-{time.time_ns() & (1 << 64) - 1:016x}{next(_numbers):08x}"


def new_id() -> str:
    """A (sub)segment id nobody used before in this process."""
    return f"{next(_numbers):016x}"


def segment(**members: Any) -> dict[str, Any]:
    """A complete segment of a tenth of a second, ended just now; a member set to None is left out."""
    start = members.get("start_time") or round(time.time() - 1, 3)
    default = {
        "name": "shop",
        "id": new_id(),
        "trace_id": new_trace_id(),
        "start_time": start,
        "end_time": round(start + 0.1, 3) if isinstance(start, int | float) else None,
    }
    return {name: value for name, value in {**default, **members}.items() if value is not None}


def subsegment(parent: dict[str, Any], **members: Any) -> dict[str, Any]:
    """An independent subsegment below `parent`."""
    below = {"type": "subsegment", "name": "work", "trace_id": parent["trace_id"], "parent_id": parent["id"]}
    return segment(**{**below, "start_time": parent["start_time"], **members})


def embedded(**members: Any) -> dict[str, Any]:
    """A subsegment for the `subsegments` of another."""
    return segment(**{"name": "work", **members, "trace_id": None})


def in_progress(document: dict[str, Any]) -> dict[str, Any]:
    """The copy of `document` that was sent before its end."""
    return {**{k: v for k, v in document.items() if k != "end_time"}, "in_progress": True}


def text(document: Any) -> str:
    """The JSON text of a document."""
    return json.dumps(document)


def datagram(document: Any, header: bytes = b'{"format": "json", "version": 1}') -> bytes:
    """What an SDK sends over UDP."""
    return header + b"\n" + (document if isinstance(document, bytes) else text(document).encode())
