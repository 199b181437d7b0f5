from __future__ import annotations

from pathlib import Path

import pytest

from raylens.errors import InvalidRequest
from raylens.lab.function_logs import FunctionLogs, LogEvent


def event(time_ms: int, message: str = "hi", request_id: str | None = None) -> LogEvent:
    return LogEvent(time_ms=time_ms, stream="2024/02/15/[$LATEST]ab", message=message, request_id=request_id)


def test_events_are_read_back_as_written_after_a_restart(tmp_path: Path) -> None:
    written = (event(1, "강남\nline two\r", "r1"), event(2))
    first = FunctionLogs(tmp_path)
    for each in written:
        first.append("create", each)
    first.close()
    assert FunctionLogs(tmp_path).read("create") == written


def test_the_newest_are_read_oldest_first(tmp_path: Path) -> None:
    logs = FunctionLogs(tmp_path)
    for number in range(10):
        logs.append("create", event(number, request_id="odd" if number % 2 else "even"))
    assert [each.time_ms for each in logs.read("create", limit=3)] == [7, 8, 9]
    assert [each.time_ms for each in logs.read("create", since_ms=8)] == [8, 9]
    assert [each.time_ms for each in logs.read("create", request_id="odd", limit=2)] == [7, 9]
    assert logs.read("create", limit=0) == ()
    logs.close()


def test_a_group_stays_within_its_bound_and_keeps_the_newest(tmp_path: Path) -> None:
    logs = FunctionLogs(tmp_path, max_bytes_per_function=8_000)
    for number in range(1_000):
        logs.append("create", event(number, "x" * 50))
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.jsonl")) <= 8_000
    assert logs.read("create", limit=1)[0].time_ms == 999
    assert len(logs.read("create")) > 40
    logs.close()


def test_a_line_torn_by_a_crash_is_skipped_and_not_glued_to_the_next(tmp_path: Path) -> None:
    logs = FunctionLogs(tmp_path)
    logs.append("create", event(1))
    logs.close()
    (file,) = tmp_path.rglob("*.jsonl")
    file.write_bytes(file.read_bytes() + b'{"t":2,"s":"a","m":"to')
    again = FunctionLogs(tmp_path)
    again.append("create", event(3))
    assert [each.time_ms for each in again.read("create")] == [1, 3]
    again.close()


def test_a_group_lives_until_it_is_deleted(tmp_path: Path) -> None:
    logs = FunctionLogs(tmp_path)
    logs.append("create", event(1))
    logs.append("read", event(1))
    assert logs.groups() == ("/aws/lambda/create", "/aws/lambda/read")
    assert logs.delete_group("/aws/lambda/create") is True
    assert logs.delete_group("create") is False
    assert logs.read("create") == ()
    logs.append("create", event(2))
    assert [each.time_ms for each in logs.read("create")] == [2]
    logs.close()


@pytest.mark.parametrize("name", ["", "..", "a/b", "x" * 65])
def test_what_is_no_function_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidRequest, match="function name"):
        FunctionLogs(tmp_path).append(name, event(1))
