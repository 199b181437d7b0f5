"""What functions printed, kept in files: one log group a function, as `/aws/lambda/<function>` in CloudWatch Logs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import BinaryIO

import msgspec

from raylens.errors import InvalidRequest

_FUNCTION_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_FILES_PER_GROUP = 4
_GROUP_PREFIX = "/aws/lambda/"


class LogEvent(msgspec.Struct, frozen=True, kw_only=True, rename={"time_ms": "t", "stream": "s", "message": "m"}):
    """One line of a function's log. `request_id` is None for what was printed outside an invocation."""

    time_ms: int
    stream: str
    message: str
    request_id: str | None = msgspec.field(name="r", default=None)


class FunctionLogs:
    """Log groups as folders under `directory`; they survive restarts, and their functions.

    Each group is bounded by `max_bytes_per_function`: the oldest quarter goes when it is full. A line torn by a crash
    is skipped when read. One process writes a directory at a time.
    """

    def __init__(self, directory: Path, max_bytes_per_function: int = 16 * 1024 * 1024) -> None:
        self._directory = directory
        self._max_file_bytes = max(1, max_bytes_per_function // _FILES_PER_GROUP)
        self._open: dict[str, _OpenFile] = {}

    def append(self, function: str, event: LogEvent) -> None:
        """Keep one event. Raises InvalidRequest for what cannot be a function's name."""
        line = msgspec.json.encode(event) + b"\n"
        current = self._open.get(function)
        if current is None:
            current = self._open[function] = _OpenFile.newest(self._group_dir(function))
        if current.size_bytes and current.size_bytes + len(line) > self._max_file_bytes:
            current = self._open[function] = current.rotate(_FILES_PER_GROUP)
        current.write(line)

    def read(
        self, function: str, since_ms: int = 0, request_id: str | None = None, limit: int = 1000
    ) -> tuple[LogEvent, ...]:
        """The newest `limit` events at or after `since_ms`, oldest first; empty for an unknown function.

        With `request_id`, only what belongs to that invocation.
        """
        found: list[LogEvent] = []
        for path in reversed(_numbered_files(self._group_dir(function))):
            here = [
                event
                for event in _events_of(path)
                if event.time_ms >= since_ms and (request_id is None or event.request_id == request_id)
            ]
            found = here + found
            if len(found) >= limit:
                break
        return tuple(found[-limit:]) if limit > 0 else ()

    def groups(self) -> tuple[str, ...]:
        """Names of all log groups, `/aws/lambda/<function>`, sorted; those of deleted functions included."""
        if not self._directory.is_dir():
            return ()
        return tuple(sorted(_GROUP_PREFIX + each.name for each in self._directory.iterdir() if each.is_dir()))

    def delete_group(self, function: str) -> bool:
        """Delete a function's log group, named with or without its prefix; False when there is none."""
        function = function.removeprefix(_GROUP_PREFIX)
        directory = self._group_dir(function)
        current = self._open.pop(function, None)
        if current is not None:
            current.close()
        if not directory.is_dir():
            return False
        shutil.rmtree(directory)
        return True

    def close(self) -> None:
        """Close the files; a later append opens them again."""
        for current in self._open.values():
            current.close()
        self._open.clear()

    def _group_dir(self, function: str) -> Path:
        if not _FUNCTION_NAME.fullmatch(function):
            raise InvalidRequest(f"function name {function!r}: expected 1 to 64 of letters, digits, - and _")
        return self._directory / function


class _OpenFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO = path.open("ab", buffering=0)
        self.size_bytes = path.stat().st_size
        if self.size_bytes and not _ends_in_newline(path):
            self.write(b"\n")  # a crash tore the last line; what follows must not be glued to it

    @classmethod
    def newest(cls, directory: Path) -> _OpenFile:
        files = _numbered_files(directory)
        return cls(files[-1] if files else directory / "00000001.jsonl")

    def rotate(self, kept: int) -> _OpenFile:
        self.close()
        following = _OpenFile(self._path.with_name(f"{int(self._path.stem) + 1:08}.jsonl"))
        for old in _numbered_files(self._path.parent)[:-kept]:
            old.unlink(missing_ok=True)
        return following

    def write(self, line: bytes) -> None:
        self._file.write(line)
        self.size_bytes += len(line)

    def close(self) -> None:
        self._file.close()


def _numbered_files(directory: Path) -> list[Path]:
    return sorted(path for path in directory.glob("*.jsonl") if path.stem.isdigit()) if directory.is_dir() else []


def _ends_in_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read() == b"\n"


def _events_of(path: Path) -> list[LogEvent]:
    decoder = msgspec.json.Decoder(LogEvent)
    events = []
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []  # rotated away while reading
    for line in content.splitlines():
        try:
            events.append(decoder.decode(line))
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return events
