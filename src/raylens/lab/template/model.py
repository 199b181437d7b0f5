"""A template after reading: sections as typed values, their contents not resolved yet."""

from __future__ import annotations

import msgspec

from raylens.lab.template.loader import SourceText
from raylens.lab.template.values import Value


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of `Parameters`. Limits are None when the template sets none; `default` None means it must be given."""

    name: str
    type: str
    default: str | None = None
    description: str = ""
    allowed_values: tuple[str, ...] = ()
    allowed_pattern: str | None = None
    constraint_description: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_value: float | None = None
    max_value: float | None = None
    no_echo: bool = False


class ResourceDef(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of `Resources`. `retain` is set by `DeletionPolicy: Retain`."""

    logical_id: str
    type: str
    properties: dict[str, Value]
    depends_on: tuple[str, ...] = ()
    condition: str | None = None
    retain: bool = False


class OutputDef(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of `Outputs`."""

    name: str
    value: Value
    description: str = ""
    condition: str | None = None


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A whole template; every mapping keeps the order of the text."""

    source: SourceText
    description: str
    parameters: dict[str, Parameter]
    mappings: dict[str, Value]
    conditions: dict[str, Value]
    resources: dict[str, ResourceDef]
    outputs: dict[str, OutputDef]
