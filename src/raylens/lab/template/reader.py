"""Plain values -> Template: every section checked for shape, before anything is resolved."""

from __future__ import annotations

import re

from raylens.lab.template.errors import TemplateError
from raylens.lab.template.loader import SourceText, load_template
from raylens.lab.template.model import OutputDef, Parameter, ResourceDef, Template
from raylens.lab.template.values import Value, expected_one_of, kind_of, text_of

_SECTIONS = frozenset(
    (
        "AWSTemplateFormatVersion",
        "Description",
        "Metadata",
        "Parameters",
        "Rules",
        "Mappings",
        "Conditions",
        "Transform",
        "Resources",
        "Outputs",
    )
)
_PARAMETER_TYPES = ("String", "Number", "CommaDelimitedList")
_PARAMETER_KEYS = frozenset(
    (
        "Type",
        "Default",
        "Description",
        "AllowedValues",
        "AllowedPattern",
        "ConstraintDescription",
        "MinLength",
        "MaxLength",
        "MinValue",
        "MaxValue",
        "NoEcho",
    )
)
_RESOURCE_KEYS = frozenset(
    (
        "Type",
        "Properties",
        "DependsOn",
        "Condition",
        "DeletionPolicy",
        "UpdateReplacePolicy",
        "Metadata",
        "CreationPolicy",
        "UpdatePolicy",
    )
)
_DELETION_POLICIES = ("Delete", "Retain", "RetainExceptOnCreate")
_LOGICAL_ID = re.compile(r"[A-Za-z0-9]{1,255}\Z")


def read_template(text: str) -> Template:
    """The template in `text` (YAML or JSON). Raises TemplateError, naming the section, entry and line."""
    source = load_template(text)
    root = source.root
    for key in root:
        if key not in _SECTIONS:
            raise TemplateError(f"Invalid template property {key}{source.at(key)}{expected_one_of(key, _SECTIONS)}")
    if root.get("Transform"):
        raise TemplateError(
            f"Transform {root['Transform']}{source.at('Transform')} is not supported; expected plain CloudFormation "
            "(`sam build` and `aws cloudformation package` leave the transform in: expand it first)"
        )
    version = root.get("AWSTemplateFormatVersion", "2010-09-09")
    if version != "2010-09-09":
        raise TemplateError(f"AWSTemplateFormatVersion is {version}; expected 2010-09-09")
    resources = _section(source, "Resources")
    if not resources:
        raise TemplateError("Template format error: At least one Resources member must be defined.")
    return Template(
        source=source,
        description=_text(source, root.get("Description") or "", "Description"),
        parameters={name: _parameter(source, name, body) for name, body in _section(source, "Parameters").items()},
        mappings=_section(source, "Mappings"),
        conditions=_section(source, "Conditions"),
        resources={name: _resource(source, name, body) for name, body in resources.items()},
        outputs={name: _output(source, name, body) for name, body in _section(source, "Outputs").items()},
    )


def _section(source: SourceText, name: str) -> dict[str, Value]:
    body = source.root.get(name)
    if body is None:
        return {}
    section = _mapping(source, body, name)
    if name != "Mappings":
        for key in section:
            if not _LOGICAL_ID.match(key):
                raise TemplateError(f"{name}: name {key!r}{source.at(name, key)} must be letters and digits only")
    return section


def _parameter(source: SourceText, name: str, body: Value) -> Parameter:
    place = ("Parameters", name)
    fields = _keys(source, body, _PARAMETER_KEYS, *place)
    kind = fields.get("Type")
    if kind not in _PARAMETER_TYPES:
        raise TemplateError(
            f"Parameter {name}: type {kind!r}{source.at(*place, 'Type')}{expected_one_of(str(kind), _PARAMETER_TYPES)}"
        )
    default = fields.get("Default")
    if isinstance(default, list | dict):
        raise TemplateError(f"Parameter {name}: Default is {kind_of(default)}{source.at(*place)}; expected a string")
    allowed = fields.get("AllowedValues") or []
    if not isinstance(allowed, list) or any(isinstance(item, list | dict) or item is None for item in allowed):
        raise TemplateError(f"Parameter {name}: AllowedValues{source.at(*place)} must be a list of strings")
    pattern = fields.get("AllowedPattern")
    if pattern is not None:
        try:
            re.compile(str(pattern))
        except re.error as error:
            raise TemplateError(
                f"Parameter {name}: AllowedPattern {pattern!r} is no regular expression: {error}"
            ) from error
    min_length, max_length = _limit(source, fields, name, "MinLength"), _limit(source, fields, name, "MaxLength")
    return Parameter(
        name=name,
        type=str(kind),
        default=None if default is None else text_of(default),
        description=_text(source, fields.get("Description") or "", *place, "Description"),
        allowed_values=tuple(
            text_of(item) for item in allowed if not isinstance(item, list | dict) and item is not None
        ),
        allowed_pattern=None if pattern is None else str(pattern),
        constraint_description=None if not (said := fields.get("ConstraintDescription")) else str(said),
        min_length=None if min_length is None else int(min_length),
        max_length=None if max_length is None else int(max_length),
        min_value=_limit(source, fields, name, "MinValue"),
        max_value=_limit(source, fields, name, "MaxValue"),
        no_echo=fields.get("NoEcho") in (True, "true", "True"),
    )


