"""Which span held the response at each moment, as arithmetic on intervals."""

from __future__ import annotations

from raylens.traces.forest import Node, build_forest
from raylens.traces.slowest_path import Interval, SlowestPath, async_tails, find_slowest_path, self_time_ns


def path_of(*nodes: tuple[int, int, int | None, int | None]) -> SlowestPath[int]:
    """The path below span 1 of (key, start, end, parent)."""
    return find_slowest_path(
        build_forest(Node(key, parent, start, end, False, "work") for key, start, end, parent in nodes), 1
    )


def held(path: SlowestPath[int]) -> dict[int, list[tuple[int, int]]]:
    return {key: [(each.start_ns, each.end_ns) for each in intervals] for key, intervals in path.held.items()}


def test_the_child_that_ends_last_is_followed_and_then_what_ended_before_it_began() -> None:
    path = path_of((1, 0, 100, None), (2, 10, 40, 1), (3, 12, 30, 1), (4, 50, 90, 1))
    assert held(path) == {1: [(0, 10), (40, 50), (90, 100)], 2: [(10, 40)], 4: [(50, 90)]}


def test_the_path_goes_down_to_where_nothing_is_waited_for() -> None:
    path = path_of((1, 0, 10, None), (2, 1, 9, 1), (3, 2, 8, 2))
    assert held(path) == {1: [(0, 1), (9, 10)], 2: [(1, 2), (8, 9)], 3: [(2, 8)]}


def test_a_child_that_outlives_its_parent_a_little_is_cut_to_it() -> None:
    assert held(path_of((1, 0, 10, None), (2, 4, 12, 1))) == {1: [(0, 4)], 2: [(4, 10)]}


def test_a_child_that_starts_before_its_parent_is_cut_to_it() -> None:
    assert held(path_of((1, 10, 20, None), (2, 8, 15, 1))) == {2: [(10, 15)], 1: [(15, 20)]}


def test_what_lies_mostly_after_its_parent_is_a_tail_with_all_below_it() -> None:
    path = path_of((1, 0, 10, None), (2, 8, 20, 1), (3, 9, 10, 2))
    assert path.tails == {2, 3}
    assert held(path) == {1: [(0, 10)]}


def test_half_inside_is_no_tail() -> None:
    spans = {1: Interval(0, 10), 2: Interval(6, 14), 3: Interval(7, 14)}
    assert async_tails(spans, {1: [2, 3]}, [1]) == {3}


def test_a_child_that_ended_before_its_parent_began_held_the_span_further_up() -> None:
    path = path_of((1, 0, 10, None), (2, 6, 10, 1), (3, 1, 5, 2))
    assert held(path) == {1: [(0, 1), (5, 6)], 3: [(1, 5)], 2: [(6, 10)]}


def test_a_child_that_ended_before_the_response_began_held_nothing() -> None:
    assert held(path_of((1, 10, 20, None), (2, 1, 5, 1))) == {1: [(10, 20)]}


def test_a_span_in_progress_counts_until_its_parent_ended() -> None:
    assert held(path_of((1, 0, 10, None), (2, 4, None, 1))) == {1: [(0, 4)], 2: [(4, 10)]}


def test_self_time_is_what_no_child_covers() -> None:
    children = [Interval(2, 4), Interval(3, 6), Interval(8, 15), Interval(-5, 1)]
    assert self_time_ns(Interval(0, 10), children) == 3
