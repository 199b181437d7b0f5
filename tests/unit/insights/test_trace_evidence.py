from __future__ import annotations

from typing import Any

from raylens.insights.blame import CERTAIN_SD
from raylens.insights.trace_blame import blame_common_ends, blame_from_traces
from raylens.insights.trace_evidence import Evidence, TraceEvidence, gather_evidence
from raylens.insights.trace_pieces import OwnTime, TracePieces, Visit, operation_of, take_apart
from raylens.model.figures import Entity
from raylens.model.insight import Signal
from raylens.model.service import ServiceId
from raylens.traces import assemble_trace
from tests.xray_documents import segment, spans_of, subsegment

SHOP, CART, STOCK = ServiceId("shop"), ServiceId("cart"), ServiceId("stock")
TABLE = ServiceId("orders", "AWS::DynamoDB::Table")


def pieces_of(*documents: dict[str, Any]) -> TracePieces:
    return take_apart(assemble_trace(spans_of(list(documents))))


def shop_calls_cart(on_the_way_s: float = 0.002, table_status: int = 200, **cart: Any) -> TracePieces:
    """The shop works 10 ms, calls the cart, which works 40 ms and reads a table for 10 ms."""
    begin, took = 0.010 + on_the_way_s / 2, 0.050
    call = subsegment("cart", 0.010, 0.010 + took + on_the_way_s, number=2, namespace="remote")
    get = subsegment(
        "DynamoDB", begin + 0.02, begin + 0.03, number=4, namespace="aws",
        aws={"operation": "GetItem", "table_name": "orders"}, http={"response": {"status": table_status}},
    )  # fmt: skip
    return pieces_of(
        segment("shop", 0, 0.010 + took + on_the_way_s, number=1, subsegments=[call]),
        segment("cart", begin, begin + took, number=3, parent_id=f"{2:016x}", subsegments=[get], **cart),
    )


def test_own_time_is_what_no_callee_took_and_what_lies_between_belongs_to_the_edge() -> None:
    times: dict[Entity, float] = {}
    for own in shop_calls_cart(on_the_way_s=0.008).times:
        times[own.entity] = round(times.get(own.entity, 0.0) + own.seconds, 6)
    assert times == {
        Entity(SHOP): 0.010,
        Entity(CART, SHOP): 0.008,
        Entity(CART): 0.040,
        Entity(TABLE): 0.010,
    }


def test_a_visit_says_whom_it_called_in_which_order_and_whose_it_was() -> None:
    visits = shop_calls_cart().visits
    assert [(each.service, each.callees, each.parent) for each in visits] == [
        (SHOP, (CART,), None),
        (CART, (TABLE,), 0),
        (TABLE, (), 1),
    ]


def test_operations_are_methods_and_paths_without_what_names_one_thing() -> None:
    document = segment(
        "shop", 0, 1, number=1, http={"request": {"method": "GET", "url": "https://shop.test/cart/4711/items?q=1"}}
    )
    assert operation_of(spans_of([document])[0]) == "GET /cart/*/items"


def test_a_trace_whose_segments_are_missing_has_what_is_there() -> None:
    lost = subsegment("late", 0, 1, number=9) | {
        "trace_id": "1-65cde7a8-fc2eb0bb7b27667a2d21c7c4",
        "type": "subsegment",
        "parent_id": f"{8:016x}",
    }
    assert pieces_of(lost) == TracePieces(pieces_of(lost).minute, (), ())


def test_time_that_grew_between_two_services_is_found_there_and_nowhere_else() -> None:
    evidence = gather_evidence([shop_calls_cart()] * 30, [shop_calls_cart(on_the_way_s=0.2)] * 30)
    grown = {entity for entity, each in evidence.seconds.items() if each.is_certain}
    assert grown == {Entity(CART, SHOP)}
    assert round(evidence.seconds[Entity(CART, SHOP)].lost, 3) == round(30 * 0.198, 3)


