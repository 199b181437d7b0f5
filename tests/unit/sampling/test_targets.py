from __future__ import annotations

import pytest

from raylens.sampling import DEFAULT_RULE, ReservoirShares, SamplingRule, targets
from raylens.sampling.targets import REPORT_INTERVAL_S, Target

S = 1_000_000_000
NOW_NS = 1_700_000_000 * S


def rule(size: int, name: str = "orders") -> SamplingRule:
    return SamplingRule(name=name, priority=1, fixed_rate=0.2, reservoir_size=size)


def quotas(shares: ReservoirShares, of: SamplingRule, clients: str, now_ns: int = NOW_NS) -> list[int]:
    """What each client is told, in the order of their reports."""
    return [shares.target_for(of, client, now_ns).quota for client in clients]


def test_the_default_rule_takes_one_a_second_and_five_percent_of_everything() -> None:
    assert SamplingRule(
        name="Default", priority=10000, fixed_rate=0.05, reservoir_size=1, service_name="*", service_type="*",
        host="*", http_method="*", url_path="*", resource_arn="*",
    ) == DEFAULT_RULE  # fmt: skip


def test_a_lone_client_gets_the_whole_reservoir_for_five_minutes_at_its_first_report() -> None:
    """Some SDKs stop borrowing at the first target whatever it holds: quota and expiry are there from the start."""
    assert ReservoirShares().target_for(rule(2), "a", NOW_NS) == Target(
        "orders", 0.2, 2, NOW_NS + 300 * S, REPORT_INTERVAL_S
    )


@pytest.mark.parametrize(
    ("size", "clients", "expected"),
    [
        (6, "abc", [2, 2, 2]),
        (7, "abc", [3, 2, 2]),
        (8, "abc", [3, 3, 2]),
        (2, "abcd", [1, 1, 0, 0]),
        (1, "ab", [1, 0]),
        (0, "ab", [0, 0]),
    ],
)
def test_the_reservoir_is_split_evenly_and_the_rest_goes_to_the_first(
    size: int, clients: str, expected: list[int]
) -> None:
    """The service's own algorithm is secret (inferred)."""
    shares = ReservoirShares()
    quotas(shares, rule(size), clients)
    assert quotas(shares, rule(size), clients) == expected
    assert sum(expected) == size


def test_a_client_that_stopped_reporting_gives_its_share_back_after_three_intervals() -> None:
    shares = ReservoirShares()
    quotas(shares, rule(4), "ab")
    assert quotas(shares, rule(4), "b", NOW_NS + 30 * S) == [2]
    assert quotas(shares, rule(4), "b", NOW_NS + 31 * S) == [4]


def test_a_client_that_comes_back_stands_last() -> None:
    shares = ReservoirShares()
    quotas(shares, rule(1), "ab")
    quotas(shares, rule(1), "b", NOW_NS + 20 * S)
    assert quotas(shares, rule(1), "ab", NOW_NS + 40 * S) == [0, 1]


def test_rules_share_nothing() -> None:
    shares = ReservoirShares()
    quotas(shares, rule(4), "abcd")
    assert quotas(shares, rule(4, "other"), "a") == [4]


def test_clients_beyond_the_bound_are_not_remembered_and_get_no_quota(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "_MAX_CLIENTS", 3)
    shares = ReservoirShares()
    assert quotas(shares, rule(7), "abcd")[-1] == 2
    assert quotas(shares, rule(2), "abcde", NOW_NS)[-1] == 0
    assert quotas(shares, rule(7), "abc") == [3, 2, 2]


def test_a_clock_that_goes_back_drops_nobody() -> None:
    shares = ReservoirShares()
    quotas(shares, rule(4), "ab")
    assert quotas(shares, rule(4), "a", NOW_NS - 3600 * S) == [2]
