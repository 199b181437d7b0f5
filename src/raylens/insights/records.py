"""Insights as they are stored: found again by whoever serves, written by the watch alone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

import msgspec

from raylens.clock import Clock
from raylens.model.insight import Insight, InsightEvent, InsightState
from raylens.model.time import NS_PER_S, TimeRange
from raylens.storage.interface import Record, RecordStore

_log = logging.getLogger(__name__)
T = TypeVar("T", bound=msgspec.Struct)

INSIGHT_KIND = "insight"
DETAIL_KIND = "insight-detail"
WATCH_KIND = "insight-watch"
# Every request of the dashboard reads all insights; those written meanwhile are seen this much later.
_CACHE_NS = NS_PER_S


class Exemplar(msgspec.Struct, frozen=True):
    """A trace that shows the incident: its id as X-Ray writes it, and what it was picked for."""

    trace_id: str
    start_ns: int
    why: str


class ComparedTraces(msgspec.Struct, frozen=True):
    """One side of a comparison: the traces of the group that started in a range and satisfy a filter."""

    start_ns: int
    end_ns: int
    filter: str


class InsightDetail(msgspec.Struct, frozen=True):
    """What only the page of one insight shows. Events oldest first; `normal` is None where nothing is known of it."""

    events: tuple[InsightEvent, ...] = ()
    exemplars: tuple[Exemplar, ...] = ()
    findings: tuple[str, ...] = ()
    anomalous: ComparedTraces | None = None
    normal: ComparedTraces | None = None


class WatchStatus(msgspec.Struct, frozen=True):
    """How far a group is watched: the end of the last minute judged, and how much was seen of what is needed.

    `ready` of `entities` have been seen often enough; requests and minutes are those of the busiest of them.
    """

    until_ns: int | None = None
    entities: int = 0
    ready: int = 0
    requests_seen: int = 0
    requests_needed: int = 0
    minutes_seen: int = 0
    minutes_needed: int = 0


class _Stored(msgspec.Struct, frozen=True):
    insight: Insight
    version: int


class _Known(msgspec.Struct, frozen=True):
    stored: Mapping[str, _Stored]
    read_ns: int


class Insights:
    """Every stored insight. Methods block; any thread may call them.

    Those read are at most a second old; what this process wrote is seen at once.
    """

    def __init__(self, store: RecordStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known = _Known(MappingProxyType({}), -_CACHE_NS)
        self._lock = threading.Lock()

    def list(
        self, group_name: str | None = None, window: TimeRange | None = None, state: InsightState | None = None
    ) -> tuple[Insight, ...]:
        """Those of a group that lasted at some time in `window`; active ones first, then the latest start first."""
        found = [
            each.insight
            for each in self._recent().values()
            if (group_name is None or each.insight.group_name == group_name)
            and (window is None or _lasted_in(each.insight, window))
            and (state is None or each.insight.state is state)
        ]
        return tuple(sorted(found, key=list_order))

    def get(self, id_: str) -> Insight | None:
        """The insight of this id, None when there is none or it has expired."""
        known = self._recent().get(id_)
        return None if known is None else known.insight

    def detail(self, id_: str) -> InsightDetail | None:
        """What its page shows; None where there is no such insight."""
        return _read(self._store.record(DETAIL_KIND, id_), InsightDetail)

    def watch_status(self, group_name: str) -> WatchStatus:
        """How the group is watched; all zeros before the watch has begun."""
        return _read(self._store.record(WATCH_KIND, group_name), WatchStatus) or WatchStatus()

    def put(self, insight: Insight, detail: InsightDetail | None = None) -> None:
        """Write an insight, and its detail where that is given, over what was there."""
        # The detail first: whoever finds the insight finds its page.
        if detail is not None:
            self._write(DETAIL_KIND, insight.id, msgspec.json.encode(detail).decode())
        self._write(INSIGHT_KIND, insight.id, msgspec.json.encode(insight).decode())
        self._forget()

    def put_watch_status(self, group_name: str, status: WatchStatus) -> None:
        """Say how far a group is watched."""
        self._write(WATCH_KIND, group_name, msgspec.json.encode(status).decode())

    def remove(self, id_: str) -> None:
        """Remove an insight; nothing happens when there is none."""
        for kind in (INSIGHT_KIND, DETAIL_KIND):
            present = self._store.record(kind, id_)
            if present is not None:
                self._store.delete_record(kind, id_, present.version)
        self._forget()

    def _write(self, kind: str, key: str, body: str) -> None:
        """Only the watch writes, so that whoever is there has nothing to lose."""
        present = self._store.record(kind, key)
        if present is None or present.body != body:
            self._store.put_record(kind, key, body, 0 if present is None else present.version)

    def _recent(self) -> Mapping[str, _Stored]:
        with self._lock:
            now_ns = self._clock.now_ns()
            if not 0 <= now_ns - self._known.read_ns < _CACHE_NS:
                records = self._store.records(INSIGHT_KIND)
                stored = {record.key: each for record in records if (each := self._stored(record)) is not None}
                self._known = _Known(MappingProxyType(stored), now_ns)
            return self._known.stored

    def _stored(self, record: Record) -> _Stored | None:
        known = self._known.stored.get(record.key)
        if known is not None and known.version == record.version:
            return known
        insight = _read(record, Insight)
        return None if insight is None else _Stored(insight, record.version)

    def _forget(self) -> None:
        with self._lock:
            self._known = msgspec.structs.replace(self._known, read_ns=-_CACHE_NS)


def _read(record: Record | None, type_: type[T]) -> T | None:
    """What a record holds; None where there is none, or none that this version of raylens can read.

    The watch writes it anew while the minutes that it came of are stored.
    """
    if record is None:
        return None
    try:
        return msgspec.json.decode(record.body, type=type_)
    except msgspec.DecodeError as error:
        _log.warning("the %s '%s' cannot be read: %s", record.kind, record.key, error)
        return None


def list_order(insight: Insight) -> tuple[bool, int, str]:
    """Active ones first, then the latest start first, ties by id."""
    return insight.state is InsightState.CLOSED, -insight.start_ns, insight.id


def _lasted_in(insight: Insight, window: TimeRange) -> bool:
    return insight.start_ns < window.end_ns and (insight.end_ns is None or insight.end_ns > window.start_ns)
