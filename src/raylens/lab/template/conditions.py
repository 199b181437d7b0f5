"""The truth of every condition of a template; conditions see parameters and mappings, never resources."""

from __future__ import annotations

from dataclasses import replace

from raylens.lab.template.errors import TemplateError
from raylens.lab.template.intrinsics import resolve_value
from raylens.lab.template.model import Template
from raylens.lab.template.scope import Scope
from raylens.lab.template.values import Value, expected_one_of, kind_of, text_of

_KNOWN = ("Condition", "Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or")


def evaluate_conditions(template: Template, scope: Scope) -> dict[str, bool]:
    """Each condition's name and truth. Raises TemplateError for a wrong form, an unknown name or a circle."""
    done: dict[str, bool] = {}
    for name in template.conditions:
        _named(name, template, scope, done, ())
    return done


def _named(name: str, template: Template, scope: Scope, done: dict[str, bool], above: tuple[str, ...]) -> bool:
    if name in done:
        return done[name]
    if name in above:
        raise TemplateError(f"Circular dependency between conditions: [{', '.join((*above, name))}]")
    if name not in template.conditions:
        raise TemplateError(f"Unresolved condition {name}{expected_one_of(name, template.conditions)}")
    done[name] = _holds(template.conditions[name], template, scope, done, (*above, name))
    return done[name]


def _holds(body: Value, template: Template, scope: Scope, done: dict[str, bool], above: tuple[str, ...]) -> bool:
    place = f"Conditions.{above[-1]}"
    if not isinstance(body, dict) or len(body) != 1:
        raise TemplateError(f"{place} is {kind_of(body)}; expected one of {', '.join(_KNOWN)}")
    ((key, argument),) = body.items()
    if key == "Condition" and isinstance(argument, str):
        return _named(argument, template, scope, done, above)
    if key not in _KNOWN or not isinstance(argument, list):
        raise TemplateError(f"{place}: {key}{expected_one_of(key, _KNOWN)}, each with a list")
    if key == "Fn::Equals":
        if len(argument) != 2:
            raise TemplateError(f"{place}: Fn::Equals of {len(argument)} values; expected 2")
        left, right = (resolve_value(side, replace(scope, conditions=done), place) for side in argument)
        return _comparable(left) == _comparable(right)
    truths = [_holds(item, template, scope, done, above) for item in argument]
    if key == "Fn::Not":
        if len(truths) != 1:
            raise TemplateError(f"{place}: Fn::Not of {len(truths)} conditions; expected 1")
        return not truths[0]
    return all(truths) if key == "Fn::And" else any(truths)


def _comparable(value: Value) -> Value:
    return text_of(value) if isinstance(value, bool | int | float | str) else value
