"""The known causes on the critical path of a trace: cold start, throttling, waiting for a function."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from raylens.cli.span_documents import JsonObject, Span, spans_from_documents
from raylens.ingest.decode import decode_document
from raylens.ingest.normalize import spans_from_segment
from raylens.ingest.refusal import Refused
from raylens.model.span import Span as StoredSpan
from raylens.traces import assemble_trace, critical_path
from raylens.traces.critical_path import NamedCause


def known_causes(trace_id: str, documents: Iterable[JsonObject]) -> tuple[NamedCause, ...]:
    """The causes that the server would name, the longest first; none while the root is unfinished.

    The documents are read as the server read them, so that both follow the same rules; what raylens itself inferred
    is left out, it is worked out again.
    """
    spans: list[StoredSpan] = []
    for span in spans_from_documents(documents).values():
        if not span.is_inferred:
            spans += _stored(trace_id, span)
    path = critical_path(assemble_trace(spans)) if spans else None
    return path.causes if path is not None else ()


def _stored(trace_id: str, span: Span) -> list[StoredSpan]:
    """The span as a document of its own, so that a trace of any size is within the limits of documents."""
    document = {**span.document, "trace_id": trace_id}
    if span.parent_id is not None:
        document["parent_id"] = span.parent_id
    if not span.is_segment:
        document["type"] = "subsegment"
    try:
        return spans_from_segment(decode_document(msgspec.json.encode(document).decode()), 0)
    except Refused:
        return []
