"""Which traces a request means: its filter expression and its group as one `TraceFilter`."""

from __future__ import annotations

import msgspec

from raylens.api.context import Services
from raylens.errors import InvalidRequest
from raylens.filterexpr import Expression, count_conditions, parse_filter
from raylens.filterexpr.ast import Constant
from raylens.groups import inline_known_groups, versions_of
from raylens.model.group import Group
from raylens.model.time import TimeRange
from raylens.storage.interface import TraceFilter

# Of a filter expression and all versions of a group together. A version has at most 1,000; a group of a hundred such
# versions would make a statement that no store can read.
MAX_CONDITIONS = 2_000


class Selection(msgspec.Struct, frozen=True):
    """The traces that a request means. `group` is the one it is restricted to; None when that is none or Default."""

    where: TraceFilter
    group: Group | None = None

    def contains_old_versions(self, window: TimeRange) -> bool:
        """ContainsOldGroupVersions: whether another expression than the group's present one decides about `window`."""
        return self.group is not None and self.group.contains_old_versions(window)


async def select_traces(
    services: Services, *, filter_text: str | None = None, group_name: str | None = None, group_arn: str | None = None
) -> Selection:
    """The traces that satisfy the expression and belong to the group; what is None restricts nothing.

    A trace belongs to the group by the expression that was in force when it arrived. An expression that names groups
    asks for their present expressions, also where it is an old expression of a group itself.
    Raises: InvalidRequest when there is no such group, for an expression that is blank, and for more conditions
    together than a search can have; FilterSyntaxError when it cannot be read.
    """
    return await services.read(lambda: _selection(services, filter_text, group_name, group_arn))


def _selection(services: Services, filter_text: str | None, group_name: str | None, group_arn: str | None) -> Selection:
    group = None
    if group_name is not None or group_arn is not None:
        group = services.groups.get(group_name, group_arn)
    expression = Constant(True) if filter_text is None else inline_known_groups(services.groups, _parsed(filter_text))
    if group is None or group.is_default:
        return Selection(TraceFilter(expression, (), services.account_id))
    versions = versions_of(services.groups, group)
    own = 0 if filter_text is None else count_conditions(expression)
    conditions = own + sum(count_conditions(version.expression) for version in versions)
    if conditions > MAX_CONDITIONS:
        raise InvalidRequest(
            f"The filter expression and the {len(versions)} expressions that the group {group.name} has had ask for "
            f"{conditions} conditions together; at most {MAX_CONDITIONS} are accepted"
        )
    return Selection(TraceFilter(expression, versions, services.account_id), group)


def _parsed(filter_text: str) -> Expression:
    # Blank, it would have to select everything, but the service refuses it (Grafana's X-Ray data source leaves it out
    # for that reason); CreateGroup refuses it as well.
    if not filter_text.strip():
        raise InvalidRequest("FilterExpression is empty: leave it out to select every trace")
    return parse_filter(filter_text)
