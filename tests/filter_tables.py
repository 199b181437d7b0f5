"""The filter language as data: which fixture traces an expression finds, and what is said of a bad one."""

from __future__ import annotations

from typing import Any

from tests.fixture_traces import (
    broken_call_trace,
    broken_root_trace,
    not_found_trace,
    orders_trace,
    slow_call_trace,
    throttled_root_trace,
    unfinished_trace,
)
from tests.xray_documents import shop_trace, trace_id_of

ACCOUNT_ID = "111122223333"
# The groups that the expressions speak of
GROUPS = {"slow": "responsetime > 2"}

Names = frozenset[str]
ALL: Names = frozenset(f"T{number}" for number in range(1, 9))
NONE: Names = frozenset()


def on(names: str) -> Names:
    return frozenset(names.split())


def fixture_documents() -> dict[str, list[dict[str, Any]]]:
    """The documents of T1 to T8, each trace with an id of its own.

    Here `pay` records the request it was sent, T1 has an annotation with dots in its key and T2 a client address: only
    the filter language looks at these.
    """
    shop, not_found = shop_trace(), not_found_trace()
    shop[1]["http"] = {"request": {"method": "POST", "url": "http://pay.test/"}}
    shop[0]["annotations"]["aws.local.operation"] = "GET /v2/cart"
    not_found[0]["http"]["request"]["client_ip"] = "192.0.2.8"
    others = (broken_root_trace(), throttled_root_trace(), unfinished_trace(), orders_trace(), slow_call_trace())
    traces = (shop, not_found, *others, broken_call_trace())
    return {
        f"T{number}": [{**document, "trace_id": trace_id_of(number)} for document in documents]
        for number, documents in enumerate(traces, 1)
    }


_NAMES_CAUSE = (
    '{ "Services": [ { "Name": "web", "EntityPath": [ { "Name": "web" }, { "Name": "names.test" } ] },'
    ' { "Name": "names.test", "EntityPath": [ { "Name": "names.test" } ] } ] }'
)

