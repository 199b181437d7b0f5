"""One (sub)segment with all that was sent of it, and every document of a trace.

A document is kept as it was sent: what the decoder does not read may have any type, so that nothing here takes a member
for what it should be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from raylens.api.analytics.shapes import ServiceShape
from raylens.api.context import Services
from raylens.api.explore.requests import SpanRequest, TraceRequest
from raylens.api.explore.shapes import (
    DocumentsAnswer,
    ExceptionShape,
    HttpShape,
    LinkedTrace,
    OutcomeName,
    SpanAnswer,
    StackFrameShape,
)
from raylens.api.explore.stored_traces import (
    OUTCOME_NAMES,
    checked_trace_id,
    ms_from_ns,
    service_shape,
    stored_trace,
    unknown_trace,
)
from raylens.errors import InvalidRequest, UnknownSpan
from raylens.model.document import is_number, plain_from_json
from raylens.model.ids import format_span_id, format_trace_id, parse_span_id
from raylens.model.outcome import Outcome
from raylens.model.segment import AnnotationValue
from raylens.model.service import ServiceId
from raylens.model.span import Span
from raylens.model.time import seconds_from_ns
from raylens.model.trace import Trace, service_id_of
from raylens.storage.interface import StoredDocument, TraceReader
from raylens.traces import compile_trace

Document = dict[str, Any]
# Beyond doubles no reader keeps all digits of a whole number.
_MOST_INTEGER = (1 << 53) - 1


async def show_span(services: Services, request: SpanRequest) -> SpanAnswer:
    """One segment or subsegment: what was derived of it, and what was sent.

    Raises: InvalidRequest for what is no id, UnknownTrace and UnknownSpan where nothing has it.
    """
    trace_id = checked_trace_id(request.trace_id)
    span_id = parse_span_id(request.span_id)
    if span_id is None:
        raise InvalidRequest(f"'{request.span_id[:50]}' is not the id of a (sub)segment: 16 hex digits were expected")
    return await services.read(lambda: _details(services, trace_id, span_id))


async def show_documents(services: Services, request: TraceRequest) -> DocumentsAnswer:
    """Every document of a trace, with the inferred ones.

    Raises: InvalidRequest for what is no trace id, UnknownTrace where no trace has it.
    """
    trace_id = checked_trace_id(request.trace_id)
    return await services.read(lambda: _documents(services, trace_id))


def _documents(services: Services, trace_id: bytes) -> DocumentsAnswer:
    found = services.store.documents([trace_id], services.max_trace_bytes).get(trace_id)
    if found is None:
        raise unknown_trace(trace_id)
    compiled = compile_trace(trace_id, [(each.version, each.document) for each in found.documents])
    documents = tuple(plain_from_json(segment.document) for segment in compiled.segments)
    return DocumentsAnswer(format_trace_id(trace_id), not found.truncated, documents)


def _details(services: Services, trace_id: bytes, span_id: int) -> SpanAnswer:
    trace = stored_trace(services.store, trace_id)
    span = next((span for span in trace.spans if span.id == span_id), None)
    text_id = format_span_id(span_id)
    found = None if span is None else _sent(services, trace_id, text_id)
    if span is None or found is None:
        raise UnknownSpan(f"trace {format_trace_id(trace_id)} has no segment or subsegment {text_id}")
    cause = found.get("cause")
    exceptions = tuple(_exceptions(cause))
    if isinstance(cause, str) and cause:
        exceptions = _described_elsewhere(services, trace_id, cause)
    return SpanAnswer(
        trace_id=format_trace_id(trace_id),
        id=text_id,
        parent_id=format_span_id(span.parent_id) if span.parent_id else None,
        name=span.name,
        service=_service(trace, span),
        is_segment=span.is_segment,
        namespace=span.namespace or None,
        outcome=OutcomeName.UNFINISHED if span.in_progress else OUTCOME_NAMES[Outcome(span.outcome)],
        error=span.error,
        throttle=span.throttle,
        fault=span.fault,
        start=seconds_from_ns(span.start_ns),
        end=None if span.in_progress else seconds_from_ns(span.end_ns),
        duration_ms=None if span.in_progress else ms_from_ns(max(0, span.end_ns - span.start_ns)),
        operation=span.operation or None,
        resource_arn=span.resource_arn or None,
        user=span.user or None,
        http=_http(found.get("http")),
        aws=_object(found.get("aws")),
        sql=_object(found.get("sql")),
        annotations=_annotations(found.get("annotations")),
        metadata=_object(found.get("metadata")),
        exceptions=exceptions,
        working_directory=_text(_object(cause).get("working_directory")),
        links=tuple(
            LinkedTrace(text_id, format_trace_id(linked))
            for linked in dict.fromkeys(link.trace_id for link in span.links)
        ),
        subsegments=sum(not child.is_segment for child in trace.children.get(span_id, ())),
        document={name: value for name, value in found.items() if name != "subsegments"},
    )


def _service(trace: Trace, span: Span) -> ServiceShape | None:
    owner = trace.owner.get(span.id)
    if owner is not None:
        return service_shape(service_id_of(owner))
    # its segment has not arrived, but the document that it came in may name the service
    return service_shape(ServiceId(span.owner_name, span.owner_type)) if span.owner_name else None


def _sent(services: Services, trace_id: bytes, text_id: str) -> Document | None:
    """The (sub)segment in the newest document that holds it."""
    for document in _mentioning(services.store, trace_id, text_id, services.max_trace_bytes):
        for entity in _entities(document):
            id_ = entity.get("id")
            if isinstance(id_, str) and id_.lower() == text_id:
                return entity
    return None


def _described_elsewhere(services: Services, trace_id: bytes, exception_id: str) -> tuple[ExceptionShape, ...]:
    """The exception of this id: a cause may be the id of one that another (sub)segment of the trace describes."""
    for document in _mentioning(services.store, trace_id, exception_id, services.max_trace_bytes):
        for entity in _entities(document):
            for exception in _exceptions(entity.get("cause")):
                if exception.id == exception_id:
                    return (exception,)
    return ()


def _mentioning(store: TraceReader, trace_id: bytes, text: str, limit_bytes: int) -> Iterator[Any]:
    """Documents that hold a text, newest first; after them all others, which may spell it with escapes."""
    told: set[int] = set()
    for stored in store.documents_mentioning(trace_id, text, limit_bytes):
        told.add(stored.document_id)
        yield plain_from_json(stored.document)
    all_documents = store.documents([trace_id], limit_bytes).get(trace_id)
    others: Iterable[StoredDocument] = () if all_documents is None else all_documents.documents
    for stored in sorted(others, key=lambda each: (-each.version, each.document_id)):
        if stored.document_id not in told:
            yield plain_from_json(stored.document)


def _entities(document: Any) -> Iterator[Document]:
    """The objects of a document that may be (sub)segments, at any depth."""
    waiting = [document]
    while waiting:
        entity = waiting.pop()
        if isinstance(entity, dict):
            yield entity
            children = entity.get("subsegments")
            waiting += children if isinstance(children, list) else []


def _http(value: Any) -> HttpShape | None:
    request, response = _object(_object(value).get("request")), _object(_object(value).get("response"))
    shape = HttpShape(
        method=_text(request.get("method")),
        url=_text(request.get("url")),
        status=_whole_number(response.get("status")),
        user_agent=_text(request.get("user_agent")),
        client_ip=_text(request.get("client_ip")),
        content_length=_whole_number(response.get("content_length")),
    )
    return None if shape == HttpShape(None, None, None, None, None, None) else shape


def _exceptions(cause: Any) -> Iterator[ExceptionShape]:
    for exception in _list(_object(cause).get("exceptions")):
        if isinstance(exception, dict):
            yield ExceptionShape(
                id=_text(exception.get("id")) or "",
                type=_text(exception.get("type")) or "",
                message=_text(exception.get("message")) or "",
                is_remote=exception.get("remote") is True,
                stack=tuple(_frame(frame) for frame in _list(exception.get("stack")) if isinstance(frame, dict)),
                left_out=_whole_number(exception.get("truncated")) or 0,
            )


def _frame(frame: Document) -> StackFrameShape:
    return StackFrameShape(
        path=_text(frame.get("path")) or "",
        line=_whole_number(frame.get("line")),
        label=_text(frame.get("label")) or "",
    )


def _annotations(value: Any) -> dict[str, AnnotationValue]:
    return {key: own for key, own in _object(value).items() if isinstance(own, str | bool) or is_number(own)}


def _object(value: Any) -> Document:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _whole_number(value: Any) -> int | None:
    """A number that SDKs also send as text or as a double; None for everything else, negative ones included."""
    try:
        number = msgspec.convert(value, int, strict=False)
    except msgspec.ValidationError:
        return None
    return number if not isinstance(value, bool) and 0 <= number <= _MOST_INTEGER else None
