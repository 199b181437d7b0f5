"""Stacks: what a template asks for, made on the lab's gateway, Lambda host and DynamoDB."""

from __future__ import annotations

from raylens.lab.stacks.deployer import Deployer
from raylens.lab.stacks.errors import InsufficientCapabilities, ResourceFailed, StackError, StackExists
from raylens.lab.stacks.model import Output, ResourceRecord, Stack, StackEvent, StackRequest, TaggedResource
from raylens.lab.stacks.outputs import local_value
from raylens.lab.stacks.platform import FunctionHost, Platform, RestGateway

__all__ = [
    "Deployer",
    "FunctionHost",
    "InsufficientCapabilities",
    "Output",
    "Platform",
    "ResourceFailed",
    "ResourceRecord",
    "RestGateway",
    "Stack",
    "StackError",
    "StackEvent",
    "StackExists",
    "StackRequest",
    "TaggedResource",
    "local_value",
]
