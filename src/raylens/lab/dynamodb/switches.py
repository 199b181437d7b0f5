"""What may be done to a table on purpose, so that slowness, throttling and failures can be studied."""

from __future__ import annotations

from random import Random

import msgspec

from raylens.clock import Clock
from raylens.errors import InvalidRequest
from raylens.lab.dynamodb.capacity import TokenBucket

MAX_LATENCY_S = 60.0


class TableSwitches(msgspec.Struct, frozen=True, kw_only=True):
    """Switches of one table. `added_latency_s` maps an operation, or `*`, to seconds; capacity None: as declared."""

    added_latency_s: dict[str, float] = {}
    throttle_share: float = 0.0
    error_share: float = 0.0
    read_capacity: float | None = None
    write_capacity: float | None = None


class _Table:
    """What is declared for one table, what is switched on, and the buckets that follow from both."""

    def __init__(self) -> None:
        self.switches = TableSwitches()
        self.declared: tuple[float, float] | None = None
        self.reads: TokenBucket | None = None
        self.writes: TokenBucket | None = None


class Tables:
    """Switches and buckets of every table. Not thread-safe: use it from the lab's event loop."""

    def __init__(self, clock: Clock, random: Random) -> None:
        self._clock = clock
        self._random = random
        self._tables: dict[str, _Table] = {}

    def known(self, table: str) -> bool:
        """Whether the capacity of `table` was declared, be it unlimited."""
        return table in self._tables

    def declare(self, table: str, capacity: tuple[float, float] | None) -> None:
        """Note what a table was created with: (read, write) units per second, None for on-demand."""
        entry = self._tables.setdefault(table, _Table())
        if entry.declared == capacity and entry.reads is not None:
            return
        entry.declared = capacity
        if entry.switches.read_capacity is None:
            self._fill(entry)

    def forget(self, table: str) -> None:
        """The table is gone: its buckets and switches with it."""
        self._tables.pop(table, None)

    def set_added_latency(self, table: str, operation: str | None, seconds: float) -> None:
        """Delay each call of `operation` (None: of every one) on `table`; 0 ends it."""
        if not 0 <= seconds <= MAX_LATENCY_S:
            raise InvalidRequest(f"added latency of {seconds} s; expected 0 to {MAX_LATENCY_S:g}")
        entry = self._tables.setdefault(table, _Table())
        latency = {**entry.switches.added_latency_s, operation or "*": seconds}
        kept = {name: each for name, each in latency.items() if each > 0}
        entry.switches = msgspec.structs.replace(entry.switches, added_latency_s=kept)

    def set_throttle_share(self, table: str, share: float) -> None:
        """Throttle this share of the calls, 0 to 1."""
        entry = self._tables.setdefault(table, _Table())
        entry.switches = msgspec.structs.replace(entry.switches, throttle_share=_checked_share("throttle", share))

    def set_error_share(self, table: str, share: float) -> None:
        """Answer this share of the calls with a 500, 0 to 1."""
        entry = self._tables.setdefault(table, _Table())
        entry.switches = msgspec.structs.replace(entry.switches, error_share=_checked_share("error", share))

    def set_capacity(self, table: str, read_units: float | None, write_units: float | None) -> None:
        """Limit `table` to these units a second, no burst saved, so that it shows at once; None, None: as declared."""
        if (read_units is None) != (write_units is None):
            raise InvalidRequest("capacity needs both read and write units, or neither")
        for units in (read_units, write_units):
            if units is not None and not units > 0:
                raise InvalidRequest(f"capacity of {units} units; expected more than 0")
        entry = self._tables.setdefault(table, _Table())
        entry.switches = msgspec.structs.replace(entry.switches, read_capacity=read_units, write_capacity=write_units)
        self._fill(entry)

    def switches(self) -> dict[str, TableSwitches]:
        """The switches of every table that has any on."""
        return {name: entry.switches for name, entry in self._tables.items() if entry.switches != TableSwitches()}

    def latency_s(self, tables: tuple[str, ...], operation: str) -> float:
        """The delay a call on `tables` gets: the longest of those that apply."""
        found = (self._tables[name].switches.added_latency_s for name in tables if name in self._tables)
        return max((max(each.get(operation, 0.0), each.get("*", 0.0)) for each in found), default=0.0)

    def fails(self, tables: tuple[str, ...]) -> bool:
        """Whether this call is one that shall answer 500."""
        return any(self._drawn(self._tables[name].switches.error_share) for name in tables if name in self._tables)

    def throttles(self, tables: tuple[str, ...]) -> bool:
        """Whether this call is one that shall be throttled."""
        return any(self._drawn(self._tables[name].switches.throttle_share) for name in tables if name in self._tables)

    def reads(self, table: str) -> TokenBucket | None:
        """The bucket that reads are charged to; None when unlimited."""
        return entry.reads if (entry := self._tables.get(table)) else None

    def writes(self, table: str) -> TokenBucket | None:
        """The bucket that writes are charged to; None when unlimited."""
        return entry.writes if (entry := self._tables.get(table)) else None

    def _fill(self, entry: _Table) -> None:
        read, write = entry.switches.read_capacity, entry.switches.write_capacity
        if read is not None and write is not None:
            entry.reads = TokenBucket(read, self._clock, saved_s=1.0)
            entry.writes = TokenBucket(write, self._clock, saved_s=1.0)
        elif entry.declared is None:
            entry.reads = entry.writes = None
        else:
            entry.reads, entry.writes = (TokenBucket(rate, self._clock) for rate in entry.declared)

    def _drawn(self, share: float) -> bool:
        return share > 0 and self._random.random() < share


def _checked_share(name: str, share: float) -> float:
    if not 0 <= share <= 1:
        raise InvalidRequest(f"{name} share of {share}; expected 0 to 1")
    return share
