"""What happens when nobody reads the output any more, as in `raylens map | head`."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

_Result = TypeVar("_Result")

# What a shell reports for `cat` or `grep` in the same place: ended by SIGPIPE.
_STATUS = 128 + signal.SIGPIPE


@contextmanager
def ending_quietly_when_output_closes() -> Iterator[None]:
    """Inside, writing to a standard output that was closed ends the program without a word.

    It leaves by SystemExit and not by the signal itself: `serve`, `lab` and `demo` have children and files to close,
    and with the signal's default action any socket closed by its peer would kill a server too. Only the process's
    own standard output is replaced, not what a test put there.
    """
    output = sys.stdout
    if output is None or output is not sys.__stdout__ or not isinstance(output, io.TextIOWrapper):
        yield
        return
    encoding, errors, is_line_buffered = output.encoding, output.errors, output.line_buffering
    through = output.write_through
    sys.stdout = _Output(
        output.detach(), encoding=encoding, errors=errors, line_buffering=is_line_buffered, write_through=through
    )
    try:
        yield
    finally:
        sys.stdout.flush()  # left to the interpreter's end, a failure would be reported there


class _Output(io.TextIOWrapper):
    """Standard output that ends the program where it would raise BrokenPipeError.

    Caught here and not around the command: Rich, Click and the commands' own handlers of OSError would each see the
    error first, and each answers it differently.
    """

    def write(self, text: str) -> int:
        return self._or_end(lambda: super(_Output, self).write(text))

    def flush(self) -> None:
        self._or_end(super().flush)

    def _or_end(self, act: Callable[[], _Result]) -> _Result:
        try:
            return act()
        except BrokenPipeError:
            # What is still buffered would fail once more when the interpreter flushes on its way out.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            raise SystemExit(_STATUS) from None
