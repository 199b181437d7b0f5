"""The terminal names the causes that the server names."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.xray_documents import TRACE_ID, id_bytes, lambda_trace, segment, shop_trace, stored, subsegment, trace_of

from raylens.cli.known_causes import known_causes
from raylens.traces import compile_trace, critical_path

Documents = list[dict[str, Any]]


def compiled(documents: Documents) -> Documents:
    """The documents as BatchGetTraces answers them."""
    texts = [(document.version, document.document) for document in stored(documents)]
    return [json.loads(each.document) for each in compile_trace(id_bytes(), texts).segments]


@pytest.mark.parametrize("documents", [shop_trace(), lambda_trace()], ids=["shop", "lambda"])
def test_causes_are_those_of_the_server_whatever_form_the_documents_have(documents: Documents) -> None:
    path = critical_path(trace_of(documents))
    assert path is not None

    assert known_causes(TRACE_ID, documents) == known_causes(TRACE_ID, compiled(documents)) == path.causes


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cold_post", ["cold start", "waiting for the function"]),
        ("warm_get", ["waiting for the function"]),
        ("throttled_post", ["throttling", "waiting for the function"]),
    ],
)
def test_recorded_traces_name_their_causes(
    name: str, expected: list[str], recorded: Callable[[str], Documents]
) -> None:
    documents = recorded(name)
    assert [cause.name for cause in known_causes(documents[0]["trace_id"], documents)] == expected


def test_a_trace_larger_than_a_document_may_be_is_read_whole() -> None:
    aws = {"operation": "GetItem", "table_name": "orders"}
    throttled = subsegment("DynamoDB", 1, 2, number=9, namespace="aws", throttle=True, aws=aws)
    padding = [subsegment("work", 0, 0.1, number=10 + n, metadata={"a": "x" * 1000}) for n in range(100)]

    [cause] = known_causes(TRACE_ID, [segment("shop", 0, 2, number=1, subsegments=[*padding, throttled])])

    assert (cause.name, cause.service.name, cause.share) == ("throttling", "orders", 0.5)


def test_nothing_is_named_of_what_is_unfinished_missing_or_no_span() -> None:
    assert known_causes(TRACE_ID, []) == ()
    assert known_causes(TRACE_ID, [segment("shop", 0, None, number=1)]) == ()
    assert known_causes(TRACE_ID, [{"id": "x"}, {"id": "not hex", "name": "a", "start_time": 1, "end_time": 2}]) == ()
