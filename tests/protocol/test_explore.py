"""What the console asks over the wire: the map, traces and their timelines, groups, the store and the lab."""

from __future__ import annotations

import itertools
import secrets
from typing import Any, TypeVar

import pytest

from raylens.api.analytics.shapes import ServiceShape
from raylens.api.explore import shapes
from raylens.api.explore.shapes import OutcomeName, SpanFlag
from raylens.api.protocol.own_json import ErrorAnswer, ErrorMember
from tests import factories
from tests.protocol.server import Server
from tests.protocol.test_analytics import decoded

T = TypeVar("T")
JSON = {"Content-Type": "application/json"}
# Ranges of their own for every test: the server is shared.
_eras = itertools.count(1000)


def ask(server: Server, path: str, body: Any, shape: type[T], method: str = "POST") -> T:
    answer = server.post(f"/api/v1/{path}", body, JSON, method)
    assert answer.status == 200, answer.body
    return decoded(answer.body, shape)


def get(server: Server, path: str, shape: type[T]) -> T:
    return ask(server, path, b"", shape, "GET")


def refused(
    server: Server, path: str, body: Any = b"", method: str = "POST", headers: dict[str, str] | None = None
) -> tuple[int, ErrorMember]:
    answer = server.post(f"/api/v1/{path}", body, JSON if headers is None else headers, method)
    assert answer.status >= 400, answer.body
    return answer.status, decoded(answer.body, ErrorAnswer).error


@pytest.fixture
def start_s() -> int:
    """The start of a range in which nobody else stores traces."""
    now_s = int(factories.segment()["start_time"])
    return now_s // 60 * 60 - 600 * next(_eras)


def era_of(start_s: float, length_s: float = 300) -> dict[str, float]:
    return {"start": start_s, "end": start_s + length_s}


def lambda_documents(
    start_s: float, name: str = "예약", table: str = "Reservations", **members: Any
) -> list[dict[str, Any]]:
    """A stage calls a function, which takes a second and asks a table for half of it."""
    stage = factories.segment(
        name="stage", origin="AWS::ApiGateway::Stage", start_time=start_s, end_time=start_s + 1.2, **members
    )
    call = factories.embedded(
        name="Lambda", namespace="aws", start_time=start_s + 0.05, end_time=start_s + 1.15, traced=True
    )
    stage["subsegments"] = [call]
    service = factories.segment(
        name=name, origin="AWS::Lambda", trace_id=stage["trace_id"], parent_id=call["id"],
        start_time=start_s + 0.1, end_time=start_s + 1.1,
    )  # fmt: skip
    function = factories.segment(
        name=name, origin="AWS::Lambda::Function", trace_id=stage["trace_id"], parent_id=service["id"],
        start_time=start_s + 0.2, end_time=start_s + 1.0,
    )  # fmt: skip
    function["subsegments"] = [
        factories.embedded(name="Initialization", start_time=start_s + 0.12, end_time=start_s + 0.19),
        factories.embedded(
            name="DynamoDB", namespace="aws", start_time=start_s + 0.3, end_time=start_s + 0.8,
            aws={"operation": "PutItem", "table_name": table},
        ),
    ]  # fmt: skip
    return [stage, service, function]


def test_the_map_draws_a_lambda_function_once_with_the_figures_of_its_service(server: Server, start_s: int) -> None:
    server.put(*lambda_documents(start_s))
    seen = ask(server, "map", {"set": era_of(start_s)}, shapes.MapAnswer)
    nodes = {node.key: node for node in seen.nodes}
    fn = "예약|AWS::Lambda"
    assert list(nodes) == ["client", "Reservations|AWS::DynamoDB::Table", "stage|AWS::ApiGateway::Stage", fn]
    assert (nodes["client"].is_client, nodes["client"].name, nodes["client"].statistics) == (True, "Client", None)
    figures = nodes[fn].statistics
    assert figures is not None and (figures.requests, figures.average_ms) == (1, 1000)
    assert [(edge.source, edge.target) for edge in seen.edges] == [
        ("client", "stage|AWS::ApiGateway::Stage"),
        ("stage|AWS::ApiGateway::Stage", fn),
        (fn, "Reservations|AWS::DynamoDB::Table"),
    ]