# Number, expression and the traces it finds
VALID: tuple[tuple[str, str, Names], ...] = (
    ("V01", "responsetime > 5", NONE),
    ("V02", "responsetime > 2", on("T3 T7 T8")),
    ("V03", "duration >= 5 AND duration <= 8", on("T1")),
    ("V04", "ok", on("T1 T6 T7")),
    ("V05", "!ok", on("T2 T3 T4 T5 T8")),
    ("V06", "ok = false", on("T2 T3 T4 T5 T8")),
    ("V07", "fault = true", on("T3 T8")),
    ("V08", "error", on("T2")),
    ("V09", "throttle", on("T4")),
    ("V10", "http.status != 200", on("T2 T3 T4 T8")),
    ("V11", "!(http.status = 200)", on("T2 T3 T4 T5 T8")),
    ("V12", "ok !partial duration <3", on("T6")),
    ("V13", "partial", on("T5")),
    ("V14", "inferred", on("T1 T6 T7 T8")),
    ("V15", 'http.url CONTAINS "/v2/"', on("T1 T3 T4 T5")),
    ("V16", 'http.url BEGINSWITH "http://shop.test/" AND http.url CONTAINS "/v2/" AND !service("pay")', on("T3 T4 T5")),
    ("V17", 'http.url ENDSWITH "/cart"', on("T1 T4")),
    ("V18", "http.url AND responseTime > 2", on("T3 T7 T8")),
    ("V19", 'user CONTAINS ""', on("T1 T2 T3 T4")),
    ("V20", "user", on("T1 T2 T3 T4")),
    ("V21", 'group.name = "slow" AND user = "bob"', on("T3")),
    ("V22", 'user = "svc-pay"', on("T1")),
    ("V23", 'http.method = "POST"', on("T3 T6")),
    ("V24", 'service() { http.method = "POST" }', on("T1 T3 T6")),
    ("V25", 'http.clientip BEGINSWITH "192.0.2."', on("T1 T2 T3")),
    ("V26", 'availabilityzone = "us-west-2a"', on("T1")),
    ("V27", 'resource.arn ENDSWITH ":function:fn"', on("T6")),
    ("V28", 'service("pay") { fault }', on("T1")),
    ("V29", "service() { fault }", on("T1 T3 T8")),
    ("V30", 'service("pay")', on("T1")),
    ("V31", '!service("pay")', on("T2 T3 T4 T5 T6 T7 T8")),
    ("V32", 'service("pay") { !fault }', NONE),
    ("V33", '!service("pay") { fault }', on("T2 T3 T4 T5 T6 T7 T8")),
    ("V34", 'service("shop") {root = true and fault = true}', on("T3")),
    ("V35", 'edge("shop", "pay") { error }', NONE),
    ("V36", 'edge("shop", "pay") { fault }', on("T1")),
    ("V37", 'edge("pay", "shop")', NONE),
    ("V38", 'edge("shop", "pay") { responsetime > 1 }', on("T1")),
    ("V39", 'service("pay") { responsetime > 6 }', on("T1")),
    ("V40", 'service("pay") { fault = true OR responsetime > 2.5 } AND annotation.plan = "gold"', on("T1")),
    ("V41", 'service("fn") { error }', NONE),
    ("V42", 'service(id(name: "fn", type: "AWS::Lambda::Function")) { ok }', on("T6")),
    ("V43", 'service(id(type: "AWS::Lambda::Function")) { error }', NONE),
    ("V44", 'service(id(account.id: "111122223333"))', ALL),
    ("V45", 'service(id(account.id: "1")) OR service(id(account.id: "111122223333"))', ALL),
    ("V46", 'service(id(type: "AWS::DynamoDB::Table", name: "orders")) { throttle }', on("T1")),
    ("V47", 'service("DynamoDB")', NONE),
    ("V48", 'service(id(type: "Database::SQL"))', on("T6")),
    ("V49", 'service("names.test") { responsetime > 2 }', on("T7 T8")),
    ("V50", 'edge(id(name: "fn", type: "AWS::Lambda"), id(name: "fn", type: "AWS::Lambda::Function"))', on("T6")),
    (
        "V51",
        'edge(id(name: "shop", type: "client"), id(name: "shop", type: "AWS::EC2::Instance"))',
        on("T1 T2 T3 T4 T5"),
    ),
    ("V52", 'annotation.plan = "gold"', on("T1 T3 T6")),
    ("V53", 'annotation[plan] = "gold"', on("T1 T3 T6")),
    ("V54", "annotation.items", on("T1 T2 T3 T4 T5 T7")),
    ("V55", "!annotation.items", on("T6 T8")),
    ("V56", "annotation.items > 9", on("T2 T3 T4 T5")),
    ("V57", 'annotation.items = "3"', on("T7")),
    ("V58", "annotation.beta", on("T1")),
    ("V59", "!annotation.beta", on("T2 T3 T4 T5 T6 T7 T8")),
    ("V60", "annotation.beta = false", on("T2 T3")),
    ("V61", 'annotation.plan != "gold"', on("T2")),
    ("V62", 'annotation[aws.local.operation] = "GET /v2/cart"', on("T1")),
    ("V63", 'annotation.aws_local_operation = "GET /v2/cart"', on("T1")),
    ("V64", "service { annotation[backend] }", on("T1")),
    ("V65", "edge { destination.annotation[backend] = true }", on("T1")),
    ("V66", 'edge("shop", "pay") { source.annotation[plan] = "gold" }', on("T1")),
    ("V67", 'rootcause.fault.service { name = "pay" }', on("T1")),
    ("V68", 'rootcause.fault.entity { last and name = "names.test" }', on("T8")),
    ("V69", 'rootcause.fault.exception { last and message = "backend down" }', on("T1")),
    ("V70", 'rootcause.fault.service { inferred and name = "names.test" and type = "remote" }', on("T8")),
    ("V71", "rootcause.fault.service { index > 5 }", NONE),
    ("V72", 'rootcause.responsetime.entity { remote and coverage > 0.7 and name = "pay" }', on("T1")),
    ("V73", "rootcause.responsetime.entity { last and coverage > 0.8 }", on("T6")),
    ("V74", 'rootcause.responsetime.service { last and type = "AWS::Lambda::Function" }', on("T6")),
    ("V75", 'rootcause.error.service { type = "AWS::DynamoDB::Table" }', on("T1")),
    ("V76", f"rootcause.json = #[{_NAMES_CAUSE}]", on("T7 T8")),
    ("V77", 'duration = "slow"', NONE),
    ("V78", "fault OR error AND annotation.items > 15", on("T3 T8")),
    ("V79", "(fault OR error) AND annotation.items > 15", on("T3")),
    ("V80", "fault OR error annotation.items > 15", on("T3 T8")),
    ("V81", "!fault AND !error", on("T1 T4 T5 T6 T7")),
    ("V82", 'service("shop") { fault } AND service("shop") { responsetime > 2 }', on("T3")),
    ("V83", 'service("shop") { fault AND responsetime > 2 }', on("T3")),
    ("V84", 'fault = "true"', on("T3 T8")),
    ("V85", 'fault = true AND http.url CONTAINS "v2/pay" AND responsetime >= 3', on("T3")),
    ("V86", 'service("pay") { fault OR error }', on("T1")),
    ("V87", "", ALL),
)

