"""Segment documents laid flat: every segment and subsegment once, however it was nested, repeated or cut short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from raylens.cli.terminal_text import NS_PER_US
from raylens.cli.words import Outcome, outcome_of

JsonObject = Mapping[str, Any]

_US_PER_S = 1_000_000


class Span(msgspec.Struct, frozen=True):
    """One segment or subsegment of a trace, as its document says."""

    id: str
    name: str
    start_ns: int
    document: JsonObject  # the document itself, without its subsegments
    parent_id: str | None = None  # absent on the segment that began the trace
    end_ns: int | None = None  # absent while in progress
    is_segment: bool = False
    namespace: str | None = None  # aws, remote or local; absent on segments and on in-process work
    origin: str | None = None  # the resource type of a segment, when its sender or raylens knew it
    is_inferred: bool = False  # made from the caller's subsegment, because the callee sends no segments
    error: bool = False
    throttle: bool = False
    fault: bool = False

    @property
    def outcome(self) -> Outcome:
        """The flags in one word."""
        return outcome_of(error=self.error, throttle=self.throttle, fault=self.fault)

    @property
    def http_status(self) -> int | None:
        """The status answered; absent when the span served or made no HTTP request, or got no answer."""
        status = member(member(self.document, "http"), "response").get("status")
        return status if isinstance(status, int) else None


def spans_from_documents(documents: Iterable[JsonObject]) -> dict[str, Span]:
    """Every span by id. The order of `documents` does not matter.

    Embedded and independent subsegments come out alike. Of several copies of one id the complete one counts, of
    several complete ones that which ends last. What has no id, name or start is not a span and is left out.
    """
    copies: dict[str, list[Span]] = {}
    pending: list[tuple[JsonObject, Span | None]] = [(document, None) for document in documents]
    while pending:
        document, holder = pending.pop()
        span = _span_from_document(document, holder)
        if span is None:
            continue
        copies.setdefault(span.id, []).append(span)
        embedded = document.get("subsegments")
        if isinstance(embedded, list):
            pending.extend((child, span) for child in embedded if isinstance(child, Mapping))
    return {span_id: _best_copy(of_one_id) for span_id, of_one_id in copies.items()}


def member(value: JsonObject, name: str) -> JsonObject:
    """The object at `name`, or an empty one when there is none or it is something else."""
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def _span_from_document(document: JsonObject, holder: Span | None) -> Span | None:
    span_id, name = document.get("id"), document.get("name")
    start_ns = instant_ns(document.get("start_time"))
    if not isinstance(span_id, str) or not span_id or not isinstance(name, str) or start_ns is None:
        return None
    parent_id = holder.id if holder is not None else _text(document.get("parent_id"))
    end_ns = None if document.get("in_progress") is True else instant_ns(document.get("end_time"))
    return Span(
        id=span_id,
        name=name,
        start_ns=start_ns,
        document={key: value for key, value in document.items() if key != "subsegments"},
        parent_id=parent_id,
        end_ns=None if end_ns is None else max(end_ns, start_ns),
        is_segment=holder is None and document.get("type") != "subsegment",
        namespace=_text(document.get("namespace")),
        origin=_text(document.get("origin")),
        is_inferred=document.get("inferred") is True,
        error=document.get("error") is True,
        throttle=document.get("throttle") is True,
        fault=document.get("fault") is True,
    )


def _best_copy(copies: list[Span]) -> Span:
    if len(copies) == 1:
        return copies[0]
    best = max(copies, key=_copy_rank)
    if best.parent_id is not None:
        return best
    return msgspec.structs.replace(best, parent_id=max(copy.parent_id or "" for copy in copies) or None)


def _copy_rank(span: Span) -> tuple[bool, int, int, str, bytes]:
    # The last two only make equal times a matter of content instead of a matter of arrival.
    content = msgspec.json.encode(span.document, order="deterministic")
    return span.end_ns is not None, span.end_ns or 0, -span.start_ns, span.parent_id or "", content


def instant_ns(value: object) -> int | None:
    """Epoch seconds as integer ns, to the microsecond: a double holds no more this far from 1970."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e11 < value < 1e11:
        return None
    return round(value * _US_PER_S) * NS_PER_US


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