def test_the_raw_map_has_both_nodes_and_a_client_for_each_entry(server: Server, start_s: int) -> None:
    server.put(*lambda_documents(start_s, "fn"), factories.segment(name="web", start_time=start_s + 5))
    seen = ask(server, "map", {"set": era_of(start_s), "lambda_view": "raw"}, shapes.MapAnswer)
    assert [node.key for node in seen.nodes] == [
        "stage|client", "web|client", "Reservations|AWS::DynamoDB::Table", "fn|AWS::Lambda",
        "fn|AWS::Lambda::Function", "stage|AWS::ApiGateway::Stage", "web|",
    ]  # fmt: skip
    assert ("fn|AWS::Lambda", "fn|AWS::Lambda::Function") in [(edge.source, edge.target) for edge in seen.edges]


@pytest.mark.parametrize("view", ["merged", "raw"])
def test_filters_of_nodes_and_edges_select_the_traces_that_they_count(server: Server, start_s: int, view: str) -> None:
    # names of segments have few characters, those of resources any
    named = {"name": "예약\\_fn", "table": "따옴표 \"'\\| </script>\n"}
    server.put(*lambda_documents(start_s, **named), factories.segment(name="web", start_time=start_s + 5))
    era = era_of(start_s)
    seen = ask(server, "map", {"set": era, "lambda_view": view}, shapes.MapAnswer)
    assert all((node.filter is None) == node.is_client for node in seen.nodes)
    assert all(edge.filter is not None for edge in seen.edges)
    drawn: list[shapes.MapNode | shapes.MapEdge] = [*seen.nodes, *seen.edges]
    for each in drawn:
        if each.filter is None:
            continue
        assert each.statistics is not None
        found = ask(server, "traces", {"set": {**era, "filter": each.filter}}, shapes.TracesAnswer)
        assert len(found.traces) == each.statistics.requests == 1
        for condition, count in (("fault = true", 0), ("responsetime >= 0.1 AND responsetime <= 1.5", 1)):
            narrower = {**era, "filter": f"{each.filter} {{ {condition} }}"}
            assert len(ask(server, "traces", {"set": narrower}, shapes.TracesAnswer).traces) == count, narrower


def test_the_map_of_one_trace_is_that_of_its_requests(server: Server, start_s: int) -> None:
    documents = lambda_documents(start_s, "fn")
    server.put(*documents)
    of_set = ask(server, "map", {"set": era_of(start_s)}, shapes.MapAnswer)
    for view, count in (("", 4), ("?lambda_view=raw", 5)):
        seen = get(server, f"traces/{documents[0]['trace_id']}/map{view}", shapes.TraceMapAnswer)
        assert len(seen.nodes) == count
    assert get(server, f"traces/{documents[0]['trace_id']}/map", shapes.TraceMapAnswer).nodes == of_set.nodes


def test_traces_are_listed_page_by_page_in_every_order(server: Server, start_s: int) -> None:
    lengths = [0.3, 0.1, 0.2, 0.1]
    documents = [
        factories.segment(start_time=start_s + n, end_time=start_s + n + length) for n, length in enumerate(lengths)
    ]
    unfinished = factories.in_progress(factories.segment(start_time=start_s + 4))
    server.put(*documents, unfinished)
    ids = [document["trace_id"] for document in (*documents, unfinished)]
    expected = {"newest": [4, 3, 2, 1, 0], "oldest": [0, 1, 2, 3, 4], "slowest": [0, 2, 3, 1, 4],
                "fastest": [3, 1, 2, 0, 4]}  # fmt: skip
    for order, places in expected.items():
        body: dict[str, Any] = {"set": era_of(start_s), "order": order, "limit": 2}
        seen: list[str] = []
        while True:
            page = ask(server, "traces", body, shapes.TracesAnswer)
            assert len(page.traces) <= 2
            seen += [row.id for row in page.traces]
            if page.next is None:
                break
            body["cursor"] = page.next
        assert seen == [ids[place] for place in places], order


