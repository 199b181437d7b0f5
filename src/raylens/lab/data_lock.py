"""One lab at a time on one data folder."""

from __future__ import annotations

import os
from pathlib import Path

from raylens.errors import ConfigError

try:
    import fcntl
except ImportError:  # not on Windows, where the lab's functions cannot run anyway
    fcntl = None  # type: ignore[assignment]


class DataLock:
    """Held from `acquire` until `release` or the end of the process, however it ends."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "lab.lock"
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take it. Raises ConfigError when another lab has it, or the folder cannot be written."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ConfigError(f"--data {self._path.parent}: {error}; expected a folder that can be written") from error
        try:
            if fcntl is not None:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.release()
            raise ConfigError(
                f"another lab is running on {self._path.parent}; end it, or give this one another --data"
            ) from None

    def release(self) -> None:
        """Give it back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
