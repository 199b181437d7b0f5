"""Made-up traffic is the same each time, goes everywhere, and is taken as it is."""

from __future__ import annotations

import json

import pytest

from raylens.ingest.decode import decode_document
from tests.browser.traffic import architecture, traces

_START_S = 1_790_000_000.0


@pytest.mark.parametrize("nodes", [4, 50, 60, 200])
def test_an_architecture_has_as_many_nodes_as_asked_for_and_traffic_at_each(nodes: int) -> None:
    shape = architecture(nodes)
    names = {service.name for service in shape.services}
    assert len(shape.services) == len(names) == nodes - 1

    sent = [document for trace in traces(shape, number=nodes, start=_START_S, seconds=60) for document in trace]
    text = json.dumps(sent)
    assert [name for name in names if json.dumps(name) not in text] == []


def test_the_same_arguments_give_the_same_traces_and_another_seed_others() -> None:
    def sent(seed: int) -> list[object]:
        return list(traces(architecture(20, seed), number=30, start=_START_S, seconds=60, seed=seed))

    assert sent(1) == sent(1)
    assert sent(1) != sent(2)


def test_every_document_can_be_read() -> None:
    for trace in traces(architecture(50), number=60, start=_START_S, seconds=60):
        for document in trace:
            decode_document(json.dumps(document))
