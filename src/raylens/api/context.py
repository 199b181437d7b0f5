"""What every handler gets: the rooms it may use and the facts of this call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

import msgspec

from raylens.api.lab_door import LabDoor
from raylens.clock import Clock
from raylens.groups import Groups
from raylens.ingest.pipeline import Ingestor
from raylens.insights.records import Insights
from raylens.sampling import ReservoirShares
from raylens.selfmetrics import SelfMetrics
from raylens.storage.interface import Store

T = TypeVar("T")


class ServerFacts(msgspec.Struct, frozen=True):
    """What people want to know of a running server. `store` is `embedded` or `clickhouse`; doors as they are bound.

    `has_webhook` says whether notifications of insights have anywhere to go.
    """

    started_ns: int
    retention_days: int
    store: str
    http: str
    udp: str
    tcp: str
    has_webhook: bool = False


class Services(msgspec.Struct, frozen=True):
    """The rooms behind the API, built once."""

    store: Store
    ingestor: Ingestor
    reservoirs: ReservoirShares
    metrics: SelfMetrics
    clock: Clock
    readers: Executor
    region: str
    account_id: str
    max_trace_bytes: int
    groups: Groups
    facts: ServerFacts
    lab: LabDoor
    insights: Insights

    async def read(self, question: Callable[[], T]) -> T:
        """Ask the store on a reader thread: its calls block, the event loop must not."""
        return await asyncio.get_running_loop().run_in_executor(self.readers, question)
