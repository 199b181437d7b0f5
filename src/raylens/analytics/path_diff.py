"""What two trace sets differ in along their call paths: paths that are new or gone, more frequent or rarer, and paths
that hold the response longer or shorter.

A change is told when it is certain and not small, by the same rules as for attributes. How often a path occurs within
one trace is shown and not tested: only sums are known, and calls in one trace are no independent observations. How
long a path holds the response is compared by rank over the sampled traces that contain it, because times have long
tails that a mean would follow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec

from raylens.analytics.comparison import (
    OrderDifference,
    PathChange,
    PathDifference,
    PathFinding,
    ShareDifference,
)
from raylens.analytics.effect_size import order_effect
from raylens.analytics.rules import DEFAULT_RULES, ComparisonRules
from raylens.analytics.sentences import path_sentence
from raylens.analytics.significance import q_values
from raylens.analytics.two_samples import (
    compare_orders,
    compare_shares,
    is_order_finding,
    is_share_finding,
    with_q,
)
from raylens.model.trace_sets import PathCount, TraceSets

SEPARATOR = " > "
_OF_PRESENCE = frozenset({PathChange.NEW, PathChange.MISSING, PathChange.MORE_FREQUENT, PathChange.RARER})


def compare_paths(
    sets: TraceSets, counts: Sequence[PathCount], rules: ComparisonRules = DEFAULT_RULES
) -> tuple[tuple[PathFinding, ...], tuple[PathDifference, ...]]:
    """The findings and all paths, when nothing else is compared; `compare_sets` takes paths along with attributes.

    Raises: ValueError where a path is given twice or counted more often than there are traces.
    """
    measured = measure_paths(sets, counts, rules)
    q_of = q_values(p_of_paths(measured))
    return judge_paths(measured, q_of.__getitem__, rules)


def measure_paths(sets: TraceSets, counts: Sequence[PathCount], rules: ComparisonRules) -> tuple[PathDifference, ...]:
    """Every path with its p, before it is known how many questions are asked in all; sorted by path."""
    _check(sets, counts)
    # With sets too small to claim anything of, nothing is tested either.
    min_each = rules.min_traces
    enough = min(sets.n_a, sets.n_b) >= min_each
    measured = []
    for count in sorted(counts, key=lambda count: count.path):
        presence = compare_shares(sets, count.traces_a, count.traces_b, rules)
        held_a, held_b = Counter(count.held_a_ns), Counter(count.held_b_ns)
        time = compare_orders([(ns, held_a[ns], held_b[ns]) for ns in held_a | held_b], min_each)
        measured.append(
            PathDifference(
                count.path,
                presence if enough else msgspec.structs.replace(presence, significance=None),
                count.occurrences_a / count.traces_a if count.traces_a else None,
                count.occurrences_b / count.traces_b if count.traces_b else None,
                time if enough or time is None else msgspec.structs.replace(time, significance=None),
            )
        )
    return tuple(measured)


def p_of_paths(measured: Iterable[PathDifference]) -> list[float]:
    """The p of every question asked of `measured`."""
    asked: list[ShareDifference | OrderDifference | None] = []
    for path in measured:
        asked += (path.presence, path.time)
    return [each.significance.p for each in asked if each is not None and each.significance is not None]


def judge_paths(
    measured: Sequence[PathDifference], q_of: Callable[[float], float], rules: ComparisonRules
) -> tuple[tuple[PathFinding, ...], tuple[PathDifference, ...]]:
    """The findings, the largest first, and all paths with q and changes, in the same order; the rest by path."""
    judged = {path.path: _judged(path, q_of, rules) for path in measured}
    judged = {path.path: _without_implied(path, judged) for path in judged.values()}
    findings = [
        PathFinding(
            path.path,
            change,
            _effect(path, change),
            path_sentence(path.path, change, path.presence, path.time, _per_trace(path)),
        )
        for path in judged.values()
        for change in path.changes
        if path.implied_by is None or change not in _OF_PRESENCE
    ]
    findings.sort(key=lambda finding: (-round(abs(finding.effect), 9), finding.path, finding.change))
    paths = sorted(judged.values(), key=lambda path: (-round(_largest_effect(path), 9), path.path))
    return tuple(findings), tuple(paths)


def _judged(path: PathDifference, q_of: Callable[[float], float], rules: ComparisonRules) -> PathDifference:
    presence = msgspec.structs.replace(path.presence, significance=with_q(path.presence.significance, q_of))
    time = path.time
    if time is not None:
        time = msgspec.structs.replace(time, significance=with_q(time.significance, q_of))
    changes = []
    if is_share_finding(presence, rules):
        if presence.difference > 0:
            changes.append(PathChange.MORE_FREQUENT if presence.count_b else PathChange.NEW)
        else:
            changes.append(PathChange.RARER if presence.count_a else PathChange.MISSING)
    if time is not None and is_order_finding(time, rules):
        changes.append(PathChange.LONGER if time.cliffs_delta > 0 else PathChange.SHORTER)
    return msgspec.structs.replace(path, presence=presence, time=time, changes=tuple(changes))


def _without_implied(path: PathDifference, judged: dict[str, PathDifference]) -> PathDifference:
    """`path` with the shortest path above it that changed in the same way, in as many traces and without a gap."""
    implied_by = None
    above = path.path.rpartition(SEPARATOR)[0]
    while above in judged and _same_presence(judged[above], path):
        implied_by = above
        above = above.rpartition(SEPARATOR)[0]
    return path if implied_by is None else msgspec.structs.replace(path, implied_by=implied_by)


def _same_presence(first: PathDifference, second: PathDifference) -> bool:
    counts = [(path.presence.count_a, path.presence.count_b) for path in (first, second)]
    changes = [_OF_PRESENCE.intersection(path.changes) for path in (first, second)]
    return counts[0] == counts[1] and changes[0] == changes[1] != frozenset()


def _effect(path: PathDifference, change: PathChange) -> float:
    if change in _OF_PRESENCE or path.time is None:
        return path.presence.difference
    return path.time.cliffs_delta


def _largest_effect(path: PathDifference) -> float:
    time = path.time
    of_time = 0.0 if time is None else order_effect(time.cliffs_delta, time.n_a, time.n_b)
    return max(abs(path.presence.difference), of_time)


def _per_trace(path: PathDifference) -> tuple[float, float] | None:
    if not path.per_trace_a or not path.per_trace_b:
        return None
    return path.per_trace_a, path.per_trace_b


def _check(sets: TraceSets, counts: Sequence[PathCount]) -> None:
    seen: set[str] = set()
    for count in counts:
        if count.path in seen:
            raise ValueError(f"path {count.path!r} is given twice")
        seen.add(count.path)
        if not (0 <= count.traces_a <= sets.n_a and 0 <= count.traces_b <= sets.n_b):
            raise ValueError(
                f"path {count.path!r} is in {count.traces_a} and {count.traces_b} traces of {sets.n_a} and {sets.n_b}"
            )
