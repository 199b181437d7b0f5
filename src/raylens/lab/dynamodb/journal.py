"""Every successful change of the tables, append-only, so that they can be made again after a restart.

One line per change: CRC32 of the JSON in hex, a space, the JSON. A last line that was cut off by a crash is dropped.
A change is written in one `write` before its answer goes out, so what a client saw succeed survives the lab's death.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from raylens.errors import ConfigError


class Change(msgspec.Struct, frozen=True):
    """One request that succeeded."""

    op: str
    body: dict[str, Any]


class Journal:
    """The file of changes. One writer at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self.lines = 0

    def load(self) -> list[Change]:
        """Every change in the file, oldest first. Raises ConfigError for damage that is not at the end."""
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return []
        changes: list[Change] = []
        lines = raw.split(b"\n")
        for number, line in enumerate(lines[:-1], start=1):  # what follows the last newline was cut off
            change = _decoded(line)
            if change is None:
                if number == len(lines) - 1:
                    break
                raise ConfigError(
                    f"{self._path}, line {number}: damaged (its checksum does not fit); "
                    "remove that line to start without that change, or the file to start with empty tables"
                )
            changes.append(change)
        return changes

    def rewrite(self, changes: Iterable[Change]) -> None:
        """Replace the file by `changes` in one step: a crash leaves the old file or the new one."""
        self.close()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".new")
        self.lines = 0
        with partial.open("wb") as file:
            for change in changes:
                file.write(_encoded(change))
                self.lines += 1
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._path)

    def append(self, change: Change) -> None:
        """Add one change. Raises OSError when the disk refuses it."""
        if self._descriptor is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        line = _encoded(change)
        if os.write(self._descriptor, line) != len(line):
            raise OSError(f"{self._path}: a change was written only in part; is the disk full?")
        self.lines += 1

    def close(self) -> None:
        """Close the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _encoded(change: Change) -> bytes:
    body = msgspec.json.encode(change)
    return b"%08x %b\n" % (zlib.crc32(body), body)


def _decoded(line: bytes) -> Change | None:
    checksum, _, body = line.partition(b" ")
    try:
        if int(checksum, 16) != zlib.crc32(body):
            return None
        return msgspec.json.decode(body, type=Change)
    except (ValueError, msgspec.DecodeError):
        return None


def split_change(change: Change) -> Iterator[Change]:
    """A batch or transaction as the single changes it stands for; its conditions held, so they are dropped."""
    if change.op == "BatchWriteItem":
        for table, requests in change.body.get("RequestItems", {}).items():
            for request in requests:
                if put := request.get("PutRequest"):
                    yield Change("PutItem", {"TableName": table, "Item": put["Item"]})
                elif delete := request.get("DeleteRequest"):
                    yield Change("DeleteItem", {"TableName": table, "Key": delete["Key"]})
    elif change.op == "TransactWriteItems":
        for item in change.body.get("TransactItems", ()):
            for action, body in item.items():
                if action != "ConditionCheck":
                    yield Change(f"{action}Item", body)
    else:
        yield change
