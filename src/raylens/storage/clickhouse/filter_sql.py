"""Filter expressions to conditions over one row of the trace index, with bound parameters.

`filterexpr.matches` says what they mean; a property test holds the two together. Every keyword of a scope is a column
or a formula over columns. Conditions in braces become one lambda over the arrays of observations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

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
from raylens.model.facts import annotation_key
from raylens.model.outcome import Outcome
from raylens.model.service import CLIENT_TYPE

_FALSE, _TRUE = "false", "true"
_COMPARISONS = {
    Operator.EQUAL: "=",
    Operator.LESS: "<",
    Operator.LESS_EQUAL: "<=",
    Operator.GREATER: ">",
    Operator.GREATER_EQUAL: ">=",
}
_SEARCHES = {
    Operator.CONTAINS: "position({value}, {literal}) > 0",
    Operator.BEGINS_WITH: "startsWith({value}, {literal})",
    Operator.ENDS_WITH: "endsWith({value}, {literal})",
}
_TYPES: dict[type, str] = {str: "String", float: "Float64", bool: "Bool"}


class Value(msgspec.Struct, frozen=True):
    """What a keyword is in SQL: the type of its values, whether there is one, and the value."""

    type: type
    present: str
    sql: str


def _text(column: str) -> Value:
    return Value(str, f"{column} != ''", column)


def _flag(sql: str) -> Value:
    return Value(bool, _TRUE, sql)


def _outcomes(running: str, outcome: str) -> dict[str, Value]:
    names = {"ok": Outcome.OK, "error": Outcome.ERROR, "throttle": Outcome.THROTTLE, "fault": Outcome.FAULT}
    return {name: _flag(f"({running}{outcome} = {int(value)})") for name, value in names.items()}


# outside braces; `outcome` is 4 and lengths are -1 where there is none
_TRACE: dict[str, Value] = {
    **_outcomes("", "outcome"),
    "partial": _flag("partial"),
    "inferred": _flag("inferred"),
    "responsetime": Value(float, "response_ns >= 0", "response_ns / 1e9"),
    "duration": Value(float, "duration_ns >= 0", "duration_ns / 1e9"),
    "http.status": Value(float, "http_status != 0", "http_status"),
    "http.url": _text("http_url"),
    "http.method": _text("http_method"),
    "http.useragent": _text("http_user_agent"),
    "http.clientip": _text("http_client_ip"),
}
_ANY_NODE = {
    "user": "node.user",
    "availabilityzone": "node.availability_zone",
    "instance.id": "node.instance_id",
    "resource.arn": "node.resource_arn",
}
# inside service{}: `n_x` is the argument of the lambda that stands for `node.x`
_NODE: dict[str, Value] = {
    **_outcomes("NOT n_in_progress AND ", "n_outcome"),
    "partial": _flag("n_in_progress"),
    "inferred": _flag("n_inferred"),
    "root": _flag("n_root"),
    "responsetime": Value(float, "NOT n_in_progress", "n_response_ns / 1e9"),
    "duration": Value(float, "NOT n_in_progress", "(n_response_ns + n_tail_ns) / 1e9"),
    "http.status": Value(float, "n_http_status != 0", "n_http_status"),
    "http.url": _text("n_http_url"),
    "http.method": _text("n_http_method"),
    "http.useragent": _text("n_http_user_agent"),
    "http.clientip": _text("n_http_client_ip"),
    "user": _text("n_user"),
    "availabilityzone": _text("n_availability_zone"),
    "instance.id": _text("n_instance_id"),
    "resource.arn": _text("n_resource_arn"),
    "name": _text("n_name"),
    "type": _text("n_type"),
}
# inside edge{}: the caller's record; that of a client's arrival is the root's own
_CALL: dict[str, Value] = {
    **_outcomes("NOT n_call_in_progress AND ", "n_call_outcome"),
    "partial": _flag("n_call_in_progress"),
    "responsetime": Value(float, "NOT n_call_in_progress", "(n_response_ns + n_call_excess_ns) / 1e9"),
    "duration": Value(float, "NOT n_call_in_progress", "(n_response_ns + n_call_excess_ns) / 1e9"),
    "http.status": Value(float, "n_call_http_status != 0", "n_call_http_status"),
}
_ARRIVAL: dict[str, Value] = {
    **_outcomes("NOT n_in_progress AND ", "n_outcome"),
    "partial": _flag("n_in_progress"),
    "responsetime": Value(float, "NOT n_in_progress", "n_response_ns / 1e9"),
    "duration": Value(float, "NOT n_in_progress", "n_response_ns / 1e9"),
    "http.status": Value(float, "n_http_status != 0", "n_http_status"),
}
_NODE_COLUMNS = (
    "name", "type", "account_id", "inferred", "root", "in_progress", "outcome", "response_ns", "tail_ns", "http_status",
    "http_url", "http_method", "http_user_agent", "http_client_ip", "user", "resource_arn", "instance_id",
    "availability_zone", "source", "source_name", "source_type", "call_in_progress", "call_outcome", "call_excess_ns",
    "call_http_status",
)  # fmt: skip
_PLACE = "n_place"
_SOURCE = "n_source"

CauseSql = Callable[["CauseTest | CauseTemplateTest", "Parameters"], str]


class Parameters:
    """Bound values, named as they come."""

    def __init__(self, prefix: str = "f") -> None:
        self.values: dict[str, object] = {}
        self._prefix = prefix

    def bind(self, value: Literal) -> str:
        """The placeholder of a literal."""
        return self.bind_as(value, _TYPES[type(value)])

    def bind_as(self, value: object, type_: str) -> str:
        """The placeholder of a value of a ClickHouse type."""
        name = f"{self._prefix}{len(self.values)}"
        self.values[name] = value
        return f"{{{name}:{type_}}}"


def condition_sql(expression: Expression, account_id: str, causes: CauseSql, parameters: Parameters) -> str:
    """A condition over a row of `traces` that holds for the traces which satisfy `expression`.

    `account_id` is the server's own. `causes` turns tests of root causes into conditions: these need to look at what
    causes there are. References to groups MUST have been replaced.
    """
    return _Compiler(account_id, causes, parameters).sql(expression, _Trace())


class _Trace(msgspec.Struct, frozen=True):
    """Outside braces."""


class _Inside(msgspec.Struct, frozen=True):
    """Inside the braces of a selector: its keywords, and the place of the observation that annotations belong to."""

    values: dict[str, Value]
    places: dict[Side, str]


class _Compiler:
    def __init__(self, account_id: str, causes: CauseSql, parameters: Parameters) -> None:
        self._account_id = account_id
        self._causes = causes
        self._bound = parameters

    def sql(self, expression: Expression, scope: _Trace | _Inside) -> str:
        match expression:
            case And():
                return "(" + " AND ".join(self.sql(term, scope) for term in expression.terms) + ")"
            case Or():
                return "(" + " OR ".join(self.sql(term, scope) for term in expression.terms) + ")"
            case Not():
                return f"(NOT {self.sql(expression.term, scope)})"
            case Constant():
                return _TRUE if expression.value else _FALSE
            case Test():
                return self._test(expression, scope)
            case AnnotationTest():
                return self._annotation(expression, scope)
            case ServiceTest():
                return self._service(expression)
            case EdgeTest():
                return self._edge(expression)
            case CauseTest() | CauseTemplateTest():
                return self._causes(expression, self._bound)
            case GroupTest():
                raise ValueError(f"group.{expression.by} = {expression.value!r} was not replaced by its expression")

    def _test(self, test: Test, scope: _Trace | _Inside) -> str:
        if isinstance(scope, _Trace) and test.keyword in _ANY_NODE:
            return self._any_node(test, _ANY_NODE[test.keyword])
        values = _TRACE if isinstance(scope, _Trace) else scope.values
        value = values.get(test.keyword)
        return _FALSE if value is None else self._single(test, value)

    def _single(self, test: Test | AnnotationTest, value: Value) -> str:
        """A test of something that has one value or none."""
        if test.operator is None or test.value is None:
            return value.sql if value.type is bool else f"({value.present})"
        if test.operator is Operator.NOT_EQUAL:
            if type(test.value) is not value.type:
                return _FALSE
            return f"({value.present} AND {value.sql} != {self._bound.bind(test.value)})"
        compared = self._compared(value.sql, value.type, test.operator, test.value)
        return _FALSE if compared == _FALSE else f"({value.present} AND {compared})"

    def _compared(self, sql: str, type_: type, operator: Operator, literal: Literal) -> str:
        """A comparison other than `!=`; false where the types differ or do not know the operator."""
        if type(literal) is not type_:
            return _FALSE
        if type_ is str and operator in _SEARCHES:
            return _SEARCHES[operator].format(value=sql, literal=self._bound.bind(literal))
        if operator is Operator.EQUAL or (type_ is float and operator in _COMPARISONS):
            return f"{sql} {_COMPARISONS[operator]} {self._bound.bind(literal)}"
        return _FALSE

    def _any_node(self, test: Test, column: str) -> str:
        """A test that any observation may meet; an empty text is none."""
        is_set = f"arrayExists(x -> x != '', {column})"
        if test.operator is None or test.value is None:
            return is_set
        if type(test.value) is not str:
            return _FALSE
        if test.operator is Operator.NOT_EQUAL:
            return f"({is_set} AND NOT has({column}, {self._bound.bind(test.value)}))"
        if test.operator is Operator.EQUAL:
            # `has` can use the index; nothing equals the empty text
            return f"has({column}, {self._bound.bind(test.value)})" if test.value else _FALSE
        compared = self._compared("x", str, test.operator, test.value)
        return _FALSE if compared == _FALSE else f"arrayExists(x -> x != '' AND {compared}, {column})"

    def _annotation(self, test: AnnotationTest, scope: _Trace | _Inside) -> str:
        place = ""
        if isinstance(scope, _Trace):
            if test.side is not Side.OWN:
                return _FALSE
        else:
            place = scope.places.get(test.side, "")
            if not place:
                return _FALSE
        key = self._bound.bind(annotation_key(test.key))
        if test.operator is None or test.value is None:
            kinds = [
                self._carries(kind, key, place, "v" if kind == "flag" else "") for kind in ("text", "number", "flag")
            ]
            return "(" + " OR ".join(kinds) + ")"
        kind = {str: "text", float: "number", bool: "flag"}[type(test.value)]
        if test.operator is Operator.NOT_EQUAL:
            equal = self._carries(kind, key, place, f"v = {self._bound.bind(test.value)}")
            return f"({self._carries(kind, key, place, '')} AND NOT {equal})"
        compared = self._compared("v", type(test.value), test.operator, test.value)
        if compared == _FALSE:
            return _FALSE
        carries = self._carries(kind, key, place, compared)
        if kind == "text" and test.operator is Operator.EQUAL and not place:
            # says no more, but can use the index
            return f"(has(text.value, {self._bound.bind(test.value)}) AND {carries})"
        return carries

    def _carries(self, kind: str, key: str, place: str, condition: str) -> str:
        """Some annotation of a kind has the key, meets the condition on `v`, and belongs to the observation."""
        if not place and not condition:
            return f"has({kind}.key, {key})"
        arguments, arrays, conditions = ["k"], [f"{kind}.key"], [f"k = {key}"]
        if condition:
            arguments.append("v")
            arrays.append(f"{kind}.value")
            conditions.append(condition)
        if place:
            arguments.append("p")
            arrays.append(f"{kind}.node")
            conditions.append(f"p = {place}")
        return f"arrayExists(({', '.join(arguments)}) -> {' AND '.join(conditions)}, {', '.join(arrays)})"

    def _service(self, test: ServiceTest) -> str:
        node = test.node
        if test.condition is None and node.type is None and node.account_id is None:
            return "notEmpty(node.name)" if node.name is None else f"has(node.name, {self._bound.bind(node.name)})"
        inside = _Inside(_NODE, {Side.OWN: _PLACE})
        conditions = self._selects(node, "n_name", "n_type", "n_account_id")
        if test.condition is not None:
            conditions.append(self.sql(test.condition, inside))
        found = self._where_present(node, _exists(conditions))
        if test.condition is None and node.type == CLIENT_TYPE:
            return f"({found} OR {_exists(['n_root', *self._selects_client(node)])})"
        return found

    def _edge(self, test: EdgeTest) -> str:
        conditions = [
            "n_source != 0",
            *self._selects(test.source, "n_source_name", "n_source_type", "node.account_id[n_source]"),
            *self._selects(test.target, "n_name", "n_type", "n_account_id"),
        ]
        if test.condition is not None:
            places = {Side.OWN: _SOURCE, Side.SOURCE: _SOURCE, Side.DESTINATION: _PLACE}
            conditions.append(self.sql(test.condition, _Inside(_CALL, places)))
        found = self._where_present(test.target, _exists(conditions))
        if test.source.type != CLIENT_TYPE:
            return found
        arrival = [
            "n_root",
            *self._selects_client(test.source),
            *self._selects(test.target, "n_name", "n_type", "n_account_id"),
        ]
        if test.condition is not None:
            arrival.append(self.sql(test.condition, _Inside(_ARRIVAL, {Side.DESTINATION: _PLACE})))
        return f"({found} OR {_exists(arrival)})"

    def _where_present(self, node: NodeSelector, condition: str) -> str:
        """The condition, asked only of traces that have a node of the name or type: that is found out sooner."""
        if node.name is not None:
            return f"(has(node.name, {self._bound.bind(node.name)}) AND {condition})"
        if node.type is not None:
            return f"(has(node.type, {self._bound.bind(node.type)}) AND {condition})"
        return condition

    def _selects(self, node: NodeSelector, name: str, type_: str, account_id: str) -> list[str]:
        conditions = []
        if node.name is not None:
            conditions.append(f"{name} = {self._bound.bind(node.name)}")
        if node.type is not None:
            conditions.append(f"{type_} = {self._bound.bind(node.type)}")
        if node.account_id is not None:
            conditions.append(self._is_account(account_id, node.account_id))
        return conditions

    def _selects_client(self, node: NodeSelector) -> list[str]:
        """The client that an entry implies: of its name and account."""
        return self._selects(msgspec.structs.replace(node, type=None), "n_name", "n_type", "n_account_id")

    def _is_account(self, column: str, wanted: str) -> str:
        bound = self._bound.bind(wanted)
        return f"({column} = {bound} OR {column} = '')" if wanted == self._account_id else f"{column} = {bound}"


def _exists(conditions: Sequence[str]) -> str:
    """That one observation meets all conditions, which name its columns `n_...`."""
    condition = " AND ".join(conditions) or _TRUE
    columns = [column for column in _NODE_COLUMNS if _mentions(condition, f"n_{column}")]
    arguments = [f"n_{column}" for column in columns]
    arrays = [f"node.{column}" for column in columns]
    if _mentions(condition, _PLACE) or not columns:
        arguments.append(_PLACE)
        arrays.append("arrayEnumerate(node.name)")
    return f"arrayExists(({', '.join(arguments)}) -> {condition}, {', '.join(arrays)})"


def _mentions(condition: str, name: str) -> bool:
    """Whether `name` stands in the condition as a whole word."""
    at = condition.find(name)
    while at >= 0:
        after = condition[at + len(name) : at + len(name) + 1]
        if not (after.isalnum() or after == "_") and not condition[max(0, at - 1) : at].isalnum():
            return True
        at = condition.find(name, at + 1)
    return False
