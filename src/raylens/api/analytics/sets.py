"""The trace sets that a request means."""

from __future__ import annotations

import msgspec

from raylens.api.analytics.requests import SetMember
from raylens.api.context import Services
from raylens.api.protocol.rest_json import ns_from_timestamp
from raylens.api.selection import Selection, select_traces
from raylens.errors import FilterSyntaxError, InvalidRequest
from raylens.filterexpr import Expression, parse_filter, print_filter
from raylens.filterexpr.ast import Constant, Not
from raylens.model.time import TimeRange, seconds_from_ns
from raylens.storage.interface import TraceFilter, TraceSet

MAX_LIMIT = 1_000


class ChosenSet(msgspec.Struct, frozen=True):
    """A set, and how people say what is in it: the filter's text ("" for all) and the group (None for all)."""

    traces: TraceSet
    filter: str
    group: str | None
    # whether another expression than the group's present one decides about the range
    has_old_group_versions: bool = False

    @property
    def asked(self) -> tuple[Expression, ...]:
        """Every expression that decides what is in the set."""
        where = self.traces.where
        return (where.expression, *(version.expression for version in where.versions))


async def choose_set(services: Services, member: SetMember, name: str = "set") -> ChosenSet:
    """The set that a member of a request means; messages call it `name`.

    Raises: InvalidRequest for missing, unreadable or inverted times, an unknown group, and too many conditions;
    FilterSyntaxError, naming the member, for a filter that cannot be read.
    """
    start_ns = ns_from_timestamp(member.start, f"{name}.start")
    end_ns = ns_from_timestamp(member.end, f"{name}.end")
    if end_ns <= start_ns:
        raise InvalidRequest(
            f"{name}.end {seconds_from_ns(end_ns):f} is not after {name}.start {seconds_from_ns(start_ns):f}"
        )
    text = member.filter if member.filter is not None and member.filter.strip() else ""
    selection = await _selected(services, text, member.group, name)
    group = None if selection.group is None else selection.group.name
    window = TimeRange(start_ns, end_ns)
    return ChosenSet(TraceSet(window, selection.where), text, group, selection.contains_old_versions(window))


async def choose_sets(services: Services, a: SetMember, b: SetMember | None) -> tuple[ChosenSet, ChosenSet]:
    """Both sets of a comparison.

    Raises: as `choose_set`; InvalidRequest where `b` is left out and `a` has no filter, so that nothing is left.
    """
    chosen_a = await choose_set(services, a, "a")
    if b is None:
        return chosen_a, _rest_of(chosen_a)
    inherited = {"start": a.start, "end": a.end, "group": a.group}
    given = {name: getattr(b, name) for name in inherited if getattr(b, name) is not None}
    return chosen_a, await choose_set(services, msgspec.structs.replace(b, **{**inherited, **given}), "b")


def check_limit(limit: int, name: str = "limit", least: int = 1) -> int:
    """`limit` itself.

    Raises: InvalidRequest when it is out of range.
    """
    if not least <= limit <= MAX_LIMIT:
        raise InvalidRequest(f"{name} is {limit}, {least} to {MAX_LIMIT:,} was expected")
    return limit


async def _selected(services: Services, text: str, group: str | None, name: str) -> Selection:
    is_arn = group is not None and group.startswith("arn:")
    try:
        return await select_traces(
            services,
            filter_text=text or None,
            group_name=None if is_arn else group,
            group_arn=group if is_arn else None,
        )
    except FilterSyntaxError as error:
        raise FilterSyntaxError(error.line, error.column, error.tail, error.expected, f"{name}.filter") from error


def _rest_of(a: ChosenSet) -> ChosenSet:
    """What is left of A's range and group without A."""
    where = a.traces.where
    if where.expression == Constant(True):
        raise InvalidRequest(
            "a has no filter, so there is no rest to compare it with: give a filter, which may ask for a group "
            'as in group.name = "checkout", or b'
        )
    rest = TraceFilter(Not(where.expression), where.versions, where.account_id)
    # of the text, where groups still go by their names
    text = print_filter(Not(parse_filter(a.filter)))
    return msgspec.structs.replace(a, traces=TraceSet(a.traces.window, rest), filter=text)
