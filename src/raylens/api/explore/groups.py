"""Groups. Whether they have insights is left as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from raylens.api.analytics.requests import NothingAsked
from raylens.api.context import Services
from raylens.api.explore.requests import CreateGroupRequest, GroupRequest, UpdateGroupRequest
from raylens.api.explore.shapes import GroupAnswer, GroupsAnswer, GroupShape, NothingAnswer
from raylens.errors import NotFound, UnknownGroup
from raylens.model.group import Group

T = TypeVar("T")


async def list_groups(services: Services, request: NothingAsked) -> GroupsAnswer:
    """All groups, Default first."""
    groups = await services.read(services.groups.list_all)
    return GroupsAnswer(tuple(_shape(services, group) for group in groups))


async def create_group(services: Services, request: CreateGroupRequest) -> GroupAnswer:
    """Make a group; traces that are stored already belong to it at once.

    Raises: InvalidRequest for a name that is taken, reserved or no name, a filter that cannot be read, or a 26th group.
    """
    group = await services.read(lambda: services.groups.create(request.name, request.filter))
    return GroupAnswer(_shape(services, group))


async def update_group(services: Services, request: UpdateGroupRequest) -> GroupAnswer:
    """Give a group another filter, which decides about traces that arrive from now on.

    Raises: NotFound when there is no such group; InvalidRequest for a filter that cannot be read, and for Default.
    """
    group = await services.read(
        lambda: _found(request.name, lambda: services.groups.update(request.name, expression=request.filter))
    )
    return GroupAnswer(_shape(services, group))


async def delete_group(services: Services, request: GroupRequest) -> NothingAnswer:
    """Remove a group; its traces stay.

    Raises: NotFound when there is no such group; InvalidRequest for Default.
    """
    await services.read(lambda: _found(request.name, lambda: services.groups.delete(request.name)))
    return NothingAnswer()


def _found(name: str, change: Callable[[], T]) -> T:
    try:
        return change()
    except UnknownGroup as error:
        raise NotFound(f"there is no group '{name[:60]}'") from error


def _shape(services: Services, group: Group) -> GroupShape:
    return GroupShape(group.name, group.arn(services.region, services.account_id), group.expression, group.is_default)
