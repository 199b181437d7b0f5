"""A shop with one table under steady traffic, minute by minute, with something wrong on demand."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import msgspec

from raylens.ingest.decode import decode_document
from raylens.ingest.normalize import spans_from_segment
from raylens.model.service import ServiceId
from raylens.model.span import Span
from raylens.model.time import NS_PER_S
from raylens.storage.interface import Batch, SpanWriter, StoredDocument

SHOP = ServiceId("shop", "AWS::ECS::Container")
TABLE = ServiceId("orders", "AWS::DynamoDB::Table")


class Weather(msgspec.Struct, frozen=True, kw_only=True):
    """How a minute goes: requests, how long the table takes at the median, and which share of its calls fail."""

    requests: int = 20
    table_s: float = 0.010
    fault_share: float = 0.0
    throttle_share: float = 0.0


FAIR = Weather()


class Shop:
    """Sends minutes to a store. The same minute sent twice is made of the same traces."""

    def __init__(self, store: SpanWriter, seed: int = 1) -> None:
        self._store = store
        self._seed = seed

    def send(self, minutes: Iterable[int], weather: Weather = FAIR, received_ns: int | None = None) -> None:
        """Store the traffic of minutes of the epoch in one batch; received at the end of each unless said otherwise."""
        documents: list[StoredDocument] = []
        spans: list[Span] = []
        for minute in minutes:
            at_ns = (minute + 1) * 60 * NS_PER_S if received_ns is None else received_ns
            for number in range(weather.requests):
                document, own = _flattened(self._trace(minute, number, weather), at_ns)
                documents.append(document)
                spans += own
        self._store.write(Batch(documents, spans))

    def _trace(self, minute: int, number: int, weather: Weather) -> dict[str, Any]:
        dice = random.Random(f"{self._seed}/{minute}/{number}")
        start_s = minute * 60 + dice.random() * 55
        table_s = weather.table_s * dice.lognormvariate(0, 0.25)
        fate = (number + 0.5) / weather.requests
        failed = fate < weather.fault_share
        throttled = not failed and fate < weather.fault_share + weather.throttle_share
        status = 500 if failed else 400 if throttled else 200
        call = {
            "id": f"{dice.getrandbits(64):016x}", "name": "DynamoDB", "namespace": "aws",
            "start_time": start_s + 0.002, "end_time": start_s + 0.002 + table_s,
            "aws": {"operation": "PutItem", "table_name": TABLE.name}, "http": {"response": {"status": status}},
        }  # fmt: skip
        if failed:
            call["fault"] = True
        if throttled:
            call |= {"error": True, "throttle": True}
        answer = 500 if failed else 429 if throttled else 200
        segment: dict[str, Any] = {
            "id": f"{dice.getrandbits(64):016x}", "name": SHOP.name, "origin": SHOP.type,
            "trace_id": f"1-{minute * 60:08x}-{dice.getrandbits(96):024x}",
            "start_time": start_s, "end_time": start_s + 0.004 + table_s + dice.random() * 0.002,
            "http": {"request": {"method": "POST", "url": "http://shop.test/orders"}, "response": {"status": answer}},
            "annotations": {"plan": "gold" if failed else "silver"}, "subsegments": [call],
        }  # fmt: skip
        if failed:
            segment["fault"] = True
        if throttled:
            segment |= {"error": True, "throttle": True}
        return segment


def _flattened(document: dict[str, Any], received_ns: int) -> tuple[StoredDocument, list[Span]]:
    text = msgspec.json.encode(document).decode()
    spans = list(spans_from_segment(decode_document(text), received_ns))
    root, starts = spans[0], [span.start_ns for span in spans]
    return StoredDocument(root.trace_id, root.id, root.version, min(starts), max(starts), text), spans
