"""The value of every parameter of a stack: what was given, else the default, checked against its limits."""

from __future__ import annotations

import re
from collections.abc import Mapping

from raylens.lab.template.errors import TemplateError
from raylens.lab.template.model import Parameter, Template
from raylens.lab.template.values import Value, expected_one_of


def bind_parameters(template: Template, given: Mapping[str, str]) -> dict[str, Value]:
    """A value for each parameter: text, a list of texts for CommaDelimitedList.

    Raises TemplateError for a parameter that the template does not have, one without a value, or one out of limits.
    """
    unknown = sorted(set(given) - set(template.parameters))
    if unknown:
        raise TemplateError(
            f"Parameters: [{', '.join(unknown)}] do not exist in the template"
            f"{expected_one_of(unknown[0], template.parameters)}"
        )
    missing = [name for name, each in template.parameters.items() if each.default is None and name not in given]
    if missing:
        raise TemplateError(f"Parameters: [{', '.join(missing)}] must have values")
    bound: dict[str, Value] = {}
    for name, parameter in template.parameters.items():
        text = given.get(name, parameter.default or "")
        if parameter.type == "CommaDelimitedList":
            items = [item.strip() for item in text.split(",")] if text else []
            for item in items:
                _check(parameter, item)
            bound[name] = [*items]
        else:
            _check(parameter, text)
            bound[name] = text
    return bound


def shown_parameters(template: Template, bound: Mapping[str, Value]) -> dict[str, str]:
    """The values as they may be shown: `NoEcho` ones as `****`."""
    return {
        name: "****"
        if template.parameters[name].no_echo
        else ",".join(map(str, value))
        if isinstance(value, list)
        else str(value)
        for name, value in bound.items()
    }


def _check(parameter: Parameter, text: str) -> None:
    if parameter.allowed_values and text not in parameter.allowed_values:
        _refuse(parameter, text, f"one of [{', '.join(parameter.allowed_values)}]")
    if parameter.allowed_pattern is not None and not re.fullmatch(parameter.allowed_pattern, text):
        _refuse(parameter, text, f"a match of {parameter.allowed_pattern}")
    if parameter.min_length is not None and len(text) < parameter.min_length:
        _refuse(parameter, text, f"at least {parameter.min_length} characters")
    if parameter.max_length is not None and len(text) > parameter.max_length:
        _refuse(parameter, text, f"at most {parameter.max_length} characters")
    if parameter.type == "Number":
        _check_number(parameter, text)


def _check_number(parameter: Parameter, text: str) -> None:
    try:
        number = float(text)
    except ValueError:
        _refuse(parameter, text, "a number")
        return
    if parameter.min_value is not None and number < parameter.min_value:
        _refuse(parameter, text, f"at least {parameter.min_value:g}")
    if parameter.max_value is not None and number > parameter.max_value:
        _refuse(parameter, text, f"at most {parameter.max_value:g}")


def _refuse(parameter: Parameter, text: str, expected: str) -> None:
    shown = "****" if parameter.no_echo else repr(text)
    said = f" {parameter.constraint_description}" if parameter.constraint_description else ""
    raise TemplateError(
        f"Parameter {parameter.name} failed to satisfy constraint: is {shown}, expected {expected}.{said}"
    )
