"""What ranking suspects costs by the size of the graph: `python -m benchmarks.insights.ranking_cost`."""

from __future__ import annotations

import time

import numpy as np

from raylens.insights.root_cause import rank_suspects
from raylens.model.figures import RESPONSE_MEASURES, Entity, FiguresTable
from raylens.model.service import ServiceId

NORMAL_MINUTES, INCIDENT_MINUTES = 240, 10


def main() -> None:
    """Print milliseconds for graphs of several sizes, each service calling two others, every call with figures."""
    print("services  entities  milliseconds")
    for services in (50, 500):
        calls = _calls(services)
        before, during = (_figures(services, calls, minutes) for minutes in (NORMAL_MINUTES, INCIDENT_MINUTES))
        took = []
        for _ in range(5):
            began = time.process_time()
            rank_suspects(before, during, calls)
            took.append(time.process_time() - began)
        print(f"{services:8}  {len(before.entities):8}  {1e3 * min(took):12.0f}")


def _calls(services: int) -> list[tuple[ServiceId, ServiceId]]:
    names = [ServiceId(f"service-{number}") for number in range(services)]
    pairs = ((number, below) for number in range(services) for below in (2 * number + 1, 2 * number + 2))
    return [(names[number], names[below]) for number, below in pairs if below < services]


def _figures(services: int, calls: list[tuple[ServiceId, ServiceId]], minutes: int) -> FiguresTable:
    random = np.random.default_rng(minutes)
    nodes = [Entity(ServiceId(f"service-{number}")) for number in range(services)]
    entities = (*nodes, *(Entity(callee, caller) for caller, callee in calls))
    count = len(entities) * minutes
    times = random.lognormal(-3.0, 0.1, (count, len(RESPONSE_MEASURES)))
    requests = random.poisson(100, count) + 1.0
    numbers = np.tile(np.arange(len(entities)), minutes)
    slow = (numbers == services - 1) & (minutes == INCIDENT_MINUTES)
    times[slow] *= 5
    at_s = np.repeat(np.arange(minutes) * 60, len(entities))
    none = np.zeros(count)
    return FiguresTable(60, entities, at_s, numbers, requests.astype(np.float64), none, none, none, times)


if __name__ == "__main__":
    main()
