"""How the service map is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.fixture_traces import jobs_traces
from tests.xray_documents import trace_of

from raylens.api.xray.shapes import service_graph_shapes
from raylens.cli.api_answers import (
    Edge,
    ErrorCounts,
    FaultCounts,
    HistogramEntry,
    Service,
    Statistics,
    services_from_answer,
)
from raylens.cli.render_map import map_text
from raylens.cli.render_trace import View
from raylens.cli.service_tree import graph_from_services, percentile_ns
from raylens.servicemap import graph_of_traces


def _drawn(services: tuple[Service, ...], width_cells: int, *, is_raw: bool = False) -> str:
    lines = map_text(graph_from_services(services, is_raw=is_raw), View(width_cells))
    assert [line.plain for line in lines if line.cell_len > width_cells] == []
    return "".join(f"{line.plain}\n" for line in lines)


def _service(number: int, name: str, *callees: int, type: str = "remote", link: bool = False) -> Service:
    edges = tuple(Edge(reference_id=callee, edge_type="link" if link else None) for callee in callees)
    return Service(reference_id=number, name=name, type=type, edges=edges)


@pytest.mark.parametrize("width_cells", [80, 120])
@pytest.mark.parametrize("is_raw", [False, True], ids=["merged", "raw"])
def test_map_of_the_lab_is_drawn_as_agreed(
    service_graph: dict[str, Any], assert_golden: Callable[[str, str], None], width_cells: int, is_raw: bool
) -> None:
    drawn = _drawn(services_from_answer(service_graph), width_cells, is_raw=is_raw)
    assert_golden(f"map_{'raw' if is_raw else 'merged'}_{width_cells}", drawn)


def test_a_shared_table_is_drawn_once_and_referred_to(service_graph: dict[str, Any]) -> None:
    drawn = _drawn(services_from_answer(service_graph), 80)
    assert drawn.count("Reservations DynamoDB table") == 1 and drawn.count("Reservations (drawn above)") == 1


def test_circles_end_and_what_only_they_reach_is_drawn() -> None:
    drawn = _drawn((_service(0, "a", 1), _service(1, "b", 0, 1), _service(2, "alone")), 80)
    assert drawn.split("\n")[0] == "alone remote service"
    assert drawn.count("a (drawn above)") == 1 and drawn.count("b (drawn above)") == 1


def test_callers_without_a_node_of_their_own_share_one_client() -> None:
    services = (
        _service(0, "one", 1, type="client"),
        _service(1, "one"),
        _service(2, "two", 3, type="client"),
        _service(3, "two"),
    )
    assert _drawn(services, 80).count("Client") == 1
    assert _drawn(services, 80, is_raw=True).count("Client") == 2


def test_links_have_an_arrow_of_their_own() -> None:
    assert "└┄▷ queue" in _drawn((_service(0, "a", 1, link=True), _service(1, "queue")), 80)


def test_a_link_tells_how_many_events_came_over_it_and_how_old_they_were() -> None:
    orders, worker = jobs_traces()
    services = service_graph_shapes(graph_of_traces([trace_of(orders), trace_of(worker)]), with_times=False)
    drawn = _drawn(services_from_answer({"Services": services}), 100)
    (line,) = (line for line in drawn.split("\n") if "┄▷" in line)
    assert "└┄▷ worker Lambda" in line and line.endswith("link, 1 event, age p50 1.50 s")


def test_a_call_and_a_link_between_two_nodes_are_two_lines() -> None:
    figures = Statistics(total_count=2, ok_count=2)
    edges = tuple(Edge(reference_id=1, edge_type=type_, summary_statistics=figures) for type_ in (None, "link"))
    drawn = _drawn((Service(reference_id=0, name="a", edges=edges), _service(1, "b")), 80)
    assert "├─▶ b remote service" in drawn and "└┄▷ b (drawn above)" in drawn
    assert "2 calls, avg 0 ms" in drawn and "link, 2 events" in drawn


def test_a_function_that_calls_itself_keeps_that_edge_when_its_nodes_are_merged() -> None:
    services = (_service(0, "f", 1, type="AWS::Lambda"), _service(1, "f", 0, type="AWS::Lambda::Function"))
    assert _drawn(services, 80).count("f") == 1


def test_names_are_shown_harmless_and_whole_letters_only() -> None:
    drawn = _drawn((_service(0, "강남 맛집 예약 서비스 " * 8), _service(1, "\x1b[31m\u202e[b]")), 80)
    assert "\x1b" not in drawn and "\\x1b[31m\\u202e[b]" in drawn


def test_an_edge_to_a_node_that_is_not_there_is_left_out() -> None:
    assert _drawn((_service(0, "a", 9),), 80) == "a remote service\n"


def test_a_thousand_services_in_a_chain_stay_inside_the_line() -> None:
    services = tuple(_service(n, f"service-{n}", *([n + 1] if n < 999 else [])) for n in range(1000))
    assert "service-999" in _drawn(services, 80)


@pytest.mark.parametrize(("fraction", "expected_s"), [(0.5, 2), (0.95, 9), (0.25, 1)])
def test_percentiles_are_the_smallest_value_not_exceeded_by_enough_requests(fraction: float, expected_s: int) -> None:
    histogram = [HistogramEntry(9.0, 1), HistogramEntry(1.0, 1), HistogramEntry(2.0, 2)]
    assert percentile_ns(histogram, fraction) == expected_s * 10**9


def test_an_empty_histogram_has_no_percentile() -> None:
    assert percentile_ns([], 0.5) is None


@pytest.mark.parametrize("depth", [0, 1, 4, 12])
def test_four_outcomes_at_80_cells_keep_their_bar_and_every_share(depth: int) -> None:
    figures = Statistics(
        ok_count=1_700,
        error_statistics=ErrorCounts(throttle_count=303, other_count=205, total_count=508),
        fault_statistics=FaultCounts(total_count=137),
        total_count=2_345,
        total_response_time=1_000.0,
    )
    histogram = (HistogramEntry(0.125, 2_000), HistogramEntry(3.84, 345))
    edges = [(Edge(reference_id=number + 1),) if number < depth else () for number in range(depth + 1)]
    services = tuple(
        Service(
            reference_id=number,
            name=f"service-{number}",
            type="remote",
            edges=below,
            summary_statistics=figures,
            response_time_histogram=histogram,
        )
        for number, below in enumerate(edges)
    )
    drawn = _drawn(services, 80)
    for shown in (
        "━━━▒▓█",
        "ok 72.5 %  error 8.7 %  throttle 12.9 %  fault 5.8 %",
        "avg 426 ms · p50 125 ms · p95 3.84 s",
    ):
        assert drawn.count(shown) == depth + 1, drawn


def test_shares_go_below_the_bar_where_one_line_is_too_short(assert_golden: Callable[[str, str], None]) -> None:
    figures = Statistics(
        ok_count=983,
        error_statistics=ErrorCounts(throttle_count=104, other_count=92, total_count=196),
        fault_statistics=FaultCounts(total_count=55),
        total_count=1_234,
        total_response_time=1_000.0,
    )
    histogram = (HistogramEntry(0.125, 1_100), HistogramEntry(3.84, 134))
    services = (
        Service(reference_id=0, type="client", edges=(Edge(reference_id=1, summary_statistics=figures),)),
        Service(
            reference_id=1,
            name="QuickTableXRayAPI/prod",
            type="AWS::ApiGateway::Stage",
            summary_statistics=figures,
            response_time_histogram=histogram,
            edges=(Edge(reference_id=2, summary_statistics=figures),),
        ),
        Service(
            reference_id=2,
            name="Reservations",
            type="AWS::DynamoDB::Table",
            summary_statistics=figures,
            response_time_histogram=histogram,
        ),
    )
    assert_golden("map_four_outcomes_80", _drawn(services, 80))
