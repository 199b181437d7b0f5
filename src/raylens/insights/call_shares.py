"""Which part of what an entity loses its caller has to wait for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

import numpy as np

from raylens.model.figures import Column, Entity
from raylens.model.service import ServiceId

# What calls make entities wait for: row by source, column by target, the share of the target's losses
# (a scipy.sparse.csr_array, which has no types).
Shares: TypeAlias = Any


def call_shares(
    columns: Mapping[Entity, int], requests: Column, calls: Collection[tuple[ServiceId, ServiceId]]
) -> Shares:
    """Row by caller, column by callee: the part of all that the callee does which it does for this caller.

    A caller whose edge has figures waits for the edge, all of it, and the edge for its part of the callee. Where only
    the callee has figures its callers share in it by their requests: nothing better is known. `requests` is by column.
    """
    callers: dict[ServiceId, list[ServiceId]] = defaultdict(list)
    edges = {entity for entity in columns if entity.is_edge}
    for caller, callee in dict.fromkeys((*calls, *((e.source, e.service) for e in edges if e.source is not None))):
        if caller != callee:
            callers[callee].append(caller)
    rows: list[int] = []
    targets: list[int] = []
    parts: list[float] = []

    def link(source: Entity, target: Entity, part: float) -> None:
        if source in columns and target in columns and part > 0:
            rows.append(columns[source])
            targets.append(columns[target])
            parts.append(min(part, 1.0))

    for callee, who in callers.items():
        node = Entity(callee)
        measured = {caller: Entity(callee, caller) for caller in who if Entity(callee, caller) in edges}
        others = [caller for caller in who if caller not in measured]
        served = requests[columns[node]] if node in columns else 0.0
        through = {caller: requests[columns[edge]] for caller, edge in measured.items()}
        every = max(served, sum(through.values()))
        for caller, edge in measured.items():
            link(Entity(caller), edge, 1.0)
            link(edge, node, through[caller] / every if every else 0.0)
        weights = {caller: requests[columns[Entity(caller)]] for caller in others if Entity(caller) in columns}
        weight, rest = sum(weights.values()), 1.0 - sum(through.values()) / every if every else 1.0
        for caller, own in weights.items():
            link(Entity(caller), node, rest * own / weight if weight else 0.0)
    from scipy.sparse import csr_array  # late: it costs half a second, and the server must start without it

    return csr_array((np.array(parts), (rows, targets)), shape=(len(columns), len(columns)))
