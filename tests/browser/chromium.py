"""Finds a Chromium for the tests, or gets one, or says in a sentence why there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

VARIABLE = "RAYLENS_CHROMIUM"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_STARTS_WITHIN_S = 60
_FETCHED_WITHIN_S = 600


class NoChromium(Exception):
    """There is none, and none could be fetched. The message says what was tried and how to get one."""


def find_chromium(playwrights_own: Callable[[], str], environ: Mapping[str, str] = os.environ) -> str:
    """The path of a Chromium that runs: the one of RAYLENS_CHROMIUM, on PATH, or of Playwright; else one is fetched.

    `playwrights_own` says where Playwright keeps its browser once it is there. Fetching goes through Debian's packages
    where that can be done, which is as root, else through Playwright. Raises: NoChromium.
    """
    if named := environ.get(VARIABLE):
        if _runs(named):
            return named
        raise NoChromium(f"{VARIABLE} is {named!r}, which does not run: give it the path of a Chromium, or unset it")
    found = _installed(playwrights_own)
    if found:
        return found
    tried = []
    for what, commands, changes in _ways_to_fetch():
        if all(_succeeds(command, changes) for command in commands):
            found = _installed(playwrights_own)
            if found:
                return found
        tried.append(what)
    raise NoChromium(
        f"no Chromium is installed, and {' and '.join(tried)} did not bring one: install Chromium or Chrome, or set "
        f"{VARIABLE} to the path of one"
    )


def _installed(playwrights_own: Callable[[], str]) -> str | None:
    for name in _NAMES:
        path = shutil.which(name)
        if path and _runs(path):
            return path
    own = playwrights_own()
    return own if Path(own).is_file() and _runs(own) else None


def _ways_to_fetch() -> list[tuple[str, list[list[str]], dict[str, str]]]:
    ways: list[tuple[str, list[list[str]], dict[str, str]]] = []
    if shutil.which("apt-get") and os.geteuid() == 0:
        install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
        ways.append(("apt-get", [["apt-get", "update"], install], {"DEBIAN_FRONTEND": "noninteractive"}))
    download = [sys.executable, "-m", "playwright", "install", "chromium"]
    ways.append(("Playwright", [download], {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "15000"}))
    return ways


def _runs(path: str) -> bool:
    """Whether it is a browser and not, say, Ubuntu's stand-in that asks for a snap."""
    return _succeeds([path, "--version"], {}, _STARTS_WITHIN_S)


def _succeeds(command: list[str], changes: Mapping[str, str], within_s: float = _FETCHED_WITHIN_S) -> bool:
    environment = {**os.environ, **changes}
    try:
        ended = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=within_s, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0
