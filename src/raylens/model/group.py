"""A group: a name for the traces that satisfy a filter expression.

A trace belongs to a group by the expression that was in force when the trace arrived, so a group remembers the
expressions it had. Source: X-Ray developer guide, groups ("applies to traces that arrive later").
"""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

from raylens.errors import InvalidRequest
from raylens.model.tag import Tag
from raylens.model.time import TimeRange

DEFAULT_GROUP_NAME = "Default"
# Versions that no stored trace can belong to are dropped by age; more than these within the retention by number.
MAX_VERSIONS = 100
_NAME = re.compile(r"[A-Za-z0-9-]{1,32}")


class ExpressionVersion(msgspec.Struct, frozen=True):
    """An expression, None for every trace, and the time from which it decided about arriving traces."""

    expression: str | None
    valid_from_ns: int


class ValidExpression(NamedTuple):
    """The expression that decides about traces received from `from_ns` on and before `until_ns`; None: all belong."""

    expression: str | None
    from_ns: int
    until_ns: int


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One group. `unique_id` ends its ARN and tells it from an earlier group of the same name; empty for Default.

    `versions` holds at least one version, oldest first.
    """

    name: str
    unique_id: str
    versions: tuple[ExpressionVersion, ...]
    insights_enabled: bool = False
    notifications_enabled: bool = False
    created_ns: int = 0
    updated_ns: int = 0
    tags: tuple[Tag, ...] = ()

    @property
    def expression(self) -> str | None:
        """The expression in force; None when every trace belongs to the group."""
        return self.versions[-1].expression

    @property
    def is_default(self) -> bool:
        return self.name == DEFAULT_GROUP_NAME

    def arn(self, region: str, account_id: str) -> str:
        """`arn:aws:xray:<region>:<account>:group/<name>/<unique id>`; Default has no unique id."""
        resource = self.name if self.is_default else f"{self.name}/{self.unique_id}"
        return f"arn:aws:xray:{region}:{account_id}:group/{resource}"

    def versions_between(self, start_ns: int, end_ns: int) -> tuple[ValidExpression, ...]:
        """The expressions that decide about traces received in a half-open range, oldest first, without gaps.

        The first expression of a group decides about everything before it too: raylens evaluates groups on reading,
        so that a new group shows the past at once (AWS shows it what arrives from then on). Empty for an empty range.
        """
        found = []
        for number, version in enumerate(self.versions):
            from_ns = start_ns if number == 0 else max(start_ns, version.valid_from_ns)
            is_last = number + 1 == len(self.versions)
            until_ns = end_ns if is_last else min(end_ns, self.versions[number + 1].valid_from_ns)
            # a version that was replaced in the same moment, or lies outside
            if from_ns < until_ns:
                found.append(ValidExpression(version.expression, from_ns, until_ns))
        return tuple(found)

    def contains_old_versions(self, window: TimeRange) -> bool:
        """Whether another expression than the one in force decides about traces that began in `window`.

        Source: X-Ray API reference, ContainsOldGroupVersions ("may show traces from an older version"): also where
        only older ones decide. That a trace arrives no earlier than it began is inferred.
        """
        return len(self.versions) > 1 and window.start_ns < self.versions[-1].valid_from_ns

    def with_expression(self, expression: str | None, now_ns: int, forget_before_ns: int) -> Group:
        """The group with `expression` in force from now on; itself when it is in force already.

        Versions that were replaced before `forget_before_ns` are dropped, nothing received then is stored any more;
        and of more than `MAX_VERSIONS` the oldest, whose traces the next one then decides about.
        """
        if expression == self.expression:
            return self
        # never before the version it replaces, whatever the clock says
        latest = ExpressionVersion(expression, max(now_ns, self.versions[-1].valid_from_ns))
        versions = (*self.versions, latest)
        ends_ns = [following.valid_from_ns for following in versions[1:]]
        kept = [version for version, end_ns in zip(versions, ends_ns, strict=False) if end_ns > forget_before_ns]
        return msgspec.structs.replace(self, versions=(*kept[-(MAX_VERSIONS - 1) :], latest))


def check_group_name(name: str) -> None:
    """Refuse what cannot name a group.

    Raises: InvalidRequest for anything but 1 to 32 letters, digits and dashes, and for the reserved `Default`.
    Source: X-Ray developer guide, groups; that letters are those of ASCII is inferred.
    """
    if not _NAME.fullmatch(name):
        shown = ascii(name) if len(name) <= 40 else f"{name[:40]!a}... ({len(name)} characters)"
        raise InvalidRequest(f"GroupName is {shown}, 1 to 32 letters, digits and dashes were expected")
    if name == DEFAULT_GROUP_NAME:
        raise InvalidRequest(f"The group name {DEFAULT_GROUP_NAME} is reserved")
