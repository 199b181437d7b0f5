"""A recorded trace, told again as of another time: new ids, shifted times, everything else as it was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

import msgspec

from raylens.lab.segments import Document


class RecordedTrace(msgspec.Struct, frozen=True):
    """The documents of one trace as JSON texts, when it began, how long the longest took, and every id in it, the
    trace's first."""

    start_s: float
    length_s: float
    texts: tuple[str, ...]
    ids: tuple[str, ...]


def recorded_trace(documents: Iterable[Document]) -> RecordedTrace:
    """The trace of these documents, of which there is at least one and all name the same trace."""
    kept = tuple(documents)
    ids = dict.fromkeys(each for document in kept for each in (document["trace_id"], *_ids(document)))
    texts = tuple(msgspec.json.encode(document).decode() for document in kept)
    start_s = min(document["start_time"] for document in kept)
    length_s = max(document["end_time"] - document["start_time"] for document in kept)
    return RecordedTrace(start_s, length_s, texts, tuple(ids))


def retimed(trace: RecordedTrace, start_s: float, random: Random) -> list[str]:
    """The documents of the trace as if it had begun at `start_s`, to the millisecond, with ids of its own.

    The ids are replaced wherever they stand, also where metadata repeats the trace header. What else tells the time,
    as a metadata of the request, stays as it was recorded.
    """
    # whole milliseconds: what was cut to milliseconds stays so, and lengths stay what they were
    shift_ms = round((start_s - trace.start_s) * 1_000)
    new_start_s = trace.start_s + shift_ms / 1_000
    trace_id, *others = trace.ids
    new_ids = {trace_id: f"1-{int(new_start_s):08x}-{random.getrandbits(96):024x}"}
    new_ids |= {each: f"{random.getrandbits(64):016x}" for each in others}
    # Ids are random hexadecimal digits, so that nothing else in a document is spelled alike.
    pattern = re.compile("|".join(map(re.escape, trace.ids)))
    moved = []
    for text in trace.texts:
        document = msgspec.json.decode(pattern.sub(lambda found: new_ids[found[0]], text))
        _shift(document, shift_ms / 1_000)
        moved.append(msgspec.json.encode(document).decode())
    return moved


def _ids(part: Document) -> Iterator[str]:
    yield part["id"]
    for exception in _exceptions(part):
        if isinstance(exception.get("id"), str):
            yield exception["id"]
    for subsegment in part.get("subsegments") or ():
        yield from _ids(subsegment)


def _exceptions(part: Document) -> list[dict[str, Any]]:
    cause = part.get("cause")
    return list(cause.get("exceptions") or ()) if isinstance(cause, dict) else []


def _shift(part: Document, shift_s: float) -> None:
    for member in ("start_time", "end_time"):
        if isinstance(part.get(member), int | float):
            part[member] = round(part[member] + shift_s, 6)
    for subsegment in part.get("subsegments") or ():
        _shift(subsegment, shift_s)
