"""Insights to what is answered about them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from raylens.api.explore.map import node_key
from raylens.api.explore.stored_traces import service_shape
from raylens.api.insights.shapes import EntityShape, ImpactShape, InsightEventShape, InsightShape, SuspectShape
from raylens.model.figures import Entity
from raylens.model.insight import Impact, Insight, InsightEvent, Suspect
from raylens.model.service import ServiceId
from raylens.model.time import seconds_from_ns
from raylens.servicemap.lambda_view import LAMBDA_FUNCTION, LAMBDA_SERVICE


class MapNames(msgspec.Struct, frozen=True):
    """Which node of the merged map a service is: a Lambda function is part of its service, where that is `present`."""

    present: frozenset[ServiceId]

    def shown(self, service: ServiceId) -> ServiceId:
        """The service by which the map shows it."""
        joined = ServiceId(service.name, LAMBDA_SERVICE)
        return joined if service.type == LAMBDA_FUNCTION and joined in self.present else service

    def entity(self, entity: Entity) -> EntityShape:
        """An entity with the key of its node."""
        source = None if entity.source is None else service_shape(entity.source)
        return EntityShape(service_shape(entity.service), source, node_key(self.shown(entity.service)))


def names_in(insight: Insight) -> MapNames:
    """Names by what the insight speaks of: with a function, the detector sees its service."""
    return names_of((*insight.anomalous, *(suspect.entity for suspect in insight.suspects)))


def names_of(entities: Iterable[Entity]) -> MapNames:
    """Names by these nodes, and by both ends of these edges."""
    return MapNames(frozenset(end for each in entities for end in (each.service, each.source) if end is not None))


def insight_shape(insight: Insight, names: MapNames) -> InsightShape:
    """One of a list."""
    return InsightShape(
        id=insight.id,
        group=insight.group_name,
        state=insight.state,
        categories=insight.categories,
        start=seconds_from_ns(insight.start_ns),
        detected=seconds_from_ns(insight.detected_ns),
        updated=seconds_from_ns(insight.updated_ns),
        end=None if insight.end_ns is None else seconds_from_ns(insight.end_ns),
        summary=insight.summary,
        root_cause=suspect_shape(insight.root_cause, names),
        anomalous=tuple(names.entity(entity) for entity in insight.anomalous),
        client_impact=_impact_shape(insight.client_impact),
        root_cause_impact=_impact_shape(insight.root_cause_impact),
    )


def suspect_shape(suspect: Suspect, names: MapNames) -> SuspectShape:
    """One of a ranking."""
    return SuspectShape(names.entity(suspect.entity), suspect.signal, suspect.score, suspect.sentence)


def event_shapes(events: Iterable[InsightEvent]) -> tuple[InsightEventShape, ...]:
    """The changes of an insight, in their order."""
    return tuple(
        InsightEventShape(
            at=seconds_from_ns(event.at_ns),
            summary=event.summary,
            client_impact=_impact_shape(event.client_impact),
            root_cause_impact=_impact_shape(event.root_cause_impact),
            top_services=tuple(map(service_shape, event.top_services)),
        )
        for event in events
    )


def _impact_shape(impact: Impact) -> ImpactShape:
    return ImpactShape(impact.total, impact.ok, impact.error, impact.throttle, impact.fault)
