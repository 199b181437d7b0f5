"""Which span of a trace stands under which, once what never arrived and what runs in circles is dealt with.

The terminal reads ids as text from documents, the server as integers from spans: both build the same forest here.
Nothing recurses, so neither depth nor width is limited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

import msgspec

Key = TypeVar("Key", int, str)

_NEVER_NS = 1 << 62


class Node(msgspec.Struct, Generic[Key], frozen=True):
    """What the forest needs to know of one span."""

    key: Key
    parent: Key | None  # absent on the segment that began the trace
    start_ns: int
    end_ns: int | None  # absent while in progress
    is_segment: bool
    name: str


class Forest(msgspec.Struct, Generic[Key], frozen=True):
    """Every span under at most one other, without circles; siblings by start."""

    nodes: dict[Key, Node[Key]]
    parents: dict[Key, Key | None]
    children: dict[Key, list[Key]]
    # without a parent in the forest; by start
    roots: tuple[Key, ...]
    # said to have a parent, which never arrived or runs in a circle
    orphans: frozenset[Key]


def build_forest(nodes: Iterable[Node[Key]]) -> Forest[Key]:
    """The forest of `nodes`, whatever order they come in.

    An orphan subsegment goes below the `Invocation` that was running when it began: a function that was killed never
    sends what was still open, so that is where its finished children belong (inferred). Other orphans stand alone.
    A circle of parents is cut above its smallest key.
    """
    ordered = sorted(nodes, key=_in_time)
    by_key = {node.key: node for node in ordered}
    lone = [node for node in ordered if node.parent is not None and node.parent not in by_key]
    parents: dict[Key, Key | None] = {node.key: node.parent for node in ordered}
    parents.update(dict.fromkeys((node.key for node in lone), None))
    parents.update(_adopted([node for node in lone if not node.is_segment], ordered))
    cuts = _cut_points(parents)
    parents.update(dict.fromkeys(cuts, None))
    children: dict[Key, list[Key]] = {}
    for node in ordered:
        parent = parents[node.key]
        if parent is not None:
            children.setdefault(parent, []).append(node.key)
    roots = tuple(node.key for node in ordered if parents[node.key] is None)
    orphans = frozenset(node.key for node in lone).union(cuts)
    return Forest(by_key, parents, children, roots, orphans)


def _in_time(node: Node[Key]) -> tuple[int, int, str, Key]:
    return node.start_ns, -(_NEVER_NS if node.end_ns is None else node.end_ns), node.name, node.key


def _adopted(orphans: Iterable[Node[Key]], ordered: Iterable[Node[Key]]) -> dict[Key, Key]:
    """The invocation that runs at the start of each orphan: of several, the one that began last.

    Both come in order of time, so that an invocation once found over is over for all that follow.
    """
    adopted: dict[Key, Key] = {}
    upcoming = [node for node in ordered if node.name == "Invocation" and not node.is_segment]
    upcoming.reverse()
    begun: list[Node[Key]] = []
    for orphan in orphans:
        while upcoming and upcoming[-1].start_ns <= orphan.start_ns:
            begun.append(upcoming.pop())
        _drop_ended(begun, orphan.start_ns)
        itself = [begun.pop()] if begun and begun[-1].key == orphan.key else []
        _drop_ended(begun, orphan.start_ns)
        if begun:
            adopted[orphan.key] = begun[-1].key
        begun.extend(itself)
    return adopted


def _drop_ended(begun: list[Node[Key]], before_ns: int) -> None:
    while begun and (end_ns := begun[-1].end_ns) is not None and end_ns < before_ns:
        begun.pop()


def _cut_points(parents: Mapping[Key, Key | None]) -> list[Key]:
    """One span of every circle of parents (the smallest key), so that cutting there leaves a forest."""
    state: dict[Key, int] = {}  # number of the walk that reached a span first
    cuts = []
    for number, start in enumerate(parents):
        walk: list[Key] = []
        key: Key | None = start
        while key is not None and key not in state:
            state[key] = number
            walk.append(key)
            key = parents[key]
        if key is not None and state[key] == number:
            cuts.append(min(walk[walk.index(key) :]))
    return cuts
