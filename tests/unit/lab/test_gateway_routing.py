from __future__ import annotations

import pytest

from raylens.lab.gateway.routing import find_route
from raylens.lab.spec import Route

ROUTES = tuple(
    Route(resource_id="r", path=path, method=method, function_arn=f"{method} {path}")
    for method, path in (
        ("GET", "/"),
        ("POST", "/reservations"),
        ("ANY", "/reservations/{id}"),
        ("GET", "/reservations/{id}"),
        ("GET", "/reservations/latest"),
        ("ANY", "/files/{proxy+}"),
        ("GET", "/files/{name}/meta"),
    )
)


@pytest.mark.parametrize(
    ("method", "path", "route", "parameters"),
    [
        ("GET", "/", "GET /", {}),
        ("POST", "/reservations", "POST /reservations", {}),
        ("POST", "/reservations/", "POST /reservations", {}),
        ("GET", "/reservations/res-1", "GET /reservations/{id}", {"id": "res-1"}),
        ("DELETE", "/reservations/res-1", "ANY /reservations/{id}", {"id": "res-1"}),
        ("GET", "/reservations/latest", "GET /reservations/latest", {}),
        ("GET", "/reservations/%EA%B0%95%20x", "GET /reservations/{id}", {"id": "강 x"}),
        ("PUT", "/files/a/b/c", "ANY /files/{proxy+}", {"proxy": "a/b/c"}),
        ("GET", "/files/a/meta", "GET /files/{name}/meta", {"name": "a"}),
    ],
)
def test_the_most_specific_resource_is_found(method: str, path: str, route: str, parameters: dict[str, str]) -> None:
    match = find_route(ROUTES, method, path)
    assert match is not None
    assert (match.route.function_arn, match.path_parameters) == (route, parameters)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/reservations"), ("GET", "/absent"), ("DELETE", "/reservations/latest"), ("GET", "/files")],
)
def test_an_unknown_resource_or_method_has_no_route(method: str, path: str) -> None:
    assert find_route(ROUTES, method, path) is None
