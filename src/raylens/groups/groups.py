"""The groups of one account and region: creating, finding, changing and deleting them."""

from __future__ import annotations

import base64
import os
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import msgspec

from raylens.clock import Clock
from raylens.errors import InvalidRequest, Overloaded, UnknownGroup
from raylens.model.group import DEFAULT_GROUP_NAME, ExpressionVersion, Group, check_group_name
from raylens.model.tag import Tag, check_tags
from raylens.model.time import NS_PER_S
from raylens.storage.interface import Record, RecordStore

# Default is not counted (inferred). Source: X-Ray service quotas.
MAX_GROUPS = 25
# The service model sets no limit; every reading of the groups carries all expressions.
MAX_EXPRESSION_LENGTH = 10_000
_KIND = "group"
# Another process's change is seen at most this much later.
_CACHE_NS = NS_PER_S
_NEVER = -_CACHE_NS
_NS_PER_DAY = 86_400 * NS_PER_S
# Data leaves by whole days of receipt, so that some of it outlives the retention by a day or two.
_RETENTION_MARGIN_NS = 3 * _NS_PER_DAY
# Each lost attempt means that somebody else changed this group in the meantime.
_ATTEMPTS = 10
# About the time of one write, and longer with every attempt.
_PAUSE_S = 0.02
_DEFAULT = Group(name=DEFAULT_GROUP_NAME, unique_id="", versions=(ExpressionVersion(None, 0),))
_NOT_FOUND = "Group not found"


class InsightsChange(msgspec.Struct, frozen=True):
    """What to change of a group's insights configuration; None leaves a member as it is."""

    enabled: bool | None = None
    notifications: bool | None = None


KEEP_INSIGHTS = InsightsChange()


class _Known(msgspec.Struct, frozen=True):
    """What was read of the store at one moment: every group, and the version of its record (0: none)."""

    groups: Mapping[str, Group]
    versions: Mapping[str, int]
    read_ns: int


