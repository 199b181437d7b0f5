"""CloudFormation templates: read, checked and resolved. Knows no stack and creates nothing."""

from __future__ import annotations

from raylens.lab.template.catalog import IAM_NAME_PROPERTIES, IAM_TYPES, RESOURCE_TYPES, ResourceType
from raylens.lab.template.conditions import evaluate_conditions
from raylens.lab.template.errors import TemplateError
from raylens.lab.template.graph import check_names, creation_order
from raylens.lab.template.intrinsics import resolve_value
from raylens.lab.template.model import OutputDef, Parameter, ResourceDef, Template
from raylens.lab.template.parameters import bind_parameters, shown_parameters
from raylens.lab.template.reader import read_template
from raylens.lab.template.scope import Created, Scope, pseudo_parameters
from raylens.lab.template.values import Value

__all__ = [
    "IAM_NAME_PROPERTIES",
    "IAM_TYPES",
    "RESOURCE_TYPES",
    "Created",
    "OutputDef",
    "Parameter",
    "ResourceDef",
    "ResourceType",
    "Scope",
    "Template",
    "TemplateError",
    "Value",
    "bind_parameters",
    "check_names",
    "creation_order",
    "evaluate_conditions",
    "pseudo_parameters",
    "read_template",
    "resolve_value",
    "shown_parameters",
]
