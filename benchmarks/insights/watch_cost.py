"""What a minute of watching costs with 500 services and 2,000 calls between them, store and all.

python -m benchmarks.insights.watch_cost
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from typing import Any

import msgspec

from raylens.clock import ManualClock
from raylens.ingest.decode import decode_document
from raylens.ingest.normalize import spans_from_segment
from raylens.insights.minutes import MinuteWatch
from raylens.model.span import Span
from raylens.model.time import NS_PER_S
from raylens.storage.clickhouse.store import ClickHouseStore, open_store
from raylens.storage.interface import EVERY_TRACE, Batch, StoredDocument

SERVICES, CALLS_EACH, ROUNDS = 500, 4, 3
LEARNED_MINUTES, MEASURED_MINUTES = 30, 10


def measure() -> tuple[list[float], int]:
    """Processor seconds, of all threads of the process, of watching each measured minute; and how many entities."""
    begin = (int(time.time()) // 60 - LEARNED_MINUTES - MEASURED_MINUTES - 5) * 60
    clock = ManualClock(begin * NS_PER_S)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"chdb://{folder}", clock=clock)
        watch, cost, entities = MinuteWatch(store), [], 0
        for number in range(LEARNED_MINUTES + MEASURED_MINUTES):
            _send(store, begin + 60 * number)
            clock.advance(60)
            store.compute_graph_minutes()
            clock.advance(30)
            began = time.process_time()
            judge = watch.advance(clock.now_ns(), EVERY_TRACE)
            took = time.process_time() - began
            clock.advance(-30)
            if number >= LEARNED_MINUTES:
                cost.append(took)
                entities = judge.readiness.entities if judge is not None and judge.readiness is not None else 0
        store.close()
    return cost, entities


def _send(store: ClickHouseStore, at_s: int) -> None:
    documents: list[StoredDocument] = []
    spans: list[Span] = []
    for document in _documents(at_s):
        text = msgspec.json.encode(document).decode()
        own = list(spans_from_segment(decode_document(text), (at_s + 60) * NS_PER_S))
        root, starts = own[0], [span.start_ns for span in own]
        documents.append(StoredDocument(root.trace_id, root.id, root.version, min(starts), max(starts), text))
        spans += own
    store.write(Batch(documents, spans))


def _documents(at_s: int) -> Iterator[dict[str, Any]]:
    """Each service is entered a few times, and calls four others, which answer with segments of their own."""
    dice = random.Random(at_s)
    for round_ in range(ROUNDS):
        for number in range(SERVICES):
            trace_id = f"1-{at_s:08x}-{dice.getrandbits(96):024x}"
            start = at_s + dice.random() * 50 + round_
            calls = []
            for step in range(CALLS_EACH):
                callee = (number * 7 + 31 * step + 1) % SERVICES
                begun, took = start + 0.01 * step, dice.lognormvariate(-5, 0.4)
                call = _span(f"service-{callee}", dice, begun, took) | {"namespace": "remote"}
                calls.append(call)
                yield _span(f"service-{callee}", dice, begun + 0.0005, took * 0.9) | {
                    "trace_id": trace_id, "parent_id": call["id"], "origin": "AWS::ECS::Container",
                }  # fmt: skip
            yield _span(f"service-{number}", dice, start, 0.1) | {
                "trace_id": trace_id, "origin": "AWS::ECS::Container", "subsegments": calls,
            }  # fmt: skip


def _span(name: str, dice: random.Random, start: float, took: float) -> dict[str, Any]:
    return {"id": f"{dice.getrandbits(64):016x}", "name": name, "start_time": start, "end_time": start + took}


def main() -> None:
    cost, entities = measure()
    print(
        f"{entities:,} nodes and edges: {statistics.median(cost):.2f} s of processor time a minute "
        f"(median of {len(cost)}, {min(cost):.2f} to {max(cost):.2f})"
    )


if __name__ == "__main__":
    main()