def test_a_row_tells_what_a_list_shows_of_a_trace(server: Server, start_s: int) -> None:
    root = factories.segment(
        name="web", start_time=start_s, end_time=start_s + 0.5, fault=True, user="윤",
        annotations={"restaurantName": "강남 맛집", "size": 4},
        http={"request": {"method": "POST", "url": "/orders", "client_ip": "10.0.0.1", "user_agent": "curl"},
              "response": {"status": 502}},
        cause={"exceptions": [{"id": factories.new_id(), "type": "Broken", "message": "표가 없다"}]},
    )  # fmt: skip
    server.put(root)
    (row,) = ask(server, "traces", {"set": era_of(start_s)}, shapes.TracesAnswer).traces
    assert row == shapes.TraceRow(
        id=root["trace_id"], start=start_s, response_time_ms=500, duration_ms=500, outcome=OutcomeName.FAULT,
        has_fault=True, has_error=False, has_throttle=False, is_partial=False, http_method="POST", http_url="/orders",
        http_status=502, client_ip="10.0.0.1", user_agent="curl", entry=ServiceShape("web", ""),
        services=(ServiceShape("web", ""),), users=("윤",),
        annotations={"restaurantName": ("강남 맛집",), "size": (4.0,)}, cause="표가 없다",
    )  # fmt: skip


def test_a_timeline_has_every_span_depth_first(server: Server, start_s: int) -> None:
    documents = lambda_documents(start_s, "fn")
    server.put(*documents)
    seen = get(server, f"traces/{documents[0]['trace_id']}", shapes.TimelineAnswer)
    spans = seen.spans
    assert [seen.names[name] for name in spans.name] == ["stage", "Lambda", "fn", "fn", "Initialization", "DynamoDB"]
    assert spans.depth == (0, 1, 2, 3, 4, 4)
    assert spans.parent == (-1, 0, 1, 2, 3, 3)
    assert spans.offset_us == (0, 50_000, 100_000, 200_000, 120_000, 300_000)
    assert spans.duration_us == (1_200_000, 1_100_000, 1_000_000, 800_000, 70_000, 500_000)
    assert [seen.services[service].type for service in spans.service] == [
        "AWS::ApiGateway::Stage", "AWS::ApiGateway::Stage", "AWS::Lambda", *["AWS::Lambda::Function"] * 3,
    ]  # fmt: skip
    assert spans.flags == (
        SpanFlag.SEGMENT, SpanFlag.REMOTE, SpanFlag.SEGMENT, SpanFlag.SEGMENT, SpanFlag.COLD_START,
        SpanFlag.REMOTE | SpanFlag.INFERRED,
    )  # fmt: skip
    assert (seen.start, seen.length_us, seen.response_time_ms) == (start_s, 1_200_000, 1200)
    assert sum(step.held_us for step in seen.path) == sum(spans.held_us) == 1_200_000
    assert ("cold_start", 70_000) in [(step.kind, step.held_us) for step in seen.path]


