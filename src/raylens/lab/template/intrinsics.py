"""Resolving intrinsics: a template's value and what is known so far -> a plain value."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Final

from raylens.lab.template.errors import TemplateError
from raylens.lab.template.references import SUB_VARIABLE, Reference, get_att_parts, reference_of_variable
from raylens.lab.template.scope import Scope
from raylens.lab.template.values import Value, expected_one_of, kind_of, text_of


class _NoValue:
    """What `!Ref AWS::NoValue` gives: the property or item that holds it vanishes."""


_NO_VALUE: Final = _NoValue()


def resolve_value(value: Value, scope: Scope, place: str) -> Value:
    """`value` with every intrinsic replaced. `place` names the spot in errors, e.g. `Resources.Api.Properties`.

    A top-level `AWS::NoValue` gives None. Raises TemplateError.
    """
    resolved = _resolve(value, scope, place)
    return None if isinstance(resolved, _NoValue) else resolved


def _resolve(value: Value, scope: Scope, place: str) -> Value | _NoValue:
    if isinstance(value, list):
        items = (_resolve(item, scope, f"{place}[{index}]") for index, item in enumerate(value))
        return [item for item in items if not isinstance(item, _NoValue)]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((key, body),) = value.items()
        if key == "Ref":
            return _ref(body, scope, place)
        if key == "Fn::If":
            return _if(body, scope, place)
        if intrinsic := _INTRINSICS.get(key):
            return intrinsic(body, scope, place)
        if key.startswith("Fn::"):
            raise TemplateError(f"{place}: unknown function {key}{expected_one_of(key, _KNOWN)}")
    result: dict[str, Value] = {}
    for key, body in value.items():
        resolved = _resolve(body, scope, f"{place}.{key}")
        if not isinstance(resolved, _NoValue):
            result[key] = resolved
    return result


def _ref(body: Value, scope: Scope, place: str) -> Value | _NoValue:
    if not isinstance(body, str):
        raise TemplateError(f"{place}: Ref is {kind_of(body)}; expected the name of a parameter or resource")
    return _NO_VALUE if body == "AWS::NoValue" else _lookup(Reference(body), scope, place)


def _lookup(reference: Reference, scope: Scope, place: str) -> Value:
    name, attribute = reference.name, reference.attribute
    if attribute is None and name in scope.parameters:
        return scope.parameters[name]
    created = scope.resources.get(name)
    if created is None:
        raise TemplateError(
            f"{place}: Unresolved resource dependencies [{name}]: no parameter, and no resource created before this"
        )
    if attribute is None:
        return created.ref
    if attribute not in created.attributes:
        raise TemplateError(
            f"{place}: resource {name} has no attribute {attribute}{expected_one_of(attribute, created.attributes)}"
        )
    return created.attributes[attribute]


def _get_att(body: Value, scope: Scope, place: str) -> Value:
    resolved = _list(body, scope, f"{place}.Fn::GetAtt") if isinstance(body, list) else body
    parts = get_att_parts(resolved)
    if parts is None:
        raise TemplateError(f"{place}: Fn::GetAtt {body!r}; expected Resource.Attribute or [Resource, Attribute]")
    return _lookup(Reference(*parts), scope, place)


def _sub(body: Value, scope: Scope, place: str) -> Value:
    place = f"{place}.Fn::Sub"
    text, own = (body[0], body[1]) if isinstance(body, list) and len(body) == 2 else (body, {})
    if not isinstance(text, str) or not isinstance(own, dict):
        raise TemplateError(f"{place}: expected a string, or [string, mapping]")
    variables = {name: resolve_value(item, scope, f"{place}.{name}") for name, item in own.items()}

    def variable_text(variable: str) -> str:
        if variable.startswith("!"):
            return "${" + variable[1:] + "}"
        name = variable.strip()
        value = variables[name] if name in variables else _lookup(reference_of_variable(name), scope, place)
        return _text(value, f"{place} ${{{name}}}")

    return SUB_VARIABLE.sub(lambda match: variable_text(match.group(1)), text)


def _join(body: Value, scope: Scope, place: str) -> Value:
    place = f"{place}.Fn::Join"
    delimiter, items = _arguments(body, 2, place, "[delimiter, list]")
    resolved = _list(items, scope, place)
    return _text(delimiter, place).join(_text(item, place) for item in resolved)


def _select(body: Value, scope: Scope, place: str) -> Value:
    place = f"{place}.Fn::Select"
    index, items = _arguments(body, 2, place, "[index, list]")
    resolved = _list(items, scope, place)
    position = _text(resolve_value(index, scope, place), place)
    if not position.isdecimal() or int(position) >= len(resolved):
        raise TemplateError(f"{place}: index {position}; expected 0 to {len(resolved) - 1} of {resolved!r}")
    return resolved[int(position)]


def _split(body: Value, scope: Scope, place: str) -> Value:
    place = f"{place}.Fn::Split"
    delimiter, source = _arguments(body, 2, place, "[delimiter, string]")
    if not isinstance(delimiter, str) or not delimiter:
        raise TemplateError(f"{place}: delimiter {delimiter!r}; expected a string that is not empty")
    return [*_text(resolve_value(source, scope, place), place).split(delimiter)]


def _base64(body: Value, scope: Scope, place: str) -> Value:
    text = _text(resolve_value(body, scope, place), f"{place}.Fn::Base64")
    return base64.b64encode(text.encode()).decode()


def _find_in_map(body: Value, scope: Scope, place: str) -> Value:
    place = f"{place}.Fn::FindInMap"
    arguments = _arguments(body, 3, place, "[map, top key, second key]")
    level: Value = dict(scope.mappings)
    for argument in arguments:
        key = _text(resolve_value(argument, scope, place), place)
        if not isinstance(level, dict) or key not in level:
            known = level if isinstance(level, dict) else ()
            raise TemplateError(f"{place}: no key {key}{expected_one_of(key, known)}")
        level = level[key]
    return level


def _if(body: Value, scope: Scope, place: str) -> Value | _NoValue:
    place = f"{place}.Fn::If"
    name, when_true, when_false = _arguments(body, 3, place, "[condition, value if true, value if false]")
    if not isinstance(name, str) or name not in scope.conditions:
        raise TemplateError(f"{place}: no condition {name!r}{expected_one_of(str(name), scope.conditions)}")
    return _resolve(when_true if scope.conditions[name] else when_false, scope, place)


def _arguments(body: Value, count: int, place: str, form: str) -> list[Value]:
    if not isinstance(body, list) or len(body) != count:
        raise TemplateError(f"{place}: expected {form}, got {body!r}")
    return body


def _list(value: Value, scope: Scope, place: str) -> list[Value]:
    resolved = resolve_value(value, scope, place)
    if not isinstance(resolved, list):
        raise TemplateError(f"{place}: {kind_of(resolved)} where a list is expected: {resolved!r}")
    return resolved


def _text(value: Value, place: str) -> str:
    if value is None or isinstance(value, list | dict):
        raise TemplateError(f"{place}: {kind_of(value)} where a string is expected: {value!r}")
    return text_of(value)


_INTRINSICS: dict[str, Callable[[Value, Scope, str], Value]] = {
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Base64": _base64,
    "Fn::FindInMap": _find_in_map,
}
_KNOWN = ("Fn::If", *_INTRINSICS)
