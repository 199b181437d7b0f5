"""What a filter makes different by itself, so that a comparison of what it selects must not be surprised by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from raylens.filterexpr.ast import (
    And,
    AnnotationTest,
    CauseKind,
    CauseTemplateTest,
    CauseTest,
    EdgeTest,
    Expression,
    Not,
    Or,
    ServiceTest,
    Test,
)
from raylens.model.facts import annotation_key
from raylens.model.trace_sets import Attribute, AttributeKind, CategoricalCounts, NumericCounts

# The status says how a request ended and the outcome is made of it: who filters by one has chosen the other.
_ENDINGS = (AttributeKind.OUTCOME, AttributeKind.STATUS)
# A duration is the response time and what goes on after it.
_TIMES = (AttributeKind.RESPONSE_TIME, AttributeKind.DURATION)
_NODES = (AttributeKind.SERVICE, AttributeKind.ENTRY_POINT)
_CAUSES = {
    CauseKind.FAULT: AttributeKind.FAULT_ROOT_CAUSE,
    CauseKind.ERROR: AttributeKind.ERROR_ROOT_CAUSE,
    CauseKind.RESPONSE_TIME: AttributeKind.RESPONSE_TIME_ROOT_CAUSE,
}
# Keywords that are not here choose nothing that is compared.
_MENTIONED: dict[str, tuple[AttributeKind, ...]] = {
    "ok": _ENDINGS,
    "error": _ENDINGS,
    "throttle": _ENDINGS,
    "fault": _ENDINGS,
    "partial": (*_ENDINGS, *_TIMES),
    "http.status": _ENDINGS,
    "responsetime": _TIMES,
    "duration": _TIMES,
    "http.url": (AttributeKind.URL,),
    "http.method": (AttributeKind.METHOD,),
    "http.useragent": (AttributeKind.USER_AGENT,),
    "http.clientip": (AttributeKind.CLIENT_IP,),
    "user": (AttributeKind.USER,),
    "availabilityzone": (AttributeKind.AVAILABILITY_ZONE,),
    "instance.id": (AttributeKind.INSTANCE,),
    "resource.arn": (AttributeKind.RESOURCE_ARN,),
    "name": _NODES,
    "type": _NODES,
    "root": (AttributeKind.ENTRY_POINT,),
}


def defining_attributes(expressions: Iterable[Expression]) -> frozenset[Attribute]:
    """What the expressions mention, negated or not, as attributes that are not marked themselves.

    How a request ended and how long it took are one choice each, however they are spelled. What stands in braces counts
    as if it stood outside: the node it is asked of is part of the trace. Root causes are defining only where they are
    asked for: they explain why a request failed or took long, which is what the reader of a comparison wants to know.
    References to groups MUST have been replaced by what the groups ask.
    """
    return frozenset(found for expression in expressions for found in _mentioned(expression))


def mark_defining(
    counts: Iterable[CategoricalCounts | NumericCounts], defining: frozenset[Attribute]
) -> tuple[CategoricalCounts | NumericCounts, ...]:
    """The counts, those of `defining` attributes marked so."""
    return tuple(
        msgspec.structs.replace(each, attribute=msgspec.structs.replace(each.attribute, defining=True))
        if each.attribute in defining
        else each
        for each in counts
    )


def _mentioned(expression: Expression) -> Iterator[Attribute]:
    waiting: list[Expression] = [expression]
    while waiting:
        at = waiting.pop()
        match at:
            case And() | Or():
                waiting.extend(at.terms)
            case Not():
                waiting.append(at.term)
            case Test():
                yield from map(Attribute, _MENTIONED.get(at.keyword, ()))
            case AnnotationTest():
                yield Attribute(AttributeKind.ANNOTATION, annotation_key(at.key))
            case ServiceTest() | EdgeTest():
                yield from map(Attribute, _NODES)
                if at.condition is not None:
                    waiting.append(at.condition)
            case CauseTest():
                yield Attribute(_CAUSES[at.kind])
            case CauseTemplateTest():
                yield from map(Attribute, _CAUSES.values())
            case _:
                pass
