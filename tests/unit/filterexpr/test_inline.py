from __future__ import annotations

import pytest

from raylens.errors import InvalidRequest
from raylens.filterexpr import Expression, inline_groups, parse_filter
from raylens.filterexpr.ast import And, Constant, Not, Or
from raylens.filterexpr.ast import Test as KeywordTest

OK = KeywordTest("ok")


def inlined(text: str, **groups: str) -> Expression:
    return inline_groups(parse_filter(text), lambda by, value: parse_filter(groups[value]) if value in groups else None)


def test_an_expression_without_groups_stays_as_it_is() -> None:
    text = 'service("a") { fault OR !error } AND !(ok OR rootcause.json = #[])'
    assert inlined(text) == parse_filter(text)


def test_a_group_is_replaced_by_its_expression_and_the_shape_stays_canonical() -> None:
    assert inlined('ok AND group.name = "g"', g="fault error") == parse_filter("ok AND fault AND error")
    assert inlined('ok OR group.name = "g"', g="fault OR error") == parse_filter("ok OR fault OR error")


def test_a_group_that_must_not_match_is_negated() -> None:
    assert inlined('group.name != "g"', g="fault error") == parse_filter("!(fault error)")


def test_groups_are_found_by_name_or_by_arn() -> None:
    seen: list[tuple[str, str]] = []

    def lookup(by: str, value: str) -> Expression | None:
        seen.append((by, value))
        return OK

    assert inline_groups(parse_filter('group.name = "a" group.arn = "arn:b"'), lookup) == And((OK, OK))
    assert seen == [("name", "a"), ("arn", "arn:b")]


def test_an_unknown_group_contains_no_trace() -> None:
    assert inlined('group.name = "g"') == Constant(False)
    assert inlined('group.name != "g"') == Constant(True)


def test_a_group_without_expression_contains_every_trace() -> None:
    assert inlined('group.name = "g"', g="") == Constant(True)


def test_a_group_met_inside_itself_contains_no_trace() -> None:
    both = {"a": 'ok OR group.name = "b"', "b": 'fault group.name = "a"'}
    expected = Or((OK, And((KeywordTest("fault"), Constant(False)))))
    assert inlined('group.name = "a"', **both) == expected


def test_a_group_may_be_used_twice() -> None:
    assert inlined('group.name = "g" AND !group.name = "g"', g="ok") == And((OK, Not(OK)))


def test_groups_of_groups_are_bounded() -> None:
    """Thirty groups that each name the next twice would be a thousand million conditions."""
    groups = {f"g{n}": f'group.name = "g{n + 1}" OR !group.name = "g{n + 1}"' for n in range(30)}
    with pytest.raises(InvalidRequest, match="more than 1000 conditions"):
        inlined('group.name = "g0"', **groups, g30="ok")


def test_a_long_chain_of_groups_is_bounded() -> None:
    groups = {f"g{n}": f'group.name = "g{n + 1}"' for n in range(10_000)}
    with pytest.raises(InvalidRequest, match="nested deeper than 300 levels"):
        inlined('group.name = "g0"', **groups)


def test_conditions_inside_braces_are_counted() -> None:
    groups = {"many": " ".join(["service{ok}"] * 400)}
    assert inlined('group.name = "many"', **groups)
    with pytest.raises(InvalidRequest, match="more than 1000 conditions"):
        inlined('group.name = "many" OR group.name = "many"', **groups)


def test_the_deepest_expression_that_parses_can_be_inlined() -> None:
    text = "(ok OR fault AND " * 128 + 'group.name = "g"' + ")" * 128
    assert inlined(text, g="error") == parse_filter(text.replace('group.name = "g"', "error"))
