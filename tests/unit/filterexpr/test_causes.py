from __future__ import annotations

from typing import Any

import msgspec
import pytest

from raylens.filterexpr import cause_matches, matches, parse_filter, template_matches
from raylens.filterexpr.ast import CauseTest
from raylens.filterexpr.keywords import KEYWORDS, Scope
from raylens.model.service import ServiceId
from raylens.model.trace import RootCause, RootCauseEntity, RootCauseException, RootCauseService
from raylens.traces import facts_of_trace
from tests.filter_tables import ACCOUNT_ID
from tests.fixture_traces import broken_call_trace, slow_call_trace
from tests.xray_documents import trace_of

FAULT = RootCause(
    (
        RootCauseService(
            ServiceId("web"),
            False,
            (
                RootCauseEntity("web", False),
                RootCauseEntity(
                    "names", True, None, (RootCauseException("Probe", "exploded"), RootCauseException("", "second"))
                ),
            ),
        ),
        RootCauseService(ServiceId("names", "remote"), True, (RootCauseEntity("names", False),)),
    ),
    True,
)
SLOW = RootCause(
    (
        RootCauseService(
            ServiceId("web"), False, (RootCauseEntity("web", False, 1.0), RootCauseEntity("names", True, 0.75))
        ),
    ),
    True,
)


def found(level: str, condition: str, cause: RootCause = FAULT) -> bool:
    test = parse_filter(f"rootcause.fault.{level} {{ {condition} }}")
    assert isinstance(test, CauseTest)
    return cause_matches(test, cause)


@pytest.mark.parametrize(
    ("level", "condition", "expected"),
    [
        ("service", 'first AND name = "web" AND index = 0 AND !inferred AND !last', True),
        ("service", 'last AND name = "names" AND type = "remote" AND inferred AND index = 1', True),
        ("service", 'first AND name = "names"', False),
        ("service", "index > 1", False),
        # the first service was sent without type, and without type there is nothing unequal
        ("service", 'first AND (type OR type != "remote")', False),
        ("service", "first AND !type", True),
        ("entity", 'name = "web" AND first AND !remote', True),
        ("entity", 'name = "names" AND last AND remote AND index = 1', True),
        # the one entity of the inferred service is first and last of its own list
        ("entity", 'name = "names" AND first AND last AND remote = false', True),
        ("entity", "coverage", False),
        ("entity", "index > 1", False),
        ("exception", 'first AND name = "Probe" AND message = "exploded"', True),
        ("exception", 'last AND message BEGINSWITH "sec" AND !name', True),
        ("exception", 'first AND message = "second"', False),
        ("exception", "remote OR inferred OR type OR coverage", False),
    ],
)
def test_elements_are_tested_one_by_one_and_placed_in_their_own_list(
    level: str, condition: str, expected: bool
) -> None:
    assert found(level, condition) is expected


def test_only_entities_of_response_time_causes_have_coverage() -> None:
    assert found("entity", "remote AND coverage > 0.7 AND coverage < 0.8", SLOW)
    assert not found("entity", "coverage OR coverage >= 0")


@pytest.mark.parametrize("condition", ["annotation.a", "source.annotation.a", "ok", "responsetime", "http.url", "user"])
def test_a_cause_has_nothing_of_a_request(condition: str) -> None:
    assert not found("service", condition)
    assert found("service", f"!{condition}")


