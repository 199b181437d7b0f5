"""The API below /api/v1/ over the wire: live answers fit their shapes, and what is wrong is told with its place."""

from __future__ import annotations

import itertools
from typing import Any, TypeVar

import msgspec
import pytest

from raylens.analytics import AttributeKind, ComparisonState
from raylens.api.analytics import shapes
from raylens.api.openapi import QUESTIONS
from raylens.api.protocol.own_json import ErrorAnswer, ErrorMember
from tests import factories
from tests.protocol.server import Server

T = TypeVar("T")
# Sets of their own for every test: the server is shared.
_eras = itertools.count(1)


def decoded(content: bytes, shape: type[T]) -> T:
    """The answer as its shape; a member that the shape does not have fails."""
    strict = msgspec.json.decode(content, type=shape)
    assert msgspec.json.decode(msgspec.json.encode(strict)) == msgspec.json.decode(content)
    return strict


def ask(server: Server, path: str, body: Any, shape: type[T]) -> T:
    answer = server.post(f"/api/v1/{path}", body)
    assert answer.status == 200, answer.body
    return decoded(answer.body, shape)


def refused(server: Server, path: str, body: Any, status: int) -> ErrorMember:
    answer = server.post(f"/api/v1/{path}", body)
    assert answer.status == status, answer.body
    assert answer.headers["content-type"] == "application/json"
    return decoded(answer.body, ErrorAnswer).error


@pytest.fixture(scope="module")
def era(server: Server) -> dict[str, float]:
    """A range in which forty orders of four restaurants lie; those of one fail."""
    now = factories.segment()["start_time"]
    start = round(now - 3600 * next(_eras))
    for number in range(40):
        restaurant = f"식당 {number % 4}"
        fails = number % 4 == 0
        root = factories.segment(
            name="stage",
            start_time=start + number,
            end_time=start + number + (0.4 if fails else 0.1),
            http={"request": {"method": "POST", "url": "/orders"}, "response": {"status": 500 if fails else 201}},
            fault=fails or None,
            annotations={"restaurantName": restaurant, "number": number},
        )
        call = {"name": "table", "namespace": "aws", "start_time": root["start_time"] + 0.01}
        end = root["end_time"] - 0.01
        thrown = {"exceptions": [{"id": factories.new_id(), "type": "TableGone", "message": "no"}]} if fails else None
        root["subsegments"] = [factories.embedded(**call, end_time=end, fault=fails or None, cause=thrown)]
        assert server.put(root) == []
    return {"start": start - 1, "end": start + 100}


def test_an_overview_counts_outcomes_percentiles_and_activity(server: Server, era: dict[str, float]) -> None:
    seen = ask(server, "overview", {"set": era}, shapes.OverviewAnswer)
    assert seen.traces == 40
    assert seen.outcomes == shapes.Outcomes(ok=30, error=0, throttle=0, fault=10, unfinished=0)
    assert seen.response_time.percentiles == shapes.Percentiles(100, 400, 400, 400)
    assert seen.average_response_time_ms == 175
    assert [(b.bucket_ms, b.traces) for b in seen.response_time.histogram] == [(100, 30), (400, 10)]
    assert seen.activity.bucket_s == 1
    assert sum(bucket.traces for bucket in seen.activity.buckets) == 40
    assert sum(bucket.failed for bucket in seen.activity.buckets) == 10


@pytest.mark.parametrize(
    ("length_s", "bucket_s"), [(1, 1), (60, 1), (121, 2), (900, 10), (3600, 30), (6 * 3600, 180), (30 * 86_400, 21_600)]
)
def test_buckets_are_chosen_so_that_60_to_120_fit(server: Server, length_s: int, bucket_s: int) -> None:
    body = {"set": {"start": 1_000_000, "end": 1_000_000 + length_s}}
    assert ask(server, "overview", body, shapes.OverviewAnswer).activity.bucket_s == bucket_s
    given = ask(server, "overview", {**body, "bucket_s": 77_777}, shapes.OverviewAnswer)
    assert given.activity.bucket_s == 77_777


