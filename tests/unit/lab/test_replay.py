from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raylens.lab.replay import RecordedTrace, recorded_trace, retimed

RECORDED = sorted((Path(__file__).parents[2] / "data" / "quicktable").glob("*.jsonl"))


def documents_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def told_again(path: Path, shift_s: float, seed: int = 1) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The documents as they were recorded, and as of `shift_s` later."""
    before = documents_of(path)
    trace = recorded_trace(before)
    return before, [json.loads(text) for text in retimed(trace, trace.start_s + shift_s, Random(seed))]


def parts(documents: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for document in documents:
        yield document
        yield from parts(document.get("subsegments") or [])


def edges(documents: list[dict[str, Any]]) -> list[tuple[int | None, int]]:
    """Who hangs below whom, by the number of the part: the same for trees of one form."""
    numbers = {part["id"]: number for number, part in enumerate(parts(documents))}
    return [(numbers.get(part.get("parent_id", "")), numbers[part["id"]]) for part in parts(documents)]


every_recording = pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)


@every_recording
def test_every_id_is_new_and_leads_where_the_old_one_led(path: Path) -> None:
    before, after = told_again(path, 3600)
    old = {part["id"] for part in parts(before)} | {document["trace_id"] for document in before}
    new = {part["id"] for part in parts(after)} | {document["trace_id"] for document in after}
    assert len(new) == len(old) and not new & old
    assert edges(after) == edges(before)
    assert not any(each in json.dumps(after) for each in old), "also where metadata repeats the trace header"


@every_recording
def test_the_trace_id_tells_the_new_start(path: Path) -> None:
    _, after = told_again(path, -86_400)
    (trace_id,) = {document["trace_id"] for document in after}
    version, start, rest = trace_id.split("-")
    assert (version, len(rest)) == ("1", 24)
    assert int(start, 16) == int(min(document["start_time"] for document in after))


@every_recording
@given(shift_s=st.floats(-2_592_000, 2_592_000, allow_nan=False))
@settings(max_examples=20, deadline=None)
def test_all_times_move_alike_by_whole_milliseconds(path: Path, shift_s: float) -> None:
    before, after = told_again(path, shift_s)
    moved = [
        new[member] - old[member]
        for old, new in zip(parts(before), parts(after), strict=True)
        for member in ("start_time", "end_time")
    ]
    assert moved == pytest.approx([round(shift_s, 3)] * len(moved), abs=2e-6)


@every_recording
def test_nothing_else_changes(path: Path) -> None:
    before, after = told_again(path, 60)
    for old, new in zip(parts(before), parts(after), strict=True):
        for member in ("annotations", "name", "origin", "error", "fault", "throttle", "http", "namespace", "sql"):
            assert new.get(member) == old.get(member)
        assert new.keys() == old.keys()


def test_an_exception_is_still_found_where_a_cause_refers_to_it() -> None:
    failed: dict[str, Any] = {"id": "00000000000000b1", "name": "call", "start_time": 1.0, "end_time": 2.0}
    failed["cause"] = {"exceptions": [{"id": "00000000000000e1", "message": "no"}]}
    document: dict[str, Any] = {
        "trace_id": "1-00000001-000000000000000000000001",
        "id": "00000000000000a1",
        "name": "shop",
    }
    document |= {"start_time": 1.0, "end_time": 2.0, "cause": "00000000000000e1", "subsegments": [failed]}
    (text,) = retimed(recorded_trace([document]), 5.0, Random(1))
    moved = json.loads(text)
    assert moved["cause"] == moved["subsegments"][0]["cause"]["exceptions"][0]["id"] != "00000000000000e1"


def test_the_same_trace_can_be_told_any_number_of_times() -> None:
    trace = recorded_trace(documents_of(RECORDED[0]))
    random = Random(1)
    told = [retimed(trace, 1_700_000_000 + number, random) for number in range(3)]
    ids = [part["id"] for texts in told for part in parts([json.loads(text) for text in texts])]
    assert len(set(ids)) == len(ids)
    assert isinstance(trace, RecordedTrace) and trace.texts != tuple(told[0])