def test_a_span_tells_all_that_was_sent_of_it(server: Server, start_s: int) -> None:
    inner = factories.embedded(
        name="DynamoDB", namespace="aws", start_time=start_s, end_time=start_s + 0.05, error=True,
        aws={"operation": "PutItem", "table_name": "Reservations", "retries": 2}, annotations={"k": True},
        metadata={"app": {"깊이": [1, {"a": None}]}},
        http={"response": {"status": 400, "content_length": "12"}},
        cause={
            "working_directory": "/var/task",
            "exceptions": [{"id": factories.new_id(), "type": "Bad", "message": "no", "remote": True, "truncated": 3,
                            "stack": [{"path": "app.py", "line": 7, "label": "handler"}]}],
        },
    )  # fmt: skip
    outer = factories.embedded(name="work", start_time=start_s, end_time=start_s + 0.1, subsegments=[inner])
    root = factories.segment(name="web", origin="AWS::EC2::Instance", start_time=start_s, subsegments=[outer])
    server.put(root)
    seen = get(server, f"traces/{root['trace_id']}/spans/{inner['id'].upper()}", shapes.SpanAnswer)
    assert (seen.name, seen.parent_id, seen.operation, seen.outcome) == ("DynamoDB", outer["id"], "PutItem", "error")
    assert seen.service == ServiceShape("web", "AWS::EC2::Instance")
    assert seen.http == shapes.HttpShape(None, None, 400, None, None, 12)
    assert (seen.aws, seen.annotations, seen.metadata) == (inner["aws"], {"k": True}, inner["metadata"])
    (exception,) = seen.exceptions
    assert (exception.type, exception.message, exception.is_remote, exception.left_out) == ("Bad", "no", True, 3)
    assert exception.stack == (shapes.StackFrameShape("app.py", 7, "handler"),)
    assert seen.working_directory == "/var/task"
    assert seen.document == inner
    above = get(server, f"traces/{root['trace_id']}/spans/{outer['id']}", shapes.SpanAnswer)
    assert above.subsegments == 1 and "subsegments" not in above.document


def test_groups_are_made_changed_and_removed(server: Server) -> None:
    made = ask(server, "groups", {"name": "explored", "filter": "fault"}, shapes.GroupAnswer).group
    assert (made.name, made.filter, made.is_default) == ("explored", "fault", False)
    assert made in get(server, "groups", shapes.GroupsAnswer).groups
    changed = ask(server, "groups/explored", {"filter": "error", "name": "other"}, shapes.GroupAnswer, "PUT").group
    assert (changed.name, changed.arn, changed.filter) == ("explored", made.arn, "error")
    assert ask(server, "groups/explored", b"", shapes.NothingAnswer, "DELETE") == shapes.NothingAnswer()
    listed = get(server, "groups", shapes.GroupsAnswer).groups
    assert listed[0].is_default and changed not in listed


def test_the_status_tells_of_the_server_and_what_it_holds(server: Server, start_s: int) -> None:
    server.put(factories.segment(start_time=start_s))
    ask(server, "traces", {"set": era_of(start_s)}, shapes.TracesAnswer)
    seen = get(server, "status", shapes.StatusAnswer)
    assert seen.doors == shapes.DoorsShape(**{door: server.addresses[door] for door in ("http", "udp", "tcp")})
    assert (seen.store, seen.retention_days, seen.region) == ("embedded", 30, "us-east-1")
    assert seen.started < seen.now
    assert min(seen.stored.traces, seen.stored.spans, seen.stored.documents, seen.stored.disk_bytes) > 0
    assert seen.stored.oldest is not None and seen.stored.oldest <= start_s


def test_a_cause_that_names_an_exception_elsewhere_is_told_by_that(server: Server, start_s: int) -> None:
    exception = {"id": factories.new_id(), "type": "Broken", "message": "once"}
    root = factories.segment(start_time=start_s, fault=True, cause=exception["id"])
    late = factories.subsegment(root, fault=True, cause={"exceptions": [exception]})
    server.put(root, late)
    seen = get(server, f"traces/{root['trace_id']}/spans/{root['id']}", shapes.SpanAnswer)
    assert [(each.id, each.message) for each in seen.exceptions] == [(exception["id"], "once")]
    assert seen.subsegments == 1


