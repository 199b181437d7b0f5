"""Tags: checked when given, merged for each resource."""

from __future__ import annotations

from collections.abc import Mapping

from raylens.lab.stacks.errors import ResourceFailed, StackError
from raylens.lab.template import Value

MAX_TAGS = 50


def check_stack_tags(tags: Mapping[str, str]) -> None:
    """Raise StackError for tags that CloudFormation would refuse."""
    if len(tags) > MAX_TAGS:
        raise StackError(f"{len(tags)} tags; expected at most {MAX_TAGS}")
    for key, value in tags.items():
        if key.lower().startswith("aws:"):
            raise StackError(f"Tag {key}: keys that begin with aws: are reserved")
        if not 1 <= len(key) <= 128 or len(value) > 256:
            raise StackError(f"Tag {key!r}: expected a key of 1 to 128 and a value of at most 256 characters")


def resource_tags(
    stack_tags: Mapping[str, str], own: Value, *, stack_name: str, stack_id: str, logical_id: str
) -> dict[str, str]:
    """The stack's tags, over them the resource's own, and the three that CloudFormation adds."""
    return {
        **stack_tags,
        **_own_tags(own),
        "aws:cloudformation:stack-name": stack_name,
        "aws:cloudformation:stack-id": stack_id,
        "aws:cloudformation:logical-id": logical_id,
    }


def _own_tags(own: Value) -> dict[str, str]:
    if own is None:
        return {}
    if isinstance(own, dict):
        return {key: str(value) for key, value in own.items()}
    tags: dict[str, str] = {}
    for item in own if isinstance(own, list) else [own]:
        if not isinstance(item, dict) or set(item) != {"Key", "Value"}:
            raise ResourceFailed(f"Tags: {item!r}; expected a list of Key and Value pairs")
        tags[str(item["Key"])] = str(item["Value"])
    return tags
