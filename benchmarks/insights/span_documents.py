"""Recorded spans as the segment documents that an X-Ray SDK would have sent of the same requests."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

# What X-Ray does not accept in the name of a segment or subsegment.
_NOT_IN_NAMES = re.compile(r"[^\w\s.:/%&#=+\\\-@]")


class Recorded(msgspec.Struct, frozen=True):
    """A row of the recording. `parent` is "0" of a root; neither kind nor status was recorded."""

    id: str
    parent: str
    service: str
    operation: str
    start_us: int
    duration_us: int


def read_spans(path: Path) -> dict[str, dict[str, list[Recorded]]]:
    """The spans of each trace of each incident."""
    found: dict[str, dict[str, list[Recorded]]] = defaultdict(lambda: defaultdict(list))
    with gzip.open(path, "rt", newline="") as file:
        for row in csv.DictReader(file):
            span = Recorded(
                row["span"],
                row["parent"],
                row["service"],
                row["operation"],
                int(row["start_us"]),
                int(row["duration_us"]),
            )
            found[row["incident"]][row["trace"]].append(span)
    return found


def documents_of(incident: str, trace: str, spans: list[Recorded], earlier_us: int = 0) -> Iterator[str]:
    """A segment for each entry into a service, with the rest of what the service did as subsegments.

    A span whose child belongs to another service is the call to it, of namespace `remote`. All times are moved
    `earlier_us` into the past. A segment whose parent was not recorded is a root of its own.
    """
    start_s = min(span.start_us - earlier_us for span in spans) // 1_000_000
    trace_id = f"1-{start_s:08x}-{_digest(incident, trace, size=12)}"
    known = {span.id: span for span in spans}
    children: dict[str, list[Recorded]] = defaultdict(list)
    for span in spans:
        children[span.parent].append(span)
    for span in spans:
        parent = known.get(span.parent)
        if parent is not None and parent.service == span.service:
            continue
        document: dict[str, Any] = {
            **_timed(span, incident, trace, earlier_us),
            "name": _name(span.service),
            "trace_id": trace_id,
            "http": {"request": {"method": "GET", "url": f"http://{span.service}{_path(span.operation)}"}},
        }
        if parent is not None:
            document["parent_id"] = _digest(incident, trace, parent.id)
        below = _subsegments(span, children, incident, trace, earlier_us)
        if below:
            document["subsegments"] = below
        yield json.dumps(document)


def _subsegments(
    span: Recorded, children: dict[str, list[Recorded]], incident: str, trace: str, earlier_us: int
) -> list[dict[str, Any]]:
    found = []
    for child in children[span.id]:
        if child.service != span.service:
            continue
        document = {**_timed(child, incident, trace, earlier_us), "name": _name(child.operation)}
        callees = [each.service for each in children[child.id] if each.service != child.service]
        if callees:
            document |= {"name": _name(callees[0]), "namespace": "remote"}
        below = _subsegments(child, children, incident, trace, earlier_us)
        if below:
            document["subsegments"] = below
        found.append(document)
    return found


def _timed(span: Recorded, incident: str, trace: str, earlier_us: int) -> dict[str, Any]:
    start_us = span.start_us - earlier_us
    return {
        "id": _digest(incident, trace, span.id),
        "start_time": start_us / 1e6,
        "end_time": (start_us + span.duration_us) / 1e6,
    }


def _name(text: str) -> str:
    return _NOT_IN_NAMES.sub("_", text)[:200]


def _path(operation: str) -> str:
    return operation if operation.startswith("/") else "/" + operation


def _digest(*parts: str, size: int = 8) -> str:
    return blake2b("/".join(parts).encode(), digest_size=size).hexdigest()
