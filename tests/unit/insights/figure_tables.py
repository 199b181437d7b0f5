"""Figures of made-up services, minute by minute, with the noise of the traffic that they have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
import numpy as np

from raylens.model.figures import RESPONSE_MEASURES, Entity, FiguresTable
from raylens.model.service import ServiceId

SHOP = ServiceId("shop")
CART = ServiceId("cart")
STOCK = ServiceId("stock")
MAIL = ServiceId("mail")
ORDERS = ServiceId("orders", "AWS::DynamoDB::Table")
CALLS = ((SHOP, CART), (SHOP, MAIL), (CART, STOCK), (CART, ORDERS), (STOCK, ORDERS))


class Minute(msgspec.Struct, frozen=True):
    """What one entity does in each minute; `own_s` is what it takes besides its callees."""

    requests: float = 300.0
    seconds: float = 0.05
    faults: float = 0.0
    errors: float = 0.0
    throttles: float = 0.0


def node(service: ServiceId) -> Entity:
    return Entity(service)


def edge(source: ServiceId, target: ServiceId) -> Entity:
    return Entity(target, source)


# A request to the shop calls the cart and the mail once; a cart both others; stock the orders once more.
NORMAL: dict[Entity, Minute] = {
    node(SHOP): Minute(300, 0.200),
    node(CART): Minute(300, 0.120),
    node(MAIL): Minute(300, 0.030),
    node(STOCK): Minute(300, 0.060),
    node(ORDERS): Minute(600, 0.010),
}


def table(
    minutes: int, figures: Mapping[Entity, Minute], start_s: int = 0, seed: int = 1, noise: float = 0.05
) -> FiguresTable:
    """So many minutes in which times vary by a normal factor of spread `noise`, counts not at all."""
    random = np.random.default_rng(seed)
    rows = [
        (start_s + 60 * number, entity, each, each.seconds * float(np.exp(random.normal(0.0, noise))))
        for number in range(minutes)
        for entity, each in figures.items()
        if each.requests
    ]
    return _table(rows)


def no_table() -> FiguresTable:
    return _table([])


def incident(**changed: Minute) -> dict[Entity, Minute]:
    """The shop with some nodes as given, by name."""
    by_name = {entity.service.name: entity for entity in NORMAL}
    return NORMAL | {by_name[name]: minute for name, minute in changed.items()}


def _table(rows: Iterable[tuple[int, Entity, Minute, float]]) -> FiguresTable:
    rows = list(rows)
    entities = tuple(dict.fromkeys(row[1] for row in rows))
    times = np.full((len(rows), len(RESPONSE_MEASURES)), np.nan)
    times[:, 0] = [row[3] for row in rows]

    def column(values: Iterable[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array(list(values), np.float64)

    return FiguresTable(
        60,
        entities,
        np.array([row[0] for row in rows], np.int64),
        np.array([entities.index(row[1]) for row in rows], np.int64),
        column(row[2].requests for row in rows),
        column(row[2].faults for row in rows),
        column(row[2].errors for row in rows),
        column(row[2].throttles for row in rows),
        times,
    )
