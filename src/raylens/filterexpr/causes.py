"""Tests of root causes: of their elements, and of their whole shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from raylens.filterexpr.ast import CauseLevel, CauseTest, Expression, Literal, Test
from raylens.filterexpr.values import holds, satisfied
from raylens.model.trace import RootCause, RootCauseEntity, RootCauseException, RootCauseService


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """One service, entity or exception of a root cause, with its place in the list that holds it."""

    index: int
    count: int
    name: str
    type: str = ""
    message: str = ""
    inferred: bool | None = None
    remote: bool | None = None
    coverage: float | None = None


_ELEMENT_VALUES: dict[str, Callable[[Element], Literal | None]] = {
    "first": lambda element: element.index == 0,
    "last": lambda element: element.index == element.count - 1,
    "index": lambda element: float(element.index),
    "name": lambda element: element.name or None,
    "type": lambda element: element.type or None,
    "message": lambda element: element.message or None,
    "inferred": lambda element: element.inferred,
    "remote": lambda element: element.remote,
    "coverage": lambda element: element.coverage,
}


def cause_matches(test: CauseTest, cause: RootCause) -> bool:
    """Whether some element at the test's level satisfies its condition; `cause` is one of the test's kind.

    Positions are those in the list that directly holds the element: an entity is the last of its service's path, not
    of the whole cause (inferred: the developer guide does not say).
    """
    return any(element_satisfies(test.condition, element) for element in elements_of(test.level, cause))


def element_satisfies(condition: Expression, element: Element) -> bool:
    """Whether one element satisfies the condition of a test at its level."""
    def leaf(test: Expression) -> bool:
        # An annotation is no part of a root cause.
        value = _ELEMENT_VALUES.get(test.keyword) if isinstance(test, Test) else None
        return isinstance(test, Test) and satisfied(test, () if value is None else (value(element),))

    return holds(condition, leaf)


def elements_of(level: CauseLevel, cause: RootCause) -> Iterator[Element]:
    """The elements of a root cause at a level, from the entry to the culprit."""
    if level is CauseLevel.SERVICE:
        yield from _services(cause.services)
        return
    for service in cause.services:
        if level is CauseLevel.ENTITY:
            yield from _entities(service.path)
            continue
        for entity in service.path:
            yield from _exceptions(entity.exceptions)


def _services(services: Sequence[RootCauseService]) -> Iterator[Element]:
    for index, service in enumerate(services):
        yield Element(
            index=index,
            count=len(services),
            name=service.id.name,
            type=service.id.type,
            inferred=service.inferred,
        )


def _entities(path: Sequence[RootCauseEntity]) -> Iterator[Element]:
    for index, entity in enumerate(path):
        yield Element(index=index, count=len(path), name=entity.name, remote=entity.remote, coverage=entity.coverage)


def _exceptions(exceptions: Sequence[RootCauseException]) -> Iterator[Element]:
    for index, exception in enumerate(exceptions):
        yield Element(index=index, count=len(exceptions), name=exception.name, message=exception.message)


def template_matches(template: list[Any], cause: RootCause) -> bool:
    """Whether `cause` has the shape of one of the root causes that the JSON array `template` holds.

    Members are those of the API (X-Ray API reference, FaultRootCause and its kin). A member that is left out may be
    anything and `null` asks for an absent or empty one; lists are equal element for element, in length too, and
    numbers as numbers. An array without elements matches nothing (inferred, as is `null`).
    """
    shape = _shape(cause)
    return any(_agrees(wanted, shape) for wanted in template)


def _agrees(wanted: Any, seen: Any) -> bool:
    # No deeper than the shape of a cause, so recursion ends soon whatever the template.
    if wanted is None:
        return seen is None or seen == ""
    if isinstance(wanted, dict):
        return isinstance(seen, dict) and all(_agrees(value, seen.get(key)) for key, value in wanted.items())
    if isinstance(wanted, list):
        if not isinstance(seen, list) or len(wanted) != len(seen):
            return False
        return all(_agrees(one, other) for one, other in zip(wanted, seen, strict=True))
    if isinstance(wanted, bool) or isinstance(seen, bool):
        return wanted is seen
    return bool(wanted == seen)


def _shape(cause: RootCause) -> dict[str, Any]:
    """The cause as GetTraceSummaries spells it. AccountId is left out there: one server speaks for one account."""
    return {
        "ClientImpacting": cause.client_impacting,
        "Services": [
            {
                "Name": service.id.name,
                "Names": [service.id.name],
                "Type": service.id.type,
                "Inferred": service.inferred,
                "EntityPath": [_entity_shape(entity) for entity in service.path],
            }
            for service in cause.services
        ],
    }


def _entity_shape(entity: RootCauseEntity) -> dict[str, Any]:
    shape = {"Name": entity.name, "Remote": entity.remote}
    if entity.coverage is not None:
        return {**shape, "Coverage": entity.coverage}
    return {**shape, "Exceptions": [{"Name": e.name, "Message": e.message} for e in entity.exceptions]}
