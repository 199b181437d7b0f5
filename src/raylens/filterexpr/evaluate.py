"""What an expression means for one trace, in plain Python: the oracle that search in a store is tested against."""

from __future__ import annotations

from collections.abc import Iterator

from raylens.filterexpr.ast import (
    AnnotationTest,
    CauseKind,
    CauseTemplateTest,
    CauseTest,
    Constant,
    EdgeTest,
    Expression,
    GroupTest,
    Literal,
    NodeSelector,
    ServiceTest,
    Side,
    Test,
)
from raylens.filterexpr.causes import cause_matches, template_matches
from raylens.filterexpr.values import CALL_VALUES, OBSERVATION_VALUES, TRACE_VALUES, holds, satisfied
from raylens.model.facts import Call, Observation, TraceFacts, annotation_key
from raylens.model.service import CLIENT_TYPE, ServiceId
from raylens.model.trace import RootCause

# The caller of a root: no observation, hence without conditions and annotations.
_CLIENT = -1


def matches(expression: Expression, facts: TraceFacts, account_id: str) -> bool:
    """Whether the trace satisfies the expression.

    Outside braces, outcomes, times and `http.*` are the root's, everything else may be met by any segment; inside
    braces all conditions are met by one request. `account_id` is the server's own: a node belongs to it unless its
    documents name another. A test of something that was not recorded is false, and its negation therefore true.
    Raises: ValueError for a reference to a group; `inline_groups` replaces them beforehand.
    Source: X-Ray developer guide, use filter expressions.
    """
    trace = _Trace(facts, account_id)
    return holds(expression, trace.satisfies)


class _Trace:
    def __init__(self, facts: TraceFacts, account_id: str) -> None:
        self._facts = facts
        self._account_id = account_id

    def satisfies(self, test: Expression) -> bool:
        """A test that stands outside braces."""
        match test:
            case Test():
                value = TRACE_VALUES.get(test.keyword)
                return satisfied(test, () if value is None else value(self._facts))
            case AnnotationTest():
                return satisfied(test, self._annotations(test) if test.side is Side.OWN else ())
            case ServiceTest():
                return self._has_node(test)
            case EdgeTest():
                return any(self._call_satisfies(test, call) for call in self._calls(test))
            case CauseTest():
                return any(cause_matches(test, cause) for cause in self._causes(test.kind))
            case CauseTemplateTest():
                found = any(template_matches(test.template, c) for kind in CauseKind for c in self._causes(kind))
                return found is not test.negated
            case Constant():
                return test.value
            case GroupTest():
                raise ValueError(f"group.{test.by} = {test.value!r} was not replaced by the group's expression")
            case _:
                raise TypeError(f"{type(test).__name__} is no test")

    def _annotations(self, test: AnnotationTest, observation: int | None = None) -> Iterator[Literal]:
        """The values of the annotation, of one observation or of the whole trace."""
        key = annotation_key(test.key)
        for fact in self._facts.annotations:
            if fact.key == key and observation in (None, fact.observation):
                yield fact.value

    def _has_node(self, test: ServiceTest) -> bool:
        for position, observation in enumerate(self._facts.observations):
            if self._selects(test.node, observation) and self._observation_satisfies(test, position, observation):
                return True
            # A client is there or not; there is nothing more to ask of it.
            if test.condition is None and self._selects_client(test.node, observation):
                return True
        return False

    def _observation_satisfies(self, test: ServiceTest, position: int, observation: Observation) -> bool:
        def leaf(test: Expression) -> bool:
            if isinstance(test, AnnotationTest):
                return satisfied(test, self._annotations(test, position) if test.side is Side.OWN else ())
            value = OBSERVATION_VALUES.get(test.keyword) if isinstance(test, Test) else None
            return isinstance(test, Test) and satisfied(test, () if value is None else (value(observation),))

        return test.condition is None or holds(test.condition, leaf)

    def _calls(self, test: EdgeTest) -> Iterator[Call]:
        """The calls on the selected edges; the arrival of a client is one whose record is the root's own."""
        observations = self._facts.observations
        for call in self._facts.calls:
            if self._selects(test.source, observations[call.source]) and self._selects(
                test.target, observations[call.target]
            ):
                yield call
        for position, root in enumerate(observations):
            if self._selects_client(test.source, root) and self._selects(test.target, root):
                yield Call(
                    source=_CLIENT,
                    target=position,
                    in_progress=root.in_progress,
                    outcome=root.outcome,
                    start_ns=root.start_ns,
                    response_ns=root.response_ns,
                    http_status=root.http_status,
                )

    def _call_satisfies(self, test: EdgeTest, call: Call) -> bool:
        def leaf(test: Expression) -> bool:
            if isinstance(test, AnnotationTest):
                position = call.target if test.side is Side.DESTINATION else call.source
                return satisfied(test, () if position == _CLIENT else self._annotations(test, position))
            value = CALL_VALUES.get(test.keyword) if isinstance(test, Test) else None
            return isinstance(test, Test) and satisfied(test, () if value is None else (value(call),))

        return test.condition is None or holds(test.condition, leaf)

    def _selects(self, node: NodeSelector, observation: Observation) -> bool:
        return self._selects_id(node, observation.node, observation.account_id)

    def _selects_client(self, node: NodeSelector, observation: Observation) -> bool:
        """Whether the client that this observation implies is meant; only its type says so."""
        client = ServiceId(observation.node.name, CLIENT_TYPE)
        return observation.root and node.type is not None and self._selects_id(node, client, observation.account_id)

    def _selects_id(self, node: NodeSelector, id_: ServiceId, account_id: str) -> bool:
        wanted = (node.name, node.type, node.account_id)
        seen = (id_.name, id_.type, account_id or self._account_id)
        return all(one is None or one == other for one, other in zip(wanted, seen, strict=True))

    def _causes(self, kind: CauseKind) -> tuple[RootCause, ...]:
        if kind is CauseKind.FAULT:
            return self._facts.fault_root_causes
        if kind is CauseKind.ERROR:
            return self._facts.error_root_causes
        return self._facts.response_time_root_causes
