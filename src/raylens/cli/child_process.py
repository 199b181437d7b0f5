"""A child process that says in a file when it is ready, and is stopped gracefully."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from raylens.errors import RaylensError

_POLL_S = 0.05
_SHOWN_LOG_LINES = 15


class ChildFailed(RaylensError):
    """A child ended or was not ready in time. The message ends with the last lines that it wrote."""


def raylens_command(*arguments: str) -> list[str]:
    """The command line of this very raylens, whichever way it was started."""
    return [sys.executable, "-m", "raylens", *arguments]


class ChildProcess:
    """One command in a process of its own, its output in `log_path`. Use it as a context manager."""

    def __init__(self, name: str, command: Sequence[str], *, ready_path: Path, log_path: Path) -> None:
        """Start it at once. A ready file of an earlier run is removed first.

        A session of its own keeps Ctrl-C in the terminal from reaching it: its parent decides the order of stopping.
        """
        self.name = name
        self._ready_path = ready_path
        self._log_path = log_path
        ready_path.unlink(missing_ok=True)
        with log_path.open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

    def __enter__(self) -> ChildProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wait_ready(self, timeout_s: float) -> dict[str, Any]:
        """What the ready file says, as soon as it is whole.

        Raises: ChildFailed when the process ends first or `timeout_s` pass.
        """
        deadline_s = time.monotonic() + timeout_s
        while True:
            ready = _json_object(self._ready_path)
            if ready is not None:
                return ready
            if self.has_ended(within_s=_POLL_S):
                raise self.failure()
            if time.monotonic() > deadline_s:
                raise ChildFailed(self._with_log(f"`{self.name}` was not ready within {timeout_s:.0f} s"))

    def has_ended(self, *, within_s: float) -> bool:
        """Whether it has ended, waiting for that at most `within_s` seconds."""
        try:
            self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self, grace_s: float = 15.0) -> None:
        """Ask it to end, wait, and kill it when it does not. Interrupting the wait kills it at once."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(grace_s)
            except (subprocess.TimeoutExpired, KeyboardInterrupt):
                self._process.kill()
                self._process.wait()
        self._ready_path.unlink(missing_ok=True)

    def failure(self) -> ChildFailed:
        """The error to raise after it has ended by itself."""
        return ChildFailed(self._with_log(f"`{self.name}` ended with status {self._process.returncode}"))

    def _with_log(self, message: str) -> str:
        lines = self._log_path.read_text(errors="replace").splitlines()[-_SHOWN_LOG_LINES:]
        shown = "\n".join(f"    {line}" for line in lines) or "    (it wrote nothing)"
        return f"{message}. The end of {self._log_path}:\n{shown}"


def _json_object(path: Path) -> dict[str, Any] | None:
    """The JSON object in a file; None while the file is missing or still being written."""
    try:
        value = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError):
        return None
    return value if isinstance(value, dict) else None
