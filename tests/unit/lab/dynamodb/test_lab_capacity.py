from __future__ import annotations

from random import Random

import pytest

from raylens.clock import ManualClock
from raylens.errors import InvalidRequest
from raylens.lab.dynamodb.capacity import TokenBucket, item_bytes, read_units, write_units
from raylens.lab.dynamodb.charging import Admission, admit, charge_read
from raylens.lab.dynamodb.switches import Tables

START_NS = 1_700_000_000_000_000_000


def tables() -> tuple[Tables, ManualClock]:
    clock = ManualClock(START_NS)
    return Tables(clock, Random(1)), clock


@pytest.mark.parametrize(("size", "units"), [(0, 1), (1, 1), (1024, 1), (1025, 2), (3 * 1024, 3)])
def test_a_write_costs_one_unit_per_started_kilobyte(size: int, units: int) -> None:
    assert write_units(size) == units
    assert write_units(size, transactional=True) == 2 * units


@pytest.mark.parametrize(("size", "units"), [(0, 1), (4096, 1), (4097, 2)])
def test_a_read_costs_one_unit_per_started_four_kilobytes_half_when_eventual(size: int, units: int) -> None:
    assert read_units(size, consistent=True) == units
    assert read_units(size) == units / 2


def test_item_size_counts_names_and_values_in_utf8() -> None:
    assert item_bytes({"userId": {"S": "강남"}}) == 6 + 6
    assert item_bytes({"a": {"L": [{"S": "xy"}]}, "b": {"BOOL": True}, "c": {"B": "AAAA"}}) == (1 + 3 + 1 + 2) + 2 + 4


def test_a_bucket_saves_at_most_its_burst() -> None:
    clock = ManualClock(START_NS)
    bucket = TokenBucket(2.0, clock)
    clock.advance(10_000)
    assert bucket.level() == 600.0
    assert bucket.take(600) and not bucket.take(1)
    clock.advance(0.5)
    assert bucket.take(1)


def test_a_bucket_in_debt_waits_until_it_is_paid() -> None:
    clock = ManualClock(START_NS)
    bucket = TokenBucket(1.0, clock, saved_s=1.0)
    bucket.charge(3)
    assert bucket.level() == -2.0
    clock.advance(3)
    assert bucket.take(1)


def test_an_on_demand_table_is_never_throttled() -> None:
    known, _ = tables()
    known.declare("t", None)
    assert all(admit(known, "PutItem", {"TableName": "t", "Item": {}}).body is not None for _ in range(1000))


def test_a_set_capacity_throttles_at_once_and_can_be_taken_back() -> None:
    known, clock = tables()
    known.declare("t", None)
    known.set_capacity("t", 1, 1)
    put = {"TableName": "t", "Item": {"id": {"S": "a"}}}
    assert admit(known, "PutItem", put).body == put
    assert admit(known, "PutItem", put) == Admission(None)
    clock.advance(1)
    assert admit(known, "PutItem", put).body == put
    known.set_capacity("t", None, None)
    assert admit(known, "PutItem", put).body == put


def test_reads_are_let_in_until_the_bucket_is_empty_and_paid_by_size() -> None:
    known, clock = tables()
    known.declare("t", None)
    known.set_capacity("t", 1, 1)
    query = {"TableName": "t", "ConsistentRead": True}
    assert admit(known, "Query", query).body == query
    charge_read(known, "Query", query, {"Items": [{"a": {"S": "x" * 8000}}], "Count": 1, "ScannedCount": 2})
    assert admit(known, "Query", query).body is None
    clock.advance(3)
    assert admit(known, "Query", query).body is None
    clock.advance(0.5)
    assert admit(known, "Query", query).body == query


def test_a_transaction_is_admitted_whole_or_not_at_all() -> None:
    known, _ = tables()
    known.declare("t", None)
    known.set_capacity("t", 3, 3)
    put = {"Put": {"TableName": "t", "Item": {"id": {"S": "a"}}}}
    assert admit(known, "TransactWriteItems", {"TransactItems": [put, put]}).body is None
    assert admit(known, "TransactWriteItems", {"TransactItems": [put]}).body is not None


def test_latency_is_the_longest_that_applies() -> None:
    known, _ = tables()
    known.set_added_latency("t", None, 0.1)
    known.set_added_latency("t", "Query", 0.5)
    assert (known.latency_s(("t",), "Query"), known.latency_s(("t",), "PutItem")) == (0.5, 0.1)
    known.set_added_latency("t", "Query", 0)
    known.set_added_latency("t", None, 0)
    assert known.switches() == {}


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_out_of_range_is_refused(share: float) -> None:
    known, _ = tables()
    with pytest.raises(InvalidRequest, match="expected 0 to 1"):
        known.set_throttle_share("t", share)