@pytest.mark.parametrize("level", ["service", "entity", "exception"])
def test_keywords_have_values_exactly_at_the_levels_the_table_says(level: str) -> None:
    scope = Scope(f"rootcause.*.{level}")
    # `= x or != x` is true of every value of the right type
    both = {"boolean": "{0} = true OR {0} = false", "number": "{0} >= 0", "string": '{0} CONTAINS ""'}
    seen = {
        keyword.name
        for keyword in KEYWORDS
        for cause in (FAULT, SLOW)
        if found(level, both[keyword.kind.value].format(keyword.name), cause)
    }
    assert seen == {keyword.name for keyword in KEYWORDS if scope in keyword.scopes}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rootcause.fault.service { first }", True),
        ("rootcause.error.service { first }", False),
        ("rootcause.responsetime.service { first }", False),
    ],
)
def test_each_list_of_causes_is_searched_by_its_own_name(text: str, expected: bool) -> None:
    documents = broken_call_trace()
    documents[0]["end_time"] += 10
    assert matches(parse_filter(text), facts_of_trace(trace_of(documents)), ACCOUNT_ID) is expected


WEB: dict[str, Any] = {
    "Name": "web",
    "Names": ["web"],
    "Type": None,
    "AccountId": None,
    "Inferred": False,
    "EntityPath": [
        {"Name": "web", "Remote": False, "Exceptions": []},
        {
            "Name": "names",
            "Remote": True,
            "Exceptions": [{"Name": "Probe", "Message": "exploded"}, {"Name": "", "Message": "second"}],
        },
    ],
}
NAMES: dict[str, Any] = {"Name": "names", "Type": "remote", "Inferred": True, "EntityPath": [{"Name": "names"}]}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ([{}], True),
        ([], False),
        ([{"ClientImpacting": True}], True),
        ([{"ClientImpacting": False}], False),
        ([{"ClientImpacting": 1}], False),
        ([{"Services": [WEB, NAMES], "ClientImpacting": True}], True),
        ([{"Services": [{}, {}]}], True),
        # lists count in full and in order
        ([{"Services": [{}]}], False),
        ([{"Services": [{}, {}, {}]}], False),
        ([{"Services": [NAMES, WEB]}], False),
        ([{"Services": [{**WEB, "Type": ""}, {}]}], True),
        ([{"Services": [{**WEB, "Type": "remote"}, {}]}], False),
        ([{"Services": [{}, {**NAMES, "Type": None}]}], False),
        ([{"Services": [{}, {**NAMES, "AccountId": ACCOUNT_ID}]}], False),
        ([{"Services": [{}, {"EntityPath": [{"Exceptions": []}]}]}], True),
        ([{"Services": [{}, {"EntityPath": [{"Coverage": 1.0}]}]}], False),
        ([{"Services": [{}, {"Colour": "red"}]}], False),
        ([{"Services": "web"}], False),
        ([{"Services": {}}], False),
        # any of the templates will do
        ([{"Services": []}, {"ClientImpacting": True}], True),
        (["web"], False),
        ([5], False),
        ([None], False),
        ([[]], False),
    ],
)
def test_a_template_leaves_open_what_it_leaves_out(template: list[Any], expected: bool) -> None:
    assert template_matches(template, FAULT) is expected


@pytest.mark.parametrize(
    ("coverage", "expected"), [(0.75, True), (0.7500, True), (0.7, False), ("0.75", False), (True, False)]
)
def test_numbers_in_templates_are_compared_as_numbers(coverage: object, expected: bool) -> None:
    first = {"Name": "web", "Coverage": 1}
    template = [{"Services": [{"EntityPath": [first, {"Coverage": coverage}]}]}]
    assert template_matches(template, SLOW) is expected


def test_a_template_is_looked_for_in_every_list_of_causes() -> None:
    slow, broken = (facts_of_trace(trace_of(documents)) for documents in (slow_call_trace(), broken_call_trace()))
    template = [{"Services": [{"Name": "web"}, {"Name": "names.test"}]}]
    text = msgspec.json.encode(template).decode()
    for facts in (slow, broken):
        assert matches(parse_filter(f"rootcause.json = #{text}"), facts, ACCOUNT_ID)
        assert not matches(parse_filter(f"rootcause.json != #{text}"), facts, ACCOUNT_ID)
    assert matches(parse_filter("rootcause.json != #[]"), slow, ACCOUNT_ID)
