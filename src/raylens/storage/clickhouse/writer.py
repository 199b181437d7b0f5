"""Batches into tables."""

from __future__ import annotations

from raylens.model.time import NS_PER_S
from raylens.storage.clickhouse.index import ClickHouseIndex
from raylens.storage.clickhouse.rows import arrow_from_documents, arrow_from_spans
from raylens.storage.clickhouse.session import UNMERGED
from raylens.storage.interface import Batch

# The trace index looks back as far as this for what was stamped before and became visible since.
_PROMPT_S = 2


class ClickHouseWriter(ClickHouseIndex):
    """`SpanWriter` on ClickHouse: two inserts a batch, documents first."""

    def write(self, batch: Batch) -> None:
        # Spans last: what search finds can then always be read. A death between the two leaves documents that
        # nobody was told about; the sender's repeat replaces them.
        if batch.documents:
            self._session.insert_arrow("documents", arrow_from_documents(batch.documents))
        if batch.spans:
            stamp_s = self._clock.now_ns() // NS_PER_S
            self._session.insert_arrow("spans", arrow_from_spans(batch.spans, stamp_s), UNMERGED)
            if self._clock.now_ns() // NS_PER_S - stamp_s > _PROMPT_S:
                self.rewind_index(stamp_s)