ODD: tuple[Any, ...] = (None, True, 3, -1.5, "x", "", [], [[]], {}, {"a": None}, [{"a": 1}, 2, None])


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_members_of_any_type_are_told_without_failing(server: Server, start_s: int, odd: Any) -> None:
    names = ("http", "aws", "sql", "cause", "annotations", "metadata", "links", "user", "namespace", "origin")
    nested = {
        "http": {"request": odd, "response": {"status": odd, "content_length": odd}},
        "cause": {"working_directory": odd, "paths": odd, "exceptions": [
            odd, {"id": odd, "type": odd, "message": odd, "remote": odd, "truncated": odd, "stack": odd},
            {"stack": [odd, {"path": odd, "line": odd, "label": odd}]},
        ]},
        "annotations": {"a": odd}, "metadata": {"n": odd}, "aws": {"operation": odd},
    }  # fmt: skip
    flat = factories.embedded(start_time=start_s, **{name: odd for name in names if odd is not None})
    root = factories.segment(start_time=start_s, **nested)
    root["subsegments"] = [flat]
    assert server.put(root) == []
    for document in (root, flat):
        seen = get(server, f"traces/{root['trace_id']}/spans/{document['id']}", shapes.SpanAnswer)
        assert (seen.id, seen.name) == (document["id"], document["name"])
    documents = get(server, f"traces/{root['trace_id']}/documents", shapes.DocumentsAnswer)
    assert documents.complete and documents.documents[0]["id"] == root["id"]


def test_numbers_that_no_double_holds_come_back_as_null(server: Server, start_s: int) -> None:
    root = factories.segment(start_time=start_s, metadata={"n": {"far": "FAR"}})
    assert server.put(factories.text(root).replace('"FAR"', "1e400")) == []
    seen = get(server, f"traces/{root['trace_id']}/spans/{root['id']}", shapes.SpanAnswer)
    assert seen.metadata == seen.document["metadata"] == {"n": {"far": None}}


def test_a_span_whose_id_is_escaped_in_its_document_is_found(server: Server, start_s: int) -> None:
    root = factories.segment(start_time=start_s)
    escaped = "".join(f"\\u{ord(digit):04x}" for digit in root["id"])
    assert server.put(factories.text(root).replace(root["id"], escaped)) == []
    assert get(server, f"traces/{root['trace_id']}/spans/{root['id']}", shapes.SpanAnswer).id == root["id"]


def test_documents_are_those_of_batch_get_traces(server: Server, start_s: int) -> None:
    documents = lambda_documents(start_s)
    server.put(*documents)
    trace_id = documents[0]["trace_id"]
    seen = get(server, f"traces/{trace_id}/documents", shapes.DocumentsAnswer)
    assert list(seen.documents) == server.documents_of(trace_id)
    assert any(document.get("inferred") for document in seen.documents)


def test_a_time_series_adds_up_to_the_figures_of_the_map(server: Server, start_s: int) -> None:
    for minute in range(4):
        server.put(*lambda_documents(start_s + 60 * minute, "fn"))
    members: dict[str, Any] = {"set": era_of(start_s)}
    for view in ("merged", "raw"):
        drawn = ask(server, "map", {**members, "lambda_view": view}, shapes.MapAnswer)
        nodes = {node.key: {"name": node.name, "type": node.type} for node in drawn.nodes}
        for edge in drawn.edges:
            ends = {"source": nodes[edge.source], "target": nodes[edge.target]}
            asked = {**members, "lambda_view": view, "edge": ends, "bucket_s": 120}
            seen = ask(server, "time-series", asked, shapes.TimeSeriesAnswer)
            assert sum(bucket.requests for bucket in seen.buckets) == edge.statistics.requests == 4, edge
            assert seen.buckets[0].average_ms == edge.statistics.average_ms
        for node in drawn.nodes:
            if node.statistics is not None:
                asked = {**members, "lambda_view": view, "node": nodes[node.key]}
                seen = ask(server, "time-series", asked, shapes.TimeSeriesAnswer)
                assert [(bucket.start, bucket.requests) for bucket in seen.buckets] == [
                    (start_s + 60 * minute, 1) for minute in range(4)
                ]
    assert len(ask(server, "time-series", members, shapes.TimeSeriesAnswer).buckets) == 4


