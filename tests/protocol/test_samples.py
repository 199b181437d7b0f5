"""The segment documents that the X-Ray developer guide prints are taken and come back as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.protocol.server import Server, running

_SAMPLES = sorted((Path(__file__).parents[1] / "data" / "xray").glob("s*.json"))


@pytest.fixture(scope="module")
def server_for_any_age(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("samples"), "--accept-past-days", "0") as server:
        yield server


@pytest.mark.parametrize("sample", _SAMPLES, ids=lambda path: path.stem)
def test_a_document_of_the_developer_guide_comes_back_as_it_was_sent(sample: Path, server_for_any_age: Server) -> None:
    document = json.loads(sample.read_text())

    assert server_for_any_age.put(document) == []

    returned = {d["id"]: d for d in server_for_any_age.documents_of(document["trace_id"])}
    assert returned[document["id"]] == document
