from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raylens.errors import FilterSyntaxError, InvalidRequest
from raylens.filterexpr import Expression, parse_filter, parse_selector
from raylens.filterexpr.ast import (
    And,
    AnnotationTest,
    CauseTemplateTest,
    Constant,
    EdgeTest,
    GroupTest,
    NodeSelector,
    Not,
    Operator,
    Or,
    ServiceTest,
    Side,
)
from raylens.filterexpr.ast import (
    Test as KeywordTest,
)
from raylens.filterexpr.keywords import FORMS, KEYWORDS
from raylens.filterexpr.parser import MAX_CHARACTERS
from raylens.filterexpr.tokens import FILTER_WORDS
from tests.strategies import UNHURRIED

OK, FAULT, ERROR = KeywordTest("ok"), KeywordTest("fault"), KeywordTest("error")


def refusal(text: str) -> FilterSyntaxError:
    with pytest.raises(FilterSyntaxError) as caught:
        parse_filter(text)
    return caught.value


def told(text: str) -> tuple[int, str]:
    error = refusal(text)
    return error.column, error.tail


@pytest.mark.parametrize("text", ["", " ", "\n\t \r\n"])
def test_nothing_selects_everything(text: str) -> None:
    assert parse_filter(text) == Constant(True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fault OR error ok", Or((FAULT, And((ERROR, OK))))),
        ("fault error OR ok", Or((And((FAULT, ERROR)), OK))),
        ("!fault error", And((Not(FAULT), ERROR))),
        ("!(fault error)", Not(And((FAULT, ERROR)))),
        ("!!ok", Not(Not(OK))),
        ("! ok = true", Not(KeywordTest("ok", Operator.EQUAL, True))),
        ("(fault AND error) AND ok", And((FAULT, ERROR, OK))),
        ("fault AND (error AND ok)", And((FAULT, ERROR, OK))),
        ("fault OR (error OR ok)", Or((FAULT, ERROR, OK))),
        ("((fault))", FAULT),
        ("NOT fault AND not error", And((Not(FAULT), Not(ERROR)))),
    ],
)
def test_parentheses_bind_before_not_before_and_before_or(text: str, expected: Expression) -> None:
    assert parse_filter(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        'FAULT And HTTP.Status >= 500 oR user BeginsWith "A"',
        'fault and http.status>=500 or user beginswith "A"',
        'fault\nAND http.status\t>= +5e2\r\nOR user BEGINSWITH "A"',
        'faulthttp.status>=500.0or user beginswith"A"',
    ],
)
def test_case_and_white_space_of_words_do_not_matter(text: str) -> None:
    status, user = (
        KeywordTest("http.status", Operator.GREATER_EQUAL, 500.0),
        KeywordTest("user", Operator.BEGINS_WITH, "A"),
    )
    assert parse_filter(text) == Or((And((FAULT, status)), user))


def test_only_ascii_letters_are_folded() -> None:
    """The Kelvin sign is a k in lower case, but no letter of `ok`."""
    assert told("o\u212a") == (1, "Invalid input symbol: 'o\u212a'")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"a b"', "a b"),
        ('""', ""),
        (r'"a\"b"', 'a"b'),
        (r'"a\\b"', r"a\b"),
        (r'"a\nb"', "anb"),
        ('"a\nb"', "a\nb"),
        ('"강남 맛집"', "강남 맛집"),
        ('"True"', "True"),
    ],
)
def test_strings_keep_their_case_and_know_two_escapes(text: str, value: str) -> None:
    assert parse_filter(f"user = {text}") == KeywordTest("user", Operator.EQUAL, value)


@pytest.mark.parametrize(
    ("text", "value"), [("5", 5.0), ("-5", -5.0), ("+0.25", 0.25), ("1e3", 1000.0), ("2.5E-1", 0.25)]
)
def test_numbers_have_sign_fraction_and_exponent(text: str, value: float) -> None:
    assert parse_filter(f"duration >{text}") == KeywordTest("duration", Operator.GREATER, value)


