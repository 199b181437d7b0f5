"""What holds for every trace, however it is cut, ordered and repeated on its way; and for every byte that arrives."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raylens.api.xray.shapes import service_graph_shapes, trace_summary_shape
from raylens.clock import ManualClock
from raylens.ingest.buffer import WriteBuffer
from raylens.ingest.decode import decode_document, split_document
from raylens.ingest.normalize import spans_from_segment
from raylens.ingest.pipeline import AgeLimits, Ingestor
from raylens.ingest.refusal import Refused
from raylens.ingest.udp import document_from_datagram
from raylens.model.ids import parse_trace_id
from raylens.model.span import Span, version_of
from raylens.model.trace import Trace
from raylens.selfmetrics import SelfMetrics
from raylens.servicemap import graph_of_traces
from raylens.storage.clickhouse.rows import arrow_from_documents, arrow_from_spans
from raylens.storage.interface import StoredDocument
from raylens.traces import assemble_trace, compile_trace, summarize_trace
from tests import factories, strategies
from tests.protocol.server import Server, running
from tests.strategies import TRACE_ID, UNHURRIED, Document

_RECEIVED_NS = (strategies.START_S + 10) * 1_000_000_000


class Collected:
    """What one trace looks like after its documents came in one after the other, a microsecond apart."""

    def __init__(self, documents: list[Document]) -> None:
        spans: list[Span] = []
        texts: dict[str, tuple[int, str]] = {}
        for number, document in enumerate(documents):
            text = json.dumps(document)
            own = spans_from_segment(decode_document(text), _RECEIVED_NS + number * 1000)
            spans += own
            # a store keeps the highest version of a document, the later of equals
            if document["id"] not in texts or texts[document["id"]][0] <= own[0].version:
                texts[document["id"]] = (own[0].version, text)
        trace_id = parse_trace_id(TRACE_ID)
        assert trace_id is not None
        self.trace: Trace = assemble_trace(spans)
        # the order that a store happens to return rows in must not matter either
        rows = list(texts.values())
        random.Random(len(rows)).shuffle(rows)
        self.compiled = compile_trace(trace_id, rows)

    @property
    def seen(self) -> dict[str, Any]:
        """Everything a reader can see, without the versions that say when it came."""
        return {
            "summary": trace_summary_shape(summarize_trace(self.trace), None),
            "graph": service_graph_shapes(graph_of_traces([self.trace]), with_times=True),
            "documents": {s.id: json.loads(s.document) for s in self.compiled.segments},
            "order": [s.id for s in self.compiled.segments],
            "duration": self.compiled.duration_s,
            "owners": {id_: owner.id for id_, owner in self.trace.owner.items()},
            "parents": {id_: parent.id for id_, parent in self.trace.parent.items()},
        }


@given(st.data(), strategies.traces())
@settings(UNHURRIED, max_examples=400)
def test_documents_in_any_order_make_the_same_trace(data: st.DataObject, documents: list[Document]) -> None:
    shuffled = data.draw(st.permutations(documents))

    assert Collected(shuffled).seen == Collected(documents).seen


@given(st.data(), strategies.traces())
@settings(UNHURRIED, max_examples=400)
def test_documents_sent_twice_change_nothing(data: st.DataObject, documents: list[Document]) -> None:
    again = data.draw(st.lists(st.sampled_from(documents)))

    assert Collected(documents + again).seen == Collected(documents).seen


@given(st.data(), strategies.traces())
@settings(UNHURRIED, max_examples=400)
def test_in_progress_copies_change_nothing_once_the_complete_ones_are_there(
    data: st.DataObject, documents: list[Document]
) -> None:
    everything = data.draw(st.permutations(documents + strategies.in_progress_copies(documents)))

    assert Collected(everything).seen == Collected(documents).seen


@given(strategies.traces())
@settings(UNHURRIED, max_examples=400)
def test_every_entity_is_returned_exactly_once(documents: list[Document]) -> None:
    def ids(entities: list[Document]) -> list[str]:
        return [id_ for e in entities for id_ in (e["id"], *ids(e.get("subsegments", [])))]

    returned = [json.loads(s.document) for s in Collected(documents).compiled.segments]

    assert sorted(ids([d for d in returned if "inferred" not in d])) == sorted(ids(documents))


@given(st.permutations(range(2, 40)), st.data())
@UNHURRIED
def test_any_web_of_parents_is_assembled_without_loss(order: list[int], data: st.DataObject) -> None:
    documents = [
        {
            "type": "subsegment", "name": "x", "id": f"{number:016x}", "trace_id": TRACE_ID,
            "parent_id": f"{data.draw(st.integers(1, 41)):016x}", "start_time": strategies.START_S,
            "end_time": strategies.START_S + 1,
        }
        for number in order[: data.draw(st.integers(1, 38))]
    ]  # fmt: skip

    def count(entity: Document) -> int:
        return 1 + sum(count(child) for child in entity.get("subsegments", []))

    collected = Collected(documents)

    assert sum(count(json.loads(s.document)) for s in collected.compiled.segments) == len(documents)


def take(text: str) -> None:
    """Everything that happens to a document from its arrival to its being read."""
    for document in split_document(text):
        segment = decode_document(document)
        spans = spans_from_segment(segment, _RECEIVED_NS)
        root = spans[0]
        arrow_from_spans(spans, 0)
        arrow_from_documents([StoredDocument(root.trace_id, root.id, root.version, 0, 0, document)])
        trace = assemble_trace(spans)
        json.dumps(trace_summary_shape(summarize_trace(trace), None))
        json.dumps(service_graph_shapes(graph_of_traces([trace]), with_times=True))
        for compiled in compile_trace(root.trace_id, [(root.version, document)]).segments:
            json.loads(compiled.document, parse_constant=lambda name: json.loads("refused " + name))


def take_or_refuse(text: str) -> None:
    try:
        take(text)
    except Refused as error:
        assert error.code
        assert error.cause


@given(strategies.bent_documents())
@settings(UNHURRIED, max_examples=1000)
def test_a_document_with_anything_in_it_is_taken_whole_or_refused(text: str) -> None:
    take_or_refuse(text)


@given(strategies.json_values.map(json.dumps) | st.text())
@UNHURRIED
def test_any_json_and_any_text_is_taken_or_refused(text: str) -> None:
    take_or_refuse(text)


@given(st.binary(max_size=200), st.booleans())
@UNHURRIED
def test_any_datagram_is_taken_or_counted(data: bytes, with_header: bool) -> None:
    document = document_from_datagram(b'{"format": "json", "version": 1}\n' + data if with_header else data)

    if document is not None:
        take_or_refuse(document)


@given(st.binary(max_size=60))
@UNHURRIED
def test_any_header_is_read_or_refused(header: bytes) -> None:
    document_from_datagram(header + b"\n{}")
    document_from_datagram(b'{"format": "' + header + b'", "version": 1}\n{}')


@given(st.lists(strategies.bent_documents() | st.text(), max_size=6))
@UNHURRIED
def test_the_pipeline_accounts_for_every_document(documents: list[str]) -> None:
    async def offer() -> tuple[int, int, int]:
        metrics = SelfMetrics()
        buffer = WriteBuffer(1 << 20, metrics)
        ingestor = Ingestor(buffer, ManualClock(_RECEIVED_NS), metrics, AgeLimits(30 * 86400, 7200))
        refusals = ingestor.offer(documents)
        batch = buffer.take_batch()
        stored = 0 if batch is None else len({d.document for d in batch.documents} & set(documents))
        assert metrics.documents_received == len(documents)
        assert metrics.documents_rejected == len(refusals)
        return len(set(documents)), len({documents[r.index] for r in refusals}), stored

    distinct, refused, stored = asyncio.run(offer())

    assert refused + stored == distinct


@given(st.booleans(), st.booleans(), st.integers(0, 2**62), st.integers(0, 2**62))
@UNHURRIED
def test_a_complete_copy_outranks_an_unfinished_one_and_a_later_an_earlier(
    first: bool, second: bool, at: int, later: int
) -> None:
    assert (version_of(first, at) <= version_of(second, later)) == ((not first, at) <= (not second, later))


@pytest.fixture(scope="module")
def old_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that takes the strategies' documents, whose time does not move."""
    with running(tmp_path_factory.mktemp("old"), "--accept-past-days", "0", "--batch-age-ms", "1") as server:
        yield server


