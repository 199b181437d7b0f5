"""The reading commands against a fake of the public API."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.responses import JSONResponse, PlainTextResponse
from typer.testing import CliRunner, Result

from raylens.cli.api_client import ApiClient, ApiError
from raylens.cli.main import app
from raylens.cli.read import trace_id_from_text

Documents = list[dict[str, Any]]
Recorded = Callable[[str], Documents]

_ID = "1-65cde7a8-fc2eb0bb7b27667a2d21c7c4"
_HEX = _ID[2:].replace("-", "")
_SUMMARY = {
    "Id": _ID,
    "StartTime": 1707993000.211,
    "Duration": 0.874,
    "ResponseTime": 0.874,
    "HasError": True,
    "HasFault": False,
    "HasThrottle": False,
    "Http": {"HttpURL": "https://example.com/prod/reservations", "HttpMethod": "POST", "HttpStatus": 400},
    "EntryPoint": {"Name": "QuickTableXRayAPI/prod", "Names": [], "Type": "AWS::ApiGateway::Stage"},
}


@pytest.fixture(autouse=True)
def _in_seoul(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "KST-9")
    monkeypatch.delenv("RAYLENS_ENDPOINT", raising=False)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_trace_is_found_by_either_spelling_of_its_id(fake_api: Any, recorded: Recorded, as_traces_answer: Any) -> None:
    fake_api.answers["/Traces"] = as_traces_answer({_ID: recorded("cold_post")})
    results = [_run("trace", spelling, "--endpoint", fake_api.endpoint) for spelling in (_ID, _HEX, _HEX.upper())]
    assert [result.exit_code for result in results] == [0, 0, 0]
    assert [body for _, body in fake_api.received] == [{"TraceIds": [_ID]}] * 3
    assert "Started 2024-02-15 19:30:00.211 KST +09:00" in results[0].stdout


def test_json_is_the_answer_itself_without_colour(
    fake_api: Any, recorded: Recorded, as_traces_answer: Any, service_graph: dict[str, Any]
) -> None:
    fake_api.answers |= {
        "/Traces": as_traces_answer({_ID: recorded("cold_post")}),
        "/ServiceGraph": service_graph,
        "/TraceSummaries": {"TraceSummaries": [_SUMMARY], "TracesProcessedCount": 1},
    }
    for path, arguments in (("/Traces", ["trace", _HEX]), ("/ServiceGraph", ["map"]), ("/TraceSummaries", ["traces"])):
        result = _run(*arguments, "--json", "--endpoint", fake_api.endpoint)
        assert json.loads(result.stdout) == fake_api.answers[path]
        assert "\x1b" not in result.stdout


def test_endpoint_comes_from_the_environment(fake_api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAYLENS_ENDPOINT", fake_api.endpoint + "/")
    fake_api.answers["/TraceSummaries"] = {"TraceSummaries": []}
    assert _run("traces").exit_code == 0


def test_empty_answers_say_what_to_do(fake_api: Any) -> None:
    fake_api.answers |= {"/TraceSummaries": {"TraceSummaries": []}, "/ServiceGraph": {"Services": []}}
    for command, nothing in (("traces", "No traces in the last 15m."), ("map", "No services in the last 15m.")):
        result = _run(command, "--last", "15m", "--endpoint", fake_api.endpoint)
        assert result.exit_code == 0 and nothing in result.stdout and "raylens demo" in result.stdout


def test_unknown_trace_is_an_error_that_points_at_the_list(fake_api: Any) -> None:
    fake_api.answers["/Traces"] = {"Traces": [], "UnprocessedTraceIds": []}
    result = _run("trace", _ID, "--endpoint", fake_api.endpoint)
    assert result.exit_code == 1 and result.stdout == "" and "`raylens traces`" in result.stderr


def test_nobody_at_the_endpoint_says_how_to_start_a_server() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        result = _run("map", "--endpoint", f"http://127.0.0.1:{closed.getsockname()[1]}")
    assert result.exit_code == 1 and "`raylens serve`" in result.stderr and "Traceback" not in result.stderr


def test_aws_error_is_shown_with_code_and_message(fake_api: Any) -> None:
    fake_api.answers["/ServiceGraph"] = JSONResponse(
        {"__type": "InvalidRequestException", "Message": "bad \x1b[31mrange"},
        status_code=400,
        headers={"x-amzn-ErrorType": "ns#InvalidRequestException:http://x/"},
    )
    result = _run("map", "--endpoint", fake_api.endpoint)
    assert result.exit_code == 1
    assert "ServiceGraph was refused: InvalidRequestException: bad \\x1b[31mrange" in result.stderr


@pytest.mark.parametrize("status", [200, 404, 500])
def test_a_server_that_is_not_raylens_is_told_apart(fake_api: Any, status: int) -> None:
    fake_api.answers["/ServiceGraph"] = PlainTextResponse("<html>", status_code=status)
    assert "is it a raylens server?" in _run("map", "--endpoint", fake_api.endpoint).stderr


def test_answer_of_the_wrong_shape_is_an_error_without_a_stack(fake_api: Any) -> None:
    fake_api.answers["/ServiceGraph"] = {"Services": [{"ReferenceId": "zero"}]}
    result = _run("map", "--endpoint", fake_api.endpoint)
    assert result.exit_code == 1 and "not what the X-Ray API promises" in result.stderr


@pytest.mark.parametrize("arguments", [["trace", "xyz"], ["traces", "--last", "soon"], ["traces", "--limit", "0"]])
def test_arguments_that_mean_nothing_are_refused_before_any_call(arguments: list[str]) -> None:
    assert _run(*arguments, "--endpoint", "http://127.0.0.1:9").exit_code == 2


def test_an_endpoint_that_is_no_url_is_refused() -> None:
    with pytest.raises(ApiError, match="is not a URL"):
        ApiClient("localhost:2080")


def test_pages_are_followed_up_to_the_limit(fake_api: Any) -> None:
    pages = [
        {"TraceSummaries": [{"Id": f"{page}{n}"} for n in range(3)], "NextToken": str(page + 1)} for page in range(9)
    ]
    fake_api.answers["/TraceSummaries"] = pages
    with ApiClient(fake_api.endpoint) as client:
        answer = client.trace_summaries(0, 1, limit=7)
    assert [summary["Id"] for summary in answer["TraceSummaries"]] == ["00", "01", "02", "10", "11", "12", "20"]
    assert len(fake_api.received) == 3 and answer["NextToken"] == "3"


def test_a_token_given_twice_is_an_error_and_not_an_endless_loop(fake_api: Any) -> None:
    fake_api.answers["/ServiceGraph"] = [{"Services": [], "NextToken": "0"}]
    with ApiClient(fake_api.endpoint) as client, pytest.raises(ApiError, match="same NextToken twice"):
        client.service_graph(0, 1)


def test_traces_are_asked_for_five_at_a_time(fake_api: Any) -> None:
    fake_api.answers["/Traces"] = {"Traces": [{"Id": "x", "Segments": []}], "UnprocessedTraceIds": ["y"]}
    with ApiClient(fake_api.endpoint) as client:
        answer = client.traces([str(number) for number in range(11)])
    assert [len(body["TraceIds"]) for _, body in fake_api.received] == [5, 5, 1]
    assert len(answer["Traces"]) == len(answer["UnprocessedTraceIds"]) == 3


def test_map_of_some_traces_needs_no_time_range(fake_api: Any, service_graph: dict[str, Any]) -> None:
    fake_api.answers["/TraceGraph"] = service_graph
    result = _run("map", "--trace", _HEX, "--endpoint", fake_api.endpoint)
    assert result.exit_code == 0 and "Reservations DynamoDB table" in result.stdout
    assert fake_api.received == [("/TraceGraph", {"TraceIds": [_ID]})]


@pytest.mark.parametrize("width_cells", [80, 120])
def test_trace_list_is_drawn_as_agreed(
    fake_api: Any, assert_golden: Callable[[str, str], None], width_cells: int
) -> None:
    other = {
        "Id": _ID.replace("65", "66"),
        "StartTime": 1707993100.5,
        "IsPartial": True,
        "HasThrottle": True,
        "Http": {},
    }
    entry = {"Name": "예약 처리기 \x1b[1m", "Names": []}
    fake_api.answers["/TraceSummaries"] = {"TraceSummaries": [_SUMMARY, {**other, "EntryPoint": entry}]}
    result = _run("traces", "--width", str(width_cells), "--endpoint", fake_api.endpoint)
    lines = result.stdout.splitlines()
    assert lines[0].startswith("Traces  ") and lines[0].endswith(" KST +09:00")
    assert_golden(f"traces_{width_cells}", "".join(f"{line}\n" for line in lines[2:]))


def test_text_that_is_no_trace_id_is_refused_with_an_example() -> None:
    for text in ("", "1-65cde7a8", _HEX[:-1], f"2{_ID[1:]}", "g" * 32):
        with pytest.raises(ValueError, match="32 hex digits"):
            trace_id_from_text(text)


def test_traces_are_chosen_by_filter_and_group(fake_api: Any) -> None:
    fake_api.answers["/TraceSummaries"] = {"TraceSummaries": [_SUMMARY], "TracesProcessedCount": 9}
    arn = "arn:aws:xray:us-east-1:000000000000:group/slow/ABC"

    for group in ("slow", arn):
        result = _run("traces", 'user = "é"', "--group", group, "--endpoint", fake_api.endpoint)
        assert result.exit_code == 0 and _ID in result.stdout

    chosen = [{key: body[key] for key in body.keys() - {"StartTime", "EndTime"}} for _, body in fake_api.received]
    assert chosen == [
        {"FilterExpression": 'user = "é"', "GroupName": "slow"},
        {"FilterExpression": 'user = "é"', "GroupARN": arn},
    ]


def test_the_map_of_a_group_is_an_operation_and_that_of_a_filter_is_our_own(
    fake_api: Any, service_graph: dict[str, Any]
) -> None:
    fake_api.answers |= {"/ServiceGraph": service_graph, "/api/v1/service-graph": service_graph}

    _run("map", "--group", "slow", "--endpoint", fake_api.endpoint)
    _run("map", "--filter", "fault", "--endpoint", fake_api.endpoint)
    _run("map", "--filter", "fault", "--group", "slow", "--endpoint", fake_api.endpoint)

    chosen = [(path, body.get("GroupName"), body.get("filter"), body.get("group")) for path, body in fake_api.received]
    assert chosen == [
        ("/ServiceGraph", "slow", None, None),
        ("/api/v1/service-graph", None, "fault", None),
        ("/api/v1/service-graph", None, "fault", "slow"),
    ]


def test_an_empty_list_says_how_many_traces_were_looked_at(fake_api: Any) -> None:
    nothing = {"TraceSummaries": [], "TracesProcessedCount": 1234}
    fake_api.answers |= {"/TraceSummaries": nothing, "/api/v1/service-graph": {"Services": []}}
    fake_api.answers["/ServiceGraph"] = {"Services": []}
    filtered, grouped = ["fault"], ["--group", "slow"]

    for command, words in (
        (["traces", *filtered], "Of 1,234 traces in the last 1h none satisfies the filter expression."),
        (["traces", *grouped], "Of 1,234 traces in the last 1h none belongs to the group slow."),
        (["map", "--filter", "fault", *grouped], "satisfies the filter expression and belongs to the group slow."),
        (["map", *grouped], "Of 1,234 traces in the last 1h none belongs to the group slow."),
    ):
        result = _run(*command, "--endpoint", fake_api.endpoint)
        assert result.exit_code == 0 and words in " ".join(result.stdout.split()), command
        assert "raylens demo" not in result.stdout
    fake_api.answers["/TraceSummaries"] = {"TraceSummaries": [], "TracesProcessedCount": 0}
    assert "raylens demo" in _run("traces", "fault", "--endpoint", fake_api.endpoint).stdout


@pytest.mark.parametrize("command", [["traces"], ["map", "--filter"]])
def test_a_filter_that_cannot_be_read_is_shown_with_its_place_and_what_was_expected(
    command: list[str], fake_api: Any
) -> None:
    refused = JSONResponse(
        {
            "__type": "InvalidRequestException",
            "Message": "Error Location: line 1, position 9 : missing ')' at end of expression",
            "Expected": ["AND", "OR", ")"],
        },
        status_code=400,
        headers={"x-amzn-ErrorType": "InvalidRequestException"},
    )
    fake_api.answers |= {"/TraceSummaries": refused, "/api/v1/service-graph": refused}

    result = _run(*command, "((fault)", "--endpoint", fake_api.endpoint)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[-3:] == ["  ((fault)", "          ^", "  expected AND, OR, )"]


def test_named_traces_cannot_be_chosen_again() -> None:
    for option in ("--filter", "--group"):
        result = _run("map", "--trace", _ID, option, "x", "--endpoint", "http://127.0.0.1:9")
        assert result.exit_code == 2 and "leave out --filter and --group" in " ".join(result.stderr.split())


def test_traces_looked_at_are_those_of_all_pages(fake_api: Any) -> None:
    fake_api.answers["/TraceSummaries"] = [
        {"TraceSummaries": [{"Id": "a"}], "TracesProcessedCount": 5, "NextToken": "1"},
        {"TraceSummaries": [], "TracesProcessedCount": 7},
    ]
    with ApiClient(fake_api.endpoint) as client:
        assert client.trace_summaries(0, 1, limit=7)["TracesProcessedCount"] == 12