@pytest.mark.parametrize(
    ("length_s", "bucket_s"), [(60, 60), (7200, 60), (7260, 120), (86_400, 900), (10**9, 8_380_800)]
)
def test_buckets_of_a_time_series_are_chosen_so_that_120_fit(server: Server, length_s: int, bucket_s: int) -> None:
    seen = ask(server, "time-series", {"set": era_of(6000, length_s)}, shapes.TimeSeriesAnswer)
    assert (seen.bucket_s, seen.buckets) == (bucket_s, ())


def test_a_heat_map_counts_finished_traces_by_time_and_length(server: Server, start_s: int) -> None:
    server.put(
        factories.segment(start_time=start_s, end_time=start_s + 0.1),
        factories.segment(start_time=start_s + 1, end_time=start_s + 1.11, fault=True),
        factories.segment(start_time=start_s + 120, end_time=start_s + 120.0005),
        factories.in_progress(factories.segment(start_time=start_s)),
    )
    seen = ask(server, "heat-map", {"set": era_of(start_s), "bucket_s": 60}, shapes.HeatMapAnswer)
    assert seen.cells == (
        shapes.HeatMapCell(start_s, 100, 125, 2, 0, 0, 1),
        shapes.HeatMapCell(start_s + 120, 0, 1, 1, 0, 0, 0),
    )
    assert ask(server, "heat-map", {"set": era_of(start_s)}, shapes.HeatMapAnswer).bucket_s == 3


def test_two_traces_are_compared(server: Server, start_s: int) -> None:
    a, b = lambda_documents(start_s), lambda_documents(start_s, "other", user="윤")
    server.put(*a, *b)
    body = {"a": a[0]["trace_id"], "b": b[0]["trace_id"]}
    seen = ask(server, "compare-traces", body, shapes.CompareTracesAnswer)
    assert (seen.a.id, seen.b.id, seen.a.spans) == (body["a"], body["b"], 6)
    assert {path.change for path in seen.paths} == {"same", "only_a", "only_b"}
    assert shapes.ComparedFact("user", None, "윤") in seen.facts


NOBODYS = "1-5759e988-" + secrets.token_hex(12)
ERA = era_of(6000)


@pytest.mark.parametrize(
    "path", ["traces/{}", "traces/{}/map", "traces/{}/documents", "traces/{}/spans/0123456789abcdef"]
)
def test_a_trace_that_is_not_there_is_told(server: Server, path: str) -> None:
    status, error = refused(server, path.format(NOBODYS), method="GET")
    assert (status, error.code) == (404, "unknown_trace")
    for wrong in ("x", "1-5759e988", "%ED%95%9C", NOBODYS + "0", "%00"):
        status, error = refused(server, path.format(wrong), method="GET")
        assert (status, error.code) == (400, "invalid_request"), wrong


