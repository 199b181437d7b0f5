"""Which row of the baselines belongs to which entity; bounded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from raylens.model.figures import Entity

_FIRST_ROWS = 64
Rows = NDArray[np.int64]


class Roll:
    """Rows are handed out, taken back when their entity is forgotten, and handed out again.

    `refused` counts entities of bins for which there was no row any more.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._rows: dict[Entity, int] = {}
        self._free: list[int] = []
        self.refused = 0
        self.capacity = min(_FIRST_ROWS, most)

    def __len__(self) -> int:
        return len(self._rows)

    def rows_of(self, entities: Sequence[Entity]) -> tuple[Rows, list[int]]:
        """The row of each entity, -1 where there is none left, and which rows are new."""
        known, fresh = self._rows, []
        found = [known.get(each, -1) for each in entities]
        for n, row in enumerate(found):
            if row >= 0:
                continue
            # the same entity twice in one bin is one entity
            row = known.get(entities[n], -1)
            if row < 0:
                row = self._take(entities[n])
                if row >= 0:
                    fresh.append(row)
            found[n] = row
        return np.array(found, np.int64), fresh

    def _take(self, entity: Entity) -> int:
        if len(self._rows) >= self._most:
            self.refused += 1
            return -1
        row = self._free.pop() if self._free else len(self._rows)
        self._rows[entity] = row
        while row >= self.capacity:
            self.capacity = min(2 * self.capacity, self._most)
        return row

    def forget(self, gone: Rows) -> None:
        """Take rows back."""
        rows = {int(row) for row in gone}
        self._free.extend(rows)
        self._rows = {entity: row for entity, row in self._rows.items() if row not in rows}

    def held(self) -> Rows:
        """All rows in use."""
        return np.fromiter(self._rows.values(), np.int64, len(self._rows))

    def copy(self) -> Roll:
        other = Roll(self._most)
        other._rows, other._free = dict(self._rows), list(self._free)
        other.refused, other.capacity = self.refused, self.capacity
        return other
