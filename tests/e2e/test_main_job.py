"""QuickTable on one machine, every request recorded, stored and shown."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mypy_boto3_xray import XRayClient

_VISIBLE_S = 10
PREFIXES = ("CreateReservation", "GetReservations")


def eventually(look: Callable[[], Any], wanted: Callable[[Any], bool]) -> Any:
    """What `look` sees once it is `wanted`; datagrams have no answer that says when they are stored."""
    deadline = time.monotonic() + _VISIBLE_S
    while True:
        seen = look()
        if wanted(seen):
            return seen
        assert time.monotonic() < deadline, f"after {_VISIBLE_S} s still {seen!r}"
        time.sleep(0.05)


def moment(seconds_from_now: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds_from_now)


def short(name: str) -> str:
    """A function's name without its stack and random suffix."""
    return next((prefix for prefix in PREFIXES if name.startswith(prefix)), name)


def read_trace(xray: XRayClient, trace_id: str, segments: int) -> list[dict[str, Any]]:
    """The documents of a trace, once it has as many as expected."""

    def look() -> list[dict[str, Any]]:
        traces = xray.batch_get_traces(TraceIds=[trace_id])["Traces"]
        return [json.loads(s["Document"]) for trace in traces for s in trace["Segments"]]

    found: list[dict[str, Any]] = eventually(look, lambda documents: len(documents) == segments)
    return found


def tree(documents: list[dict[str, Any]]) -> dict[str, Any]:
    """name (and origin) -> what hangs below, segments below the subsegment that called them."""
    below: dict[str, list[dict[str, Any]]] = {}
    for document in documents:
        below.setdefault(document.get("parent_id", ""), []).append(document)

    def label(entity: dict[str, Any]) -> str:
        return " ".join(filter(None, (short(entity["name"]), entity.get("origin"))))

    def children(entity: dict[str, Any]) -> dict[str, Any]:
        parts = [*entity.get("subsegments", []), *below.get(entity["id"], [])]
        return {label(part): children(part) for part in parts}

    return {label(root): children(root) for root in below[""]}


