"""What a fault is turned on for when nobody says."""

from __future__ import annotations

from collections.abc import Iterable

from raylens.errors import InvalidRequest
from raylens.lab.faults import Fault
from raylens.lab.spec import FunctionSpec
from raylens.lab.stacks import Stack
from raylens.lab.traffic import RESTAURANTS

_TABLE = "AWS::DynamoDB::Table"


# What people call them besides.
_ALIASES = {"throttle": Fault.THROTTLING}


def fault_named(name: str) -> Fault:
    """The fault of that name. Raises InvalidRequest naming those there are."""
    try:
        return _ALIASES.get(name) or Fault(name)
    except ValueError:
        raise InvalidRequest(f"fault {name!r}; expected one of: {', '.join(Fault)}") from None


def usual_target(fault: Fault, stacks: Iterable[Stack], functions: Iterable[FunctionSpec]) -> str:
    """The first table, the first restaurant, or the first function. Raises InvalidRequest when nothing is deployed."""
    if fault is Fault.INVALID_INPUT:
        return RESTAURANTS[0]
    if fault in (Fault.SLOW_QUERY, Fault.THROTTLING):
        names = [record.physical_id for stack in stacks for record in stack.resources if record.type == _TABLE]
    else:
        names = sorted(spec.name for spec in functions)
    if not names:
        raise InvalidRequest(f"{fault} needs something to act on, and nothing is deployed; deploy a stack first")
    return names[0]