@pytest.mark.parametrize(
    ("text", "column", "tail"),
    [
        ("duration > 1e999", 12, "number out of range: '1e999'"),
        ("duration > .5", 12, "Invalid input symbol: '.'"),
        ("duration > 5s", 13, "Invalid input symbol: 's'"),
    ],
)
def test_other_numbers_are_refused(text: str, column: int, tail: str) -> None:
    assert told(text) == (column, tail)


@pytest.mark.parametrize("text", ["TRUE", "true", '"true"', '"TRUE"'])
def test_boolean_keywords_take_a_boolean_word_bare_or_quoted(text: str) -> None:
    assert parse_filter(f"ok = {text}") == KeywordTest("ok", Operator.EQUAL, True)


@pytest.mark.parametrize("text", ["5", '"yes"'])
def test_boolean_keywords_take_nothing_else(text: str) -> None:
    assert told(f"ok = {text}")[1].startswith("expected true or false but found")


def test_a_literal_of_another_type_is_no_error() -> None:
    """Recorded: `duration = "slow"` is answered with 200 and no traces."""
    assert parse_filter('duration = "slow" user = 5') == And(
        (KeywordTest("duration", Operator.EQUAL, "slow"), KeywordTest("user", Operator.EQUAL, 5.0))
    )


@pytest.mark.parametrize("keyword", [keyword.name for keyword in KEYWORDS])
def test_every_keyword_parses_by_itself_in_every_scope(keyword: str) -> None:
    test = KeywordTest(keyword)
    assert parse_filter(keyword.upper()) == test
    assert parse_filter(f"service {{ {keyword} }}") == ServiceTest(NodeSelector(), test)
    assert parse_filter(f"edge {{ {keyword} }}") == EdgeTest(NodeSelector(), NodeSelector(), test)
    for cause in [form.name for form in FORMS if form.name.startswith("rootcause.") and form.name != "rootcause.json"]:
        assert parse_filter(f"{cause} {{ {keyword} }}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("annotation.a_1", AnnotationTest("a_1")),
        ("Annotation[a.b-c]", AnnotationTest("a.b-c")),
        ("annotation[한글] = 5", AnnotationTest("한글", Side.OWN, Operator.EQUAL, 5.0)),
        ('annotation.Key = "true"', AnnotationTest("Key", Side.OWN, Operator.EQUAL, "true")),
        ("source.annotation.a", AnnotationTest("a", Side.SOURCE)),
        ("DESTINATION.Annotation[a]", AnnotationTest("a", Side.DESTINATION)),
        ('annotation.a CONTAINS "x"', AnnotationTest("a", Side.OWN, Operator.CONTAINS, "x")),
    ],
)
def test_annotation_keys_keep_their_spelling(text: str, expected: AnnotationTest) -> None:
    assert parse_filter(text) == expected


@pytest.mark.parametrize("text", ["annotation", "annotation.", "annotation[", "annotation[]", "annotation[a"])
def test_an_annotation_needs_a_whole_key(text: str) -> None:
    assert told(text) == (1, f"Invalid input symbol: '{text[:12]}'")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("service", NodeSelector()),
        ("service()", NodeSelector()),
        ("service(id())", NodeSelector()),
        ('service("true")', NodeSelector(name="true")),
        (
            'SERVICE(ID(Account.Id: "a", TYPE: "t", name:"n"))',
            NodeSelector(name="n", type="t", account_id="a"),
        ),
    ],
)
def test_nodes_are_named_or_described(text: str, node: NodeSelector) -> None:
    assert parse_filter(text) == ServiceTest(node)
    assert parse_filter(f"{text} {{ ok }}") == ServiceTest(node, OK)


def test_a_parenthesis_after_service_opens_its_node() -> None:
    assert told("service (fault)") == (10, "expected a string, id(...) or ')' but found 'fault'")


def test_a_part_of_a_node_is_given_once() -> None:
    assert told('service(id(name: "a", name: "b"))') == (23, "'name' is given twice")


def test_an_end_of_an_edge_may_be_any_node() -> None:
    assert parse_filter('edge(id(), "x")') == EdgeTest(NodeSelector(), NodeSelector(name="x"))


def test_groups_are_compared_with_a_name_or_an_arn() -> None:
    assert parse_filter('group.name = "g" Group.ARN != "arn"') == And(
        (GroupTest("name", "g"), GroupTest("arn", "arn", negated=True))
    )