def _limit(source: SourceText, fields: dict[str, Value], name: str, key: str) -> float | None:
    value = fields.get(key)
    if value is None:
        return None
    try:
        return float(str(value))
    except ValueError:
        where = source.at("Parameters", name, key)
        raise TemplateError(f"Parameter {name}: {key} is {value!r}{where}; expected a number") from None


def _resource(source: SourceText, name: str, body: Value) -> ResourceDef:
    place = ("Resources", name)
    fields = _keys(source, body, _RESOURCE_KEYS, *place)
    kind = fields.get("Type")
    if not isinstance(kind, str) or not kind:
        raise TemplateError(f"Resource {name}{source.at(*place)}: Type is missing; expected e.g. AWS::DynamoDB::Table")
    depends_on = fields.get("DependsOn") or []
    names = [depends_on] if isinstance(depends_on, str) else depends_on
    if not isinstance(names, list) or not all(isinstance(item, str) for item in names):
        raise TemplateError(
            f"Resource {name}{source.at(*place, 'DependsOn')}: DependsOn must be a name or a list of names"
        )
    policy = fields.get("DeletionPolicy") or "Delete"
    if policy not in _DELETION_POLICIES:
        raise TemplateError(
            f"Resource {name}: DeletionPolicy {policy}{source.at(*place, 'DeletionPolicy')}"
            f"{expected_one_of(str(policy), _DELETION_POLICIES)}"
        )
    return ResourceDef(
        logical_id=name,
        type=kind,
        properties=_mapping(source, fields.get("Properties") or {}, *place, "Properties"),
        depends_on=tuple(str(item) for item in names),
        condition=_condition_name(source, fields, *place),
        retain=policy != "Delete",
    )


def _output(source: SourceText, name: str, body: Value) -> OutputDef:
    place = ("Outputs", name)
    fields = _keys(source, body, frozenset(("Value", "Description", "Export", "Condition")), *place)
    if fields.get("Value") is None:
        raise TemplateError(f"Output {name}{source.at(*place)}: Value is missing")
    return OutputDef(
        name=name,
        value=fields["Value"],
        description=_text(source, fields.get("Description") or "", *place, "Description"),
        condition=_condition_name(source, fields, *place),
    )


def _condition_name(source: SourceText, fields: dict[str, Value], *place: str) -> str | None:
    condition = fields.get("Condition")
    if condition is not None and not isinstance(condition, str):
        raise TemplateError(f"{' '.join(place)}{source.at(*place, 'Condition')}: Condition must be a condition's name")
    return condition


def _keys(source: SourceText, body: Value, known: frozenset[str], *place: str) -> dict[str, Value]:
    fields = _mapping(source, body, *place)
    for key in fields:
        if key not in known:
            raise TemplateError(
                f"{'.'.join(place)}: unknown key {key}{source.at(*place, key)}{expected_one_of(key, known)}"
            )
    return fields


def _mapping(source: SourceText, value: Value, *place: str) -> dict[str, Value]:
    if not isinstance(value, dict):
        raise TemplateError(f"{'.'.join(place)} is {kind_of(value)}{source.at(*place)}; expected a mapping")
    return value


def _text(source: SourceText, value: Value, *place: str) -> str:
    if isinstance(value, list | dict) or value is None:
        raise TemplateError(f"{'.'.join(place)} is {kind_of(value)}{source.at(*place)}; expected a string")
    return text_of(value)
