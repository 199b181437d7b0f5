"""`raylens ... | head` ends without a word, whatever the command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest

_SIGPIPE_STATUS = 141


def _run_unread(arguments: Sequence[str], **environment: str) -> tuple[int, str]:
    """Exit status and standard error of raylens when nobody reads its standard output."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "raylens", *arguments],
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
            check=False,
            timeout=30,
        )
    finally:
        os.close(writing)
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("arguments", [["map"], ["map", "--json"], ["traces"]])
def test_reading_commands_end_quietly(fake_api: Any, service_graph: dict[str, Any], arguments: list[str]) -> None:
    fake_api.answers |= {"/ServiceGraph": service_graph, "/TraceSummaries": {"TraceSummaries": []}}
    assert _run_unread([*arguments, "--endpoint", fake_api.endpoint]) == (_SIGPIPE_STATUS, "")


@pytest.mark.parametrize("arguments", [["--help"], ["lab", "--help"], ["lab", "logs", "--help"]])
def test_help_ends_quietly(arguments: list[str]) -> None:
    assert _run_unread(arguments) == (_SIGPIPE_STATUS, "")


def test_unbuffered_output_ends_quietly_too() -> None:
    assert _run_unread(["--help"], PYTHONUNBUFFERED="1") == (_SIGPIPE_STATUS, "")
