"""An incident from the lab's fault to the insight that names its culprit, and to the webhook that is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.e2e.conftest import running
from tests.unit.insights.receiver import open_receiver

_PATIENCE_S, _TOLD_S = 400, 30
_STORY = ["--history", "70m", "--fault-minutes", "8", "--recovery-minutes", "20", "--per-minute", "40"]


def raylens(*arguments: str) -> str:
    command = [sys.executable, "-m", "raylens", *arguments]
    environment = {**os.environ, "COLUMNS": "120"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_slow_table_becomes_an_insight_that_names_it_and_the_webhook_is_told(tmp_path: Path) -> None:
    ports = ["--port", "0", "--udp-port", "0", "--tcp-port", "0"]
    lab = ["--port", "0", "--gateway-port", "0", "--data", str(tmp_path / "lab")]
    with open_receiver() as receiver:
        serve = ["serve", "--data", str(tmp_path / "data"), *ports, "--webhook-url", receiver.url]
        with running(*serve, ready=tmp_path / "ready.json", log=tmp_path / "log") as addresses:
            endpoint = ["--endpoint", str(addresses["http"])]
            raylens("groups", "update", "Default", "--insights", "--notifications", *endpoint)
            steady = ["--traffic", "steady", "--fault", "slow-query", "--once", *_STORY]
            told = raylens("lab", "quicktable", *steady, *lab, *endpoint)
            assert "slow-query is found at" in told and "Reservations (DynamoDB table)" in told
            listed = json.loads(raylens("insights", "--json", *endpoint))["insights"]
            (found,) = (each for each in listed if "response_time" in each["categories"] and each["id"] in told)
            assert found["state"] == "CLOSED"
            assert found["root_cause"]["entity"]["service"] == {"name": "Reservations", "type": "AWS::DynamoDB::Table"}
            deadline_s = time.monotonic() + _TOLD_S
            while not (of_it := [each for each in receiver.received if found["id"] in each.body.decode()]):
                assert time.monotonic() < deadline_s, "the webhook was not told"
                time.sleep(0.1)
    assert json.loads(of_it[0].body)["detail-type"] == "AWS X-Ray Insight Update"
    assert len({each.headers["x-raylens-event-id"] for each in of_it}) == len(of_it)
