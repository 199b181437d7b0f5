"""Which Chromium is taken, and what is said when there is none; every program here is a stand-in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.browser.chromium import VARIABLE, NoChromium, find_chromium

MakeProgram = Callable[..., str]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeProgram:
    """Makes a program on a PATH that holds nothing else."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(chromium, "_NAMES", [name for name in chromium._NAMES if not name.startswith("/")])
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    def make(name: str, script: str = "exit 0") -> str:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        path.chmod(0o755)
        return str(path)

    # Playwright fetches nothing unless a test says otherwise
    monkeypatch.setattr(sys, "executable", make("python", "exit 1"))
    return make


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Where Playwright would keep its browser."""
    return tmp_path / "playwright-chromium"


def found(own: Path, environ: dict[str, str] | None = None) -> str:
    return find_chromium(lambda: str(own), environ or {})


def test_the_one_that_is_named_comes_first(program: MakeProgram, own: Path) -> None:
    program("chromium")
    named = program("mine")

    assert found(own, {VARIABLE: named}) == named


@pytest.mark.parametrize("script", [None, "exit 1"])
def test_a_named_one_that_does_not_run_is_no_reason_to_take_another(
    script: str | None, program: MakeProgram, own: Path, tmp_path: Path
) -> None:
    program("chromium")
    named = program("mine", script) if script else str(tmp_path / "absent")

    with pytest.raises(NoChromium, match=r"RAYLENS_CHROMIUM is .* which does not run"):
        found(own, {VARIABLE: named})


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_one_on_the_path_is_taken(name: str, program: MakeProgram, own: Path) -> None:
    path = program(name)

    assert found(own) == path


def test_a_stand_in_on_the_path_is_passed_over(program: MakeProgram, own: Path) -> None:
    program("chromium-browser", "echo please install the snap >&2; exit 1")
    chrome = program("google-chrome")

    assert found(own) == chrome


def test_playwrights_own_is_taken_if_it_is_there(program: MakeProgram, own: Path) -> None:
    own.write_text("#!/bin/sh\n", "utf-8")
    own.chmod(0o755)

    assert found(own) == str(own)


def test_root_gets_it_from_debian(program: MakeProgram, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    made = Path(program("later")).with_name("chromium")
    program("apt-get", f'[ "$1" = update ] || {{ echo "#!/bin/sh" > {made}; /bin/chmod +x {made}; }}')

    assert found(own) == str(made)


def test_others_get_it_from_playwright(program: MakeProgram, own: Path) -> None:
    program("apt-get", "echo nobody but root may >&2; exit 1")
    program("python", f'[ "$*" = "-m playwright install chromium" ] && echo "#!/bin/sh" > {own}; /bin/chmod +x {own}')

    assert found(own) == str(own)


@pytest.mark.parametrize(("uid", "tried"), [(0, "apt-get and Playwright"), (1000, "and Playwright")])
def test_where_none_can_be_had_it_is_said_how_to_get_one(
    uid: int, tried: str, program: MakeProgram, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program("apt-get", "exit 100")
    monkeypatch.setattr("os.geteuid", lambda: uid)

    with pytest.raises(NoChromium) as reason:
        found(own)

    assert str(reason.value) == (
        f"no Chromium is installed, {'and ' if uid == 0 else ''}{tried} did not bring one: install Chromium or Chrome, "
        f"or set {VARIABLE} to the path of one"
    )
