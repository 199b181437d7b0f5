"""The call path of every observation: the nodes from the entry down to it, as one text."""

from __future__ import annotations

import numpy as np

from raylens.traceindex.columns import Ints, Words
from raylens.traceindex.tree import Tree

_NONE = -1
# Deeper paths are cut: an application that calls itself 64 times over is not told apart by the next call.
_MAX_STEPS = 64


def paths_of(tree: Tree, observed: Ints, source: Ints, position: Ints) -> Words:
    """The path of each of the `observed` spans, called by the segments `source` (-1: by nobody).

    Built level by level: a level's paths are those of the level above, each with one node more.
    """
    row = np.full(len(tree.parent) + 1, _NONE)
    row[observed] = np.arange(len(observed))
    above = row[source]
    nodes = [tree.node_id(span).label for span in _first_of_each(tree.node, observed)]
    _, node = np.unique(tree.node[observed], return_inverse=True)
    node = node.reshape(-1)
    texts: dict[str, int] = {}
    # callers in a circle are never reached from an entry: their path is the node alone
    codes = np.array([texts.setdefault(text, len(texts)) for text in nodes] or [0], np.int64)[node]
    done = above == _NONE
    for _ in range(_MAX_STEPS):
        level = np.flatnonzero(~done & done[above])
        if not len(level):
            break
        pairs, inverse = np.unique(np.stack((codes[above[level]], node[level])), axis=1, return_inverse=True)
        values = list(texts)
        longer = [texts.setdefault(f"{values[path]} > {nodes[step]}", len(texts)) for path, step in pairs.T.tolist()]
        codes[level] = np.array(longer, np.int64)[inverse.reshape(-1)]
        done[level] = True
    return Words(codes, list(texts))


def _first_of_each(node: Ints, observed: Ints) -> Ints:
    _, first = np.unique(node[observed], return_index=True)
    return observed[first]
