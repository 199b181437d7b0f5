"""Stacks as they are kept: frozen values, replaced as a whole at each step."""

from __future__ import annotations

from typing import Any

import msgspec

STACK_TYPE = "AWS::CloudFormation::Stack"


class StackEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the events tab. `index` counts from 0 within its stack; `time_ns` is wall clock."""

    index: int
    time_ns: int
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str = ""


class ResourceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One resource that exists. `physical_id` is what Ref gives; `state` is its handler's own, plain JSON.

    `arn` is None for types that have none (a method, a permission).
    """

    logical_id: str
    type: str
    physical_id: str
    attributes: dict[str, str] = {}
    arn: str | None = None
    tags: dict[str, str] = {}
    state: dict[str, Any] = {}
    retain: bool = False


class Output(msgspec.Struct, frozen=True):
    """One output as the template wrote it."""

    key: str
    value: str
    description: str = ""


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """A stack: what it was made from, what exists of it, and everything that happened to it."""

    name: str
    id: str
    status: str
    reason: str = ""
    description: str = ""
    template: str
    base_dir: str | None = None
    parameters: dict[str, str] = {}
    tags: dict[str, str] = {}
    capabilities: tuple[str, ...] = ()
    resources: tuple[ResourceRecord, ...] = ()
    outputs: tuple[Output, ...] = ()
    events: tuple[StackEvent, ...] = ()
    created_ns: int

    @property
    def settled(self) -> bool:
        """Whether nothing is going on with it."""
        return not self.status.endswith("_IN_PROGRESS")


class StackRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to create a stack. `base_dir` is where local code paths begin: the template's folder."""

    name: str
    template: str
    base_dir: str | None = None
    parameters: dict[str, str] = {}
    tags: dict[str, str] = {}
    capabilities: tuple[str, ...] = ()


class TaggedResource(msgspec.Struct, frozen=True, kw_only=True):
    """One hit of a tag search."""

    arn: str
    type: str
    stack_name: str
    logical_id: str
    physical_id: str
    tags: dict[str, str]
