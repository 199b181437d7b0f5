"""Which method of which resource a request is for."""

from __future__ import annotations

from urllib.parse import unquote

import msgspec

from raylens.lab.spec import Route


class Match(msgspec.Struct, frozen=True):
    """A route and the decoded values of its path parameters."""

    route: Route
    path_parameters: dict[str, str]


def find_route(routes: tuple[Route, ...], method: str, path: str) -> Match | None:
    """The route for `method` and an undecoded `path`; None when there is none.

    The most specific resource wins, judged from the left: a literal part before `{name}`, that before `{name+}`.
    Only then the method is looked up in it, its own name before `ANY`: a resource without it hides less specific ones.
    """
    parts = _parts(path)
    best: tuple[tuple[int, ...], str, dict[str, str]] | None = None
    for resource in {route.path for route in routes}:
        found = _match(_parts(resource), parts)
        if found is not None and (best is None or found[0] < best[0]):
            best = (found[0], resource, found[1])
    if best is None:
        return None
    methods = {route.method.upper(): route for route in routes if route.path == best[1]}
    route = methods.get(method.upper()) or methods.get("ANY")
    return None if route is None else Match(route, best[2])


def _parts(path: str) -> list[str]:
    path = path.removeprefix("/").removesuffix("/")
    return path.split("/") if path else []


def _match(resource: list[str], parts: list[str]) -> tuple[tuple[int, ...], dict[str, str]] | None:
    ranks: list[int] = []
    parameters: dict[str, str] = {}
    for position, wanted in enumerate(resource):
        if position >= len(parts):
            return None
        if wanted.startswith("{") and wanted.endswith("+}"):
            parameters[wanted[1:-2]] = unquote("/".join(parts[position:]))
            return (*ranks, 2), parameters
        if wanted.startswith("{") and wanted.endswith("}"):
            parameters[wanted[1:-1]] = unquote(parts[position])
            ranks.append(1)
        elif wanted == unquote(parts[position]):
            ranks.append(0)
        else:
            return None
    return (tuple(ranks), parameters) if len(parts) == len(resource) else None
