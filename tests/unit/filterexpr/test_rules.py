"""What an expression means, rule by rule, on traces that differ in one thing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from raylens.filterexpr import Expression, matches, parse_filter
from raylens.filterexpr.ast import AnnotationTest, Constant, GroupTest, Not, Operator, Side
from raylens.filterexpr.ast import Test as KeywordTest
from raylens.filterexpr.keywords import KEYWORDS, Kind, Scope
from raylens.filterexpr.values import CALL_VALUES, OBSERVATION_VALUES, TRACE_VALUES
from raylens.model.facts import TraceFacts
from raylens.traces import facts_of_trace
from tests.filter_strategies import expressions, told_traces
from tests.filter_tables import ACCOUNT_ID
from tests.fixture_traces import http, orders_trace, slow_call_trace, unfinished_trace
from tests.strategies import UNHURRIED
from tests.xray_documents import independent, segment, shop_trace, subsegment, trace_of

Documents = list[dict[str, Any]]


def facts_of(documents: Documents) -> TraceFacts:
    return facts_of_trace(trace_of(documents))


def found(text: str, documents: Documents) -> bool:
    return matches(parse_filter(text), facts_of(documents), ACCOUNT_ID)


def lone(**members: Any) -> Documents:
    """One segment `shop` of a second."""
    return [segment("shop", 0, 1, number=1, **members)]


def two_answers(first: dict[str, Any], second: dict[str, Any]) -> Documents:
    """A root and two requests to `pay` below it."""
    parent = {"parent_id": f"{1:016x}"}
    return [
        segment("shop", 0, 1, number=1),
        segment("pay", 0.1, 0.3, number=2, **parent, **first),
        segment("pay", 0.4, 0.9, number=3, **parent, **second),
    ]


def test_r1_outcome_time_and_http_outside_braces_are_the_roots() -> None:
    for text in ("ok", "responsetime = 2", "http.status = 200", 'http.method = "GET"', 'http.url ENDSWITH "cart"'):
        assert found(text, shop_trace())
    for text in ("fault", "throttle", "error", "responsetime > 2", "http.status = 503", 'http.method = "POST"'):
        assert not found(text, shop_trace())


def test_r1_the_root_is_the_oldest_segment_without_parent() -> None:
    documents = [segment("late", 1, 2, number=1, fault=True), segment("early", 0, 1, number=2)]
    assert found("ok", documents)
    assert not found("fault", documents)


def test_r1_a_trace_without_segments_has_no_outcome_and_no_time() -> None:
    documents = [independent("work", 0, 1, number=2, parent=9, fault=True)]
    assert found("!ok AND !fault AND ok = false AND partial", documents)
    assert not found("http.url OR responsetime OR duration OR service()", documents)


def test_r2_duration_partial_and_inferred_are_of_the_whole_trace() -> None:
    assert found("duration = 7 AND responsetime = 2", shop_trace())
    assert found("inferred AND !partial", shop_trace())
    orphan = [*lone(), segment("pay", 0, 1, number=2, parent_id=f"{9:016x}")]
    assert found("partial AND !inferred", orphan)


def test_r3_user_place_resource_and_annotations_may_be_of_any_segment() -> None:
    below: dict[str, Any] = {
        "user": "bob",
        "resource_arn": "arn:x",
        "aws": {"ec2": {"instance_id": "i-1", "availability_zone": "z"}},
        "subsegments": [subsegment("work", 0.1, 0.2, number=5, annotations={"deep": 1})],
    }
    documents = two_answers({}, below)
    assert found('user = "bob" resource.arn = "arn:x" instance.id = "i-1" availabilityzone = "z"', documents)
    assert found("annotation.deep = 1", documents)


def test_r4_one_request_meets_all_conditions_in_braces_and_two_selectors_may_mean_two() -> None:
    documents = two_answers({"fault": True}, {"user": "bob"})
    assert not found('service("pay") { fault AND user = "bob" }', documents)
    assert found('service("pay") { fault } AND service("pay") { user = "bob" }', documents)
    assert found('service("pay") { fault OR user = "bob" } AND service("pay") { !fault }', documents)


def test_r4_without_braces_presence_is_asked() -> None:
    assert found('service("shop") AND service AND service()', unfinished_trace())
    assert not found('service("pay")', unfinished_trace())


def test_r5_inside_edge_the_record_is_the_callers() -> None:
    assert found('edge("shop", "pay") { fault AND responsetime = 1.5 AND duration = 1.5 }', shop_trace())
    assert found('edge("shop", "pay") { http.status = 503 }', shop_trace())
    assert found('edge("pay", "orders") { throttle AND !error AND !ok }', shop_trace())
    assert not found('edge("pay", "shop")', shop_trace())


def test_r5_a_segment_below_a_segment_is_its_own_record() -> None:
    functions = 'edge(id(type: "AWS::Lambda"), id(type: "AWS::Lambda::Function"))'
    assert found(functions + " { responsetime > 0.84 responsetime < 0.86 }", orders_trace())


@pytest.mark.parametrize("keyword", ["name", "type", "user", "http.url", "inferred", "root", "coverage", "index"])
def test_r5_a_call_has_only_outcome_time_and_status(keyword: str) -> None:
    assert not found(f"edge {{ {keyword} }}", shop_trace())
    assert found(f"edge {{ !{keyword} }}", shop_trace())


def test_r6_dots_and_underscores_are_one_in_annotation_keys() -> None:
    for documents in (lone(annotations={"a.b_c": 1}), lone(annotations={"a_b_c": 1}), lone(annotations={"a.b.c": 1})):
        for key in ("annotation[a.b.c]", "annotation.a_b_c", "annotation[a_b.c]"):
            assert found(f"{key} = 1", documents)


def test_r7_unequal_means_present_and_never_equal() -> None:
    both = two_answers({"annotations": {"x": "A"}}, {"annotations": {"x": "B"}})
    assert not found('annotation.x != "A"', both)
    assert found('annotation.x != "C"', both)
    assert not found('annotation.y != "A"', both)
    # no value of the literal's type: nothing is known that could be unequal
    assert not found("annotation.x != 5", both)
    assert found("annotation.x != 5", two_answers({"annotations": {"x": "A"}}, {"annotations": {"x": 6}}))
    assert not found("annotation.x != 5", two_answers({"annotations": {"x": 5}}, {"annotations": {"x": 6}}))


@pytest.mark.parametrize(
    "text",
    [
        'duration = "1"',
        'duration != "1"',
        "user = 5",
        "user != 5",
        "user = true",
        "user CONTAINS 5",
        "http.status = true",
    ],
)
def test_r8_a_literal_of_another_type_never_matches(text: str) -> None:
    assert not found(text, lone(user="5", **http("GET", "/", 200)))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "= 1"),
        (1, "= true"),
        ("true", "= true"),
        (True, '= "true"'),
        ("5", "> 4"),
        ("b", '> "a"'),
        (5, "CONTAINS 5"),
    ],
)
def test_r8_annotations_of_another_type_never_match(value: object, text: str) -> None:
    assert not found(f"annotation.x {text}", lone(annotations={"x": value}))


def test_r8_a_whole_number_is_a_number_however_it_is_held() -> None:
    facts = facts_of(lone(**http("GET", "/", 200), annotations={"x": 200}))
    assert matches(KeywordTest("http.status", Operator.EQUAL, 200), facts, ACCOUNT_ID)
    assert matches(AnnotationTest("x", Side.OWN, Operator.LESS, 201), facts, ACCOUNT_ID)


@pytest.mark.parametrize(
    ("value", "expected"), [(True, True), (False, False), (0, True), (1.5, True), ("", True), ("x", True)]
)
def test_r9_an_annotation_by_itself_is_its_truth_or_its_presence(value: object, expected: bool) -> None:
    assert found("annotation.x", lone(annotations={"x": value})) is expected


def test_r9_any_value_of_an_annotation_will_do() -> None:
    assert found("annotation.x", two_answers({"annotations": {"x": False}}, {"annotations": {"x": "a"}}))
    assert not found("annotation.x", two_answers({"annotations": {"x": False}}, {"annotations": {"x": False}}))


def test_r9_a_keyword_by_itself_is_its_presence() -> None:
    documents = lone(**http("GET", "/", 200))
    assert found("responsetime AND duration AND http.status AND http.url", documents)
    assert found("responsetime AND responsetime = 0", [segment("shop", 0, 0, number=1)])
    assert not found("user OR http.useragent OR http.clientip OR instance.id", documents)


def test_r10_a_comparison_with_what_is_missing_is_false_and_its_negation_true() -> None:
    unfinished = unfinished_trace()
    assert not found("http.status = 200 OR http.status != 200 OR http.status < 999", unfinished)
    assert found("!(http.status = 200)", unfinished)
    assert not found("responsetime >= 0 OR duration >= 0 OR responsetime", unfinished)
    assert found("!ok AND !fault AND ok = false AND ok != true", unfinished)


def test_r10_what_is_in_progress_has_no_outcome_inside_braces_either() -> None:
    documents = two_answers({}, {})
    documents[2] |= {"in_progress": True, "fault": True}
    del documents[2]["end_time"]
    assert found('service("pay") { partial AND !fault AND !ok AND !responsetime AND !duration }', documents)
    assert found('edge("shop", "pay") { partial AND !fault AND !ok AND !responsetime }', documents)
    assert found('service("pay") { !partial AND ok }', documents)


@pytest.mark.parametrize(
    "text", ['user = "ALICE"', 'annotation.Plan = "gold"', 'service("Shop")', 'user CONTAINS "LI"']
)
def test_r11_values_and_keys_keep_their_case(text: str) -> None:
    assert not found(text, shop_trace())


def test_r12_the_client_is_met_only_by_its_type() -> None:
    documents = lone(fault=True)
    assert found('service(id(type: "client")) AND service(id(name: "shop", type: "client"))', documents)
    assert found('edge(id(type: "client"), "shop") { fault }', documents)
    assert not found('edge("shop", "shop") OR edge() OR service(id(name: "pay", type: "client"))', documents)


def test_r12_there_is_nothing_to_ask_of_a_client() -> None:
    client = 'service(id(type: "client"))'
    for condition in ("ok", "!ok", "root", "!fault OR fault", 'name = "shop"'):
        assert not found(f"{client} {{ {condition} }}", lone())


def test_r12_the_edge_of_a_client_shows_the_roots_own_record() -> None:
    documents = [*lone(error=True, annotations={"a": 1}), segment("pay", 0, 1, number=2, parent_id=f"{1:016x}")]
    client = 'edge(id(type: "client"), id())'
    assert found(f"{client} {{ error AND responsetime = 1 AND destination.annotation.a = 1 }}", documents)
    assert not found(f"{client} {{ annotation.a OR source.annotation.a }}", documents)
    assert not found('edge(id(type: "client"), "pay")', documents)


def test_r12_every_root_has_a_client() -> None:
    documents = [*lone(), segment("pay", 0, 1, number=2, parent_id=f"{9:016x}")]
    assert found('service(id(name: "pay", type: "client")) AND service("pay") { root }', documents)


def test_r12_a_canary_is_a_node_of_its_own() -> None:
    documents = [segment("canary", 0, 1, number=2, origin="client::Synthetics"), *lone(parent_id=f"{2:016x}")]
    assert found('service(id(type: "client::Synthetics")) { ok AND root } AND service("canary")', documents)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ok OR fault fault", True), ("(ok OR fault) fault", False), ("!fault fault", False), ("!(fault fault)", True)],
)
def test_r13_precedence(text: str, expected: bool) -> None:
    assert found(text, lone()) is expected


def test_r14_a_group_that_was_not_inlined_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match=r"group\.name = 'g' was not replaced"):
        matches(GroupTest("name", "g"), facts_of(lone()), ACCOUNT_ID)


def test_r14_constants_are_what_they_are() -> None:
    facts = facts_of(lone())
    assert matches(Constant(True), facts, ACCOUNT_ID)
    assert not matches(Constant(False), facts, ACCOUNT_ID)


def test_r15_a_table_is_found_by_its_own_name() -> None:
    assert found('service("orders") AND service(id(type: "AWS::DynamoDB::Table"))', shop_trace())
    assert not found('service("DynamoDB") OR service("order") OR service("orders*")', shop_trace())


def test_r15_a_node_without_type_is_found_by_the_empty_one() -> None:
    assert found('service(id(type: "", name: "web")) AND service { !type }', slow_call_trace())
    assert not found('service(id(type: ""))', shop_trace())


def test_r16_annotations_beyond_fifty_keys_cannot_be_found() -> None:
    documents = lone(annotations={f"k{number:02}": number for number in range(51)})
    assert found("annotation.k49 = 49", documents)
    assert not found("annotation.k50", documents)


def test_error_excludes_throttles_everywhere() -> None:
    documents = two_answers({"error": True, "throttle": True}, {})
    assert not found("service() { error } OR edge() { error }", documents)
    assert found("service() { throttle } AND edge() { throttle }", documents)


def test_a_node_belongs_to_the_servers_account_unless_its_documents_say_otherwise() -> None:
    documents = two_answers({"aws": {"account_id": "222"}}, {"fault": True})
    assert found('service(id(account.id: "222", name: "pay")) { ok }', documents)
    assert not found('service(id(account.id: "222")) { fault }', documents)
    assert found(f'service(id(account.id: "{ACCOUNT_ID}", name: "pay")) {{ fault }}', documents)
    assert found(f'edge(id(account.id: "{ACCOUNT_ID}"), id(account.id: "222")) {{ ok }}', documents)


def test_annotations_inside_service_are_those_of_the_request() -> None:
    documents = two_answers({"annotations": {"a": 1}}, {"fault": True})
    documents[1]["subsegments"] = [subsegment("work", 0.1, 0.2, number=5, annotations={"b": 2})]
    assert found('service("pay") { annotation.a = 1 AND annotation.b = 2 AND !fault }', documents)
    assert not found('service("pay") { annotation.a AND fault }', documents)
    assert not found('service("shop") { annotation.a } OR service { source.annotation.a }', documents)


def test_annotations_inside_edge_are_the_callers_unless_the_called_nodes_are_meant() -> None:
    documents = two_answers({"annotations": {"a": 1}}, {})
    documents[0]["annotations"] = {"b": 2}
    edge = 'edge("shop", "pay")'
    assert found(f"{edge} {{ annotation.b AND source.annotation.b AND destination.annotation.a = 1 }}", documents)
    assert not found(f"{edge} {{ annotation.a OR source.annotation.a OR destination.annotation.b }}", documents)


@pytest.mark.parametrize("text", ["source.annotation.a", "destination.annotation.a"])
def test_sides_have_no_meaning_outside_edge(text: str) -> None:
    documents = lone(annotations={"a": 1})
    assert not found(text, documents)
    assert not found(f"service {{ {text} }}", documents)


def test_annotations_of_a_call_that_nobody_answered_are_the_callers() -> None:
    call = subsegment("names.test", 0, 1, number=2, namespace="remote", annotations={"a": 1})
    documents = lone(subsegments=[call])
    assert found('service("shop") { annotation.a }', documents)
    assert not found('service("names.test") { annotation.a }', documents)


def test_an_inferred_node_shows_the_callers_request() -> None:
    assert found(
        'service("names.test") { inferred AND !root AND http.status = 200 AND http.method = "GET" AND duration = 3 }',
        slow_call_trace(),
    )


@pytest.mark.parametrize(
    ("scope", "table"),
    [(Scope.TRACE, TRACE_VALUES), (Scope.SERVICE, OBSERVATION_VALUES), (Scope.EDGE, CALL_VALUES)],
)
def test_keywords_have_values_exactly_where_the_table_says(scope: Scope, table: dict[str, object]) -> None:
    assert set(table) == {keyword.name for keyword in KEYWORDS if scope in keyword.scopes}


def test_every_keyword_is_told_in_one_sentence() -> None:
    assert [k.name for k in KEYWORDS if not k.meaning.endswith(".") or not k.source or not k.scopes] == []
    assert {keyword.kind for keyword in KEYWORDS} == set(Kind)


@UNHURRIED
@given(told_traces(), expressions())
def test_an_expression_or_its_negation_holds_for_every_trace(documents: Documents, expression: Expression) -> None:
    facts = facts_of(documents)
    assert matches(expression, facts, ACCOUNT_ID) is not matches(Not(expression), facts, ACCOUNT_ID)


@pytest.mark.parametrize(
    ("opening", "closing", "times"), [("!", "", 128), ("(ok OR fault AND ", ")", 128), ("!(fault OR ok AND ", ")", 64)]
)
def test_the_deepest_expressions_can_be_evaluated(opening: str, closing: str, times: int) -> None:
    text = opening * times + "error" + closing * times
    assert isinstance(found(text, lone()), bool)
    assert isinstance(found(f"service {{ {text.removesuffix(closing).removeprefix(opening)} }}", lone()), bool)