# Number, expression, column and what follows "Error Location: line 1, position N : "
MALFORMED: tuple[tuple[str, str, int, str], ...] = (
    ("M01", "((fault)", 9, "missing ')' at end of expression"),
    ("M02", "madeup = 7", 1, "Invalid input symbol: 'ma'"),
    ("M03", 'service("pay") { fault', 23, "missing '}' at end of expression"),
    ("M04", 'service("pay" { fault }', 15, "expected ')' but found '{'"),
    ("M05", "fault)", 6, "unexpected ')'"),
    ("M06", "fault AND", 10, "unexpected end of expression"),
    ("M07", "AND fault", 1, "unexpected 'and'"),
    ("M08", "responsetime >", 15, "missing value at end of expression"),
    ("M09", "responsetime > fast", 16, "Invalid input symbol: 'fas'"),
    ("M10", "http.method = GET", 15, "Invalid input symbol: 'GE'"),
    ("M11", "rootcause.fault.service { name = traces }", 34, "Invalid input symbol: 'tra'"),
    ("M12", "http.url CONTAINS /v2/", 19, "Invalid input symbol: '/'"),
    ("M13", "user = 'bob'", 8, "Invalid input symbol: '''"),
    ("M14", 'user = "bob', 8, "Invalid input symbol: '\"bob'"),
    ("M15", "http.status == 200", 14, "expected a value but found '='"),
    ("M16", "fault && error", 7, "Invalid input symbol: '&'"),
    ("M17", "http.statuscode >= 500", 12, "Invalid input symbol: 'cod'"),
    ("M18", "response.status >= 500", 1, "Invalid input symbol: 'response.'"),
    ("M19", "coldstart", 1, "Invalid input symbol: 'col'"),
    ("M20", "duration BETWEEN 5 AND 8", 10, "Invalid input symbol: 'BET'"),
    ("M21", 'user IN ("a","b")', 6, "Invalid input symbol: 'IN '"),
    ("M22", 'duration CONTAINS "5"', 10, "operator 'CONTAINS' cannot be used with 'duration'"),
    ("M23", 'http.url > "a"', 10, "operator '>' cannot be used with 'http.url'"),
    ("M24", 'edge("shop")', 12, "expected ',' but found ')'"),
    ("M25", 'edge("shop" "pay")', 13, "expected ',' but found 'pay'"),
    ("M26", "service(pay)", 9, "Invalid input symbol: 'pay'"),
    ("M27", 'service(id("pay"))', 12, "expected name, type or account.id but found 'pay'"),
    ("M28", 'service(id(kind: "x"))', 12, "Invalid input symbol: 'k'"),
    ("M29", 'service("a") { service("b") }', 16, "'service' is not allowed here"),
    ("M30", 'service("a") { }', 16, "unexpected '}'"),
    ("M31", "rootcause.fault.service", 24, "missing '{' at end of expression"),
    ("M32", "rootcause.responsetime.exception { first }", 1, "Invalid input symbol: 'rootcause.responsetime.ex'"),
    ("M33", 'rootcause.json = "[]"', 18, "expected a JSON literal"),
    ("M34", "group.name", 11, "missing operator at end of expression"),
    ("M35", "annotation. = 1", 1, "Invalid input symbol: 'annotation. '"),
    ("M36", "annotation[my key] = 1", 1, "Invalid input symbol: 'annotation[m'"),
    ("M37", "5 < responsetime", 1, "unexpected '5.0'"),
)
