"""Who does a job that must be done once in a fleet: a lease that its holder renews, kept as a record."""

from __future__ import annotations

from uuid import uuid4

import msgspec

from raylens.clock import Clock
from raylens.model.time import NS_PER_S
from raylens.storage.interface import RecordStore

_KIND = "lease"
RENEWED_EVERY_S = 30
# Taken over when the holder has not renewed it for so long, by the clock of the one who takes it: clocks of different
# machines are never compared.
LOST_AFTER_S = 90


class _Holding(msgspec.Struct, frozen=True):
    holder: str


class _Seen(msgspec.Struct, frozen=True):
    version: int
    since_ns: int


class Lease:
    """One process's claim to a job.

    At most one process holds it, but for a while where one was stopped for longer than `LOST_AFTER_S`, or the clock of
    another jumped ahead: until the holder renews it. What the job writes MUST be harmless when it is written twice.
    Methods block; one thread calls them.
    """

    def __init__(self, store: RecordStore, job: str, clock: Clock) -> None:
        self._store = store
        self._job = job
        self._clock = clock
        self._holder = uuid4().hex
        # of our own record, None while it is somebody else's
        self._held: _Seen | None = None
        self._other: _Seen | None = None

    def hold(self) -> bool:
        """Whether this process is to do the job now; takes or renews the lease where it can.

        A clock that goes back delays a renewal or a take-over, it never makes two holders.
        """
        now_ns = self._clock.now_ns()
        if self._held is not None and 0 <= now_ns - self._held.since_ns < RENEWED_EVERY_S * NS_PER_S:
            return True
        present = self._store.record(_KIND, self._job)
        if present is None:
            return self._write(0, now_ns)
        if msgspec.json.decode(present.body, type=_Holding).holder == self._holder:
            return self._write(present.version, now_ns)
        self._held = None
        if self._other is None or self._other.version != present.version or now_ns < self._other.since_ns:
            self._other = _Seen(present.version, now_ns)
        elif now_ns - self._other.since_ns >= LOST_AFTER_S * NS_PER_S:
            return self._write(present.version, now_ns)
        return False

    def release(self) -> None:
        """Let another process take it at once; nothing happens when it is not held."""
        if self._held is not None:
            self._store.delete_record(_KIND, self._job, self._held.version)
            self._held = None

    def _write(self, after_version: int, now_ns: int) -> bool:
        body = msgspec.json.encode(_Holding(self._holder)).decode()
        written = self._store.put_record(_KIND, self._job, body, after_version)
        self._held = None if written is None else _Seen(written.version, now_ns)
        return written is not None