class Groups:
    """All groups, `Default` among them whether stored or not. Methods block; any thread may call them.

    Reading is cheap: what the store holds is remembered for a second. This process's own changes are seen at once,
    those of other processes after that second. A change is made on what the store holds at that moment.
    """

    def __init__(
        self,
        store: RecordStore,
        clock: Clock,
        region: str,
        account_id: str,
        check_expression: Callable[[str], object],
        retention_days: int,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`check_expression` raises InvalidRequest for a text that is no filter expression; `sleep` takes seconds."""
        self._store = store
        self._clock = clock
        self._region = region
        self._account_id = account_id
        self._check_expression = check_expression
        self._sleep = sleep
        self._retention_ns = retention_days * _NS_PER_DAY
        self._known = _Known(MappingProxyType({}), MappingProxyType({}), _NEVER)
        # One change or reading of the store at a time: a slow reading must not undo what a change made known.
        self._lock = threading.Lock()

    def list_all(self) -> tuple[Group, ...]:
        """Default first, then the others by name."""
        groups = self._recent().groups
        return tuple(groups[name] for name in sorted(groups, key=lambda name: (name != DEFAULT_GROUP_NAME, name)))

    def get(self, name: str | None = None, arn: str | None = None) -> Group:
        """The group of this name or ARN; both may be given when they mean the same group.

        Raises: UnknownGroup when it is not found; InvalidRequest when neither is given, or they mean different groups.
        """
        return self._pick(self._recent().groups, name, arn)

    def expression_of(self, by: str, value: str) -> str | None:
        """The expression in force of the group whose `by` ("name" or "arn") is `value`; None when there is none.

        The empty text for a group that every trace belongs to. Expressions may name groups, also in circles: whoever
        follows them has to watch for that.
        """
        for group in self._recent().groups.values():
            if value == (group.name if by == "name" else self._arn_of(group)):
                return group.expression or ""
        return None

    def create(
        self,
        name: str,
        expression: str | None = None,
        insights: InsightsChange = KEEP_INSIGHTS,
        tags: Sequence[Tag] = (),
    ) -> Group:
        """Make a group; without an expression every trace belongs to it.

        Among threads and processes that create one name at the same time exactly one succeeds. The number of groups
        may pass the limit when several processes create different ones at the same time.
        Raises: InvalidRequest for a name, expression or tag that cannot be, a name that is taken, or too many groups.
        """
        check_group_name(name)
        self._check(expression)
        check_tags(tags)
        enabled, notifications = _insights_after(_DEFAULT, insights)
        now_ns = self._clock.now_ns()
        group = Group(
            name=name,
            unique_id=_new_unique_id(),
            versions=(ExpressionVersion(expression, now_ns),),
            insights_enabled=enabled,
            notifications_enabled=notifications,
            created_ns=now_ns,
            updated_ns=now_ns,
            tags=tuple(tags),
        )
        with self._lock:
            known = self._read_store()
            if name not in known.groups and len(known.groups) - 1 >= MAX_GROUPS:
                raise InvalidRequest(f"there are {MAX_GROUPS} groups already, which is the limit")
            if name in known.groups or not self._put(group, 0):
                raise InvalidRequest(f"Group {name} already exists")
        return group

    def update(
        self,
        name: str | None = None,
        arn: str | None = None,
        *,
        expression: str | None = None,
        insights: InsightsChange = KEEP_INSIGHTS,
    ) -> Group:
        """Change what is given of a group and leave the rest. A new expression decides about what arrives from now on.

        Raises: UnknownGroup when it is not found; InvalidRequest for an expression that cannot be, or one for Default;
        Overloaded when others keep changing the same group.
        """
        self._check(expression)
        for attempt in range(_ATTEMPTS):
            self._step_aside(attempt)
            with self._lock:
                known = self._read_store()
                group = self._pick(known.groups, name, arn)
                changed = self._changed(group, expression, insights)
                if changed == group or self._put(changed, known.versions.get(group.name, 0)):
                    return changed
        raise Overloaded("the group is being changed by others: try again")

    def delete(self, name: str | None = None, arn: str | None = None) -> None:
        """Remove a group; nothing happens to its traces.

        Raises: UnknownGroup when it is not found; InvalidRequest for Default; Overloaded when others keep changing it.
        """
        for attempt in range(_ATTEMPTS):
            self._step_aside(attempt)
            with self._lock:
                known = self._read_store()
                group = self._pick(known.groups, name, arn)
                if group.is_default:
                    raise InvalidRequest(f"The group {DEFAULT_GROUP_NAME} cannot be deleted")
                deleted = self._store.delete_record(_KIND, group.name, known.versions[group.name])
                self._forget()
            if deleted:
                return
        raise Overloaded("the group is being changed by others: try again")

    def _step_aside(self, attempt: int) -> None:
        """Wait before a further attempt: without it, one of several processes kept winning and the others gave up."""
        if attempt:
            self._sleep(random.uniform(0, _PAUSE_S * attempt))

    def _changed(self, group: Group, expression: str | None, insights: InsightsChange) -> Group:
        if expression is not None and group.is_default:
            raise InvalidRequest(f"The group {DEFAULT_GROUP_NAME} holds every trace, FilterExpression cannot be set")
        enabled, notifications = _insights_after(group, insights)
        now_ns = self._clock.now_ns()
        changed = msgspec.structs.replace(group, insights_enabled=enabled, notifications_enabled=notifications)
        if expression is not None:
            changed = changed.with_expression(expression, now_ns, now_ns - self._retention_ns - _RETENTION_MARGIN_NS)
        return group if changed == group else msgspec.structs.replace(changed, updated_ns=now_ns)

    def _check(self, expression: str | None) -> None:
        if expression is None:
            return
        if not expression.strip():
            raise InvalidRequest("FilterExpression is empty: leave it out")
        if len(expression) > MAX_EXPRESSION_LENGTH:
            raise InvalidRequest(
                f"FilterExpression has {len(expression)} characters, at most {MAX_EXPRESSION_LENGTH} are accepted"
            )
        self._check_expression(expression)

    def _pick(self, groups: Mapping[str, Group], name: str | None, arn: str | None) -> Group:
        if name is None and arn is None:
            raise InvalidRequest("GroupName or GroupARN is required")
        named = None if name is None else groups.get(name)
        meant = next((group for group in groups.values() if self._arn_of(group) == arn), None)
        if (name is not None and named is None) or (arn is not None and meant is None):
            raise UnknownGroup(_NOT_FOUND)
        if named is not None and meant is not None and named != meant:
            raise InvalidRequest("GroupName and GroupARN mean different groups")
        found = named or meant
        assert found is not None
        return found

    def _arn_of(self, group: Group) -> str:
        return group.arn(self._region, self._account_id)

    def _recent(self) -> _Known:
        """What is known, read again when it is too old."""
        if self._is_fresh():
            return self._known
        with self._lock:
            # whoever held the lock before may have read it
            return self._known if self._is_fresh() else self._read_store()

    def _is_fresh(self) -> bool:
        # a clock that was set back must not make it fresh for hours
        return 0 <= self._clock.now_ns() - self._known.read_ns < _CACHE_NS

    def _read_store(self) -> _Known:
        """Read every group anew; under the lock."""
        read_ns = self._clock.now_ns()
        records = self._store.records(_KIND)
        stored = {record.key: _group_from_record(record) for record in records}
        versions = {record.key: record.version for record in records}
        self._known = _Known(MappingProxyType({DEFAULT_GROUP_NAME: _DEFAULT, **stored}), versions, read_ns)
        return self._known

    def _put(self, group: Group, after_version: int) -> bool:
        """Write a group; under the lock. False when somebody else wrote it first."""
        body = msgspec.json.encode(group).decode()
        written = self._store.put_record(_KIND, group.name, body, after_version)
        self._forget()
        return written is not None

    def _forget(self) -> None:
        """Have the next reader read the store; under the lock.

        It is not read here, where a failure would hide that a change was made.
        """
        self._known = msgspec.structs.replace(self._known, read_ns=_NEVER)


def _group_from_record(record: Record) -> Group:
    return msgspec.json.decode(record.body, type=Group)


def _insights_after(group: Group, change: InsightsChange) -> tuple[bool, bool]:
    """Whether insights and notifications are enabled after `change`; without insights there are no notifications."""
    enabled = group.insights_enabled if change.enabled is None else change.enabled
    if change.notifications and not enabled:
        raise InvalidRequest("NotificationsEnabled is true, InsightsEnabled must be true as well")
    return enabled, enabled and (group.notifications_enabled if change.notifications is None else change.notifications)


def _new_unique_id() -> str:
    """26 capital letters and digits, as random as a UUID; AWS does not publish the form of its own."""
    return base64.b32encode(os.urandom(16)).decode().rstrip("=")
