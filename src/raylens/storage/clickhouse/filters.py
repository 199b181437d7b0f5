"""Filters of traces to conditions over the trace index, what they ask of root causes included.

Root causes are kept as texts, and few of them differ: the distinct ones of the range are read, each is judged in
Python, and the condition names those that passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from raylens.errors import QueryTooLarge
from raylens.filterexpr.ast import (
    And,
    CauseKind,
    CauseTemplateTest,
    CauseTest,
    Constant,
    Expression,
    Not,
    Operator,
    Or,
    Test,
)
from raylens.filterexpr.causes import element_satisfies, elements_of, template_matches
from raylens.model.trace import RootCause
from raylens.storage.clickhouse.filter_sql import Parameters, condition_sql
from raylens.storage.clickhouse.session import Session
from raylens.storage.interface import TraceFilter
from raylens.traceindex import cause_from_text, with_coverages

# Distinct root causes that one filter may have to judge.
_MAX_CAUSES = 20_000
# So many traces are named by their ids.
_FEW_TRACES = 2_000
# With coverages each distinct path becomes a part of the statement.
_MAX_COVERED_PATHS = 1_000
_COLUMNS = {CauseKind.FAULT: "fault_causes", CauseKind.ERROR: "error_causes", CauseKind.RESPONSE_TIME: "time_cause"}
_COMPARISONS = {
    Operator.EQUAL: "=",
    Operator.NOT_EQUAL: "!=",
    Operator.LESS: "<",
    Operator.LESS_EQUAL: "<=",
    Operator.GREATER: ">",
    Operator.GREATER_EQUAL: ">=",
}


class Condition(msgspec.Struct, frozen=True):
    """A condition in SQL and the values it binds."""

    sql: str
    parameters: dict[str, Any]


EVERY_ROW = Condition("true", {})


def filter_condition(
    session: Session, where: TraceFilter, first_minute: int, last_minute: int, prefix: str = "f"
) -> Condition:
    """The condition over a row of `traces` that `where` means for traces that touch these minutes.

    Raises: QueryTooLarge when it asks of more distinct root causes than can be judged.
    """
    if where.selects_all:
        return EVERY_ROW
    bound = Parameters(prefix)
    causes = _Causes(session, first_minute, last_minute)
    sql = condition_sql(where.expression, where.account_id, causes.sql, bound)
    if where.versions:
        versions = []
        for version in where.versions:
            own = condition_sql(version.expression, where.account_id, causes.sql, bound)
            until = "" if version.until_ns is None else f" AND received_ns < {bound.bind_as(version.until_ns, 'Int64')}"
            versions.append(f"(received_ns >= {bound.bind_as(version.from_ns, 'Int64')}{until} AND {own})")
        sql = f"{sql} AND ({' OR '.join(versions)})"
    return Condition(f"({sql})", bound.values)


def narrowed(session: Session, condition: Condition, first_minute: int, last_minute: int) -> Condition:
    """The same condition, with the traces named that can satisfy it where these are few.

    Reading with FINAL takes every column of every row before any condition is looked at. Without it, a condition on a
    cheap column spares the others; what it finds may be an older copy, but holds every trace that is wanted.
    """
    if condition == EVERY_ROW:
        return condition
    rows = session.query(
        "SELECT DISTINCT trace_id FROM traces WHERE minute <= {last_minute:UInt32} "
        f"AND last_minute >= {{first_minute:UInt32}} AND {condition.sql} LIMIT {_FEW_TRACES + 1}",
        {"first_minute": first_minute, "last_minute": last_minute, **condition.parameters},
    )
    if len(rows) > _FEW_TRACES:
        return condition
    ids = "trace_id IN (SELECT toFixedString(unhex(arrayJoin({those_traces:Array(String)})), 16))"
    return Condition(
        f"({ids} AND {condition.sql})", {**condition.parameters, "those_traces": [r[0].hex() for r in rows]}
    )


class _Causes:
    """Turns tests of root causes into conditions."""

    def __init__(self, session: Session, first_minute: int, last_minute: int) -> None:
        self._session = session
        self._range = {"first_minute": first_minute, "last_minute": last_minute}

    def sql(self, test: CauseTest | CauseTemplateTest, bound: Parameters) -> str:
        """The condition for one test."""
        if isinstance(test, CauseTest):
            if test.kind is CauseKind.RESPONSE_TIME and _asks_of_coverage(test.condition):
                return self._covered(test, bound)
            return self._any_of(
                test.kind,
                lambda cause: any(element_satisfies(test.condition, e) for e in elements_of(test.level, cause)),
                bound,
            )
        found = [self._template(kind, test.template, bound) for kind in CauseKind]
        sql = "(" + " OR ".join(found) + ")"
        return f"(NOT {sql})" if test.negated else sql

    def _any_of(self, kind: CauseKind, passes: Callable[[RootCause], bool], bound: Parameters) -> str:
        texts = [text for text in self._distinct(kind) if passes(cause_from_text(text))]
        if not texts:
            return "false"
        array = bound.bind_as(texts, "Array(String)")
        if kind is CauseKind.RESPONSE_TIME:
            return f"(time_cause IN (SELECT arrayJoin({array})))"
        return f"hasAny({_COLUMNS[kind]}, {array})"

    def _template(self, kind: CauseKind, template: list[Any], bound: Parameters) -> str:
        if kind is not CauseKind.RESPONSE_TIME or "Coverage" not in msgspec.json.encode(template).decode():
            return self._any_of(kind, lambda cause: template_matches(template, cause), bound)
        sql = (
            "SELECT DISTINCT time_cause, coverages FROM traces FINAL WHERE minute <= {last_minute:UInt32} "
            f"AND last_minute >= {{first_minute:UInt32}} AND time_cause != '' LIMIT {_MAX_CAUSES + 1}"
        )
        rows = self._session.query(sql, self._range)
        _check(len(rows), _MAX_CAUSES)
        matching = [
            (text, coverages)
            for text, coverages in rows
            if template_matches(template, with_coverages(cause_from_text(text), coverages))
        ]
        if not matching:
            return "false"
        texts = bound.bind_as([text for text, _ in matching], "Array(String)")
        coverages = bound.bind_as([list(own) for _, own in matching], "Array(Array(UInt16))")
        return f"has(arrayZip({texts}, {coverages}), (toString(time_cause), coverages))"

    def _covered(self, test: CauseTest, bound: Parameters) -> str:
        texts = self._distinct(test.kind)
        _check(len(texts), _MAX_COVERED_PATHS)
        parts = []
        for text in texts:
            found = []
            for place, element in enumerate(elements_of(test.level, cause_from_text(text)), start=1):
                condition = _covered_sql(test.condition, element, place, bound)
                if condition == "true":
                    found = ["true"]
                    break
                if condition != "false":
                    found.append(condition)
            if found:
                parts.append(f"(time_cause = {bound.bind(text)} AND ({' OR '.join(found)}))")
        return "(" + " OR ".join(parts) + ")" if parts else "false"

    def _distinct(self, kind: CauseKind) -> list[str]:
        column = _COLUMNS[kind]
        value = column if kind is CauseKind.RESPONSE_TIME else f"arrayJoin({column})"
        sql = (
            f"SELECT DISTINCT toString({value}) AS text FROM traces FINAL WHERE minute <= {{last_minute:UInt32}} "
            f"AND last_minute >= {{first_minute:UInt32}} AND notEmpty({column}) LIMIT {_MAX_CAUSES + 1}"
        )
        texts = [row[0] for row in self._session.query(sql, self._range)]
        _check(len(texts), _MAX_CAUSES)
        return texts


def _check(count: int, limit: int) -> None:
    if count > limit:
        raise QueryTooLarge(f"more than {limit} different root causes lie in the range")


def _asks_of_coverage(expression: Expression) -> bool:
    return any(isinstance(test, Test) and test.keyword == "coverage" for test in _tests(expression))


def _tests(expression: Expression) -> Iterator[Expression]:
    if isinstance(expression, And | Or):
        for term in expression.terms:
            yield from _tests(term)
    elif isinstance(expression, Not):
        yield from _tests(expression.term)
    else:
        yield expression


def _covered_sql(condition: Expression, element: Any, place: int, bound: Parameters) -> str:
    """The condition for one entity: everything but its coverage is known and folded away."""
    match condition:
        case And():
            terms = [_covered_sql(term, element, place, bound) for term in condition.terms]
            if "false" in terms:
                return "false"
            left = [term for term in terms if term != "true"]
            return "(" + " AND ".join(left) + ")" if left else "true"
        case Or():
            terms = [_covered_sql(term, element, place, bound) for term in condition.terms]
            if "true" in terms:
                return "true"
            left = [term for term in terms if term != "false"]
            return "(" + " OR ".join(left) + ")" if left else "false"
        case Not():
            term = _covered_sql(condition.term, element, place, bound)
            return {"true": "false", "false": "true"}.get(term, f"(NOT {term})")
        case Test(keyword="coverage"):
            if condition.operator is None or condition.value is None:
                return "true"
            if type(condition.value) is not float or condition.operator not in _COMPARISONS:
                return "false"
            return f"coverages[{place}] / 1000 {_COMPARISONS[condition.operator]} {bound.bind(condition.value)}"
        case Constant():
            return "true" if condition.value else "false"
        case _:
            return "true" if element_satisfies(condition, element) else "false"
