from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.unit.cli.insight_answers import CLOSED, START_S
from typer.testing import CliRunner, Result

from raylens.cli.insight_answers import Insight
from raylens.cli.lab_steady import covers
from raylens.cli.main import app
from raylens.lab.history import HistoryPlan

PLAN = HistoryPlan(
    start_s=int(START_S) - 9_000,
    fault_start_s=int(START_S),
    fault_end_s=int(START_S) + 720,
    end_s=int(START_S) + 2_220,
    requests_per_minute=45,
)


def insight(start_s: float, end_s: float | None) -> Insight:
    """One that begins and ends so many seconds after the fault begins."""
    end = None if end_s is None else START_S + end_s
    shape = msgspec.structs.replace(CLOSED, start=START_S + start_s, end=end)
    return msgspec.convert(msgspec.json.decode(msgspec.json.encode(shape)), Insight)


@pytest.mark.parametrize("times", [(0, 720), (120, 780), (-60, 660), (60, None)])
def test_an_insight_of_the_fault_begins_and_ends_with_it_within_three_minutes(times: tuple[float, float]) -> None:
    assert covers(insight(*times), PLAN)


@pytest.mark.parametrize("times", [(0, 180), (-3_000, -2_880), (600, 720), (-600, 720), (0, 1_200), (800, None)])
def test_any_other_is_not_of_the_fault(times: tuple[float, float]) -> None:
    assert not covers(insight(*times), PLAN)


def quicktable(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["lab", "quicktable", "--traffic", "steady", *arguments])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--history", "1h", "--fault", "crash"], "--history is 1h; expected 67m to 24h"),
        (["--history", "20m"], "--history is 20m; expected 30m to 24h"),
        (["--history", "2d"], "--history is 2d; expected 30m to 24h"),
        (["--history", "soon"], "'soon' is not a time span"),
        (["--fault", "gremlins"], "fault 'gremlins'; expected one of: slow-query, throttling, invalid-input, crash"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_done(arguments: list[str], message: str, fake_api: Any) -> None:
    result = quicktable(*arguments, "--endpoint", fake_api.endpoint)
    assert result.exit_code == 1 and message in result.stderr
    assert fake_api.received == []


def test_without_a_server_nothing_is_recorded() -> None:
    result = quicktable("--fault", "throttle", "--endpoint", "http://127.0.0.1:9")
    assert result.exit_code == 1
    assert "no raylens server answers at http://127.0.0.1:9" in " ".join(result.stderr.split())
