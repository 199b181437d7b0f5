"""How one trace is drawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Any

import pytest
from rich.text import Text

from raylens.cli.known_causes import known_causes
from raylens.cli.render_details import details_text
from raylens.cli.render_trace import View, trace_text
from raylens.cli.waterfall import assemble_waterfall

Documents = list[dict[str, Any]]
Recorded = Callable[[str], Documents]

_SEOUL = timezone(timedelta(hours=9), "KST")


def _drawn(documents: Documents, width_cells: int, *, is_full: bool = False) -> str:
    view = View(width_cells, _SEOUL, is_full)
    waterfall = assemble_waterfall(documents)
    assert waterfall is not None
    trace_id = str(documents[0].get("trace_id", "1-65cde7a8-fc2eb0bb7b27667a2d21c7c4"))
    causes = known_causes(trace_id, documents)
    lines = [*trace_text(trace_id, waterfall, view, causes), Text(), *details_text(waterfall, view)]
    assert [line.plain for line in lines if line.cell_len > width_cells] == []
    return "".join(f"{line.plain.rstrip()}\n" for line in lines)


@pytest.mark.parametrize("width_cells", [80, 120])
@pytest.mark.parametrize("name", ["cold_post", "warm_get", "bad_post", "throttled_post", "crashed_post"])
def test_recorded_trace_is_drawn_as_agreed(
    recorded: Recorded, assert_golden: Callable[[str, str], None], name: str, width_cells: int
) -> None:
    assert_golden(f"trace_{name}_{width_cells}", _drawn(recorded(name), width_cells))


@pytest.mark.parametrize("width_cells", [80, 120])
def test_incomplete_trace_is_drawn_with_everything_out_of_order_marked(
    recorded: Recorded, assert_golden: Callable[[str, str], None], width_cells: int
) -> None:
    documents = [document for document in recorded("cold_post") if document["name"] != "create_reservation"]
    invocation = next(sub for sub in documents[2]["subsegments"] if sub["name"] == "Invocation")
    invocation["in_progress"] = True
    del invocation["end_time"]
    documents[1]["start_time"] -= 0.05  # the clock of the Lambda service is behind that of the gateway
    late = {"id": "00000000000000aa", "name": "audit", "type": "subsegment", "parent_id": documents[2]["id"]}
    documents.append({**late, "start_time": 1707993001.07, "end_time": 1707993001.4})
    assert_golden(f"trace_incomplete_{width_cells}", _drawn(documents, width_cells))


def test_full_view_cuts_neither_metadata_nor_stack() -> None:
    stack = [{"path": "a.py", "line": number, "label": f"f{number}"} for number in range(20)]
    document = {
        "id": "a",
        "name": "x",
        "start_time": 1,
        "end_time": 2,
        "metadata": {"default": {"long": list(range(40)), **{f"key{number}": number for number in range(40)}}},
        "cause": {"exceptions": [{"id": "e", "type": "T", "message": "m", "stack": stack}]},
        "sql": {"sanitized_query": "SELECT ?", "database_type": "PostgreSQL"},
    }
    short, full = _drawn([document], 80), _drawn([document], 80, is_full=True)
    assert "31 more lines: --full shows them" in short and "17 more members: --full shows them" in short
    assert "12 more frames: --full shows them" in short
    assert "--full" not in full and '"key39": 39' in full and "at f10 (a.py:10)" in full
    assert "sql sanitized_query SELECT ?" in " ".join(full.split())


def test_names_and_values_cannot_steer_the_terminal() -> None:
    evil = "\x1b[2J\u202e[red]x[/red]\r\n"
    document = {
        "id": "a",
        "name": evil,
        "start_time": 1,
        "end_time": 2,
        "origin": evil,
        "namespace": evil,
        "http": {"request": {"method": evil, "url": evil}, "response": {"status": 200}},
        "annotations": {evil: evil},
        "metadata": {evil: {evil: evil}},
        "aws": {evil: evil},
        "sql": {evil: evil},
        "cause": {"exceptions": [{"id": "e", "type": evil, "message": evil, "stack": [{"path": evil, "label": evil}]}]},
    }
    drawn = _drawn([document], 120, is_full=True)
    assert not any(char in drawn for char in "\x1b\u202e\r")
    assert "\\x1b[2J\\u202e[red]x[/red]" in drawn


def test_documents_of_the_wrong_shape_are_drawn_as_far_as_they_go() -> None:
    wrong: dict[str, Any] = {"http": [], "aws": 1, "sql": "x", "annotations": [1], "metadata": 3, "subsegments": {}}
    causes: list[Any] = [3, {"exceptions": 1}, {"exceptions": [1, {"stack": [3]}]}, "0123456789abcdef"]
    documents = [
        {"id": str(number), "name": "x", "start_time": 1, "end_time": 0, "cause": cause, **wrong}
        for number, cause in enumerate(causes)
    ]
    assert "0123456789abcdef, described by no span of this trace" in _drawn(documents, 80)


def test_deep_nesting_is_told_in_figures_where_it_cannot_be_drawn() -> None:
    documents = [
        {"id": str(n), "name": f"level{n}", "start_time": 1, "end_time": 9, "parent_id": str(n - 1)} for n in range(50)
    ]
    assert "⋯49 level49" in _drawn(documents, 80)


def test_a_long_url_begins_beside_its_method_and_is_broken_behind_a_slash() -> None:
    url = "https://qt4x9kd2ab.execute-api.ap-northeast-2.amazonaws.com/prod/reservations"
    http = {"request": {"method": "POST", "url": url}, "response": {"status": 200}}
    drawn = _drawn([{"id": "a", "name": "x", "start_time": 1, "end_time": 2, "http": http}], 80)
    assert drawn.splitlines()[-2:] == [
        "  http        POST https://qt4x9kd2ab.execute-api.ap-northeast-2.amazonaws.com/",
        "              prod/reservations → 200",
    ]


@pytest.mark.parametrize("url", ["/" * 300, "https://" + "강" * 200, "https://h/" + "a" * 200 + "/" + "b c/" * 50])
def test_however_a_url_is_made_all_of_it_is_shown(url: str) -> None:
    document = {"id": "a", "name": "x", "start_time": 1, "end_time": 2, "http": {"request": {"url": url}}}
    details = _drawn([document], 80).split("  http      ")[1]
    assert "".join(details.split()) == "".join(url.split())
