"""Which span stands under which."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from raylens.traces.forest import Forest, Node, build_forest


def node(
    key: int, start: int, end: int | None, parent: int | None = None, name: str = "work", is_segment: bool = False
) -> Node[int]:
    return Node(key, parent, start, end, is_segment, name)


def test_siblings_stand_by_start_and_the_longer_of_two_that_begin_together_first() -> None:
    forest = build_forest([node(4, 5, 6, 1), node(3, 2, 4, 1), node(2, 2, 8, 1), node(1, 0, 10)])
    assert forest.children == {1: [2, 3, 4]}
    assert (forest.roots, forest.orphans) == ((1,), frozenset())


def test_an_orphan_subsegment_goes_below_the_invocation_that_was_running() -> None:
    first, second = node(2, 0, 10, 1, "Invocation"), node(3, 20, None, 1, "Invocation")
    forest = build_forest([node(1, 0, 40), first, second, node(4, 9, 12, 99), node(5, 15, 16, 99), node(6, 30, 31, 99)])
    assert {key: forest.parents[key] for key in (4, 5, 6)} == {4: 2, 5: None, 6: 3}
    assert forest.orphans == {4, 5, 6}


def test_of_two_running_invocations_the_one_that_began_last_takes_the_orphan() -> None:
    nodes = [
        node(1, 0, 90),
        node(2, 0, 90, 1, "Invocation"),
        node(3, 10, 50, 1, "Invocation"),
        node(4, 20, 30, 1, "Invocation"),
    ]
    assert build_forest([*nodes, node(5, 40, 41, 99), node(6, 60, 61, 99)]).parents[5] == 3
    assert build_forest([*nodes, node(5, 40, 41, 99), node(6, 60, 61, 99)]).parents[6] == 2


def test_an_orphan_segment_stands_alone() -> None:
    forest = build_forest([node(1, 0, 9, 99, is_segment=True), node(2, 0, 9, 98, "Invocation")])
    assert set(forest.roots) == forest.orphans == {1, 2}


def test_an_orphan_invocation_does_not_go_below_itself() -> None:
    forest = build_forest([node(1, 0, 9, 99, "Invocation"), node(2, 3, 4, 98, "Invocation")])
    assert forest.parents == {1: None, 2: 1}


def test_a_circle_is_cut_above_its_smallest_key() -> None:
    forest = build_forest([node(1, 1, 2, 3), node(2, 1, 2, 1), node(3, 1, 2, 2)])
    assert forest.parents == {1: None, 2: 1, 3: 2}
    assert forest.orphans == {1}


_NODES = st.lists(
    st.builds(
        node,
        key=st.integers(1, 12),
        start=st.integers(0, 20),
        end=st.none() | st.integers(20, 40),
        parent=st.none() | st.integers(1, 14),
        name=st.sampled_from(["Invocation", "work"]),
        is_segment=st.booleans(),
    ),
    unique_by=lambda each: each.key,
    min_size=1,
)


@given(nodes=_NODES, seed=st.integers())
def test_any_order_gives_the_same_forest_and_every_span_is_below_a_root_once(nodes: list[Node[int]], seed: int) -> None:
    forest = build_forest(nodes)
    assert forest == build_forest(random.Random(seed).sample(nodes, len(nodes)))
    assert sorted(_reached(forest)) == sorted(each.key for each in nodes)


def _reached(forest: Forest[int]) -> list[int]:
    reached = []
    pending = list(forest.roots)
    while pending:
        key = pending.pop()
        reached.append(key)
        pending.extend(forest.children.get(key, ()))
    return reached
