"""`raylens analyze` against recorded answers of the analytics API: the lab, one restaurant sending bad reservations."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from starlette.responses import JSONResponse
from typer.testing import CliRunner, Result

from raylens.cli.analytics_answers import Finding, Shares, ValueDifference
from raylens.cli.analyze import attribute_from_text
from raylens.cli.main import app
from raylens.cli.render_analytics import _as_often, value_text

_RECORDED = json.loads((Path(__file__).parent / "recorded" / "analytics.json").read_text("utf-8"))
_RESTAURANT = "annotation.restaurantName"


@pytest.fixture
def api(fake_api: Any) -> Any:
    """A server that answers as recorded."""
    fake_api.answers |= {
        "/api/v1/overview": _RECORDED["overview"],
        "/api/v1/group-by": _RECORDED["group"],
        "/api/v1/compare": _RECORDED["compare"],
    }
    return fake_api


def run(api: Any, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["analyze", *arguments, "--endpoint", api.endpoint])


def body_of(result: Result) -> str:
    """What is printed below the title, which tells the time of now."""
    assert result.exit_code == 0, result.output
    title, _, body = result.stdout.partition("\n")
    assert title.startswith("Analysis  ")
    return body


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize(
    ("name", "compared", "arguments"),
    [
        ("overview", "telling", []),
        ("by", "compare", ["--by", _RESTAURANT]),
        ("against_rest", "compare", ["error", "--against", "rest"]),
        ("by_against", "by_both", ["error", "--against", "", "--by", _RESTAURANT]),
    ],
)
def test_analyses_are_drawn_as_recorded(
    api: Any, assert_golden: Callable[[str, str], None], name: str, compared: str, arguments: list[str], width: int
) -> None:
    api.answers["/api/v1/compare"] = _RECORDED[compared]
    drawn = body_of(run(api, *arguments, "--width", str(width)))
    assert_golden(f"analyze_{name}_{width}", drawn)
    for line in drawn.splitlines():
        assert cell_len(line) <= width, line


def test_what_is_asked_is_sent(api: Any) -> None:
    run(api, "fault", "--against", "rest", "--group", "slow")
    run(api, "fault", "--against", "")
    run(api, "--against", "ok", "--by", "fault-root-cause")
    run(api, "ok", "--by", "annotation[a.b]", "--limit", "3")
    sent = [(path, {k: v for k, v in body.items() if k not in ("a", "set")}) for path, body in api.received]
    assert sent == [
        ("/api/v1/compare", {}),
        ("/api/v1/compare", {"b": {"filter": ""}}),
        ("/api/v1/compare", {"b": {"filter": "ok"}, "sample": 0, "limit": 1000}),
        ("/api/v1/group-by", {"attribute": {"kind": "annotation", "key": "a.b"}, "limit": 4}),
    ]
    first = api.received[0][1]["a"]
    assert (first["filter"], first["group"]) == ("fault", "slow")
    assert first["end"] - first["start"] == pytest.approx(3601)


def test_json_is_the_answer_itself(api: Any) -> None:
    for arguments, name in (
        ([], "overview"), (["--by", "url"], "group"), (["error", "--against", "rest"], "compare"),
    ):  # fmt: skip
        assert json.loads(run(api, *arguments, "--json").stdout) == _RECORDED[name]


@pytest.mark.parametrize(
    ("text", "attribute"),
    [
        ("annotation.restaurantName", {"kind": "annotation", "key": "restaurantName"}),
        ("annotation[a-b]", {"kind": "annotation", "key": "a-b"}),
        ("url", {"kind": "url"}),
        ("Fault-Root-Cause", {"kind": "fault_root_cause"}),
        ("client_ip", {"kind": "client_ip"}),
    ],
)
def test_attributes_are_written_as_in_filters_and_in_the_api(text: str, attribute: dict[str, str]) -> None:
    assert attribute_from_text(text) == attribute


@pytest.mark.parametrize("text", ["nope", "annotation", "annotation.", "annotation[]", "duration", ""])
def test_what_is_no_attribute_is_refused_before_any_call(api: Any, text: str) -> None:
    result = run(api, "--by", text)
    assert result.exit_code == 2 and "expected one of" in " ".join(result.stderr.split())
    assert api.received == []


def _refused(member: str) -> JSONResponse:
    message = "Error Location: line 1, position 4 : unexpected end of expression"
    error = {
        "code": "invalid_filter", "message": message, "line": 1, "column": 4, "expected": ["a keyword"],
        "member": member,
    }  # fmt: skip
    return JSONResponse({"error": error}, 400)


@pytest.mark.parametrize(("member", "shown"), [("a.filter", "ok OR"), ("b.filter", "한 AND")])
def test_the_caret_stands_under_the_filter_that_cannot_be_read(api: Any, member: str, shown: str) -> None:
    api.answers["/api/v1/compare"] = _refused(member)
    result = run(api, "ok OR", "--against", "한 AND")
    assert result.exit_code == 1
    message, text, caret, expected = result.stderr.splitlines()
    assert message.startswith("raylens: compare was refused: invalid_filter: Error Location: line 1")
    assert text == f"  {shown}"
    assert caret.index("^") == cell_len("  " + shown[:3])
    assert expected == "  expected a keyword"


def test_another_refusal_is_told_in_one_line(api: Any) -> None:
    api.answers["/api/v1/compare"] = JSONResponse({"error": {"code": "store_timeout", "message": "too long"}}, 504)
    result = run(api, "ok", "--against", "rest")
    assert (result.exit_code, result.stderr) == (1, "raylens: compare was refused: store_timeout: too long\n")


def _overview(**members: Any) -> dict[str, Any]:
    return {**_RECORDED["overview"], **members}


def test_empty_sets_say_whether_anything_is_there(api: Any) -> None:
    nothing: dict[str, Any] = {"histogram": [], "percentiles": None}
    api.answers["/api/v1/overview"] = _overview(traces=0, response_time=nothing)
    assert "No traces in the last 15m. Send some" in run(api, "--last", "15m").stdout
    api.answers["/api/v1/group-by"] = {**_RECORDED["group"], "traces": 0, "rows": []}
    api.answers["/api/v1/overview"] = _RECORDED["overview"]
    assert "Of 96 traces in the last 1h none satisfies the filter" in run(api, "fault", "--by", "url").stdout


def test_an_annotation_nobody_has_names_those_that_are_there(api: Any) -> None:
    none = {**_RECORDED["group"]["rows"][0], "value": None}
    api.answers["/api/v1/group-by"] = {**_RECORDED["group"], "rows": [none]}
    api.answers["/api/v1/attributes"] = {
        "attributes": [{"kind": "url", "key": "", "name": "URL"}, {"kind": "annotation", "key": "plan", "name": "plan"}]
    }
    shown = body_of(run(api, "--by", "annotation.nope"))
    assert "They have these annotations: plan." in shown
    api.answers["/api/v1/attributes"] = {"attributes": []}
    assert "They have no annotations at all." in body_of(run(api, "--by", "annotation.nope"))


def test_too_few_traces_claim_nothing(api: Any) -> None:
    summary = "Too few traces to tell: A has 3 and B has 96, and each needs at least 10."
    api.answers["/api/v1/compare"] = {
        **_RECORDED["compare"], "state": "too_few", "summary": summary, "findings": [], "path_findings": [],
    }  # fmt: skip
    assert body_of(run(api, "fault", "--against", "rest")).splitlines()[-1] == summary


def test_unfinished_traces_have_no_times(api: Any) -> None:
    outcomes = {"ok": 0, "error": 0, "throttle": 0, "fault": 0, "unfinished": 2}
    times: dict[str, Any] = {"histogram": [], "percentiles": None}
    api.answers["/api/v1/overview"] = _overview(
        traces=2, outcomes=outcomes, response_time=times, average_response_time_ms=None
    )
    shown = body_of(run(api))
    assert "2 traces  ok 0 (0 %)  unfinished 2 (100 %)" in shown
    assert "No response times: none of the 2 traces is finished." in shown


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("annotation", "강남 맛집", "강남 맛집"), ("annotation", "3", '"3"'), ("annotation", 3.0, "3"),
        ("annotation", True, "true"), ("annotation", "true", '"true"'), ("annotation", "", '""'),
        ("annotation", " a", '" a"'), ("annotation", None, "(none)"), ("annotation", "(none)", '"(none)"'),
        ("status", 404.0, "404"), ("annotation", 1.5, "1.5"), ("client_ip", "10.0", "10.0"),
    ],
)  # fmt: skip
def test_values_that_look_alike_are_told_apart(kind: str, value: Any, text: str) -> None:
    assert value_text(kind, value) == text


def test_findings_of_as_many_traces_stand_together() -> None:
    def finding(sentence: str, a: int, b: int) -> Finding:
        return Finding(sentence, ValueDifference("x", Shares(a, b, 0, 0, 0)))

    slower = Finding("slower")
    first, other, third = finding("first", 9, 1), finding("other", 8, 1), finding("third", 9, 1)
    assert _as_often([slower, first, other, slower, third]) == [
        (slower, []), (first, [third]), (other, []), (slower, []),
    ]  # fmt: skip
