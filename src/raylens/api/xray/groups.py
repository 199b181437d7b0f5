"""CreateGroup, GetGroup, GetGroups, UpdateGroup and DeleteGroup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from raylens.api.context import Services
from raylens.api.xray import requests
from raylens.api.xray.shapes import Shape, group_shape
from raylens.errors import InvalidRequest
from raylens.groups import KEEP_INSIGHTS, InsightsChange
from raylens.model.group import Group
from raylens.model.tag import Tag


async def create_group(services: Services, request: requests.CreateGroup) -> dict[str, Any]:
    """Makes a group, with tags; without a FilterExpression every trace belongs to it.

    Raises: InvalidRequest for a name that is taken, reserved or no name, an expression that cannot be read, tags that
    cannot be, or a 26th group.
    """
    name = request.group_name
    if name is None:
        raise InvalidRequest("GroupName is required")
    insights, tags = _insights(request.insights_configuration), _tags(request.tags or ())
    group = await services.read(lambda: services.groups.create(name, request.filter_expression, insights, tags))
    return {"Group": _shape(services, group)}


async def get_group(services: Services, request: requests.GetGroup) -> dict[str, Any]:
    """One group by name or ARN.

    Raises: InvalidRequest when it is not found, or neither is given.
    """
    group = await services.read(lambda: services.groups.get(request.group_name, request.group_arn))
    return {"Group": _shape(services, group)}


async def get_groups(services: Services, request: requests.GetGroups) -> dict[str, Any]:
    """All groups on one page: Default, then the others by name.

    Raises: InvalidRequest for any token, in the words recorded of the service.
    """
    if request.next_token is not None:
        raise InvalidRequest("Next Token not supported")
    groups = await services.read(services.groups.list_all)
    return {"Groups": [_shape(services, group) for group in groups]}


async def update_group(services: Services, request: requests.UpdateGroup) -> dict[str, Any]:
    """Changes what is given; a new FilterExpression decides about traces that arrive from then on.

    Raises: InvalidRequest when the group is not found, for an expression that cannot be read, or one for Default.
    """
    insights = _insights(request.insights_configuration)
    group = await services.read(
        lambda: services.groups.update(
            request.group_name, request.group_arn, expression=request.filter_expression, insights=insights
        )
    )
    return {"Group": _shape(services, group)}


async def delete_group(services: Services, request: requests.DeleteGroup) -> dict[str, Any]:
    """Removes a group and answers with an empty object; its traces stay.

    Raises: InvalidRequest when it is not found, or is Default.
    """
    await services.read(lambda: services.groups.delete(request.group_name, request.group_arn))
    return {}


def _shape(services: Services, group: Group) -> Shape:
    return group_shape(group, services.region, services.account_id)


def _insights(configuration: requests.InsightsConfiguration | None) -> InsightsChange:
    if configuration is None:
        return KEEP_INSIGHTS
    return InsightsChange(configuration.insights_enabled, configuration.notifications_enabled)


def _tags(members: Sequence[requests.TagMember]) -> tuple[Tag, ...]:
    tags = []
    for number, member in enumerate(members):
        if member.key is None or member.value is None:
            raise InvalidRequest(f"Tags[{number}].{'Key' if member.key is None else 'Value'} is required")
        tags.append(Tag(member.key, member.value))
    return tuple(tags)
