"""How a group is watched, and in which words."""

from __future__ import annotations

from raylens.api.insights.shapes import WatchShape, WatchState
from raylens.insights.records import WatchStatus
from raylens.model.group import Group
from raylens.model.time import NS_PER_MINUTE, seconds_from_ns

# Minutes are judged a little after their end, when what is sent late has arrived.
BEHIND_MINUTES = 5


def watch_shape(group: Group, status: WatchStatus, now_ns: int) -> WatchShape:
    """How the group is watched, by what the watch last wrote of it."""
    state = _state(group, status, now_ns)
    return WatchShape(
        group=group.name,
        state=state,
        sentence=_sentence(state, status, now_ns),
        insights=group.insights_enabled,
        notifications=group.notifications_enabled,
        watched_until=None if status.until_ns is None else seconds_from_ns(status.until_ns),
        entities=status.entities,
        ready=status.ready,
        requests_seen=status.requests_seen,
        requests_needed=status.requests_needed,
        minutes_seen=status.minutes_seen,
        minutes_needed=status.minutes_needed,
    )


def _state(group: Group, status: WatchStatus, now_ns: int) -> WatchState:
    if not group.insights_enabled:
        return WatchState.OFF
    if status.until_ns is None or now_ns - status.until_ns > BEHIND_MINUTES * NS_PER_MINUTE:
        return WatchState.BEHIND
    if not status.entities:
        return WatchState.NO_TRAFFIC
    return WatchState.WATCHING if status.ready else WatchState.LEARNING


def _sentence(state: WatchState, status: WatchStatus, now_ns: int) -> str:
    match state:
        case WatchState.OFF:
            return "Insights are off: nobody looks for incidents in this group."
        case WatchState.NO_TRAFFIC:
            return "Nothing was traced yet, so there is nothing to learn from."
        case WatchState.LEARNING:
            return _learning(status)
        case WatchState.WATCHING:
            return _watching(status)
        case WatchState.BEHIND:
            return _behind(status, now_ns)


def _learning(status: WatchStatus) -> str:
    missing = []
    if status.requests_seen < status.requests_needed:
        missing.append(f"{status.requests_seen:,} of {_counted(status.requests_needed, 'request')}")
    if status.minutes_seen < status.minutes_needed:
        missing.append(f"{status.minutes_seen:,} of {_counted(status.minutes_needed, 'minute')} with traffic")
    if not missing:
        return "Learning what is normal: no service and no call has been seen often enough yet."
    return f"Learning what is normal: the busiest service or call was seen in {' and '.join(missing)} that are needed."


def _watching(status: WatchStatus) -> str:
    if status.ready == status.entities:
        return f"Watching {_counted(status.entities, 'service or call', 'services and calls')}."
    return (
        f"Watching {status.ready:,} of {_counted(status.entities, 'service or call', 'services and calls')}; "
        "too little has been seen of the others to tell what is normal."
    )


def _behind(status: WatchStatus, now_ns: int) -> str:
    if status.until_ns is None:
        return "The watch has not begun: no minute was judged yet."
    minutes = (now_ns - status.until_ns) // NS_PER_MINUTE
    return f"The watch is behind: what happened in the last {_counted(minutes, 'minute')} was not judged yet."


def _counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
