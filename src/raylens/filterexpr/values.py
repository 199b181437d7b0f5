"""What a keyword's values are at one place of a trace, and when values satisfy a test.

Every keyword has any number of values; none where nothing was recorded. None stands for such a value, an empty string
of a document is one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable

from raylens.filterexpr.ast import And, AnnotationTest, Expression, Literal, Not, Operator, Or, Test
from raylens.model.facts import Call, Observation, TraceFacts
from raylens.model.outcome import Outcome

ValuesOfCall = Callable[[Call], Literal | None]
ValuesOfObservation = Callable[[Observation], Literal | None]
ValuesOfTrace = Callable[[TraceFacts], Iterable[Literal | None]]


def holds(expression: Expression, leaf: Callable[[Expression], bool]) -> bool:
    """Whether `expression` is true when its tests are what `leaf` says of them."""
    # Loops, not any() and all(): a generator would cost a second frame for every level of nesting.
    if isinstance(expression, And):
        for term in expression.terms:  # noqa: SIM110
            if not holds(term, leaf):
                return False
        return True
    if isinstance(expression, Or):
        for term in expression.terms:  # noqa: SIM110
            if holds(term, leaf):
                return True
        return False
    if isinstance(expression, Not):
        return not holds(expression.term, leaf)
    return leaf(expression)


def satisfied(test: Test | AnnotationTest, values: Iterable[Literal | None]) -> bool:
    """Whether these values of the tested keyword or annotation satisfy the test.

    Without operator: some value is set and not false. With one: some value of the literal's type compares so. With
    `!=`: there are values of that type, and none equals the literal (as AWS's own tests rely on).
    """
    present = [value for value in values if value is not None]
    if test.operator is None or test.value is None:
        return any(value is not False for value in present)
    literal = test.value
    alike = [value for value in present if _type_of(value) is _type_of(literal)]
    if test.operator is Operator.NOT_EQUAL:
        return bool(alike) and literal not in alike
    compare = _COMPARISONS.get((_type_of(literal), test.operator))
    return compare is not None and any(compare(value, literal) for value in alike)


def _type_of(value: Literal) -> type:
    """Numbers are of one type however they are held, and True is none of them."""
    if isinstance(value, bool):
        return bool
    return str if isinstance(value, str) else float


def _starts(value: str, text: str) -> bool:
    return value.startswith(text)


def _ends(value: str, text: str) -> bool:
    return value.endswith(text)


# What is not here never holds: a string is neither more nor less than another, a number contains nothing.
_COMPARISONS: dict[tuple[type, Operator], Callable[..., bool]] = {
    (str, Operator.EQUAL): operator.eq,
    (str, Operator.CONTAINS): operator.contains,
    (str, Operator.BEGINS_WITH): _starts,
    (str, Operator.ENDS_WITH): _ends,
    (bool, Operator.EQUAL): operator.eq,
    (float, Operator.EQUAL): operator.eq,
    (float, Operator.LESS): operator.lt,
    (float, Operator.LESS_EQUAL): operator.le,
    (float, Operator.GREATER): operator.gt,
    (float, Operator.GREATER_EQUAL): operator.ge,
}


def _ended_as(outcome: Outcome) -> Callable[[Observation | Call], Literal | None]:
    """False while in progress: what has no answer has not ended in any way."""
    return lambda request: not request.in_progress and request.outcome == outcome


def _seconds(ns: int | None) -> float | None:
    return None if ns is None else ns / 1e9


def _response_s(request: Observation | Call) -> float | None:
    return None if request.in_progress else _seconds(request.response_ns)


def _status(request: Observation | Call) -> float | None:
    return float(request.http_status) if request.http_status else None


_OUTCOMES = {
    "ok": _ended_as(Outcome.OK),
    "error": _ended_as(Outcome.ERROR),
    "throttle": _ended_as(Outcome.THROTTLE),
    "fault": _ended_as(Outcome.FAULT),
}

# Inside edge{}: the caller's record
CALL_VALUES: dict[str, ValuesOfCall] = {
    **_OUTCOMES,
    "partial": lambda call: call.in_progress,
    "responsetime": _response_s,
    # a caller sees no asynchronous tail (inferred)
    "duration": _response_s,
    "http.status": _status,
}

_HTTP: dict[str, ValuesOfObservation] = {
    "http.status": _status,
    "http.url": lambda seen: seen.http_url or None,
    "http.method": lambda seen: seen.http_method or None,
    "http.useragent": lambda seen: seen.http_user_agent or None,
    "http.clientip": lambda seen: seen.http_client_ip or None,
}
_WHEREABOUTS: dict[str, ValuesOfObservation] = {
    "user": lambda seen: seen.user or None,
    "availabilityzone": lambda seen: seen.availability_zone or None,
    "instance.id": lambda seen: seen.instance_id or None,
    "resource.arn": lambda seen: seen.resource_arn or None,
}

# Inside service{}
OBSERVATION_VALUES: dict[str, ValuesOfObservation] = {
    **_OUTCOMES,
    **_HTTP,
    **_WHEREABOUTS,
    "partial": lambda seen: seen.in_progress,
    "inferred": lambda seen: seen.inferred,
    "root": lambda seen: seen.root,
    "responsetime": _response_s,
    "duration": lambda seen: None if seen.in_progress else _seconds(seen.duration_ns),
    "name": lambda seen: seen.node.name or None,
    "type": lambda seen: seen.node.type or None,
}


def _of_root(value: ValuesOfObservation) -> ValuesOfTrace:
    return lambda facts: () if facts.root is None else (value(facts.observations[facts.root]),)


def _outcome_of_root(value: ValuesOfObservation) -> ValuesOfTrace:
    """A root that never arrived is like one in progress: no outcome is its own."""
    return lambda facts: (False if facts.root is None else value(facts.observations[facts.root]),)


def _of_any(value: ValuesOfObservation) -> ValuesOfTrace:
    return lambda facts: [value(observation) for observation in facts.observations]


# Outside braces
TRACE_VALUES: dict[str, ValuesOfTrace] = {
    **{name: _outcome_of_root(value) for name, value in _OUTCOMES.items()},
    **{name: _of_root(value) for name, value in _HTTP.items()},
    **{name: _of_any(value) for name, value in _WHEREABOUTS.items()},
    "partial": lambda facts: (facts.partial,),
    "inferred": lambda facts: (facts.inferred,),
    "responsetime": lambda facts: (_seconds(facts.response_ns),),
    "duration": lambda facts: (_seconds(facts.duration_ns),),
}
