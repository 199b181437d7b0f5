"""Batches into tables."""

from __future__ import annotations

from raylens.storage.clickhouse.rows import arrow_from_documents, arrow_from_spans
from raylens.storage.clickhouse.session import Session
from raylens.storage.interface import Batch


class ClickHouseWriter:
    """`SpanWriter` on ClickHouse: two inserts a batch, documents first."""

    _session: Session

    def write(self, batch: Batch) -> None:
        # Spans last: what search finds can then always be read. A death between the two leaves documents that
        # nobody was told about; the sender's repeat replaces them.
        if batch.documents:
            self._session.insert_arrow("documents", arrow_from_documents(batch.documents))
        if batch.spans:
            self._session.insert_arrow("spans", arrow_from_spans(batch.spans))