def test_a_span_that_is_not_there_is_told(server: Server, start_s: int) -> None:
    root = factories.segment(start_time=start_s)
    server.put(root)
    for span_id, code in ((factories.new_id(), (404, "unknown_span")), ("x", (400, "invalid_request")),
                          ("0" * 16, (400, "invalid_request"))):  # fmt: skip
        status, error = refused(server, f"traces/{root['trace_id']}/spans/{span_id}", method="GET")
        assert (status, error.code) == code


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("map", {"set": {}}, "set.start is required"),
        ("map", {"set": {"start": "NaN", "end": 2}}, "set.start is nan"),
        ("map", {"set": {"start": 1, "end": "Infinity"}}, "set.end is inf"),
        ("traces", {"set": ERA, "limit": 0}, "limit is 0, 1 to 250"),
        ("traces", {"set": ERA, "limit": 251}, "limit is 251"),
        ("traces", {"set": ERA, "limit": -(10**18)}, "limit is -1"),
        ("traces", {"set": ERA, "cursor": "x"}, "Invalid token x"),
        ("traces", {"set": ERA, "cursor": ""}, "Invalid token"),
        ("traces", {"set": {**ERA, "group": "nobodys"}}, "Group not found"),
        ("heat-map", {"set": ERA, "bucket_s": 0}, "bucket_s is 0"),
        ("heat-map", {"set": era_of(1, 9e9 - 2), "bucket_s": 1}, "bucket_s is 1,"),
        ("time-series", {"set": ERA, "bucket_s": 0}, "bucket_s is 0"),
        ("time-series", {"set": ERA, "bucket_s": 90}, "bucket_s is 90, a multiple of 60"),
        ("time-series", {"set": ERA, "bucket_s": -60}, "bucket_s is -60"),
        ("time-series", {"set": ERA, "node": {"name": "a"}, "edge": {"source": {"name": "a"}, "target": {"name": "b"}}},
         "node and edge"),
        ("compare-traces", {"a": "x", "b": NOBODYS}, "'x' is not a trace id"),
        ("groups", {"name": "no good", "filter": "fault"}, "'no good'"),
        ("groups", {"name": "Default", "filter": "fault"}, "Default"),
        ("groups", {"name": "fine", "filter": " "}, "empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told(server: Server, path: str, body: Any, words: str) -> None:
    status, error = refused(server, path, body)
    assert (status, error.code) == (400, "invalid_request")
    assert words in error.message


def test_a_filter_that_cannot_be_read_is_told_with_its_place(server: Server) -> None:
    for path, body in (
        ("map", {"set": {**ERA, "filter": "fault AND"}}), ("groups", {"name": "fine", "filter": "fault AND"}),
    ):  # fmt: skip
        status, error = refused(server, path, body)
        assert (status, error.code, error.line, error.column) == (400, "invalid_filter", 1, 10)


def test_a_cursor_belongs_to_its_question(server: Server, start_s: int) -> None:
    server.put(*(factories.segment(start_time=start_s + n) for n in range(3)))
    body = {"set": era_of(start_s), "limit": 1}
    cursor = ask(server, "traces", body, shapes.TracesAnswer).next
    for other in ({"order": "slowest"}, {"set": {**era_of(start_s), "filter": "ok"}}, {"set": era_of(start_s, 299)}):
        status, error = refused(server, "traces", {**body, **other, "cursor": cursor})
        assert (status, error.code) == (400, "invalid_request")
    seen = ask(server, "traces", {**body, "limit": 2, "cursor": cursor}, shapes.TracesAnswer)
    assert len(seen.traces) == 2


def test_a_group_that_is_not_there_is_told(server: Server) -> None:
    for method, body in (("PUT", {"filter": "fault"}), ("DELETE", b"")):
        status, error = refused(server, "groups/nobodys%20%3Cb%3E", body, method)
        assert (status, error.code) == (404, "not_found")
        status, error = refused(server, "groups/Default", body, method)
        assert (status, error.code) == (400, "invalid_request")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"])
def test_what_changes_something_takes_json_alone(server: Server, kind: str) -> None:
    headers = {"Content-Type": kind} if kind else {}
    for path, method in (("groups", "POST"), ("groups/any", "PUT"), ("lab/faults", "PUT")):
        status, error = refused(server, path, {"name": "form", "filter": "fault", "fault": "x", "on": True},
                                method, headers)  # fmt: skip
        assert (status, error.code) == (400, "malformed_body")
        assert "application/json was expected" in error.message
    assert "form" not in {group.name for group in get(server, "groups", shapes.GroupsAnswer).groups}


@pytest.mark.parametrize("body", ["[]", "3", "null", "", '{"filter": 5}', "{"])
def test_a_body_beside_a_path_is_an_object(server: Server, body: str) -> None:
    status, error = refused(server, "groups/any", body, "PUT")
    assert (status, error.code) == (400, "malformed_body")
