"""What each attribute of a trace is in SQL, over one row of the trace index."""

from __future__ import annotations

import msgspec

from raylens.model.trace_sets import Attribute, AttributeKind
from raylens.storage.clickhouse.filter_sql import Parameters

_SERVICES = "arrayDistinct(arrayMap((n, t) -> if(t = '', toString(n), concat(n, ' (', t, ')')), node.name, node.type))"
OUTCOMES = ("ok", "error", "throttle", "fault")


class AttributeSql(msgspec.Struct, frozen=True):
    """How an attribute is read: `sql` is one text, empty for none, or where `is_list` an array of distinct ones.

    `is_cause`: the texts are those of root causes and are grouped by their labels.
    """

    sql: str
    is_list: bool = False
    is_cause: bool = False


def _of_nodes(column: str) -> AttributeSql:
    return AttributeSql(f"arrayDistinct(arrayFilter(x -> x != '', {column}))", is_list=True)


_SQL: dict[AttributeKind, AttributeSql] = {
    AttributeKind.URL: AttributeSql("http_url"),
    AttributeKind.METHOD: AttributeSql("toString(http_method)"),
    AttributeKind.STATUS: AttributeSql("if(http_status = 0, '', toString(http_status))"),
    AttributeKind.USER_AGENT: AttributeSql("toString(http_user_agent)"),
    AttributeKind.CLIENT_IP: AttributeSql("http_client_ip"),
    AttributeKind.OUTCOME: AttributeSql(
        f"arrayElement([{', '.join(repr(name) for name in OUTCOMES)}, ''], outcome + 1)"
    ),
    AttributeKind.ENTRY_POINT: AttributeSql(
        "if(root_type = '', toString(root_name), concat(root_name, ' (', root_type, ')'))"
    ),
    AttributeKind.USER: _of_nodes("node.user"),
    AttributeKind.AVAILABILITY_ZONE: _of_nodes("node.availability_zone"),
    AttributeKind.INSTANCE: _of_nodes("node.instance_id"),
    AttributeKind.RESOURCE_ARN: _of_nodes("node.resource_arn"),
    AttributeKind.SERVICE: AttributeSql(_SERVICES, is_list=True),
    AttributeKind.RESPONSE_TIME_ROOT_CAUSE: AttributeSql(
        "if(time_cause = '', [], [toString(time_cause)])", is_list=True, is_cause=True
    ),
    AttributeKind.FAULT_ROOT_CAUSE: AttributeSql("arrayDistinct(fault_causes)", is_list=True, is_cause=True),
    AttributeKind.ERROR_ROOT_CAUSE: AttributeSql("arrayDistinct(error_causes)", is_list=True, is_cause=True),
}
# in the order in which they are shown
CATEGORICAL = tuple(_SQL)
NUMERIC = {AttributeKind.RESPONSE_TIME: "response_ns", AttributeKind.DURATION: "duration_ns"}


def attribute_sql(attribute: Attribute, bound: Parameters) -> AttributeSql:
    """How to read a categorical attribute; of an annotation, values of all types as JSON, so that 3 is not "3"."""
    if attribute.kind is AttributeKind.ANNOTATION:
        key = bound.bind(attribute.key)
        kinds = (
            f"arrayMap((k, v) -> {json}, arrayFilter((k, v) -> k = {key}, {kind}.key, {kind}.value), "
            f"arrayFilter((v, k) -> k = {key}, {kind}.value, {kind}.key))"
            for kind, json in (("text", "toJSONString(v)"), ("number", "toString(v)"), ("flag", "toString(v)"))
        )
        return AttributeSql(f"arrayDistinct(arrayConcat({', '.join(kinds)}))", is_list=True)
    return _SQL[attribute.kind]
