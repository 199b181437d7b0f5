"""What the grammar's rules make of their parts: the nodes of the tree."""

from __future__ import annotations

from typing import Any

from lark import Token, Transformer

from raylens.filterexpr.ast import (
    And,
    AnnotationTest,
    CauseKind,
    CauseLevel,
    CauseTemplateTest,
    CauseTest,
    Constant,
    EdgeTest,
    Expression,
    GroupTest,
    Literal,
    NodeSelector,
    Not,
    Operator,
    Or,
    ServiceTest,
    Test,
)
from raylens.filterexpr.tokens import AnnotationName, Symbol
from raylens.filterexpr.unreadable import Unacceptable

_MEMBERS = {"name": "name", "type": "type", "account.id": "account_id"}


def symbol_of(token: Token) -> Symbol:
    """The symbol that travels in a token of the parser."""
    symbol = token.value
    assert isinstance(symbol, Symbol)
    return symbol


class TreeBuilder(Transformer[Token, Expression]):
    """One method for every name in the grammar; called from the leaves up, so depth costs no recursion."""

    def filter(self, parts: list[Expression]) -> Expression:
        return parts[0] if parts else Constant(True)

    def any_of(self, parts: list[Expression]) -> Expression:
        terms: list[Expression] = []
        for part in parts:
            terms.extend(part.terms if isinstance(part, Or) else (part,))
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def all_of(self, parts: list[Expression]) -> Expression:
        terms: list[Expression] = []
        for part in parts:
            terms.extend(part.terms if isinstance(part, And) else (part,))
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def negation(self, parts: list[Expression]) -> Expression:
        return Not(parts[0])

    def grouped(self, parts: list[Expression]) -> Expression:
        return parts[0]

    def bare(self, parts: list[Token]) -> Expression:
        return Test(_text(parts[0]))

    def comparison(self, parts: list[Any]) -> Expression:
        keyword, operator, value = parts
        return Test(_text(keyword), _operator(operator), value)

    def annotation(self, parts: list[Any]) -> Expression:
        name = symbol_of(parts[0]).value
        assert isinstance(name, AnnotationName)
        if len(parts) == 1:
            return AnnotationTest(name.key, name.side)
        return AnnotationTest(name.key, name.side, _operator(parts[1]), parts[2])

    def boolean(self, parts: list[Token]) -> bool:
        value = symbol_of(parts[0]).value
        return value.lower() == "true" if isinstance(value, str) else value is True

    def string(self, parts: list[Token]) -> str:
        return _text(parts[0])

    def literal(self, parts: list[Token]) -> Literal:
        value = symbol_of(parts[0]).value
        assert isinstance(value, str | float | bool)
        return value

    def group(self, parts: list[Any]) -> Expression:
        name, operator, value = parts
        return GroupTest(_text(name), value, _operator(operator) is Operator.NOT_EQUAL)

    def template(self, parts: list[Token]) -> Expression:
        template = symbol_of(parts[2]).value
        assert isinstance(template, list)
        return CauseTemplateTest(template, _operator(parts[1]) is Operator.NOT_EQUAL)

    def cause(self, parts: list[Any]) -> Expression:
        name = symbol_of(parts[0]).value
        assert isinstance(name, tuple)
        kind, level = name
        return CauseTest(CauseKind(kind), CauseLevel(level), parts[1])

    def service(self, parts: list[Any]) -> Expression:
        nodes, condition = _nodes_and_condition(parts[1:])
        return ServiceTest(nodes[0] if nodes else NodeSelector(), condition)

    def edge(self, parts: list[Any]) -> Expression:
        nodes, condition = _nodes_and_condition(parts[1:])
        source, target = nodes or (NodeSelector(), NodeSelector())
        return EdgeTest(source, target, condition)

    def selected_service(self, parts: list[Any]) -> Expression:
        return self.service(parts)

    def selected_edge(self, parts: list[Any]) -> Expression:
        return self.edge(parts)

    def node_of_name(self, parts: list[str]) -> NodeSelector:
        return NodeSelector(name=parts[0])

    def node_of_id(self, parts: list[Any]) -> NodeSelector:
        members: dict[str, str] = {}
        for key, value in parts[1:]:
            member = _MEMBERS[_text(key)]
            if member in members:
                raise Unacceptable(symbol_of(key).offset, f"'{_text(key)}' is given twice")
            members[member] = value
        return NodeSelector(**members)

    def argument(self, parts: list[Any]) -> tuple[Token, str]:
        return parts[0], parts[1]


def _nodes_and_condition(parts: list[Any]) -> tuple[list[NodeSelector], Expression | None]:
    nodes = [part for part in parts if isinstance(part, NodeSelector)]
    conditions = [part for part in parts if not isinstance(part, NodeSelector)]
    return nodes, conditions[0] if conditions else None


def _text(token: Token) -> str:
    value = symbol_of(token).value
    assert isinstance(value, str)
    return value


def _operator(token: Token) -> Operator:
    value = symbol_of(token).value
    assert isinstance(value, Operator)
    return value
