"""Which names a piece of a template refers to, found without resolving it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from raylens.lab.template.values import Value

PSEUDO_PARAMETERS = frozenset(
    f"AWS::{name}"
    for name in ("AccountId", "NoValue", "Partition", "Region", "StackId", "StackName", "URLSuffix", "NotificationARNs")
)
SUB_VARIABLE = re.compile(r"\$\{([^}]*)\}")


class Reference(msgspec.Struct, frozen=True):
    """One mention of a parameter or resource. `attribute` is None for a Ref."""

    name: str
    attribute: str | None = None


def find_references(value: Value) -> Iterator[Reference]:
    """Every Ref, GetAtt and Sub variable in `value`, both branches of an If included, in order of the text."""
    if isinstance(value, list):
        for item in value:
            yield from find_references(item)
    elif isinstance(value, dict):
        if len(value) == 1:
            ((key, body),) = value.items()
            if key == "Ref" and isinstance(body, str):
                yield Reference(body)
                return
            if key == "Fn::GetAtt":
                yield from _of_get_att(body)
                return
            if key == "Fn::Sub":
                yield from _of_sub(body)
                return
        for item in value.values():
            yield from find_references(item)


def find_conditions(value: Value) -> Iterator[str]:
    """The name of every condition that an `Fn::If` or `Condition` in `value` asks for."""
    if isinstance(value, list):
        for item in value:
            yield from find_conditions(item)
    elif isinstance(value, dict):
        for key, body in value.items():
            if key == "Fn::If" and isinstance(body, list) and body and isinstance(body[0], str):
                yield body[0]
            elif key == "Condition" and isinstance(body, str) and len(value) == 1:
                yield body
            yield from find_conditions(body)


def reference_of_variable(variable: str) -> Reference:
    """What `${variable}` of a Sub refers to: `Name` or `Name.Attribute`."""
    name, dot, attribute = variable.strip().partition(".")
    return Reference(name, attribute) if dot else Reference(name)


def get_att_parts(body: Value) -> tuple[str, str] | None:
    """(logical id, attribute) of an `Fn::GetAtt` in list or dotted form; None when it is neither."""
    if isinstance(body, str) and "." in body:
        name, _, attribute = body.partition(".")
        return name, attribute
    if isinstance(body, list) and len(body) == 2 and isinstance(body[0], str) and isinstance(body[1], str):
        return body[0], body[1]
    return None


def _of_get_att(body: Value) -> Iterator[Reference]:
    if parts := get_att_parts(body):
        yield Reference(*parts)
    elif isinstance(body, list):
        for item in body:
            yield from find_references(item)


def _of_sub(body: Value) -> Iterator[Reference]:
    text, own = (body[0], body[1]) if isinstance(body, list) and len(body) == 2 else (body, {})
    if isinstance(own, dict):
        for item in own.values():
            yield from find_references(item)
    if isinstance(text, str):
        for variable in SUB_VARIABLE.findall(text):
            if not variable.startswith("!") and not (isinstance(own, dict) and variable.strip() in own):
                yield reference_of_variable(variable)
