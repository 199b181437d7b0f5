"""Stacks on disk: one JSON file each, replaced in one step."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from raylens.errors import ConfigError
from raylens.lab.stacks.model import Stack


class StackStore:
    """The stacks of one lab. One process at a time."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def load(self) -> dict[str, Stack]:
        """Every stack by name, oldest first. Raises ConfigError for a file that is no stack."""
        stacks: list[Stack] = []
        for path in sorted(self._directory.glob("*.json")):
            try:
                stacks.append(msgspec.json.decode(path.read_bytes(), type=Stack))
            except (msgspec.DecodeError, msgspec.ValidationError) as error:
                raise ConfigError(
                    f"{path}: not a stack as the lab writes it ({error}); move it away to go on"
                ) from error
        return {stack.name: stack for stack in sorted(stacks, key=lambda each: each.created_ns)}

    def save(self, stack: Stack) -> None:
        """Keep `stack`; a crash leaves the old file or the new one."""
        self._directory.mkdir(parents=True, exist_ok=True)
        partial = self._directory / f"{stack.name}.partial"
        with partial.open("wb") as file:
            file.write(msgspec.json.encode(stack))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._directory / f"{stack.name}.json")

    def remove(self, name: str) -> None:
        """Forget a stack; one that is not there is no error."""
        (self._directory / f"{name}.json").unlink(missing_ok=True)
