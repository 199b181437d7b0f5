"""The server and its store."""

from __future__ import annotations

import asyncio

import raylens
from raylens.api.analytics.requests import NothingAsked
from raylens.api.context import Services
from raylens.api.explore.shapes import DoorsShape, StatusAnswer, StoredAmount
from raylens.model.time import seconds_from_ns
from raylens.storage.interface import StoredAmounts


async def show_status(services: Services, request: NothingAsked) -> StatusAnswer:
    """Where the server listens, how much it holds, and whether a lab answers beside it."""
    stored, has_lab = await asyncio.gather(services.read(services.store.stored), services.lab.is_open())
    facts = services.facts
    return StatusAnswer(
        version=raylens.__version__,
        started=seconds_from_ns(facts.started_ns),
        now=seconds_from_ns(services.clock.now_ns()),
        region=services.region,
        account_id=services.account_id,
        retention_days=facts.retention_days,
        store=facts.store,
        doors=DoorsShape(http=facts.http, udp=facts.udp, tcp=facts.tcp),
        stored=_shape(stored),
        has_lab=has_lab,
    )


def _shape(stored: StoredAmounts) -> StoredAmount:
    return StoredAmount(
        traces=stored.traces,
        spans=stored.spans,
        documents=stored.documents,
        disk_bytes=stored.disk_bytes,
        oldest=None if stored.oldest_ns is None else seconds_from_ns(stored.oldest_ns),
        newest=None if stored.newest_ns is None else seconds_from_ns(stored.newest_ns),
    )
