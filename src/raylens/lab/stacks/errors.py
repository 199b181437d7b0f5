"""What can go wrong with a stack, under the names that CloudFormation gives it."""

from __future__ import annotations

from raylens.errors import InvalidRequest


class StackError(InvalidRequest):
    """A request about a stack that cannot be carried out."""

    code = "ValidationError"


class StackExists(StackError):
    """A stack of that name is there already."""

    code = "AlreadyExistsException"


class InsufficientCapabilities(StackError):
    """The template creates IAM resources and nobody acknowledged it."""

    code = "InsufficientCapabilitiesException"


class ResourceFailed(StackError):
    """A resource that cannot be created or deleted; becomes the reason in the stack's events."""

    code = "ResourceFailed"
