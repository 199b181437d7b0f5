"""Which entities are related: joined by a path of calls."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from raylens.model.figures import Entity
from raylens.model.service import ServiceId

Calls = Collection[tuple[ServiceId, ServiceId]]


class Kinship:
    """Families of entities: of one family are those with an ancestor or a descendant in it, and whoever is joined.

    An edge belongs to the nodes at its ends, as far as the graph knows them.
    """

    def __init__(self, calls: Calls) -> None:
        self._callees: dict[ServiceId, list[ServiceId]] = {}
        self._known: set[ServiceId] = set()
        for caller, callee in calls:
            self._callees.setdefault(caller, []).append(callee)
            self._known.update((caller, callee))
        self._parents: dict[ServiceId, ServiceId] = {}
        self._ends: dict[Entity, ServiceId] = {}

    def add(self, entity: Entity) -> None:
        """One more entity, of whatever family it will turn out to be."""
        ends = [entity.service] if entity.source is None else [entity.source, entity.service]
        known = [each for each in ends if each in self._known] or ends
        for each in known:
            self._parents.setdefault(each, each)
            self._unite(known[0], each)
        self._ends[entity] = known[0]

    def join(self, entities: Sequence[Entity]) -> None:
        """Several that are one family whatever the graph says."""
        for each in entities:
            self.add(each)
            self._unite(self._ends[entities[0]], self._ends[each])

    def families(self) -> dict[Entity, int]:
        """A number for each entity that was added; related ones have the same."""
        for service in tuple(self._parents):
            self._walk_down(service)
        numbers: dict[ServiceId, int] = {}
        return {entity: numbers.setdefault(self._root(end), len(numbers)) for entity, end in self._ends.items()}

    def _walk_down(self, service: ServiceId) -> None:
        """Unite with the nearest that were added below; they do the same for what is below them."""
        seen, ahead = {service}, [service]
        while ahead:
            for callee in self._callees.get(ahead.pop(), ()):
                if callee in seen:
                    continue
                seen.add(callee)
                if callee in self._parents:
                    self._unite(service, callee)
                else:
                    ahead.append(callee)

    def _root(self, service: ServiceId) -> ServiceId:
        while self._parents[service] != service:
            self._parents[service] = self._parents[self._parents[service]]
            service = self._parents[service]
        return service

    def _unite(self, one: ServiceId, other: ServiceId) -> None:
        self._parents[self._root(other)] = self._root(one)