def over_the_wire(server: Server, documents: list[Document]) -> dict[str, Any]:
    """What a live server shows of a trace after its documents came one call after the other."""
    for document in documents:
        assert server.put(document) == []
    summaries = server.post(
        "/TraceSummaries", {"StartTime": strategies.START_S, "EndTime": strategies.START_S + 60}
    ).json["TraceSummaries"]
    trace_id = documents[0]["trace_id"]
    [summary] = [s for s in summaries if s["Id"] == trace_id]
    return {
        "summary": {**summary, "Id": ""},
        "documents": [{**d, "trace_id": ""} for d in server.documents_of(trace_id) if "inferred" not in d],
        "graph": server.post("/TraceGraph", {"TraceIds": [trace_id]}).json,
    }


@given(st.data(), strategies.traces())
@settings(UNHURRIED, max_examples=15)
def test_order_repetition_and_unfinished_copies_change_nothing_that_a_live_server_shows(
    old_server: Server, data: st.DataObject, documents: list[Document]
) -> None:
    plain_id, mixed_id = factories.new_trace_id(), factories.new_trace_id()
    again = data.draw(st.lists(st.sampled_from(documents), max_size=3))
    mixed = data.draw(st.permutations(documents + strategies.in_progress_copies(documents) + again))

    plain = over_the_wire(old_server, [{**d, "trace_id": plain_id} for d in documents])

    assert over_the_wire(old_server, [{**d, "trace_id": mixed_id} for d in mixed]) == plain


@given(st.lists(strategies.bent_documents(), min_size=1, max_size=20))
@settings(UNHURRIED, max_examples=40)
def test_whatever_a_live_server_takes_it_can_show(old_server: Server, documents: list[str]) -> None:
    trace_id = factories.new_trace_id()
    good = {**factories.segment(trace_id=trace_id, start_time=strategies.START_S), "id": "00000000000000ee"}

    unprocessed = old_server.put(*(text.replace(TRACE_ID, trace_id) for text in documents), good)

    assert len(unprocessed) <= len(documents)
    assert "00000000000000ee" in [d["id"] for d in old_server.documents_of(trace_id)]
    assert old_server.post("/TraceGraph", {"TraceIds": [trace_id]}).status == 200


@pytest.mark.soak
@given(strategies.bent_documents())
@settings(UNHURRIED, max_examples=100_000)
def test_a_hundred_thousand_bent_documents_are_taken_or_refused(text: str) -> None:
    take_or_refuse(text)
