from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

import httpx
import pytest

from raylens.clock import ManualClock
from raylens.lab.sampler import CentralSampler, Decision, SamplingRequest, wildcard_match

SECOND = 1_000_000_000
START_S = 1_707_993_000


def rule(name: str, **changes: Any) -> dict[str, Any]:
    default = {
        "RuleName": name,
        "Priority": 10_000,
        "FixedRate": 0.0,
        "ReservoirSize": 0,
        "ServiceName": "*",
        "ServiceType": "*",
        "Host": "*",
        "HTTPMethod": "*",
        "URLPath": "*",
        "ResourceARN": "*",
        "Version": 1,
        "Attributes": {},
    }
    return {"SamplingRule": {**default, **changes}, "CreatedAt": 0, "ModifiedAt": 0}


def request(**changes: Any) -> SamplingRequest:
    values: dict[str, Any] = {
        "service_name": "QuickTableXRayAPI/prod",
        "service_type": "AWS::ApiGateway::Stage",
        "host": "qt4x9kd2ab.execute-api.ap-northeast-2.amazonaws.com",
        "method": "POST",
        "path": "/prod/reservations",
        "resource_arn": "arn:aws:apigateway:ap-northeast-2::/restapis/qt4x9kd2ab/stages/prod",
    }
    return SamplingRequest(**{**values, **changes})


class Daemon:
    """The daemon's TCP port: gives `rules` and `targets`, remembers reports, is away while `down`."""

    def __init__(self, *rules: dict[str, Any]) -> None:
        self.rules = list(rules)
        self.targets: list[dict[str, Any]] = []
        self.last_modification = 0.0
        self.reports: list[dict[str, Any]] = []
        self.down = False
        self.rules_asked_count = 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("refused")
        if request.url.path == "/GetSamplingRules":
            self.rules_asked_count += 1
            return httpx.Response(200, json={"SamplingRuleRecords": self.rules})
        assert request.url.path == "/SamplingTargets"
        self.reports += json.loads(request.content)["SamplingStatisticsDocuments"]
        answer = {"SamplingTargetDocuments": self.targets, "LastRuleModification": self.last_modification}
        return httpx.Response(200, json={**answer, "UnprocessedStatistics": []})


class Bench:
    def __init__(self, *rules: dict[str, Any], chance: float = 0.99, **options: Any) -> None:
        self.clock = ManualClock(START_S * SECOND)
        self.daemon = Daemon(*rules)
        self.sampler = CentralSampler(
            "127.0.0.1:2000",
            clock=self.clock,
            random=lambda: chance,
            transport=httpx.MockTransport(self.daemon.answer),
            **options,
        )
        if rules:
            self.run(self.sampler.refresh_rules())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run(work)

    def decide(self, count: int = 1, **changes: Any) -> list[Decision]:
        return [self.sampler.decide(request(**changes)) for _ in range(count)]


def test_without_rules_one_request_a_second_and_a_twentieth_are_traced() -> None:
    bench = Bench()
    assert [each.sampled for each in bench.decide(3)] == [True, False, False]
    bench.clock.advance(1)
    assert bench.decide()[0] == Decision(sampled=True, rule_name=None)
    assert all(each.sampled for each in Bench(chance=0.049).decide(5))


def test_rules_are_tried_by_priority_then_name_and_default_last() -> None:
    bench = Bench(
        rule("Default", FixedRate=1.0, Priority=1),
        rule("b", Priority=5, HTTPMethod="POST"),
        rule("a", Priority=5, HTTPMethod="post"),
        rule("first", Priority=1, HTTPMethod="GET"),
    )
    assert [bench.decide(method=method)[0].rule_name for method in ("POST", "GET", "PUT")] == ["a", "first", "Default"]


@pytest.mark.parametrize(
    ("matcher", "fits"),
    [
        ({"URLPath": "*/reservations"}, True),
        ({"URLPath": "/reservations"}, False),
        ({"ServiceType": "AWS::APIGateway::Stage"}, True),
        ({"ServiceName": "quicktable*/prod"}, True),
        ({"ResourceARN": "arn:aws:apigateway:*/stages/prod"}, True),
        ({"ResourceARN": "arn:aws:lambda:*"}, False),
        ({"Attributes": {"X-Tenant": "a*"}}, True),
        ({"Attributes": {"X-Other": "*"}}, False),
        ({"Version": 2}, False),
    ],
)
def test_every_matcher_of_a_rule_must_fit(matcher: dict[str, Any], fits: bool) -> None:
    bench = Bench(rule("special", Priority=1, **matcher), rule("Default"))
    (decision,) = bench.decide(attributes={"x-tenant": "acme"})
    assert (decision.rule_name == "special") is fits


