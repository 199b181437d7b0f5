"""The tree of a filter expression. Trees are equal when they mean the same words; positions are not part of them."""

from __future__ import annotations

from enum import Enum
from typing import Any

import msgspec

Literal = str | float | bool


class Operator(Enum):
    """Comparison operators; the values are their canonical spelling."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="
    CONTAINS = "CONTAINS"
    BEGINS_WITH = "BEGINSWITH"
    ENDS_WITH = "ENDSWITH"


class Side(Enum):
    """Whose annotation is meant inside `edge{}`."""

    OWN = ""
    SOURCE = "source"
    DESTINATION = "destination"


class CauseKind(Enum):
    """Which list of root causes is searched."""

    FAULT = "fault"
    ERROR = "error"
    RESPONSE_TIME = "responsetime"


class CauseLevel(Enum):
    """What of a root cause is iterated over."""

    SERVICE = "service"
    ENTITY = "entity"
    EXCEPTION = "exception"


class And(msgspec.Struct, frozen=True):
    """All of two or more terms; none of them is an And."""

    terms: tuple[Expression, ...]


class Or(msgspec.Struct, frozen=True):
    """Any of two or more terms; none of them is an Or."""

    terms: tuple[Expression, ...]


class Not(msgspec.Struct, frozen=True):
    """The complement of a term."""

    term: Expression


class Test(msgspec.Struct, frozen=True):
    """A keyword, by itself or compared with a literal. `keyword` is in its canonical lower-case spelling.

    Without operator: the value of a Boolean keyword, presence of any other. Operator and literal come together.
    """

    keyword: str
    operator: Operator | None = None
    value: Literal | None = None


class AnnotationTest(msgspec.Struct, frozen=True):
    """An annotation, by itself or compared with a literal; `key` as written."""

    key: str
    side: Side = Side.OWN
    operator: Operator | None = None
    value: Literal | None = None


class NodeSelector(msgspec.Struct, frozen=True):
    """Which nodes are meant; members that are None select any. Without a type, client nodes are not meant."""

    name: str | None = None
    type: str | None = None
    account_id: str | None = None


class ServiceTest(msgspec.Struct, frozen=True):
    """Some observation of some selected node satisfies `condition`; None asks for presence of the node."""

    node: NodeSelector
    condition: Expression | None = None


class EdgeTest(msgspec.Struct, frozen=True):
    """Some call from a selected node to a selected node satisfies `condition`; None asks for presence of the edge."""

    source: NodeSelector
    target: NodeSelector
    condition: Expression | None = None


class CauseTest(msgspec.Struct, frozen=True):
    """Some element at `level` of some root cause of `kind` satisfies `condition`."""

    kind: CauseKind
    level: CauseLevel
    condition: Expression


class CauseTemplateTest(msgspec.Struct, frozen=True):
    """`rootcause.json`: some root cause equals one of the templates (a JSON array, decoded); or none does."""

    template: list[Any]
    negated: bool = False


class GroupTest(msgspec.Struct, frozen=True):
    """The trace satisfies the expression of the group of this name or ARN; or does not."""

    by: str  # "name" or "arn"
    value: str
    negated: bool = False


class Constant(msgspec.Struct, frozen=True):
    """True or false whatever the trace: the empty expression, and a group that does not exist."""

    value: bool


Selector = ServiceTest | EdgeTest
Expression = And | Or | Not | Test | AnnotationTest | Selector | CauseTest | CauseTemplateTest | GroupTest | Constant
