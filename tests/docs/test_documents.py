"""Links between the documents resolve, and the commands in them can be run as they are written."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from docs.generate import commands

_ROOT = Path(__file__).parents[2]
_DOCUMENTS = sorted([*_ROOT.glob("*.md"), *(_ROOT / "docs").rglob("*.md")])
_COMMANDS = dict(commands())
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_MAKE = re.compile(r"^\s*\$ make ([a-z-]+)", re.MULTILINE)
_INLINE = re.compile(r"`(raylens [^`]+)`")
# Ends a simple command in a shell.
_ENDS = frozenset("|;&)(<>")


def _names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(_ROOT)) for path in paths]


@pytest.mark.parametrize("document", _DOCUMENTS, ids=_names(_DOCUMENTS))
def test_links_resolve(document: Path) -> None:
    text = _FENCE.sub("", document.read_text("utf-8"))
    for link in _LINK.findall(text):
        if link.startswith(("https://", "http://")):
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        assert target.exists(), f"{link} leads nowhere"
        if anchor:
            assert anchor in _anchors(target), f"{link} names no heading"


@pytest.mark.parametrize("document", _DOCUMENTS, ids=_names(_DOCUMENTS))
def test_raylens_commands_are_understood(document: Path) -> None:
    text = document.read_text("utf-8")
    for written in _calls_in_blocks(text):
        _check(written)
    for written in _calls_in_text(text):
        _check(written, is_whole=False)


@pytest.mark.parametrize("document", _DOCUMENTS, ids=_names(_DOCUMENTS))
def test_make_targets_exist(document: Path) -> None:
    makefile = (_ROOT / "Makefile").read_text("utf-8")
    for target in _MAKE.findall(document.read_text("utf-8")):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"


@pytest.mark.parametrize("document", _DOCUMENTS, ids=_names(_DOCUMENTS))
def test_no_path_of_one_machine(document: Path) -> None:
    text = document.read_text("utf-8")
    for path in ("/tmp/", "/home/", "/root/"):
        assert path not in text


@pytest.mark.parametrize(("guide", "commands_at_least"), [("quicktable", 30), ("analytics", 6)])
def test_a_guide_holds_the_same_commands_in_both_languages(guide: str, commands_at_least: int) -> None:
    english, korean = (
        list(_calls_in_blocks((_ROOT / "docs" / "guide" / name).read_text("utf-8")))
        for name in (f"{guide}.md", f"{guide}.ko.md")
    )
    assert len(english) >= commands_at_least
    assert korean == english


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (["raylens", "sreve"], "no such command"),
        (["raylens", "sreve", "--help"], "no such command"),
        (["raylens", "traces", "--sicne", "1h"], "No such option"),
        (["raylens", "lab", "fault", "crash", "too-many"], "unexpected extra argument"),
        (["raylens", "trace"], "raylens trace"),
        (["raylens", "traces", "--limit", "few"], "valid integer"),
    ],
)
def test_a_wrong_command_is_noticed(written: list[str], reason: str) -> None:
    with pytest.raises(AssertionError, match=reason):
        _check(written)


def test_a_wrong_option_in_running_text_is_noticed() -> None:
    with pytest.raises(AssertionError, match="No such option"):
        _check(["raylens", "trace", "--ful"], is_whole=False)


def test_commands_are_found_in_shell_lines() -> None:
    text = """
```console
$ export API_URL=$(raylens lab list --json | python3 -c 'import json
print("raylens nonsense")')
output of raylens
$ raylens traces --limit 3 \\
    --json
```
Then `raylens map --raw`.
"""
    assert list(_calls_in_blocks(text)) == [
        ["raylens", "lab", "list", "--json"],
        ["raylens", "traces", "--limit", "3", "--json"],
    ]
    assert list(_calls_in_text(text)) == [["raylens", "map", "--raw"]]


def _anchors(document: Path) -> set[str]:
    headings = _HEADING.findall(_FENCE.sub("", document.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _calls_in_blocks(text: str) -> Iterator[list[str]]:
    """Every call of raylens in the lines after `$ ` of console blocks."""
    for _, language, block in _FENCE.findall(text):
        if language == "console":
            for line in _shell_lines(block):
                yield from _calls(line)


def _calls_in_text(text: str) -> Iterator[list[str]]:
    """Every call of raylens between backticks."""
    for written in _INLINE.findall(_FENCE.sub("", text)):
        yield shlex.split(written)


def _shell_lines(block: str) -> Iterator[str]:
    """The commands of a block: a line after `$ `, and what follows it while quotes or backslashes are open."""
    lines = iter(block.splitlines())
    for line in lines:
        if not line.lstrip().startswith("$ "):
            continue
        command = line.lstrip()[2:]
        while True:
            if command.endswith("\\"):
                command = command[:-1] + next(lines)
                continue
            try:
                shlex.split(command)
            except ValueError:
                command += "\n" + next(lines)
                continue
            break
        yield command


def _calls(line: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(line.replace("$(", " ( "), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    call: list[str] | None = None
    for token in [*lexer, ";"]:
        if token and set(token) <= _ENDS:
            if call is not None:
                yield call
            call = None
        elif call is not None:
            call.append(token)
        elif token == "raylens":
            call = [token]


def _check(written: list[str], *, is_whole: bool = True) -> None:
    """Parse `written` as raylens would, without running it; running text may leave out what a command needs."""
    arguments = [word for word in written if word not in ("...", "--help")]
    name = next((" ".join(arguments[:n]) for n in (3, 2) if " ".join(arguments[:n]) in _COMMANDS), None)
    if name is None:
        is_family = any(known.startswith(" ".join(arguments) + " ") for known in _COMMANDS)
        named = "--help" in written or not is_whole
        assert is_family and named, f"{shlex.join(written)}: no such command"
        return
    command, given = _COMMANDS[name], arguments[len(name.split()) :]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    unknown = [word for word in given if word.startswith("--") and word not in known]
    assert not unknown, f"{shlex.join(written)}: No such option: {unknown}"
    if is_whole and "--help" not in written:
        try:
            command.make_context(name, given)
        except Exception as error:
            raise AssertionError(f"{shlex.join(written)}: {error}") from error
