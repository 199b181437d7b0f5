from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
Golden = Callable[[str, bytes], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden/ with what is answered now")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compares bytes with a file of tests/golden/; `--update-golden` rewrites the file instead."""
    update = bool(request.config.getoption("--update-golden"))

    def check(name: str, seen: bytes) -> None:
        path = GOLDEN / name
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(seen)
        assert path.is_file(), f"{path} is missing: run pytest --update-golden and read what it wrote"
        assert seen == path.read_bytes()

    return check
