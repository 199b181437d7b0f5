"""What each attribute of a trace is in SQL, over one row of the trace index."""

from __future__ import annotations

import msgspec

from raylens.model.trace_sets import Attribute, AttributeKind
from raylens.storage.clickhouse.filter_sql import Parameters

OUTCOMES = ("ok", "error", "throttle", "fault")


class AttributeSql(msgspec.Struct, frozen=True):
    """How an attribute is read.

    Rows are grouped by `columns` first, as they are stored: few rows differ in them, and what is costly, such as
    putting texts together, is done for those few. `sql` is then one text over `c0`, `c1` ..., empty for none, or where
    `is_list` an array of distinct ones. `is_cause`: the texts are those of root causes and are grouped by their labels.
    """

    columns: tuple[str, ...]
    sql: str
    is_list: bool = False
    is_cause: bool = False

    @property
    def selected(self) -> str:
        """The columns under the names that `sql` knows them by."""
        return ", ".join(f"{column} AS c{number}" for number, column in enumerate(self.columns))

    @property
    def names(self) -> str:
        return ", ".join(f"c{number}" for number in range(len(self.columns)))


def _plain(column: str) -> AttributeSql:
    return AttributeSql((column,), "toString(c0)")


def _of_nodes(column: str) -> AttributeSql:
    return AttributeSql((column,), "arrayDistinct(arrayFilter(x -> x != '', c0))", is_list=True)


_SQL: dict[AttributeKind, AttributeSql] = {
    AttributeKind.URL: _plain("http_url"),
    AttributeKind.METHOD: _plain("http_method"),
    AttributeKind.STATUS: AttributeSql(("http_status",), "if(c0 = 0, '', toString(c0))"),
    AttributeKind.USER_AGENT: _plain("http_user_agent"),
    AttributeKind.CLIENT_IP: _plain("http_client_ip"),
    AttributeKind.OUTCOME: AttributeSql(
        ("outcome",), f"arrayElement([{', '.join(repr(name) for name in OUTCOMES)}, ''], c0 + 1)"
    ),
    AttributeKind.ENTRY_POINT: AttributeSql(
        ("root_name", "root_type"), "if(c1 = '', toString(c0), concat(c0, ' (', c1, ')'))"
    ),
    AttributeKind.USER: _of_nodes("node.user"),
    AttributeKind.AVAILABILITY_ZONE: _of_nodes("node.availability_zone"),
    AttributeKind.INSTANCE: _of_nodes("node.instance_id"),
    AttributeKind.RESOURCE_ARN: _of_nodes("node.resource_arn"),
    AttributeKind.SERVICE: AttributeSql(
        ("node.name", "node.type"),
        "arrayDistinct(arrayMap((n, t) -> if(t = '', toString(n), concat(n, ' (', t, ')')), c0, c1))",
        is_list=True,
    ),
    AttributeKind.RESPONSE_TIME_ROOT_CAUSE: AttributeSql(
        ("time_cause",), "if(c0 = '', [], [toString(c0)])", is_list=True, is_cause=True
    ),
    AttributeKind.FAULT_ROOT_CAUSE: AttributeSql(("fault_causes",), "arrayDistinct(c0)", is_list=True, is_cause=True),
    AttributeKind.ERROR_ROOT_CAUSE: AttributeSql(("error_causes",), "arrayDistinct(c0)", is_list=True, is_cause=True),
}
# in the order in which they are shown
CATEGORICAL = tuple(_SQL)
NUMERIC = {AttributeKind.RESPONSE_TIME: "response_ns", AttributeKind.DURATION: "duration_ns"}


def attribute_sql(attribute: Attribute, bound: Parameters) -> AttributeSql:
    """How to read a categorical attribute; of an annotation, values of all types as JSON, so that 3 is not "3"."""
    if attribute.kind is AttributeKind.ANNOTATION:
        key = bound.bind(attribute.key)
        values = tuple(
            f"arrayFilter((v, k) -> k = {key}, {kind}.value, {kind}.key)" for kind in ("text", "number", "flag")
        )
        json = "arrayMap(v -> toJSONString(v), c0), arrayMap(v -> toString(v), c1), arrayMap(v -> toString(v), c2)"
        return AttributeSql(values, f"arrayDistinct(arrayConcat({json}))", is_list=True)
    return _SQL[attribute.kind]
