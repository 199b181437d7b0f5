"""Figures of many nodes and edges in one stretch of time after another, as columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from raylens.model.service import ServiceId

Column = NDArray[np.float64]
# What is known of response times, in the order of the columns of `Figures.response_s`.
RESPONSE_MEASURES = ("mean", "p50", "p90", "p95", "p99")


class Entity(msgspec.Struct, frozen=True):
    """A node of the service graph, or with a `source` the edge that leads from there to it."""

    service: ServiceId
    source: ServiceId | None = None

    @property
    def is_edge(self) -> bool:
        return self.source is not None

    @property
    def label(self) -> str:
        """`orders (AWS::DynamoDB::Table)`, or `caller -> callee` of an edge."""
        return self.service.label if self.source is None else f"{self.source.label} -> {self.service.label}"


class Figures(msgspec.Struct, frozen=True):
    """What was observed of entities in one bin, a row for each that had requests; `at_s` is the start of the bin.

    `faults`, `errors` and `throttles` are parts of `requests` that exclude each other: 5xx, 4xx without 429, 429.
    `response_s` has a row for each entity and a column for each of `RESPONSE_MEASURES`, in seconds; NaN where it is not
    known. An entity that is missing had no requests in the bin. All counts are numbers of requests, as floats.
    """

    at_s: int
    entities: tuple[Entity, ...]
    requests: Column
    faults: Column
    errors: Column
    throttles: Column
    response_s: NDArray[np.float64]


class FiguresTable(msgspec.Struct, frozen=True):
    """The figures of many bins, rows by bin and in no order within one; `entity` indexes `entities`."""

    bin_s: int
    entities: tuple[Entity, ...]
    at_s: NDArray[np.int64]
    entity: NDArray[np.int64]
    requests: Column
    faults: Column
    errors: Column
    throttles: Column
    response_s: NDArray[np.float64]

    def bins(self) -> Iterator[Figures]:
        """The figures of each bin that has any, oldest first."""
        starts, firsts = np.unique(self.at_s, return_index=True)
        ends = np.append(firsts, len(self.at_s))[1:]
        for at_s, first, end in zip(starts, firsts, ends, strict=True):
            rows = slice(first, end)
            yield Figures(
                int(at_s),
                tuple(self.entities[each] for each in self.entity[rows]),
                self.requests[rows],
                self.faults[rows],
                self.errors[rows],
                self.throttles[rows],
                self.response_s[rows],
            )


def no_figures(at_s: int, entities: Sequence[Entity] = ()) -> Figures:
    """A bin in which nothing happened; entities that are given count as seen without requests."""
    zeros = np.zeros(len(entities))
    unknown = np.full((len(entities), len(RESPONSE_MEASURES)), np.nan)
    return Figures(at_s, tuple(entities), zeros, zeros, zeros, zeros, unknown)
