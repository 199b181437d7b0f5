"""State of many entities as arrays that grow and copy together."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray

from raylens.insights.roll import Rows

Floats = NDArray[np.float64]


class Columns:
    """Named arrays with a row for each entity. `fresh` says what an entity starts with."""

    def __init__(self, rows: int, fresh: dict[str, Floats]) -> None:
        self._fresh = fresh
        self._arrays = {name: np.repeat(np.asarray(start)[None], rows, axis=0) for name, start in fresh.items()}

    def __getitem__(self, name: str) -> Floats:
        return self._arrays[name]

    def grow(self, rows: int) -> None:
        """Make room for so many rows."""
        for name, start in self._fresh.items():
            held = self._arrays[name]
            if len(held) < rows:
                more = np.repeat(np.asarray(start)[None], rows - len(held), axis=0)
                self._arrays[name] = np.concatenate([held, more])

    def reset(self, rows: Rows | list[int]) -> None:
        """Let these rows start anew."""
        for name, start in self._fresh.items():
            self._arrays[name][rows] = start

    def copy(self) -> Self:
        other = type(self).__new__(type(self))
        other._fresh = self._fresh
        other._arrays = {name: array.copy() for name, array in self._arrays.items()}
        return other

    @property
    def nbytes(self) -> int:
        return sum(array.nbytes for array in self._arrays.values())
