"""In which order resources are created, and the check that every name in a template means something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from raylens.lab.template.catalog import RESOURCE_TYPES
from raylens.lab.template.errors import TemplateError
from raylens.lab.template.model import ResourceDef, Template
from raylens.lab.template.references import PSEUDO_PARAMETERS, Reference, find_conditions, find_references
from raylens.lab.template.values import expected_one_of


def check_names(template: Template) -> None:
    """Raise TemplateError for the first unknown type, property, reference, attribute or condition, naming its place."""
    for resource in template.resources.values():
        _check_type(template, resource)
    for resource in template.resources.values():
        where = f"Resource {resource.logical_id}"
        for name in resource.depends_on:
            if name not in template.resources:
                raise TemplateError(f"{where}: DependsOn {name}{expected_one_of(name, template.resources)}")
        for reference in find_references(resource.properties):
            _check_reference(template, reference, where)
        _check_conditions(template, [resource.condition, *find_conditions(resource.properties)], where)
    for output in template.outputs.values():
        where = f"Output {output.name}"
        for reference in find_references(output.value):
            _check_reference(template, reference, where)
        _check_conditions(template, [output.condition, *find_conditions(output.value)], where)
    for name, body in template.conditions.items():
        for reference in find_references(body):
            if reference.name in template.resources:
                raise TemplateError(f"Condition {name} refers to resource {reference.name}; expected parameters only")
            _check_reference(template, reference, f"Condition {name}")


def creation_order(template: Template, conditions: Mapping[str, bool]) -> tuple[ResourceDef, ...]:
    """The resources to create, each after all it needs, otherwise in order of the text.

    Resources whose condition is false are left out. Raises TemplateError naming the circle when there is one.
    """
    wanted = {
        name: resource
        for name, resource in template.resources.items()
        if resource.condition is None or conditions[resource.condition]
    }
    needs = {name: {need for need in _needs(resource) if need in wanted} for name, resource in wanted.items()}
    order: list[ResourceDef] = []
    placed: set[str] = set()
    while len(order) < len(wanted):
        ready = next((name for name in wanted if name not in placed and needs[name] <= placed), None)
        if ready is None:
            raise TemplateError(f"Circular dependency between resources: [{', '.join(_circle(needs, placed))}]")
        placed.add(ready)
        order.append(wanted[ready])
    return tuple(order)


def _needs(resource: ResourceDef) -> Iterator[str]:
    yield from resource.depends_on
    for reference in find_references(resource.properties):
        yield reference.name


def _circle(needs: Mapping[str, set[str]], placed: set[str]) -> list[str]:
    """One circle among the resources that could not be placed: follow any open need until a name repeats."""
    walk = [next(name for name in needs if name not in placed)]
    while True:
        following = min(need for need in needs[walk[-1]] if need not in placed)
        if following in walk:
            return walk[walk.index(following) :]
        walk.append(following)


def _check_type(template: Template, resource: ResourceDef) -> None:
    name, kind = resource.logical_id, resource.type
    at = template.source.at
    if kind not in RESOURCE_TYPES:
        raise TemplateError(
            f"Template format error: Unrecognized resource type {kind} of {name}{at('Resources', name, 'Type')}"
            f"{expected_one_of(kind, RESOURCE_TYPES)}"
        )
    known = RESOURCE_TYPES[kind]
    for key in resource.properties:
        if key not in known.properties:
            raise TemplateError(
                f"Resource {name}: {kind} has no property {key}{at('Resources', name, 'Properties', key)}"
                f"{expected_one_of(key, known.properties)}"
            )
    missing = sorted(known.required - set(resource.properties))
    if missing:
        raise TemplateError(f"Resource {name}{at('Resources', name)}: {kind} needs {', '.join(missing)}")


def _check_reference(template: Template, reference: Reference, where: str) -> None:
    name, attribute = reference.name, reference.attribute
    if attribute is None and (name in template.parameters or name in PSEUDO_PARAMETERS):
        return
    if name not in template.resources:
        if name.startswith("AWS::"):
            raise TemplateError(f"{where}: unknown pseudo parameter {name}{expected_one_of(name, PSEUDO_PARAMETERS)}")
        known = [*template.resources, *(template.parameters if attribute is None else ())]
        raise TemplateError(f"{where}: Unresolved resource dependencies [{name}]{expected_one_of(name, known)}")
    kind = template.resources[name].type
    if attribute is not None and attribute not in RESOURCE_TYPES[kind].attributes:
        raise TemplateError(
            f"{where}: resource {name} ({kind}) has no attribute {attribute}"
            f"{expected_one_of(attribute, RESOURCE_TYPES[kind].attributes)}"
        )


def _check_conditions(template: Template, names: list[str | None], where: str) -> None:
    for name in names:
        if name is not None and name not in template.conditions:
            raise TemplateError(f"{where}: no condition {name}{expected_one_of(name, template.conditions)}")
