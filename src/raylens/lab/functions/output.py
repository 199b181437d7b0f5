"""What one sandbox prints, cut into events and given to the log sink under the invocation it belongs to."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from datetime import UTC, datetime

from raylens.lab.function_logs import LogEvent
from raylens.lab.functions.settings import LogSink

_READ_BYTES = 65_536
# A pipe holds 64 KiB; a thread that prints without end must not keep the host reading without end.
_MAX_READS_A_DRAIN = 16
_MAX_LINE_BYTES = 256 * 1024  # CloudWatch Logs' own bound for an event
_NO_BREAK_SPACE = "\u00a0"


class SandboxOutput:
    """A pipe for a sandbox's stdout and stderr, read as it fills.

    `write_fd` goes to the child; close it here once the child has it. `request_id` is what lines are filed under.
    """

    def __init__(self, function: str, stream: str, sink: LogSink) -> None:
        self._function = function
        self._stream = stream
        self._sink = sink
        self._partial = b""
        self.request_id: str | None = None
        self._read_fd, self.write_fd = os.pipe()
        os.set_blocking(self._read_fd, False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._read_fd, self._read)

    def child_has_it(self) -> None:
        """Close this process's copy of the writing end, so that the pipe ends with the child."""
        os.close(self.write_fd)
        self.write_fd = -1

    def platform_line(self, message: str) -> None:
        """File a line of the platform's own, after everything the function printed before it."""
        self.drain()
        self._keep(message)

    def drain(self) -> None:
        """Read what the pipe holds now, an unfinished line included."""
        for _ in range(_MAX_READS_A_DRAIN):
            if not self._read():
                break
        if self._partial:
            self._keep_line(self._partial)
            self._partial = b""

    def close(self) -> None:
        """File the rest and give the pipe back."""
        if self._read_fd < 0:
            return
        self.drain()
        self._loop.remove_reader(self._read_fd)
        os.close(self._read_fd)
        self._read_fd = -1
        if self.write_fd >= 0:
            self.child_has_it()

    def _read(self) -> bool:
        if self._read_fd < 0:
            return False
        try:
            data = os.read(self._read_fd, _READ_BYTES)
        except BlockingIOError:
            return False
        if not data:
            self._loop.remove_reader(self._read_fd)
            return False
        *lines, self._partial = (self._partial + data).split(b"\n")
        for line in lines:
            self._keep_line(line)
        if len(self._partial) > _MAX_LINE_BYTES:
            self._keep_line(self._partial)
            self._partial = b""
        return True

    def _keep_line(self, line: bytes) -> None:
        # On a plain pipe the runtime joins an error's lines by \r and indents them with no-break spaces, so that
        # one error is one event.
        text = line[:_MAX_LINE_BYTES].decode("utf-8", "replace").rstrip("\r")
        self._keep(text.replace("\r", "\n").replace(_NO_BREAK_SPACE, " "))

    def _keep(self, message: str) -> None:
        event = LogEvent(
            time_ms=time.time_ns() // 1_000_000, stream=self._stream, message=message, request_id=self.request_id
        )
        # A full disk must not end the invocation that wanted to say something.
        with contextlib.suppress(OSError):
            self._sink.append(self._function, event)


def new_stream_name(now_ns: int) -> str:
    """`YYYY/MM/DD/[$LATEST]<32 hex>`: one log stream a sandbox."""
    day = datetime.fromtimestamp(now_ns / 1_000_000_000, UTC).strftime("%Y/%m/%d")
    return f"{day}/[$LATEST]{os.urandom(16).hex()}"
