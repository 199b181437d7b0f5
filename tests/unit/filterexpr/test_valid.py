from __future__ import annotations

import pytest

from raylens.filterexpr import Expression, inline_groups, matches, parse_filter, print_filter
from raylens.model.facts import TraceFacts
from raylens.traces import facts_of_trace
from tests.filter_tables import ACCOUNT_ID, GROUPS, VALID, fixture_documents
from tests.xray_documents import trace_of

FACTS: dict[str, TraceFacts] = {
    name: facts_of_trace(trace_of(documents)) for name, documents in fixture_documents().items()
}


def group(by: str, value: str) -> Expression | None:
    return parse_filter(GROUPS[value]) if by == "name" and value in GROUPS else None


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in VALID], ids=[row[0] for row in VALID])
def test_expression_finds_the_traces_it_is_documented_to_find(text: str, expected: frozenset[str]) -> None:
    expression = inline_groups(parse_filter(text), group)
    assert {name for name, facts in FACTS.items() if matches(expression, facts, ACCOUNT_ID)} == expected


@pytest.mark.parametrize("text", [row[1] for row in VALID], ids=[row[0] for row in VALID])
def test_printed_expression_means_the_same(text: str) -> None:
    expression = parse_filter(text)
    printed = print_filter(expression)
    assert parse_filter(printed) == expression
    assert print_filter(parse_filter(printed)) == printed