def test_an_empty_set_is_answered_with_nothing(server: Server) -> None:
    body = {"set": {"start": "2001-01-01T00:00:00Z", "end": "2001-01-02"}}
    seen = ask(server, "overview", body, shapes.OverviewAnswer)
    assert (seen.traces, seen.response_time.percentiles, seen.average_response_time_ms) == (0, None, None)
    assert seen.of == shapes.SetShape(978_307_200, 978_393_600, "", None)
    assert ask(server, "compare", {"a": body["set"], "b": {}}, shapes.CompareAnswer).state is ComparisonState.TOO_FEW


def test_a_set_is_grouped_by_an_annotation_it_is_known_to_have(server: Server, era: dict[str, float]) -> None:
    found = ask(server, "attributes", {"set": era}, shapes.AttributesAnswer).attributes
    assert [a.key for a in found if a.kind is AttributeKind.ANNOTATION] == ["number", "restaurantName"]
    by = {"kind": "annotation", "key": "restaurantName"}

    seen = ask(server, "group-by", {"set": era, "attribute": by, "limit": 2}, shapes.GroupByAnswer)

    assert [(row.value, row.traces, row.share, row.fault) for row in seen.rows] == [
        ("식당 0", 10, 0.25, 10),
        ("식당 1", 10, 0.25, 0),
    ]
    assert (seen.traces, seen.distinct, seen.left_out) == (40, 4, 2)
    assert seen.rows[0].average_response_time_ms == 400


def test_faults_against_the_rest_name_the_restaurant_and_the_cause(server: Server, era: dict[str, float]) -> None:
    seen = ask(server, "compare", {"a": {**era, "filter": "fault"}}, shapes.CompareAnswer)

    assert (seen.a.traces, seen.b.traces, seen.overlap) == (10, 30, 0)
    assert (seen.a.of.filter, seen.b.of.filter) == ("fault", "!fault")
    assert (seen.a.sampled, seen.b.sampled) == (10, 30)
    assert {d.attribute.kind.value for d in seen.defining} == {"outcome", "status"}
    told = [(f.attribute.kind.value, None if f.value is None else f.value.value) for f in seen.findings]
    assert ("annotation", "식당 0") in told[:3]
    assert any(kind == "fault_root_cause" and "TableGone" in str(value) for kind, value in told[:3])
    (longer,) = (f for f in seen.path_findings if f.path.startswith("stage > "))
    assert longer.change.value == "longer" and "380 ms against 80 ms" in longer.sentence


def test_what_b_leaves_out_is_that_of_a(server: Server, era: dict[str, float]) -> None:
    seen = ask(server, "compare", {"a": {**era, "filter": "fault"}, "b": {}, "sample": 0}, shapes.CompareAnswer)
    assert (seen.b.of, seen.b.traces, seen.overlap) == (shapes.SetShape(era["start"], era["end"], "", None), 40, 10)
    assert (seen.a.sampled, seen.b.sampled) == (0, 0)
    assert all(path.time is None for path in seen.paths)


def test_a_group_restricts_both_sets(server: Server, era: dict[str, float]) -> None:
    members = {"GroupName": "two-of-four", "FilterExpression": "annotation.restaurantName BEGINSWITH \"식당 0\" OR "
               "annotation.restaurantName = \"식당 1\""}  # fmt: skip
    assert server.post("/CreateGroup", members).status == 200
    a = {**era, "filter": "fault", "group": "two-of-four"}
    seen = ask(server, "compare", {"a": a}, shapes.CompareAnswer)
    assert (seen.a.traces, seen.b.traces, seen.b.of.group) == (10, 10, "two-of-four")
    assert "restaurantName" not in {d.attribute.key for d in seen.defining}
    default = ask(server, "compare", {"a": a, "b": {"group": "Default"}}, shapes.CompareAnswer)
    assert (default.b.traces, default.b.of.group) == (40, None)
    assert "restaurantName" in {d.attribute.key for d in default.defining}
    by_name = ask(server, "compare", {"a": {**era, "filter": 'group.name = "two-of-four"'}}, shapes.CompareAnswer)
    assert (by_name.a.traces, by_name.b.traces, by_name.b.of.filter) == (20, 20, '!(group.name = "two-of-four")')


