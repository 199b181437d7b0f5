"""Everything that can be said about a stack before anything is created."""

from __future__ import annotations

import re
from dataclasses import dataclass

from raylens.lab.stacks.errors import InsufficientCapabilities, StackError
from raylens.lab.stacks.model import StackRequest
from raylens.lab.stacks.platform import Platform
from raylens.lab.stacks.tags import check_stack_tags
from raylens.lab.template import (
    IAM_NAME_PROPERTIES,
    IAM_TYPES,
    ResourceDef,
    Scope,
    Template,
    bind_parameters,
    check_names,
    creation_order,
    evaluate_conditions,
    pseudo_parameters,
    read_template,
    shown_parameters,
)

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9-]{0,127}")
_CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")


@dataclass(frozen=True)
class Plan:
    """A template that may be deployed: what to create in which order, and the scope to resolve it in."""

    template: Template
    order: tuple[ResourceDef, ...]
    scope: Scope
    parameters: dict[str, str]


def plan_stack(request: StackRequest, stack_id: str, platform: Platform) -> Plan:
    """Check a request from end to end. Raises StackError or TemplateError; nothing has happened then."""
    if not _NAME.fullmatch(request.name):
        raise StackError(
            f"Stack name {request.name!r}; expected a letter, then letters, digits and hyphens, at most 128 in all"
        )
    check_stack_tags(request.tags)
    template = read_template(request.template)
    check_names(template)
    bound = bind_parameters(template, request.parameters)
    pseudo = pseudo_parameters(
        region=platform.region, account_id=platform.account_id, stack_name=request.name, stack_id=stack_id
    )
    scope = Scope({**bound, **pseudo}, template.mappings)
    conditions = evaluate_conditions(template, scope)
    order = creation_order(template, conditions)
    _check_capabilities(order, request.capabilities)
    return Plan(template, order, Scope(scope.parameters, scope.mappings, conditions), shown_parameters(template, bound))


def _check_capabilities(order: tuple[ResourceDef, ...], given: tuple[str, ...]) -> None:
    unknown = [name for name in given if name not in _CAPABILITIES]
    if unknown:
        raise StackError(f"Capability {unknown[0]}; expected one of: {', '.join(_CAPABILITIES)}")
    iam = [resource for resource in order if resource.type in IAM_TYPES]
    named = [each for each in iam if IAM_NAME_PROPERTIES.get(each.type) in each.properties]
    if named and "CAPABILITY_NAMED_IAM" not in given:
        raise InsufficientCapabilities("Requires capabilities : [CAPABILITY_NAMED_IAM]")
    if iam and not {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"} & set(given):
        raise InsufficientCapabilities("Requires capabilities : [CAPABILITY_IAM]")
