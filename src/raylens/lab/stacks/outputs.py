"""Outputs of a stack, and the address on this machine of what they say about AWS."""

from __future__ import annotations

import re
from collections.abc import Iterator

from raylens.lab.stacks.model import Output
from raylens.lab.template import Scope, Template, TemplateError, resolve_value

_INVOKE_URL = re.compile(r"https://([a-z0-9]{10})\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?(?=[/:?#]|\Z)")


def resolve_outputs(template: Template, scope: Scope) -> tuple[Output, ...]:
    """The outputs whose condition holds. Raises TemplateError for one that is not text."""
    return tuple(_resolved(template, scope))


def local_value(value: str, gateway_url: str) -> str:
    """`value` with every API Gateway invoke URL replaced by the one that the lab's gateway serves."""
    return _INVOKE_URL.sub(lambda match: f"{gateway_url}/_api/{match.group(1)}", value)


def _resolved(template: Template, scope: Scope) -> Iterator[Output]:
    for output in template.outputs.values():
        if output.condition is not None and not scope.conditions[output.condition]:
            continue
        value = resolve_value(output.value, scope, f"Outputs.{output.name}")
        if value is None or isinstance(value, list | dict):
            raise TemplateError(f"Output {output.name} is {value!r}; expected a string")
        yield Output(output.name, str(value), output.description)