def test_the_critical_path_of_a_trace_names_who_held_it(server: Server) -> None:
    root = factories.segment(name="web")
    start = root["start_time"]
    root["subsegments"] = [
        factories.embedded(name="work", start_time=start + 0.02, end_time=start + 0.08),
        factories.embedded(name="later", start_time=start + 0.05, end_time=start + 0.5),
    ]
    server.put(root)
    for spelling in (root["trace_id"], root["trace_id"][2:].replace("-", "")):
        answer = server.post(f"/api/v1/traces/{spelling}/critical-path", method="GET")
        assert answer.status == 200, answer.body
        seen = decoded(answer.body, shapes.CriticalPathAnswer)
        assert (seen.trace_id, seen.response_time_ms) == (root["trace_id"], 100)
        assert sum(step.held_ms for step in seen.steps) == pytest.approx(100)
        assert seen.async_tails == (root["subsegments"][1]["id"],)
        assert {span.name for span in seen.spans} == {"web", "work", "later"}


def test_a_trace_without_an_end_has_no_critical_path_yet(server: Server) -> None:
    document = factories.in_progress(factories.segment())
    server.put(document)
    answer = server.post(f"/api/v1/traces/{document['trace_id']}/critical-path", method="GET")
    assert decoded(answer.body, shapes.CriticalPathAnswer).response_time_ms is None


@pytest.mark.parametrize(("trace_id", "status"), [("1-5759e988-bd862e3fe1be46a994272793", 404), ("x", 400)])
def test_a_trace_that_is_not_there_is_told(server: Server, trace_id: str, status: int) -> None:
    answer = server.post(f"/api/v1/traces/{trace_id}/critical-path", method="GET")
    assert answer.status == status
    assert decoded(answer.body, ErrorAnswer).error.code == {404: "unknown_trace", 400: "invalid_request"}[status]


def test_a_filter_is_checked_without_being_an_error(server: Server) -> None:
    good = ask(server, "filters/check", {"filter": "FAULT and not ok"}, shapes.CheckFilterAnswer)
    assert (good.canonical, good.error) == ("fault AND !ok", None)
    bad = ask(server, "filters/check", {"filter": "ok AND\n  (fault"}, shapes.CheckFilterAnswer)
    assert bad.canonical is None and bad.error is not None
    assert (bad.error.line, bad.error.column) == (2, 9) and ")" in bad.error.expected
    endless = ask(server, "filters/check", {"filter": "ok " * 30_000}, shapes.CheckFilterAnswer)
    assert endless.error is not None and endless.error.line is None
    assert ask(server, "filters/check", {"filter": " "}, shapes.CheckFilterAnswer).canonical == ""


def test_every_keyword_is_told(server: Server) -> None:
    answer = server.post("/api/v1/filters/keywords", method="GET")
    seen = decoded(answer.body, shapes.KeywordsAnswer)
    assert {"fault", "http.status"} < {keyword.name for keyword in seen.keywords}
    for keyword in seen.keywords:
        literal = {"boolean": "true", "number": "1", "string": '"x"'}[keyword.kind]
        for operator in keyword.operators:
            for scope in keyword.scopes:
                head = {"": "{}", "service": "service() {{ {} }}", "edge": "edge() {{ {} }}"}.get(
                    scope, scope.replace("*", "fault") + " {{ {} }}"
                )
                text = head.format(f"{keyword.name} {operator} {literal}")
                checked = ask(server, "filters/check", {"filter": text}, shapes.CheckFilterAnswer)
                assert checked.error is None, text


