from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.lab.gateway.rig import FUNCTION_CODE, Rig, function_spec, stage_spec

FUNCTIONS = ("echo", "environment", "teapot", "crash", "malformed", "slow", "leave", "hoard", "deep", "large")


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def code_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("code")
    (directory / "code_under_test.py").write_text(FUNCTION_CODE, encoding="utf-8")
    return directory


@pytest.fixture(scope="module")
async def rig(anyio_backend: str, tmp_path_factory: pytest.TempPathFactory, code_dir: Path) -> AsyncIterator[Rig]:
    """Every function of the code under test behind `/<its name>`, any method."""
    rig = await Rig.start(tmp_path_factory.mktemp("lab"))
    for name in FUNCTIONS:
        timeout_s = 0.5 if name == "slow" else 10.0
        memory_mb = 128 if name == "hoard" else 256
        await rig.host.deploy(function_spec(name, code_dir, timeout_s=timeout_s, memory_mb=memory_mb))
    routes: dict[tuple[str, str], str | None] = {("ANY", f"/{name}"): name for name in FUNCTIONS}
    routes |= {("GET", "/items/{id}"): "echo", ("OPTIONS", "/echo"): None, ("POST", "/nobody"): "not-deployed"}
    await rig.gateway.deploy(stage_spec(routes, variables={"colour": "blue"}))
    yield rig
    await rig.close()
