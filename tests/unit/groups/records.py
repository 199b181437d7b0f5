"""A record store in memory that keeps the contract, and lets a test stand between a reading and a write."""

from __future__ import annotations

from collections.abc import Callable

from raylens.storage.interface import Record


class RecordsInMemory:
    """Any number of `Groups` may share one, as processes share a store."""

    def __init__(self) -> None:
        self._bodies: dict[tuple[str, str], list[str | None]] = {}
        self.readings = 0
        # as if another process wrote between any reading and write
        self.is_always_late = False
        # called once before the next write, as if another process were faster
        self.before_write: Callable[[], object] = lambda: None

    def record(self, kind: str, key: str) -> Record | None:
        bodies = self._bodies.get((kind, key), [])
        return Record(kind, key, len(bodies), bodies[-1]) if bodies and bodies[-1] is not None else None

    def records(self, kind: str) -> tuple[Record, ...]:
        self.readings += 1
        found = (self.record(*at) for at in sorted(self._bodies) if at[0] == kind)
        return tuple(record for record in found if record is not None)

    def put_record(self, kind: str, key: str, body: str, after_version: int) -> Record | None:
        return self.record(kind, key) if self._write(kind, key, body, after_version) else None

    def delete_record(self, kind: str, key: str, after_version: int) -> bool:
        return self._write(kind, key, None, after_version)

    def _write(self, kind: str, key: str, body: str | None, after_version: int) -> bool:
        interruption, self.before_write = self.before_write, lambda: None
        interruption()
        newest = self.record(kind, key)
        if self.is_always_late or after_version != (newest.version if newest else 0):
            return False
        self._bodies.setdefault((kind, key), []).append(body)
        return True
