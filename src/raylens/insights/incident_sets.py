"""The traces that show an incident, and those that show what is normal there, as sets that can be asked about."""

from __future__ import annotations

from raylens.filterexpr import Expression
from raylens.filterexpr.ast import And, Constant, EdgeTest, NodeSelector, Operator, ServiceTest, Test
from raylens.model.figures import Entity
from raylens.model.insight import Signal
from raylens.model.service import CLIENT_TYPE, ServiceId
from raylens.storage.interface import TraceFilter


def traces_through(entity: Entity) -> Expression:
    """Traces in which the node was asked, or the call was made; all for a client, which is in every trace."""
    return _test(entity, None)


def traces_hit(entity: Entity, signal: Signal, slow_s: float | None) -> Expression:
    """Traces in which it failed that way, or took at least `slow_s`; through it where nothing tells slow ones apart."""
    if signal is not Signal.LATENCY:
        return _test(entity, Test(signal.value))
    return _test(entity, None if slow_s is None else Test("responsetime", Operator.GREATER_EQUAL, slow_s))


def within(where: TraceFilter, expression: Expression) -> TraceFilter:
    """The traces of `where` that satisfy the expression, too."""
    both: list[Expression] = []
    for each in (where.expression, expression):
        if each != Constant(True):
            both += each.terms if isinstance(each, And) else (each,)
    joined = And(tuple(both)) if len(both) > 1 else (both[0] if both else Constant(True))
    return TraceFilter(joined, where.versions, where.account_id)


def _test(entity: Entity, condition: Expression | None) -> Expression:
    if entity.service.type == CLIENT_TYPE:
        return Constant(True) if condition is None else condition
    if entity.source is None or entity.source.type == CLIENT_TYPE:
        return ServiceTest(_selector(entity.service), condition)
    return EdgeTest(_selector(entity.source), _selector(entity.service), condition)


def _selector(service: ServiceId) -> NodeSelector:
    # A node without a type can only be asked for by its name.
    return NodeSelector(service.name, service.type or None)