def curl(*arguments: str) -> tuple[int, dict[str, Any] | list[Any], str]:
    """(status, JSON body, trace id) of a request sent by curl."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    marker = "\n%{http_code} %header{x-amzn-trace-id}"
    done = subprocess.run(["curl", "-sS", "-w", marker, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    body, _, tail = done.stdout.rpartition("\n")
    status, _, header = tail.partition(" ")
    root = next((part[5:] for part in header.split(";") if part.startswith("Root=")), "")
    return int(status), json.loads(body), root


COLD_CREATE: dict[str, Any] = {
    "QuickTableXRayAPI/prod AWS::ApiGateway::Stage": {
        "Lambda": {
            "CreateReservation AWS::Lambda": {
                "CreateReservation AWS::Lambda::Function": {
                    "Initialization": {},
                    "Invocation": {
                        "create_reservation": {
                            "validate_input": {},
                            "dynamodb_put_item": {"dynamodb": {"DynamoDB AWS::DynamoDB::Table": {}}},
                        }
                    },
                    "Overhead": {},
                }
            }
        }
    }
}
RESERVATION = {
    "restaurantName": "강남 맛집",
    "date": "2024-02-20",
    "time": "18:00",
    "partySize": 4,
    "phoneNumber": "010-1234-5678",
}


def test_the_map_has_every_node_and_edge_of_the_lab_and_no_other(lab: dict[str, Any], xray: XRayClient) -> None:
    sent = len(lab["traffic"]["trace_ids"])

    def look() -> list[Any]:
        return xray.get_service_graph(StartTime=moment(-600), EndTime=moment(60))["Services"]

    def counts_everything(services: list[Any]) -> bool:
        return any(s.get("Root") and s["SummaryStatistics"]["TotalCount"] == sent for s in services)

    services = eventually(look, counts_everything)
    names = {s["ReferenceId"]: (short(s["Name"]), s.get("Type", "")) for s in services}
    stage, table = ("QuickTableXRayAPI/prod", "AWS::ApiGateway::Stage"), ("Reservations", "AWS::DynamoDB::Table")
    client = (stage[0], "client")
    create, get = ([(prefix, kind) for kind in ("AWS::Lambda", "AWS::Lambda::Function")] for prefix in PREFIXES)
    assert sorted(names.values()) == sorted([client, stage, *create, *get, table])
    edges = {(names[s["ReferenceId"]], names[e["ReferenceId"]]) for s in services for e in s["Edges"]}
    assert edges == {
        (client, stage),
        *((stage, f[0]) for f in (create, get)),
        *((f[0], f[1]) for f in (create, get)),
        *((f[1], table) for f in (create, get)),
    }


def test_the_first_request_leaves_one_whole_trace_with_its_cold_start(lab: dict[str, Any], xray: XRayClient) -> None:
    documents = read_trace(xray, lab["traffic"]["trace_ids"][0], segments=4)
    assert tree(documents) == COLD_CREATE
    function = next(d for d in documents if d.get("origin") == "AWS::Lambda::Function")
    invocation = next(s for s in function["subsegments"] if s["name"] == "Invocation")
    (create,) = invocation["subsegments"]
    assert set(create["annotations"]) == {"operation", "restaurantName", "date", "status"}
    assert {"reservation_data", "user_id", "request_body", "request"} <= set(create["metadata"]["default"])


def test_a_reservation_made_with_curl_is_answered_stored_and_traced(lab: dict[str, Any], xray: XRayClient) -> None:
    url = lab["outputs"]["ApiGatewayInvokeUrl"] + "/reservations"
    status, item, trace_id = curl(
        "-X", "POST", url, "-H", "Content-Type: application/json", "-d", json.dumps(RESERVATION)
    )
    assert status == 201
    assert isinstance(item, dict)
    assert {name: item[name] for name in RESERVATION} == RESERVATION
    assert (item["userId"], item["status"]) == ("anonymous", "pending")

    listed_status, listed, _ = curl(url)
    assert listed_status == 200
    assert item["reservationId"] in [r["reservationId"] for r in listed if isinstance(r, dict)]

    documents = read_trace(xray, trace_id, segments=4)
    function = next(d for d in documents if d.get("origin") == "AWS::Lambda::Function")
    (create,) = next(s for s in function["subsegments"] if s["name"] == "Invocation")["subsegments"]
    assert create["annotations"]["restaurantName"] == "강남 맛집"
    assert create["metadata"]["default"]["reservation_data"] == item


def test_a_reservation_without_its_fields_is_an_error_of_the_client_and_names_the_exception(
    lab: dict[str, Any], xray: XRayClient
) -> None:
    url = lab["outputs"]["ApiGatewayInvokeUrl"] + "/reservations"
    status, _, trace_id = curl("-X", "POST", url, "-d", '{"restaurantName": "강남 맛집"}')
    assert status == 400
    documents = read_trace(xray, trace_id, segments=3)
    stage = next(d for d in documents if d.get("origin") == "AWS::ApiGateway::Stage")
    assert (stage.get("error"), stage.get("fault")) == (True, None)
    text = json.dumps(documents)
    assert "validate_input" in text and "ValidationError" in text

    def look() -> list[Any]:
        return xray.get_trace_summaries(StartTime=moment(-600), EndTime=moment(60))["TraceSummaries"]

    summaries = eventually(look, lambda found: any(s["Id"] == trace_id and not s["IsPartial"] for s in found))
    summary = next(s for s in summaries if s["Id"] == trace_id)
    assert (summary["HasError"], summary["HasFault"], summary["Http"]["HttpStatus"]) == (True, False, 400)


def test_the_demo_finds_everything_it_expects(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "raylens", "demo", "--once", "--data", str(tmp_path / "demo")],
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything expected is there" in done.stdout


@pytest.mark.parametrize("command", [["map"], ["map", "--raw"], ["traces"]])
def test_the_terminal_shows_the_lab_and_its_json_is_json(
    lab: dict[str, Any], server: dict[str, Any], command: list[str]
) -> None:
    base = [sys.executable, "-m", "raylens", *command, "--endpoint", server["http"]]
    shown = subprocess.run(base, capture_output=True, text=True, timeout=60)
    assert shown.returncode == 0, shown.stderr
    assert "reservations" in shown.stdout.lower()
    machine = subprocess.run([*base, "--json"], capture_output=True, text=True, timeout=60)
    json.loads(machine.stdout)