@pytest.mark.parametrize(
    ("body", "member", "column"),
    [
        ({"a": {"filter": "fault AND"}}, "a.filter", 10),
        ({"a": {"filter": "fault"}, "b": {"filter": "  nonsense"}}, "b.filter", 3),
    ],
)
def test_a_filter_that_cannot_be_read_is_told_with_its_place(
    server: Server, era: dict[str, float], body: dict[str, Any], member: str, column: int
) -> None:
    error = refused(server, "compare", {**body, "a": {**era, **body["a"]}}, 400)
    assert (error.code, error.member, error.line, error.column) == ("invalid_filter", member, 1, column)
    assert error.expected


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("overview", {"set": {}}, "set.start is required"),
        ("overview", {"set": {"start": 1}}, "set.end is required"),
        ("overview", {"set": {"start": "soon", "end": 2}}, "set.start is 'soon'"),
        ("overview", {"set": {"start": 2, "end": 1}}, "set.end 1.000000 is not after set.start 2.000000"),
        ("overview", {"set": {"start": 1, "end": 2, "group": "nobodys"}}, "Group not found"),
        ("overview", {"set": {"start": 1, "end": 2}, "bucket_s": 0}, "bucket_s is 0"),
        ("overview", {"set": {"start": 1, "end": 9e9}, "bucket_s": 1}, "bucket_s is 1, "),
        ("group-by", {"set": {"start": 1, "end": 2}, "attribute": {"kind": "annotation"}}, "attribute.key is required"),
        ("group-by", {"set": {"start": 1, "end": 2}, "attribute": {"kind": "url", "key": "x"}}, "attribute.key is 'x'"),
        ("group-by", {"set": {"start": 1, "end": 2}, "attribute": {"kind": "duration"}}, "duration is a number"),
        ("group-by", {"set": {"start": 1, "end": 2}, "attribute": {"kind": "url"}, "limit": 0}, "limit is 0"),
        ("compare", {"a": {"start": 1, "end": 2}}, "a has no filter"),
        ("compare", {"a": {"start": 1, "end": 2, "filter": " "}}, "a has no filter"),
        ("compare", {"a": {"start": 1, "end": 2}, "b": {}, "limit": 1001}, "limit is 1001"),
        ("compare", {"a": {"start": 1, "end": 2}, "b": {}, "sample": -1}, "sample is -1"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told(server: Server, path: str, body: Any, words: str) -> None:
    error = refused(server, path, body, 400)
    assert error.code == "invalid_request"
    assert words in error.message


_POSTED = [q for q in QUESTIONS if q.method == "POST"]
# What has no member that must be there takes an empty body, and one of other members.
_DEMANDING = [q for q in _POSTED if any(member.required for member in msgspec.structs.fields(q.request))]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (question.path.removeprefix("/api/v1/"), body)
        for questions, bodies in (
            (_POSTED, (b"hello", b"[]", b"[" * 200_000, b"\xff")),
            (_DEMANDING, (b"", b'{"set": 5, "a": 5, "filter": 5}')),
        )
        for question in questions
        for body in bodies
    ],
)
def test_a_body_of_another_kind_is_malformed(server: Server, path: str, body: bytes) -> None:
    assert refused(server, path, body, 400).code == "malformed_body"


def test_a_body_that_is_too_large_is_refused(server: Server) -> None:
    body = b'{"filter": "' + b"a" * (16 << 20) + b'"}'
    assert refused(server, "filters/check", body, 413).code == "body_too_large"


def test_every_route_is_in_the_openapi_document(server: Server) -> None:
    answer = server.post("/api/v1/openapi.json", method="GET")
    document = answer.json
    assert document["openapi"].startswith("3.1")
    listed = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert listed == {(q.method, q.path) for q in QUESTIONS} | {("GET", "/api/v1/openapi.json")}
    for name in references(document):
        assert name in document["components"]["schemas"]


def references(value: Any) -> set[str]:
    """The names of all schemas that are referred to."""
    if isinstance(value, dict):
        own = {value["$ref"].rpartition("/")[2]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(references, value.values()))
    return set().union(*map(references, value)) if isinstance(value, list) else set()
