"""The single door for PutTraceSegments, UDP datagrams and whatever else brings documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import msgspec

from raylens.clock import Clock
from raylens.ingest.buffer import WriteBuffer
from raylens.ingest.decode import decode_document, split_document
from raylens.ingest.normalize import spans_from_segment
from raylens.ingest.refusal import Refusal, Refused, refusal_from
from raylens.model.segment import Segment
from raylens.model.span import Span
from raylens.model.time import NS_PER_S
from raylens.selfmetrics import SelfMetrics
from raylens.storage.interface import StoredDocument


class AgeLimits(msgspec.Struct, frozen=True):
    """How far a document's start and ends may lie from now, in seconds; None accepts any.

    X-Ray publishes no limit for PutTraceSegments. Older than the retention is pointless, and its OTLP endpoint takes
    at most two hours of future: a time outside is a broken clock, and is refused rather than hidden where no time
    range will ever look.
    """

    past_s: float | None
    future_s: float | None


class Ingestor:
    """Decodes, normalizes and hands on; counts what it took and what it refused."""

    def __init__(self, buffer: WriteBuffer, clock: Clock, metrics: SelfMetrics, limits: AgeLimits) -> None:
        self._buffer = buffer
        self._clock = clock
        self._metrics = metrics
        self._limits = limits

    async def store(self, documents: Sequence[str]) -> tuple[Refusal, ...]:
        """Store the good ones of `documents` and return why the others were not; on return the good ones are durable.

        Raises: Overloaded when the buffer is full, StorageError when the store failed; nothing is promised then and
        sending the call again is safe.
        """
        stored, spans, refusals = self._prepare(documents)
        if stored:
            await self._buffer.commit(stored, spans)
        return refusals

    def offer(self, documents: Sequence[str]) -> tuple[Refusal, ...]:
        """Take the good ones of `documents` without waiting for them to be stored, for senders that get no answer.

        Raises: Overloaded when the buffer is full.
        """
        stored, spans, refusals = self._prepare(documents)
        if stored:
            self._buffer.append(stored, spans)
        return refusals

    def _prepare(self, documents: Sequence[str]) -> tuple[list[StoredDocument], list[Span], tuple[Refusal, ...]]:
        received_ns = self._clock.now_ns()
        stored: list[StoredDocument] = []
        spans: list[Span] = []
        refusals: list[Refusal] = []
        for index, document in enumerate(documents):
            try:
                for text in split_document(document):
                    self._take(text, received_ns, stored, spans)
            except Refused as error:
                refusals.append(refusal_from(error, index))
        self._metrics.documents_received += len(documents)
        self._metrics.documents_rejected += len(refusals)
        return stored, spans, tuple(refusals)

    def _take(self, text: str, received_ns: int, stored: list[StoredDocument], spans: list[Span]) -> None:
        segment = decode_document(text)
        own = spans_from_segment(segment, received_ns)
        root = own[0]
        self._check_age(segment, root.start_ns, max([span.end_ns for span in own]), received_ns)
        starts = [span.start_ns for span in own]
        stored.append(StoredDocument(root.trace_id, root.id, root.version, min(starts), max(starts), text))
        spans += own

    def _check_age(self, segment: Segment, start_ns: int, last_end_ns: int, now_ns: int) -> None:
        past_s, future_s = self._limits.past_s, self._limits.future_s
        age_s = (now_ns - start_ns) / NS_PER_S
        if past_s is not None and age_s > past_s:
            self._refuse_time(
                segment, "start_time", start_ns, f"{age_s / 86400:.1f} days back", f"{past_s / 86400:g} days"
            )
        if future_s is None:
            return
        # an end far ahead makes a duration of years, which would drown every other on its node
        for member, at_ns in (("start_time", start_ns), ("end_time", last_end_ns)):
            ahead_s = (at_ns - now_ns) / NS_PER_S
            if ahead_s > future_s:
                self._refuse_time(
                    segment, member, at_ns, f"{ahead_s / 3600:.1f} hours ahead", f"{future_s / 3600:g} hours"
                )

    def _refuse_time(self, segment: Segment, member: str, at_ns: int, seen: str, most: str) -> NoReturn:
        code = "InvalidStartTime" if member == "start_time" else "InvalidEndTime"
        kind = "subsegment" if segment.type == "subsegment" else "segment"
        cause = f"{member} {at_ns / NS_PER_S:f} lies {seen}, at most {most} are accepted"
        raise Refused(code, cause, kind=kind, document_id=segment.id)
