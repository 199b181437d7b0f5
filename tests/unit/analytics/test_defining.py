"""Which attributes a filter makes different by itself."""

from __future__ import annotations

import pytest

from raylens.analytics import Attribute, AttributeKind, BucketCount, CategoricalCounts, NumericCounts
from raylens.analytics.defining import defining_attributes, mark_defining
from raylens.filterexpr import parse_filter
from raylens.filterexpr.keywords import KEYWORDS, Scope

_ENDINGS = {"outcome", "status"}
_TIMES = {"response_time", "duration"}
_NODES = {"service", "entry_point"}
_CAUSES = {"fault_root_cause", "error_root_cause", "response_time_root_cause"}


def names(*texts: str) -> set[str]:
    found = defining_attributes(map(parse_filter, texts))
    assert not any(attribute.defining for attribute in found)
    return {f"annotation.{a.key}" if a.kind is AttributeKind.ANNOTATION else a.kind.value for a in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", set()),
        ("fault", _ENDINGS),
        ("!ok", _ENDINGS),
        ("http.status = 500", _ENDINGS),
        ("responsetime > 2", _TIMES),
        ("partial", _ENDINGS | _TIMES),
        ("inferred", set()),
        ('http.url CONTAINS "/a" OR http.method = "GET"', {"url", "method"}),
        ('user = "u" AND !(http.clientip BEGINSWITH "10.")', {"user", "client_ip"}),
        ('annotation.restaurantName = "x" OR annotation[a-b]', {"annotation.restaurantName", "annotation.a-b"}),
        ('service("pay")', _NODES),
        ('service("pay") { fault AND annotation.plan = "gold" }', _NODES | _ENDINGS | {"annotation.plan"}),
        ('edge("web", "pay") { responsetime > 1 }', _NODES | _TIMES),
        ('edge("web", "pay") { source.annotation[plan] = "x" }', _NODES | {"annotation.plan"}),
        ('rootcause.fault.exception { message CONTAINS "x" }', {"fault_root_cause"}),
        ('rootcause.responsetime.service { name = "pay" }', {"response_time_root_cause"}),
        ('rootcause.json = #[{"Services": []}]', _CAUSES),
    ],
)
def test_what_a_filter_mentions_is_defining(text: str, expected: set[str]) -> None:
    assert names(text) == expected


def test_what_any_of_several_filters_mentions_is_defining() -> None:
    assert names("fault", 'user = "a"') == _ENDINGS | {"user"}


def test_root_causes_explain_a_filter_by_outcome() -> None:
    assert not _CAUSES & names("fault OR error OR throttle OR http.status >= 400")


def test_every_keyword_of_a_trace_but_inferred_defines_something() -> None:
    for keyword in KEYWORDS:
        if Scope.TRACE in keyword.scopes:
            assert bool(names(keyword.name)) is (keyword.name != "inferred"), keyword.name


def test_only_what_is_defining_is_marked() -> None:
    status, user = CategoricalCounts(Attribute(AttributeKind.STATUS), ()), CategoricalCounts(
        Attribute(AttributeKind.USER), ()
    )  # fmt: skip
    time = NumericCounts(Attribute(AttributeKind.RESPONSE_TIME), (BucketCount(1, 2, 3),))
    marked = mark_defining((status, user, time), defining_attributes([parse_filter("ok AND duration > 1")]))
    assert [each.attribute.defining for each in marked] == [True, False, True]
    assert isinstance(marked[2], NumericCounts) and marked[2].buckets == time.buckets
