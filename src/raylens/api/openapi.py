"""The OpenAPI 3.1 document of the API below /api/v1/, made of its routes and of their requests and answers."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any

import msgspec

import raylens
from raylens.api.analytics.routes import ANALYTICS_QUESTIONS
from raylens.api.explore.routes import EXPLORE_QUESTIONS
from raylens.api.faults import OWN_CODES
from raylens.api.insights.routes import INSIGHT_QUESTIONS
from raylens.api.protocol.own_json import ErrorAnswer
from raylens.api.question import PREFIX, Question

OPENAPI_PATH = PREFIX + "openapi.json"
QUESTIONS = (*ANALYTICS_QUESTIONS, *EXPLORE_QUESTIONS, *INSIGHT_QUESTIONS)

_REF = "#/components/schemas/{name}"
_JSON = "application/json"
_ABOUT = (
    "What the console asks, and analytics over trace sets. Instants are epoch seconds; a request may also give ISO "
    "8601. Lengths are milliseconds unless a name says otherwise. Every error has the same shape; its `code` is one "
    "of: "
    f"{', '.join(sorted(OWN_CODES))}."
)


@cache
def openapi_document() -> dict[str, Any]:
    """The whole document. Descriptions are the docstrings of handlers, requests and answers."""
    shapes = [shape for each in QUESTIONS for shape in (each.request, each.answer)]
    _, components = msgspec.json.schema_components([*shapes, ErrorAnswer], ref_template=_REF)
    paths: dict[str, Any] = {}
    for question in QUESTIONS:
        paths.setdefault(question.path, {})[question.method.lower()] = _operation(question, components)
    # Requests without a body are written as parameters, and so are members in the path of those with one.
    for question in QUESTIONS:
        if not question.has_body:
            components.pop(question.request.__name__, None)
        elif question.path_members:
            _leave_out(question.path_members, components[question.request.__name__])
    return {
        "openapi": "3.1.0",
        "info": {"title": "raylens", "version": raylens.__version__, "description": _ABOUT},
        "paths": {**paths, OPENAPI_PATH: {"get": _OPENAPI}},
        "components": {"schemas": {name: _tidied(schema) for name, schema in sorted(components.items())}},
    }


_OPENAPI = {
    "operationId": "openapi",
    "summary": "This document.",
    "responses": {
        "200": {"description": "An OpenAPI 3.1 document.", "content": {_JSON: {"schema": {"type": "object"}}}}
    },
}


def _operation(question: Question, components: dict[str, Any]) -> dict[str, Any]:
    told = inspect.cleandoc(question.handler.__doc__ or "").split("Raises:")[0]
    summary, _, more = (part.strip() for part in told.partition("\n\n"))
    operation: dict[str, Any] = {
        "operationId": question.name,
        "summary": _one_line(summary),
        **({"description": _one_line(more)} if more else {}),
        "responses": {
            "200": _content(question.answer.__name__, _one_line(inspect.getdoc(question.answer) or "")),
            "default": _content(ErrorAnswer.__name__, "An error: 400 to 499 the caller's, 500 and above ours."),
        },
    }
    parameters = _parameters(question, components[question.request.__name__])
    if question.has_body:
        operation["requestBody"] = {"required": True, **_content(question.request.__name__)}
        parameters = [parameter for parameter in parameters if parameter["in"] == "path"]
    return {**operation, **({"parameters": parameters} if parameters else {})}


def _parameters(question: Question, schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path" if name in question.path_members else "query",
            "required": name in schema.get("required", ()),
            "schema": member,
        }
        for name, member in schema.get("properties", {}).items()
    ]


def _leave_out(members: tuple[str, ...], schema: dict[str, Any]) -> None:
    for member in members:
        schema["properties"].pop(member)
    schema["required"] = [name for name in schema["required"] if name not in members]


def _content(name: str, description: str | None = None) -> dict[str, Any]:
    content = {"content": {_JSON: {"schema": {"$ref": _REF.format(name=name)}}}}
    return content if description is None else {"description": description, **content}


def _tidied(schema: dict[str, Any]) -> dict[str, Any]:
    if "description" in schema:
        schema = {**schema, "description": _one_line(schema["description"])}
    return schema


def _one_line(text: str) -> str:
    return " ".join(text.split())