@pytest.mark.parametrize(
    "text", ["group.name = 5", 'group.name CONTAINS "g"', 'group.name < "g"', 'group.name "g"', "rootcause.json > #[]"]
)
def test_groups_and_templates_know_equality_only(text: str) -> None:
    assert refusal(text)


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("#[]", []),
        ('#[{"Name": "]}\\"["}]', [{"Name": ']}"['}]),
        ('#[1, 1.5, true, null, "강남"]', [1, 1.5, True, None, "강남"]),
        ("#[\n[]\n]", [[]]),
    ],
)
def test_json_literals_end_where_their_array_ends(text: str, template: list[object]) -> None:
    expected = CauseTemplateTest(template, negated=True)
    assert parse_filter(f"rootcause.json != {text}AND ok") == And((expected, OK))


@pytest.mark.parametrize(
    ("text", "column", "tail"),
    [
        ("#{}", 18, "Invalid input symbol: '#{'"),
        ("# []", 18, "Invalid input symbol: '# '"),
        ("#[1", 21, "missing ']' at end of expression"),
        ('#["]', 22, "missing ']' at end of expression"),
        ("#[nul]", 18, "invalid JSON literal"),
        ("#[1}", 18, "invalid JSON literal"),
        ("#[1e999]", 18, "invalid JSON literal"),
        ('#["\ud800"]', 18, "invalid JSON literal"),
        ("#" + "[" * 100, 51, "nesting deeper than 32 levels"),
    ],
)
def test_bad_json_literals_are_refused(text: str, column: int, tail: str) -> None:
    assert told(f"rootcause.json = {text}") == (column, tail)


@pytest.mark.parametrize(
    ("inner", "word"),
    [
        ('edge("a", "b")', "edge"),
        ('group.name = "g"', "group.name"),
        ("rootcause.json = #[]", "rootcause.json"),
        ("rootcause.fault.service { first }", "rootcause.fault.service"),
        ("account.id", "account.id"),
        ('id(name: "a")', "id"),
    ],
)
@pytest.mark.parametrize("head", ["service", "edge", "rootcause.error.entity"])
def test_parts_of_a_trace_cannot_be_asked_for_what_only_the_trace_has(head: str, inner: str, word: str) -> None:
    assert told(f"{head} {{ ok AND {inner} }}") == (len(head) + 11, f"'{word}' is not allowed here")


def test_an_account_is_no_keyword() -> None:
    assert told('account.id = "1"') == (1, "'account.id' is not allowed here")


@pytest.mark.parametrize(("text", "word"), [("fault > 1", ">"), ("ok CONTAINS 1", "CONTAINS")])
def test_boolean_keywords_know_equality_only(text: str, word: str) -> None:
    keyword = text.partition(" ")[0]
    assert told(text) == (len(keyword) + 2, f"operator '{word}' cannot be used with '{keyword}'")


def test_positions_count_lines_and_characters_from_one() -> None:
    error = refusal('user = "두\n줄" AND\n\n  (fault &')
    assert (error.line, error.column) == (4, 10)
    assert str(error) == "Error Location: line 4, position 10 : Invalid input symbol: '&'"


def test_the_end_of_the_text_is_one_past_its_last_character() -> None:
    error = refusal("ok\n AND ")
    assert (error.line, error.column, error.tail) == (2, 6, "unexpected end of expression")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ok = ", ("true or false",)),
        ("duration > x", ("a string", "a number", "true or false")),
        ("(fault) )", ("a keyword", "AND", "OR", "!", "(", "end of expression")),
        ('service("x"', (")",)),
        ("service { fault", ("a keyword", "= or !=", "AND", "OR", "}")),
        ("service(id(x", ("name, type or account.id",)),
        ("rootcause.json = 5", ("a JSON literal",)),
    ],
)
def test_errors_name_what_could_have_stood_there(text: str, expected: tuple[str, ...]) -> None:
    assert [word for word in refusal(text).expected if word in expected] == list(expected)


def test_long_words_are_cut_in_messages() -> None:
    assert len(str(refusal(f'"{"x" * 10_000}"'))) < 150
    assert len(str(refusal(f'"{"x" * 10_000}'))) < 150