def test_a_rule_without_reservoir_goes_by_its_rate_alone() -> None:
    assert [each.sampled for each in Bench(rule("Default", FixedRate=0.5), chance=0.4).decide(2)] == [True, True]
    assert [each.sampled for each in Bench(rule("Default", FixedRate=0.5), chance=0.6).decide(2)] == [False, False]


def test_without_a_quota_one_a_second_is_borrowed() -> None:
    bench = Bench(rule("Default", ReservoirSize=10))
    assert [each.sampled for each in bench.decide(3)] == [True, False, False]
    bench.run(bench.sampler.report())
    (report,) = bench.daemon.reports
    assert (report["RequestCount"], report["SampledCount"], report["BorrowCount"]) == (3, 0, 1)
    assert (report["RuleName"], len(report["ClientID"]), report["Timestamp"]) == ("Default", 24, START_S)


def test_a_quota_is_followed_until_it_ends() -> None:
    bench = Bench(rule("Default", ReservoirSize=10))
    bench.decide()
    target = {"RuleName": "Default", "FixedRate": 0.0, "ReservoirQuota": 2, "ReservoirQuotaTTL": START_S + 300}
    bench.daemon.targets = [{**target, "Interval": 10}]
    bench.run(bench.sampler.report())
    bench.clock.advance(1)
    assert [each.sampled for each in bench.decide(4)] == [True, True, False, False]
    bench.clock.advance(300)
    assert [each.sampled for each in bench.decide(4)] == [True, False, False, False]


def test_a_quota_of_zero_stops_borrowing() -> None:
    bench = Bench(rule("Default", ReservoirSize=10))
    bench.decide()
    bench.daemon.targets = [{"RuleName": "Default", "ReservoirQuota": 0, "ReservoirQuotaTTL": START_S + 300}]
    bench.run(bench.sampler.report())
    bench.clock.advance(1)
    assert bench.decide()[0].sampled is False


def test_only_rules_with_requests_that_are_due_are_reported() -> None:
    bench = Bench(rule("idle", Priority=1, HTTPMethod="GET"), rule("Default"))
    bench.daemon.targets = [{"RuleName": "Default", "Interval": 10}]
    for seconds in (0, 5, 5):
        bench.clock.advance(seconds)
        bench.decide()
        bench.run(bench.sampler.report())
    assert [(each["RuleName"], each["RequestCount"]) for each in bench.daemon.reports] == [
        ("Default", 1),
        ("Default", 2),
    ]


def test_a_report_that_failed_is_sent_again() -> None:
    bench = Bench(rule("Default"))
    bench.decide(2)
    bench.daemon.down = True
    bench.run(bench.sampler.report())
    bench.daemon.down = False
    bench.decide()
    bench.run(bench.sampler.report())
    assert [each["RequestCount"] for each in bench.daemon.reports] == [3]


def test_changed_rules_are_asked_for_when_the_targets_say_so() -> None:
    bench = Bench(rule("Default"))
    bench.decide()
    bench.daemon.rules = [rule("Default", FixedRate=1.0)]
    bench.daemon.last_modification = START_S + 5.0
    bench.run(bench.sampler.report())
    assert (bench.daemon.rules_asked_count, bench.decide()[0].sampled) == (2, True)


def test_rules_outlive_an_unreachable_daemon_by_an_hour() -> None:
    bench = Bench(rule("Default", FixedRate=1.0))
    bench.daemon.down = True
    assert bench.run(bench.sampler.refresh_rules()) is False
    bench.clock.advance(3600)
    assert bench.decide()[0].rule_name == "Default"
    bench.clock.advance(1)
    assert bench.decide()[0].rule_name is None


def test_a_rule_that_cannot_be_read_is_left_out() -> None:
    bench = Bench({"SamplingRule": {"RuleName": 7}}, {}, rule("Default", FixedRate=1.0))
    assert bench.decide()[0] == Decision(sampled=True, rule_name="Default")


def test_sample_all_traces_everything_and_counts_nothing() -> None:
    bench = Bench(rule("Default"), sample_all=True)
    assert bench.decide(3) == [Decision(sampled=True)] * 3
    bench.run(bench.sampler.report())
    assert bench.daemon.reports == []


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("*", "", True),
        ("", "", True),
        ("a?c", "ABC", True),
        ("a?c", "ac", False),
        ("*b*", "abc", True),
        ("a*c*e", "abcde", True),
        ("a*c*e", "abcd", False),
        ("강*", "강남 맛집", True),
        ("*a" * 60, "a" * 5_000 + "b", False),
        ("[a]", "a", False),
    ],
)
def test_wildcards(pattern: str, text: str, fits: bool) -> None:
    assert wildcard_match(pattern, text) is fits
