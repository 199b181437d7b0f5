"""Holds an answer to botocore's model of the X-Ray API: what a strict client in any language would trip over."""

from __future__ import annotations

import json
import math
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel

MODEL = ServiceModel(Loader().load_service_model("xray", "service-2"), "xray")

# Members of raylens' own, which SDKs leave out.
EXTENSIONS = {"Service": {"ResponseTimePercentiles"}, "Edge": {"ResponseTimePercentiles"}}


def misfits(operation: str, body: bytes) -> list[str]:
    """Every place where `body` departs from the output shape of `operation`; empty when it fits.

    Stricter than botocore: unknown members, nulls, numbers of the wrong kind, values outside an enumeration or a range
    and timestamps that are not numbers are all named.
    """
    value = json.loads(body, parse_constant=lambda name: math.nan)
    found: list[str] = []
    _check(value, MODEL.operation_model(operation).output_shape, operation, found)
    return found


_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,), "boolean": (bool,), "integer": (int,), "long": (int,), "double": (int, float),
    "float": (int, float), "timestamp": (int, float), "structure": (dict,), "map": (dict,), "list": (list,),
}  # fmt: skip


def _check(value: Any, shape: Any, path: str, found: list[str]) -> None:
    expected = _KINDS[shape.type_name]
    if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected):
        found.append(f"{path} is {value!r}, {shape.type_name} was expected")
        return
    if isinstance(value, float) and not math.isfinite(value):
        found.append(f"{path} is {value!r}")
    _check_bounds(value, shape, path, found)
    match shape.type_name:
        case "structure":
            for name in value.keys() - shape.members.keys() - EXTENSIONS.get(shape.name, set()):
                found.append(f"{path}.{name} is unknown")
            for name in set(shape.required_members) - value.keys():
                found.append(f"{path}.{name} is missing")
            for name, member in shape.members.items():
                if name in value:
                    _check(value[name], member, f"{path}.{name}", found)
        case "list":
            for index, element in enumerate(value):
                _check(element, shape.member, f"{path}[{index}]", found)
        case "map":
            for key, element in value.items():
                _check(key, shape.key, f"{path} key", found)
                _check(element, shape.value, f"{path}[{key!r}]", found)


def _check_bounds(value: Any, shape: Any, path: str, found: list[str]) -> None:
    limits = shape.metadata
    if not limits.keys() & {"min", "max", "enum"}:
        return
    size = len(value) if isinstance(value, str | list | dict) else value
    if path.endswith(".SamplingRule.Priority") and value == 10_000:
        # the default rule's, which the service itself shows outside the bounds of its model
        return
    if size < limits.get("min", size) or size > limits.get("max", size):
        found.append(f"{path} is {value!r}, {limits.get('min')} to {limits.get('max')} was expected")
    if "enum" in limits and value not in limits["enum"]:
        found.append(f"{path} is {value!r}, one of {limits['enum']} was expected")