@pytest.mark.parametrize(
    ("text", "column"),
    [("(" * 10_000, 129), ("!" * 10_000, 129), ("!(" * 5_000, 129), ("( !" * 5_000, 193)],
)
def test_deep_nesting_is_refused_where_it_gets_too_deep(text: str, column: int) -> None:
    error = refusal(text)
    assert (error.column, error.tail, error.expected) == (column, "nesting deeper than 128 levels", ())


@pytest.mark.parametrize(
    ("opening", "closing", "times"), [("(", ")", 128), ("!", "", 128), ("!(", ")", 64), ("(ok OR fault AND ", ")", 128)]
)
def test_nesting_within_the_limit_is_read(opening: str, closing: str, times: int) -> None:
    assert parse_filter(opening * times + "ok" + closing * times)


def test_brackets_that_were_closed_again_are_not_counted() -> None:
    assert parse_filter(" ".join(["!(!(ok))"] * 200))


def test_a_thousand_conditions_are_read_and_one_more_is_refused() -> None:
    assert parse_filter("ok " * 1000) == And((OK,) * 1000)
    assert parse_filter("service{ok}" * 500)
    assert told("ok " * 1001) == (3001, "more than 1000 conditions")
    assert told("service{ok}" * 501) == (5501, "more than 1000 conditions")


def test_a_text_that_is_too_long_is_refused_unread() -> None:
    assert parse_filter(" " * MAX_CHARACTERS) == Constant(True)
    with pytest.raises(InvalidRequest, match="100000 characters; at most 65536"):
        parse_filter("x" * 100_000)


@pytest.mark.parametrize("text", ['"' * 65_535, '"' + "\\" * 65_000, "#[" * 30_000, "annotation[" + "x" * 65_000])
def test_long_symbols_that_never_end_are_refused(text: str) -> None:
    assert refusal(text).line == 1


_pieces = st.sampled_from([*FILTER_WORDS, "key]", '"a"', '"', "5", "-", "\n", "\\", "[]", "#[{}]", "x"]) | st.text(
    max_size=2
)


@UNHURRIED
@given(st.lists(_pieces, max_size=12).map(" ".join) | st.lists(_pieces, max_size=12).map("".join))
def test_any_text_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    try:
        parse_filter(text)
    except FilterSyntaxError as error:
        lines = text.split("\n")
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
        assert error.tail


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('service("x")', ServiceTest(NodeSelector(name="x"))),
        (' SERVICE ( id(type: "t") ) ', ServiceTest(NodeSelector(type="t"))),
        (
            'edge("a", id(name: "b", account.id: "1"))',
            EdgeTest(NodeSelector(name="a"), NodeSelector(name="b", account_id="1")),
        ),
    ],
)
def test_an_entity_selector_names_one_node_or_one_edge(text: str, expected: ServiceTest | EdgeTest) -> None:
    assert parse_selector(text) == expected


@pytest.mark.parametrize(
    ("text", "column", "tail"),
    [
        ('service(id(name: "shop", type: "remote")) { fault }', 43, "Invalid input symbol: '{'"),
        ('service("a") AND service("b")', 14, "Invalid input symbol: 'AN'"),
        ('service("a") service("b")', 14, "expected end of expression but found 'service'"),
        ("fault", 1, "Invalid input symbol: 'f'"),
        ("http.status = 403", 1, "Invalid input symbol: 'h'"),
        ('annotation.a = "b"', 1, "Invalid input symbol: 'an'"),
        ("service()", 9, "expected a string or id(...) but found ')'"),
        ("service", 8, "missing '(' at end of expression"),
        ('edge("a")', 9, "expected ',' but found ')'"),
        ('"a"', 1, "expected service or edge but found 'a'"),
    ],
)
def test_an_entity_selector_is_no_filter_expression(text: str, column: int, tail: str) -> None:
    with pytest.raises(FilterSyntaxError) as caught:
        parse_selector(text)
    assert (caught.value.column, caught.value.tail) == (column, tail)


@pytest.mark.parametrize("text", ["", "  ", f'service("{"x" * 490}")'])
def test_an_entity_selector_has_1_to_500_characters(text: str) -> None:
    with pytest.raises(InvalidRequest, match="1 to 500 are accepted"):
        parse_selector(text)
