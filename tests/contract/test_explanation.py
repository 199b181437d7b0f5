"""`explain_window` over a real store: one slow table, one way that became slow, one service that began to fail."""

from __future__ import annotations

from typing import Any

from raylens.filterexpr import print_filter
from raylens.insights.explanation import explain_window
from raylens.model.figures import Entity
from raylens.model.insight import Signal
from raylens.model.service import ServiceId
from raylens.model.time import NS_PER_S, TimeRange
from raylens.storage.clickhouse.store import ClickHouseStore
from raylens.storage.interface import EVERY_TRACE
from tests.contract.test_graph import put
from tests.xray_documents import START_S, segment, subsegment, trace_id_of

SHOP, CART = ServiceId("shop"), ServiceId("cart")
TABLE = ServiceId("orders", "AWS::DynamoDB::Table")
# twenty minutes as always, four of the incident
NORMAL = TimeRange(int(START_S * NS_PER_S), int((START_S + 1200) * NS_PER_S))
INCIDENT = TimeRange(int((START_S + 1200) * NS_PER_S), int((START_S + 1440) * NS_PER_S))


def request(number: int, at_s: float, way_s: float = 0.002, table_s: float = 0.01, **cart: Any) -> list[dict[str, Any]]:
    """The shop calls the cart, which works 20 ms and reads a table; times vary a little from request to request."""
    table_s *= 1 + number % 7 / 20
    cart_s, begin = 0.020 + table_s, at_s + 0.005 + way_s / 2
    ids = {name: number * 10 + offset for offset, name in enumerate(("shop", "call", "cart", "table"))}
    get = subsegment(
        "DynamoDB", begin + 0.01, begin + 0.01 + table_s, number=ids["table"], namespace="aws",
        aws={"operation": "GetItem", "table_name": "orders"}, http={"response": {"status": 200}},
    )  # fmt: skip
    call = subsegment("cart", at_s + 0.005, begin + cart_s + way_s / 2, number=ids["call"], namespace="remote", **cart)
    own = {"trace_id": trace_id_of(number)}
    return [
        segment("shop", at_s, begin + cart_s + way_s, number=ids["shop"], subsegments=[call], **own, **cart),
        segment(
            "cart", begin, begin + cart_s, number=ids["cart"], parent_id=f"{ids['call']:016x}", subsegments=[get],
            **own, **cart,
        ),
    ]  # fmt: skip


def put_traffic(store: ClickHouseStore, **changed: Any) -> None:
    documents: list[dict[str, Any]] = []
    for number in range(1, 24 * 12 + 1):
        at_s = number * 5.0 - 1
        documents += request(number, at_s, **(changed if at_s >= 1200 else {}))
    put(store, documents)


def test_a_table_that_became_slow_is_found_with_traces_that_show_it(store: ClickHouseStore) -> None:
    put_traffic(store, table_s=0.4)
    found = explain_window(store, INCIDENT, NORMAL, EVERY_TRACE, Entity(SHOP), Signal.LATENCY)
    assert found.suspects[0].entity == Entity(TABLE)
    assert "orders (AWS::DynamoDB::Table) answered in" in found.summary
    assert found.summary.endswith("Compared were 48 traces with 240 from before.")
    slow_from_s = print_filter(found.anomalous.where.expression)
    assert slow_from_s.startswith('service(id(name: "orders", type: "AWS::DynamoDB::Table")) { responsetime >= 0.01')
    assert store.size(found.anomalous) == 48 and store.size(found.normal) == 240
    assert found.findings
    assert len(found.exemplars) == 5
    assert all(INCIDENT.contains(each.start_ns) for each in found.exemplars)
    assert found.exemplars[0].why.startswith("the first: slow at orders")


def test_time_lost_between_two_services_names_the_calls_and_not_a_service(store: ClickHouseStore) -> None:
    put_traffic(store, way_s=0.3)
    found = explain_window(store, INCIDENT, NORMAL, EVERY_TRACE)
    assert found.suspects[0].entity == Entity(CART, SHOP)
    assert print_filter(found.anomalous.where.expression).startswith('edge("shop", "cart") { responsetime >= 0.0')


def test_a_service_that_began_to_fail_is_found_by_its_faults(store: ClickHouseStore) -> None:
    put_traffic(store, fault=True)
    found = explain_window(store, INCIDENT, NORMAL, EVERY_TRACE, Entity(SHOP), Signal.FAULT)
    assert (found.suspects[0].entity, found.suspects[0].signal) == (Entity(CART), Signal.FAULT)
    assert print_filter(found.anomalous.where.expression) == 'service("cart") { fault }'


def test_a_range_like_the_one_before_has_no_suspects_and_says_so(store: ClickHouseStore) -> None:
    put_traffic(store)
    found = explain_window(store, INCIDENT, NORMAL, EVERY_TRACE)
    assert (found.suspects, found.exemplars) == ((), ())
    assert found.summary == "Nothing differs from what was normal before by more than it usually varies."


def test_an_empty_store_explains_nothing(store: ClickHouseStore) -> None:
    found = explain_window(store, INCIDENT, NORMAL, EVERY_TRACE)
    assert found.suspects == () and found.summary == "No requests were traced in this range."
