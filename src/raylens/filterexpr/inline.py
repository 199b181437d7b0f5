"""References to groups replaced by the groups' expressions.

`group.name = "g"` asks whether the trace satisfies the expression of the group, not which groups it was counted in
when it was received. Source: X-Ray developer guide, filter expressions, "group"; the rules for groups that are
unknown or that contain themselves are inferred.
"""

from __future__ import annotations

from collections.abc import Callable

from raylens.errors import InvalidRequest
from raylens.filterexpr.ast import And, CauseTest, Constant, EdgeTest, Expression, GroupTest, Not, Or, ServiceTest
from raylens.filterexpr.parser import MAX_TERMS

# What parses is at most two levels deep for each of its 128 levels of nesting, so this is room for one expression of
# any shape and for many groups of the usual ones. Those who walk the tree rely on it.
MAX_TREE_DEPTH = 300

Lookup = Callable[[str, str], Expression | None]


def inline_groups(expression: Expression, lookup: Lookup) -> Expression:
    """The expression without references to groups; equal to it when there were none.

    `lookup` is given "name" or "arn" and the value, and answers the group's expression or None. A group that does not
    exist is false, and so is a group met again inside its own expression: no trace belongs to it for that reason.
    Raises: InvalidRequest when the result has more than 1,000 conditions or is nested too deep.
    """
    return _Inlining(lookup).inlined(expression, 1)


class _Inlining:
    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        # groups whose expressions are being gone through, outermost first
        self._open: list[tuple[str, str]] = []
        self._terms = 0

    def inlined(self, expression: Expression, depth: int) -> Expression:
        if depth > MAX_TREE_DEPTH:
            raise InvalidRequest(f"The filter expression is nested deeper than {MAX_TREE_DEPTH} levels with its groups")
        match expression:
            case And():
                parts: list[Expression] = []
                for term in expression.terms:
                    part = self.inlined(term, depth + 1)
                    parts.extend(part.terms if isinstance(part, And) else (part,))
                return And(tuple(parts))
            case Or():
                parts = []
                for term in expression.terms:
                    part = self.inlined(term, depth + 1)
                    parts.extend(part.terms if isinstance(part, Or) else (part,))
                return Or(tuple(parts))
            case Not():
                return Not(self.inlined(expression.term, depth + 1))
            case GroupTest():
                return self._group(expression, depth)
            case _:
                self._count(expression)
                return expression

    def _group(self, test: GroupTest, depth: int) -> Expression:
        group = (test.by, test.value)
        found = None if group in self._open else self._lookup(test.by, test.value)
        if found is None:
            self._count(test)
            return Constant(test.negated)
        self._open.append(group)
        inlined = self.inlined(found, depth + 1)
        self._open.pop()
        return Not(inlined) if test.negated else inlined

    def _count(self, expression: Expression) -> None:
        """Count as it grows: groups of groups double at every step, and nobody could wait for the whole."""
        self._terms += count_conditions(expression)
        if self._terms > MAX_TERMS:
            raise InvalidRequest(f"The filter expression has more than {MAX_TERMS} conditions with its groups")


def count_conditions(expression: Expression) -> int:
    """How many tests the expression holds; one with braces counts for itself and for what stands in them."""
    terms = 0
    waiting: list[Expression] = [expression]
    while waiting:
        at = waiting.pop()
        if isinstance(at, And | Or):
            waiting.extend(at.terms)
        elif isinstance(at, Not):
            waiting.append(at.term)
        else:
            terms += 1
            if isinstance(at, ServiceTest | EdgeTest | CauseTest) and at.condition is not None:
                waiting.append(at.condition)
    return terms
