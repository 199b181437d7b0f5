"""A tree to its canonical text."""

from __future__ import annotations

import re

from raylens.filterexpr.ast import (
    And,
    AnnotationTest,
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
    Side,
    Test,
)
from raylens.filterexpr.json_literal import json_text

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_]+")
_BRACKET_KEY = re.compile(r'[^\s"\[\]]+')


def print_filter(expression: Expression) -> str:
    """The expression as text, in one spelling for every tree: `parse_filter` gives an equal tree back.

    Keywords are in lower case, connectives and word operators in upper case and always written. `Constant(True)` by
    itself is the empty text. A tree that was read at a limit of the parser may print a little longer or deeper.
    Raises: ValueError for what has no text: another constant, an annotation key with blanks, quotes or brackets.
    """
    return "" if expression == Constant(True) else _text(expression)


def _text(expression: Expression) -> str:
    match expression:
        case And() | Or():
            texts = []
            for term in expression.terms:
                # AND binds tighter, so only what it joins needs parentheses; an Or holds no Or
                text = _text(term)
                texts.append(f"({text})" if isinstance(expression, And) and isinstance(term, Or) else text)
            return (" AND " if isinstance(expression, And) else " OR ").join(texts)
        case Not():
            text = _text(expression.term)
            return f"!({text})" if _is_joined(expression.term) else f"!{text}"
        case Test():
            return _comparison(expression.keyword, expression.operator, expression.value)
        case AnnotationTest():
            return _comparison(_annotation(expression), expression.operator, expression.value)
        case ServiceTest():
            node = "" if expression.node == NodeSelector() else _node(expression.node)
            return f"service({node})" + _braces(expression.condition)
        case EdgeTest():
            ends = (expression.source, expression.target)
            nodes = "" if ends == (NodeSelector(), NodeSelector()) else ", ".join(_node(node) for node in ends)
            return f"edge({nodes})" + _braces(expression.condition)
        case CauseTest():
            head = f"rootcause.{expression.kind.value}.{expression.level.value}"
            return head + _braces(expression.condition)
        case CauseTemplateTest():
            return f"rootcause.json {_equality(expression.negated)} #{json_text(expression.template)}"
        case GroupTest():
            return f"group.{expression.by} {_equality(expression.negated)} {_literal(expression.value)}"
        case _:
            raise ValueError(f"{expression!r} cannot be written inside an expression")


def _is_joined(expression: Expression) -> bool:
    """Whether a `!` before the text could be read as belonging to a part of it."""
    if isinstance(expression, Test | AnnotationTest):
        return expression.operator is not None
    return isinstance(expression, And | Or | CauseTemplateTest | GroupTest)


def _equality(negated: bool) -> str:
    return Operator.NOT_EQUAL.value if negated else Operator.EQUAL.value


def _comparison(name: str, operator: Operator | None, value: Literal | None) -> str:
    if operator is None or value is None:
        return name
    return f"{name} {operator.value} {_literal(value)}"


def _annotation(test: AnnotationTest) -> str:
    prefix = "" if test.side is Side.OWN else f"{test.side.value}."
    if _PLAIN_KEY.fullmatch(test.key):
        return f"{prefix}annotation.{test.key}"
    if not _BRACKET_KEY.fullmatch(test.key):
        raise ValueError(f"annotation key {test.key!r} cannot be written in an expression")
    return f"{prefix}annotation[{test.key}]"


def _node(node: NodeSelector) -> str:
    if node.name is not None and node.type is None and node.account_id is None:
        return _literal(node.name)
    members = (("name", node.name), ("type", node.type), ("account.id", node.account_id))
    return f"id({', '.join(f'{key}: {_literal(value)}' for key, value in members if value is not None)})"


def _braces(condition: Expression | None) -> str:
    return "" if condition is None else f" {{ {_text(condition)} }}"


def _literal(value: Literal) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    # 5 rather than 5.0; beyond that, a float's own text is the shortest that gives it back
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
