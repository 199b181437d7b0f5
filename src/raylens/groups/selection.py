"""Which traces belong to a group, as a filter that the store understands."""

from __future__ import annotations

from raylens.errors import InvalidRequest
from raylens.filterexpr import Expression, inline_groups, parse_filter
from raylens.filterexpr.ast import Constant
from raylens.groups.groups import Groups
from raylens.model.group import Group
from raylens.model.time import MAX_EPOCH_S, NS_PER_S
from raylens.storage.interface import GroupVersion, TraceFilter

_END_OF_TIME_NS = int(MAX_EPOCH_S) * NS_PER_S


def traces_of(groups: Groups, group: Group, account_id: str) -> TraceFilter:
    """The traces of a group, each by the expression that was in force when it arrived; all of Default."""
    versions = () if group.is_default else versions_of(groups, group)
    return TraceFilter(versions=versions, account_id=account_id)


def versions_of(groups: Groups, group: Group) -> tuple[GroupVersion, ...]:
    """The group's expressions and when each decided about arriving traces; without a beginning and an end."""
    valid = group.versions_between(0, _END_OF_TIME_NS)
    return tuple(
        GroupVersion(
            inline_known_groups(groups, _readable(version.expression or "")),
            version.from_ns,
            None if version.until_ns == _END_OF_TIME_NS else version.until_ns,
        )
        for version in valid
    )


def inline_known_groups(groups: Groups, expression: Expression) -> Expression:
    """`expression` with the present expressions of the groups that it names in their place."""

    def lookup(by: str, value: str) -> Expression | None:
        text = groups.expression_of(by, value)
        return None if text is None else _readable(text)

    return inline_groups(expression, lookup)


def _readable(text: str) -> Expression:
    """The expression of a group; false when it cannot be read (any more): no trace belongs to the group by it.

    Source: X-Ray developer guide, groups: a group whose expression fails is taken out of processing.
    """
    try:
        return parse_filter(text)
    except InvalidRequest:
        return Constant(False)
