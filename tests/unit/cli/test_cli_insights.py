"""`raylens insights`: drawn from answers made of the API's own shapes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta, timezone
from typing import Any

import msgspec
import pytest
from rich.cells import cell_len
from rich.text import Text
from starlette.responses import JSONResponse
from tests.unit.cli.insight_answers import ACTIVE, CLOSED, START_S, list_answer, whole_answer
from typer.testing import CliRunner, Result

from raylens.cli.insight_answers import InsightList, WholeInsight
from raylens.cli.main import app
from raylens.cli.render_insights import insight_text, list_text, nothing_text
from raylens.cli.render_trace import View

NOW_S = START_S + 4_000
KST = timezone(timedelta(hours=9), "KST")
Lines = Sequence[Text]


def run(api: Any, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["insights", *arguments, "--endpoint", api.endpoint])


def drawn(lines: Lines) -> str:
    return "".join(f"{line.plain.rstrip()}\n" for line in lines)


def a_list(view: View) -> Lines:
    return list_text(msgspec.convert(list_answer(ACTIVE, CLOSED, total=5), InsightList), NOW_S, view)


def one(view: View) -> Lines:
    return insight_text(msgspec.convert(whole_answer(), WholeInsight), NOW_S, view)


def nothing(view: View) -> Lines:
    return nothing_text(msgspec.convert(list_answer(), InsightList), "24h", view)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("draw", [a_list, one, nothing], ids=["list", "one", "nothing"])
def test_insights_are_drawn_within_their_width(
    draw: Callable[[View], Lines], width: int, assert_golden: Callable[[str, str], None]
) -> None:
    text = drawn(draw(View(width_cells=width, zone=KST)))
    assert_golden(f"insights_{draw.__name__}_{width}", text)
    for line in text.splitlines():
        assert cell_len(line) <= width, line


def test_what_is_asked_is_sent(fake_api: Any) -> None:
    fake_api.answers["/api/v1/insights"] = list_answer(CLOSED)
    assert run(fake_api).exit_code == 0
    assert run(fake_api, "--group", "slow", "--since", "2h", "--state", "closed", "--limit", "3").exit_code == 0
    (_, every), (_, some) = fake_api.received
    assert (every["group"], every["state"], every["limit"]) == (None, None, 20)
    assert every["end"] - every["start"] == pytest.approx(86_401)
    assert (some["group"], some["state"], some["limit"]) == ("slow", "CLOSED", 3)
    assert some["end"] - some["start"] == pytest.approx(7_201)


def test_an_empty_list_says_how_the_groups_are_watched(fake_api: Any) -> None:
    fake_api.answers["/api/v1/insights"] = list_answer()
    printed = run(fake_api).stdout
    assert printed.startswith("No insights in the last 24h.")
    assert "Default: Insights are switched off for this group." in printed


def test_one_is_asked_for_by_its_id(fake_api: Any) -> None:
    fake_api.answers[f"/api/v1/insights/{CLOSED.id}"] = whole_answer()
    printed = run(fake_api, CLOSED.id).stdout
    assert f"Insight {CLOSED.id}" in printed and "Suspects" in printed
    assert run(fake_api, "a/../b").exit_code == 1, "an id cannot lead elsewhere"


def test_json_is_the_answer_itself(fake_api: Any) -> None:
    fake_api.answers |= {"/api/v1/insights": list_answer(ACTIVE), f"/api/v1/insights/{CLOSED.id}": whole_answer()}
    assert json.loads(run(fake_api, "--json").stdout) == list_answer(ACTIVE)
    assert json.loads(run(fake_api, CLOSED.id, "--json").stdout) == whole_answer()


def test_an_unknown_insight_is_told_in_one_line(fake_api: Any) -> None:
    error = {"error": {"code": "not_found", "message": "no insight has the id x"}}
    fake_api.answers["/api/v1/insights/x"] = JSONResponse(error, 404)
    result = run(fake_api, "x")
    assert result.exit_code == 1
    assert "no insight has the id x" in " ".join(result.stderr.split())


def test_a_name_that_would_move_the_cursor_is_made_harmless() -> None:
    answer = whole_answer()
    answer["insight"]["summary"] = "a\x1b[2Jb\nc"
    answer["suspects"][0]["entity"]["service"]["name"] = "x\x1b[31m"
    answer["findings"] = ["\x07"]
    answer["exemplars"][0]["why"] = "\u202egnorw"
    text = drawn(insight_text(msgspec.convert(answer, WholeInsight), NOW_S, View(width_cells=80, zone=KST)))
    assert not set(text) & set("\x1b\x07\u202e")
