from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raylens.filterexpr import Expression, parse_filter, print_filter
from raylens.filterexpr.ast import AnnotationTest, Constant, EdgeTest, NodeSelector, Not, Operator, ServiceTest
from raylens.filterexpr.ast import Test as KeywordTest
from tests.filter_strategies import expressions
from tests.strategies import UNHURRIED


@UNHURRIED
@given(expressions())
def test_printing_then_parsing_gives_the_same_tree(expression: Expression) -> None:
    text = print_filter(expression)
    assert parse_filter(text) == expression
    assert print_filter(parse_filter(text)) == text


@given(st.text())
def test_every_string_survives(value: str) -> None:
    expression = ServiceTest(NodeSelector(name=value), KeywordTest("user", Operator.CONTAINS, value))
    assert parse_filter(print_filter(expression)) == expression


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_survives(value: float) -> None:
    expression = KeywordTest("duration", Operator.LESS, value)
    assert parse_filter(print_filter(expression)) == expression


@given(st.from_regex(r'[^\s"\[\]]+', fullmatch=True))
def test_every_annotation_key_survives(key: str) -> None:
    assert parse_filter(print_filter(AnnotationTest(key))) == AnnotationTest(key)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("  ", ""),
        ("Fault Error or OK", "fault AND error OR ok"),
        ("(Fault or Error) OK", "(fault OR error) AND ok"),
        ("not responseTime>2.50", "!(responsetime > 2.5)"),
        ("!(fault and error)", "!(fault AND error)"),
        ("!(!(fault))", "!!fault"),
        ('user beginsWith "a\\"b\\\\"', 'user BEGINSWITH "a\\"b\\\\"'),
        ('ok = "TRUE"', "ok = true"),
        ("annotation[plain]", "annotation.plain"),
        ("Annotation[a.b] = -1.0e2", "annotation[a.b] = -100"),
        ("edge{source.annotation[a]}", "edge() { source.annotation.a }"),
        ('service (id( name:"a" ))', 'service("a")'),
        ('edge(id(account.id:"1",name:"a"),"b")', 'edge(id(name: "a", account.id: "1"), "b")'),
        ('group.ARN!="x"', 'group.arn != "x"'),
        ('rootcause.json=#[ {"Name":"강남"} ]', 'rootcause.json = #[{"Name": "강남"}]'),
        ("rootcause.fault.service{last}", "rootcause.fault.service { last }"),
    ],
)
def test_canonical_text(text: str, printed: str) -> None:
    assert print_filter(parse_filter(text)) == printed


@pytest.mark.parametrize("opening", ["(ok OR fault AND ", "!(ok AND "])
def test_a_deep_tree_can_be_printed(opening: str) -> None:
    times = 120 // opening.count("(") // (1 + opening.count("!"))
    expression = parse_filter(opening * times + "error" + ")" * times)
    assert parse_filter(print_filter(expression)) == expression


@pytest.mark.parametrize(
    "expression",
    [
        Constant(False),
        Not(Constant(True)),
        AnnotationTest("a b"),
        AnnotationTest('"'),
        EdgeTest(NodeSelector(), NodeSelector(), Constant(True)),
    ],
)
def test_what_has_no_text_is_refused(expression: Expression) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        print_filter(expression)