def test_another_mix_of_requests_is_no_difference() -> None:
    def request(path: str, seconds: float) -> TracePieces:
        http = {"request": {"method": "GET", "url": f"https://shop.test/{path}"}}
        return pieces_of(segment("shop", 0, seconds, number=1, http=http))

    slow, fast = request("report", 2.0), request("cart", 0.01)
    evidence = gather_evidence([slow] * 5 + [fast] * 95, [slow] * 50 + [fast] * 50)
    assert not any(each.is_certain for each in evidence.seconds.values())


def test_a_request_that_strayed_is_laid_on_the_deepest_that_failed() -> None:
    failed = shop_calls_cart(fault=True)
    evidence = gather_evidence([shop_calls_cart()] * 60, [failed] * 20 + [shop_calls_cart()] * 20)
    assert max(evidence.strayed, key=lambda entity: evidence.strayed[entity].lost) == Entity(CART)
    assert evidence.strayed[Entity(CART)].is_certain


def test_a_table_that_reports_nothing_itself_is_the_deepest_that_failed_where_its_call_did() -> None:
    failed = shop_calls_cart(table_status=500, fault=True)
    evidence = gather_evidence([shop_calls_cart()] * 60, [failed] * 20 + [shop_calls_cart()] * 20)
    assert evidence.strayed[Entity(TABLE)].is_certain
    assert not evidence.strayed[Entity(CART)].is_certain


def test_who_broke_off_after_a_call_shares_the_blame_with_whom_it_called_last() -> None:
    def visit(*callees: ServiceId) -> TracePieces:
        return TracePieces(1, (), (Visit(SHOP, "GET /", 0, callees, frozenset(), None),))

    evidence = gather_evidence([visit(CART, STOCK)] * 60, [visit(CART)] * 30)
    assert set(evidence.strayed) == {Entity(SHOP), Entity(CART)}
    assert evidence.strayed[Entity(SHOP)].lost > evidence.strayed[Entity(CART)].lost > 0


def test_what_was_never_seen_before_is_compared_with_nothing() -> None:
    evidence = gather_evidence([shop_calls_cart()], [pieces_of(segment("shop", 0, 5, number=1))])
    assert evidence.seconds == {} and evidence.strayed == {}


def test_slow_calls_from_one_service_to_several_are_its_own() -> None:
    evidence = _seconds({Entity(CART, SHOP): 10.0, Entity(STOCK, SHOP): 9.0})
    blame = blame_common_ends(blame_from_traces(evidence, Signal.LATENCY).likely)
    assert max(blame, key=blame.__getitem__) == Entity(SHOP)


def test_slow_calls_from_several_to_one_stay_on_the_way_to_it() -> None:
    evidence = _seconds({Entity(STOCK, SHOP): 10.0, Entity(STOCK, CART): 9.0})
    blame = blame_common_ends(blame_from_traces(evidence, Signal.LATENCY).likely)
    assert {entity.service for entity in blame} == {STOCK}


def test_losses_like_normal_ones_are_hardly_believed() -> None:
    evidence = TraceEvidence(10, 10, 1.0, {Entity(SHOP): Evidence(0.1, 0.1 / CERTAIN_SD * 3)}, {})
    assert blame_from_traces(evidence, Signal.LATENCY).sure < 0.05


def test_times_of_the_same_operation_are_compared_whatever_the_minute() -> None:
    before = [TracePieces(minute, (OwnTime(Entity(SHOP), ("GET /",), 0.1),), ()) for minute in range(30)]
    after = [TracePieces(99, (OwnTime(Entity(SHOP), ("GET /",), 0.3),), ())] * 5
    assert round(gather_evidence(before, after).seconds[Entity(SHOP)].lost, 6) == 1.0


def _seconds(lost: dict[Entity, float]) -> TraceEvidence:
    return TraceEvidence(100, 100, 100.0, {entity: Evidence(each, 0.1) for entity, each in lost.items()}, {})
