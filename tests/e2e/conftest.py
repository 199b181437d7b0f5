"""The main job as a user runs it: `raylens serve` and `raylens lab quicktable`, each in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from mypy_boto3_xray import XRayClient

_PATIENCE_S = 120


@contextlib.contextmanager
def running(*arguments: str, ready: Path, log: Path) -> Iterator[dict[str, Any]]:
    """A raylens command that writes a ready file; ended with SIGTERM, which must end it well."""
    command = [sys.executable, "-m", "raylens", *arguments, "--ready-file", str(ready)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, "COLUMNS": "120"}
        )
    try:
        deadline = time.monotonic() + _PATIENCE_S
        while not ready.exists():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.02)
        yield json.loads(ready.read_text())
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE_S)
        finally:
            process.kill()
            process.wait()
    assert process.returncode == 0, log.read_text()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The ready file of a running raylens."""
    home = tmp_path_factory.mktemp("server")
    ports = ["--port", "0", "--udp-port", "0", "--tcp-port", "0"]
    with running(
        "serve", "--data", str(home / "data"), *ports, ready=home / "ready.json", log=home / "log"
    ) as addresses:
        yield addresses


@pytest.fixture(scope="session")
def lab(server: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The ready file of a running QuickTable lab that has sent its traffic."""
    home = tmp_path_factory.mktemp("lab")
    flags = ["--port", "0", "--gateway-port", "0", "--sample-all", "--requests", "16"]
    doors = ["--daemon-address", server["udp"]]
    with running(
        "lab", "quicktable", "--data", str(home / "data"), *flags, *doors, ready=home / "ready.json", log=home / "log"
    ) as addresses:
        yield addresses


@pytest.fixture(scope="session")
def xray(server: dict[str, Any]) -> XRayClient:
    """boto3's own client, pointed at raylens."""
    return boto3.client(
        "xray",
        endpoint_url=server["http"],
        region_name="ap-northeast-2",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
