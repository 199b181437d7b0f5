"""How many capacity units a request costs, and buckets that hold them.

Source: DynamoDB developer guide, "Read and write capacity", "Item sizes and formats", "Burst capacity".
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from math import ceil
from typing import Any

from raylens.clock import Clock

BURST_S = 300
_WRITE_UNIT_BYTES = 1024
_READ_UNIT_BYTES = 4096


class TokenBucket:
    """Capacity that refills at `rate_per_s` and saves at most `burst_s` seconds of it.

    It may go into debt: the size of a read is known only after it was done, so reads are charged afterwards.
    """

    def __init__(self, rate_per_s: float, clock: Clock, *, burst_s: float = BURST_S, saved_s: float = BURST_S) -> None:
        self.rate_per_s = rate_per_s
        self._limit = rate_per_s * max(burst_s, 1.0)
        self._level = min(rate_per_s * saved_s, self._limit)
        self._clock = clock
        self._seen_ns = clock.now_ns()

    def level(self) -> float:
        """Units there are now; below zero while in debt."""
        now_ns = self._clock.now_ns()
        elapsed_s = max(now_ns - self._seen_ns, 0) / 1e9
        self._seen_ns = now_ns
        self._level = min(self._level + elapsed_s * self.rate_per_s, self._limit)
        return self._level

    def take(self, units: float) -> bool:
        """Take `units` if they are there. A request larger than the bucket passes when the bucket is full."""
        level = self.level()
        if level < min(units, self._limit):
            return False
        self._level = level - units
        return True

    def charge(self, units: float) -> None:
        """Take `units` whether they are there or not."""
        self._level = self.level() - units


def write_units(item_bytes: int, *, transactional: bool = False) -> int:
    """Units of one write: one per started KB, at least one, double in a transaction."""
    return max(ceil(item_bytes / _WRITE_UNIT_BYTES), 1) * (2 if transactional else 1)


def read_units(read_bytes: int, *, consistent: bool = False, transactional: bool = False) -> float:
    """Units of one read: one per started 4 KB, half when eventually consistent, double in a transaction."""
    units = max(ceil(read_bytes / _READ_UNIT_BYTES), 1)
    return units * (2.0 if transactional else 1.0 if consistent else 0.5)


def item_bytes(item: Mapping[str, Any]) -> int:
    """The size DynamoDB bills for an item in wire form (`{"userId": {"S": "anonymous"}}`)."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Any) -> int:
    if not isinstance(value, dict) or len(value) != 1:
        return 0
    ((kind, body),) = value.items()
    if kind == "S":
        return len(str(body).encode())
    if kind == "N":
        return len(str(body).lstrip("-0").replace(".", "")) // 2 + 2
    if kind == "B":
        return _binary_bytes(body)
    if kind in ("SS", "NS", "BS") and isinstance(body, list):
        return sum(_value_bytes({kind[0]: each}) for each in body)
    if kind == "L" and isinstance(body, list):
        return 3 + sum(1 + _value_bytes(each) for each in body)
    if kind == "M" and isinstance(body, dict):
        return 3 + len(body) + item_bytes(body)
    return 1  # BOOL, NULL


def _binary_bytes(body: Any) -> int:
    try:
        return len(base64.b64decode(body))
    except (binascii.Error, TypeError, ValueError):
        return 0
