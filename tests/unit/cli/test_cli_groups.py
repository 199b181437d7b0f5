"""`raylens groups` against a fake of the public API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.responses import JSONResponse
from typer.testing import CliRunner, Result

from raylens.cli.filter_place import place_lines
from raylens.cli.main import app

_ARN = "arn:aws:xray:us-east-1:000000000000:group/"
_DEFAULT = {
    "GroupName": "Default",
    "GroupARN": _ARN + "Default",
    "InsightsConfiguration": {"InsightsEnabled": False, "NotificationsEnabled": False},
}
_SLOW = {
    "GroupName": "slow",
    "GroupARN": _ARN + "slow/ABC",
    "FilterExpression": 'responsetime > 2 AND user = "\x1b[1m한글"',
    "InsightsConfiguration": {"InsightsEnabled": True, "NotificationsEnabled": True},
}


def _run(fake_api: Any, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["groups", *arguments, "--endpoint", fake_api.endpoint])


def test_list_shows_every_group_with_its_expression(fake_api: Any) -> None:
    fake_api.answers["/Groups"] = {"Groups": [_DEFAULT, _SLOW]}

    result = _run(fake_api, "list", "--width", "100")

    assert result.stdout.splitlines() == [
        "Group    Insights      Expression",
        "Default  off           every trace",
        'slow     on, notifies  responsetime > 2 AND user = "\\x1b[1m한글"',
    ]
    assert json.loads(_run(fake_api, "list", "--json").stdout) == {"Groups": [_DEFAULT, _SLOW]}


def test_create_sends_what_was_given_and_shows_the_group(fake_api: Any) -> None:
    fake_api.answers["/CreateGroup"] = {"Group": _SLOW}

    result = _run(
        fake_api, "create", "slow", "responsetime > 2", "--insights", "--notifications",
        "--tag", "team=a=b", "--tag", "x=",
    )  # fmt: skip

    assert result.exit_code == 0
    assert result.stdout.splitlines()[:2] == ["Group slow", f"ARN         {_ARN}slow/ABC"]
    assert "Insights    on, notifies" in result.stdout
    assert fake_api.received == [
        (
            "/CreateGroup",
            {
                "GroupName": "slow",
                "FilterExpression": "responsetime > 2",
                "InsightsConfiguration": {"InsightsEnabled": True, "NotificationsEnabled": True},
                "Tags": [{"Key": "team", "Value": "a=b"}, {"Key": "x", "Value": ""}],
            },
        )
    ]


def test_create_with_a_name_alone_sends_nothing_else(fake_api: Any) -> None:
    fake_api.answers["/CreateGroup"] = {"Group": {**_DEFAULT, "GroupName": "all"}}

    result = _run(fake_api, "create", "all", "--json")

    assert fake_api.received == [("/CreateGroup", {"GroupName": "all"})]
    assert json.loads(result.stdout) == fake_api.answers["/CreateGroup"]


def test_update_sends_changes_only_and_takes_an_arn(fake_api: Any) -> None:
    fake_api.answers["/UpdateGroup"] = {"Group": _SLOW}

    _run(fake_api, "update", "slow", "fault")
    _run(fake_api, "update", _ARN + "slow/ABC", "--no-notifications")

    assert fake_api.received == [
        ("/UpdateGroup", {"GroupName": "slow", "FilterExpression": "fault"}),
        ("/UpdateGroup", {"GroupARN": _ARN + "slow/ABC", "InsightsConfiguration": {"NotificationsEnabled": False}}),
    ]


@pytest.mark.parametrize("arguments", [["update", "slow"], ["create", "slow", "--tag", "team"], ["create"], ["delete"]])
def test_commands_that_mean_nothing_are_refused_before_any_call(fake_api: Any, arguments: list[str]) -> None:
    assert _run(fake_api, *arguments).exit_code == 2
    assert fake_api.received == []


def test_delete_says_what_it_did(fake_api: Any) -> None:
    fake_api.answers["/DeleteGroup"] = {}

    result = _run(fake_api, "delete", "slow")

    assert result.stdout == "Deleted the group slow. Its traces stay.\n"
    assert fake_api.received == [("/DeleteGroup", {"GroupName": "slow"})]


def _refused(message: str) -> JSONResponse:
    body = {"__type": "InvalidRequestException", "Message": message}
    return JSONResponse(body, 400, {"x-amzn-ErrorType": "InvalidRequestException"})


@pytest.mark.parametrize("command", ["create", "update"])
def test_an_expression_that_cannot_be_read_is_shown_with_the_place(fake_api: Any, command: str) -> None:
    message = "Error Location: line 1, position 24 : missing '}' at end of expression"
    fake_api.answers[f"/{command.title()}Group"] = _refused(message)

    result = _run(fake_api, command, "slow", 'service("shop") { fault')

    assert result.exit_code == 1
    words = f"raylens: {command.title()}Group was refused: InvalidRequestException: {message}"
    assert result.stderr.splitlines() == [words, '  service("shop") { fault', " " * 25 + "^"]


def test_another_refusal_is_told_in_one_line(fake_api: Any) -> None:
    fake_api.answers["/DeleteGroup"] = _refused("Group not found")

    result = _run(fake_api, "delete", "other")

    assert result.exit_code == 1
    assert result.stderr == "raylens: DeleteGroup was refused: InvalidRequestException: Group not found\n"


def _drawn(text: str, line: int, position: int, width_cells: int = 80) -> list[str]:
    return [
        drawn.plain for drawn in place_lines(text, f"Error Location: line {line}, position {position} : x", width_cells)
    ]


def test_the_caret_stands_under_the_place() -> None:
    assert _drawn("ok AND", 1, 1) == ["  ok AND", "  ^"]
    assert _drawn("ok\nfault AND )", 2, 11) == ["  fault AND )", "            ^"]
    # wide and dangerous characters take more cells than one
    assert _drawn('user = "한\t" x', 1, 13) == ['  user = "한\\t" x', " " * 16 + "^"]


def test_of_a_long_line_the_surroundings_of_the_place_are_shown() -> None:
    line, caret = _drawn("a" * 500 + ")" + "b" * 500, 1, 501)

    assert line == "  …" + "a" * 40 + ")" + "b" * 35 + "…"
    assert caret.index("^") == line.index(")")


@pytest.mark.parametrize(("line", "position"), [(0, 1), (2, 1), (1, 0), (1, 5), (1, 999)])
def test_a_place_outside_of_the_text_is_not_drawn(line: int, position: int) -> None:
    assert _drawn("abc", line, position) == []


def test_a_message_without_a_place_is_left_alone() -> None:
    assert place_lines("abc", "Group not found", 80) == []
