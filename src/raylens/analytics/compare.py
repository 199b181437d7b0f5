"""What sets two sets of traces apart: every attribute ranked by how much it differs, and the findings in words."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from itertools import chain

import msgspec

from raylens.analytics.comparison import (
    AttributeDifference,
    Comparison,
    ComparisonState,
    Finding,
    Significance,
    Test,
    ValueDifference,
)
from raylens.analytics.effect_size import largest_difference, order_effect, total_variation
from raylens.analytics.path_diff import judge_paths, measure_paths, p_of_paths
from raylens.analytics.rules import DEFAULT_RULES, ComparisonRules
from raylens.analytics.sentences import (
    different_sentence,
    label_of,
    no_difference_sentence,
    order_sentence,
    overlap_note,
    too_few_sentence,
    value_sentence,
)
from raylens.analytics.significance import chi_square_p, q_values, smallest_expected
from raylens.analytics.two_samples import (
    compare_orders,
    compare_shares,
    is_certain,
    is_order_finding,
    is_share_finding,
    with_q,
)
from raylens.model.trace_sets import Attribute, AttributeKind, CategoricalCounts, NumericCounts, PathCount, TraceSets

_NS_PER_MS = 1_000_000
# Below this many expected the test over all categories is not trusted (Cochran 1954).
_MIN_EXPECTED = 5.0
_CAUSES_OF_OUTCOMES = frozenset({AttributeKind.FAULT_ROOT_CAUSE, AttributeKind.ERROR_ROOT_CAUSE})


def compare_sets(
    sets: TraceSets,
    counts: Sequence[CategoricalCounts | NumericCounts],
    paths: Sequence[PathCount] = (),
    rules: ComparisonRules = DEFAULT_RULES,
) -> Comparison:
    """Everything that A and B differ in, whatever order the counts come in.

    A finding is certain (q at most the false-discovery rate, over all values, attributes and paths that were tested),
    not small, and supported by enough traces; a duration that is nowhere longer than the response is told once, as the
    response time. Attributes are ranked by effect, those that cannot be told from chance
    after all others. A unique id for each trace comes last of all: none of its values is in enough traces to count as
    a value, and what is left is the same in both sets. An attribute that merely restates the filter cannot be
    recognised by its counts, so the caller marks it `defining`; it has no part in the false-discovery rate, because
    what is certain beforehand would lower the bar for all others. Where the outcome is defining, that a set has no root
    cause of faults or errors is no finding. With too few traces in a set the counts are
    returned and nothing is claimed.
    Raises: ValueError where counts contradict each other: negative, above the number of traces, or given twice.
    """
    _check(sets, counts)
    enough = min(sets.n_a, sets.n_b) >= rules.min_traces
    measured = [_measure(sets, each, rules) for each in counts]
    if not enough:
        measured = [_untested(difference) for difference in measured]
    defining = [difference for difference in measured if difference.attribute.defining]
    explaining = [difference for difference in measured if not difference.attribute.defining]
    measured_paths = measure_paths(sets, paths, rules)
    ps = [*chain.from_iterable(_p_of(difference) for difference in explaining), *p_of_paths(measured_paths)]
    q_of = q_values(ps).__getitem__
    ranked = sorted((_judged(difference, q_of, rules) for difference in explaining), key=_rank)
    restated = _restated(counts)
    chosen = {difference.attribute.kind for difference in defining}
    findings = sorted(
        (
            finding
            for each in ranked
            if each.attribute not in restated
            for finding in _findings(each, rules)
            if not _follows_from_outcome(finding, chosen)
        ),
        key=_finding_rank,
    )
    path_findings, judged_paths = judge_paths(measured_paths, q_of, rules)
    if not enough:
        state, summary = ComparisonState.TOO_FEW, too_few_sentence(sets, rules)
    elif findings or path_findings:
        state = ComparisonState.DIFFERENT
        told = [(abs(finding.effect), finding.sentence) for finding in findings]
        told += [(abs(finding.effect), finding.sentence) for finding in path_findings]
        summary = different_sentence(sets, len(told), max(told, key=lambda effect: effect[0])[1])
    else:
        state, summary = ComparisonState.NO_DIFFERENCE, no_difference_sentence(sets, len(ps), rules)
    return Comparison(
        state=state,
        summary=summary,
        notes=(overlap_note(sets),) if sets.overlap else (),
        n_a=sets.n_a,
        n_b=sets.n_b,
        overlap=sets.overlap,
        tests=len(ps),
        findings=tuple(findings),
        attributes=tuple(ranked),
        defining=tuple(sorted(defining, key=_rank)),
        path_findings=path_findings,
        paths=judged_paths,
    )


def _restated(counts: Sequence[CategoricalCounts | NumericCounts]) -> frozenset[Attribute]:
    """The duration, where nothing went on after any response: all that could be told of it is told of that."""
    numbers = {each.attribute.kind: each for each in counts if isinstance(each, NumericCounts)}
    response_time, duration = numbers.get(AttributeKind.RESPONSE_TIME), numbers.get(AttributeKind.DURATION)
    if response_time is None or duration is None or response_time.attribute.defining:
        return frozenset()
    is_same = set(response_time.buckets) == set(duration.buckets)
    return frozenset({duration.attribute}) if is_same else frozenset()


def _measure(sets: TraceSets, counts: CategoricalCounts | NumericCounts, rules: ComparisonRules) -> AttributeDifference:
    """One attribute with its p, before it is known how many questions are asked in all."""
    if isinstance(counts, NumericCounts):
        return _measure_number(sets, counts, rules)
    rows = [
        ValueDifference(value.value, compare_shares(sets, value.count_a, value.count_b, rules))
        for value in counts.values
    ]
    if counts.absent_a or counts.absent_b:
        rows.append(ValueDifference(None, compare_shares(sets, counts.absent_a, counts.absent_b, rules)))
    rows.sort(key=_value_rank)
    effect, significance = _whole(sets, counts, rows)
    return AttributeDifference(
        attribute=counts.attribute,
        effect=effect,
        significant=False,
        significance=significance,
        distinct=len(counts.values) if counts.distinct is None else counts.distinct,
        other_a=counts.other_a,
        other_b=counts.other_b,
        values=tuple(rows),
    )


def _whole(
    sets: TraceSets, counts: CategoricalCounts, rows: Sequence[ValueDifference]
) -> tuple[float, Significance | None]:
    """Effect and significance of an attribute as a whole, from its tested values.

    With one value for each trace the values that are too rare to test are one category, `the rest`. Without that
    pooling the effect of a unique id would be complete.
    """
    tested = [row.shares for row in rows if row.shares.significance is not None]
    if not tested:
        return 0.0, None
    pairs = [(shares.count_a, shares.count_b) for shares in tested]
    if _has_one_value_each(sets, counts):
        rest = sets.n_a - sum(a for a, _ in pairs), sets.n_b - sum(b for _, b in pairs)
        categories = [*pairs, rest] if any(rest) else pairs
        # With many values chance may give more distance than one value that really differs.
        effect = max(total_variation(categories), largest_difference(pairs, sets.n_a, sets.n_b))
        if smallest_expected(categories) >= _MIN_EXPECTED:
            return effect, Significance(Test.CHI_SQUARE, chi_square_p(categories))
    else:
        effect = largest_difference(pairs, sets.n_a, sets.n_b)
    smallest_p = min(shares.significance.p for shares in tested if shares.significance is not None)
    return effect, Significance(Test.SMALLEST_OF_VALUES, min(smallest_p * len(tested), 1.0))


def _has_one_value_each(sets: TraceSets, counts: CategoricalCounts) -> bool:
    counted_a = sum(value.count_a for value in counts.values) + counts.other_a + counts.absent_a
    counted_b = sum(value.count_b for value in counts.values) + counts.other_b + counts.absent_b
    return (counted_a, counted_b) == (sets.n_a, sets.n_b)


def _measure_number(sets: TraceSets, counts: NumericCounts, rules: ComparisonRules) -> AttributeDifference:
    rows = [(bucket.bucket_ms * _NS_PER_MS, bucket.count_a, bucket.count_b) for bucket in counts.buckets]
    order = compare_orders(rows, rules.min_traces)
    effect = 0.0 if order is None else order_effect(order.cliffs_delta, order.n_a, order.n_b)
    absent: tuple[ValueDifference, ...] = ()
    if counts.absent_a or counts.absent_b:
        absent = (ValueDifference(None, compare_shares(sets, counts.absent_a, counts.absent_b, rules)),)
        effect = max(effect, largest_difference([(counts.absent_a, counts.absent_b)], sets.n_a, sets.n_b))
    return AttributeDifference(
        attribute=counts.attribute,
        effect=effect,
        significant=False,
        significance=None if order is None else order.significance,
        distinct=len(counts.buckets),
        other_a=0,
        other_b=0,
        values=absent,
        order=order,
    )


def _p_of(difference: AttributeDifference) -> list[float]:
    """The p of every question asked of one attribute; that of a number as a whole is the one of its order."""
    asked = [row.shares.significance for row in difference.values]
    asked.append(difference.significance)
    return [significance.p for significance in asked if significance is not None]


def _judged(
    difference: AttributeDifference, q_of: Callable[[float], float], rules: ComparisonRules
) -> AttributeDifference:
    significance = with_q(difference.significance, q_of)
    order = difference.order
    values = tuple(_with_significance(row, with_q(row.shares.significance, q_of)) for row in difference.values)
    return msgspec.structs.replace(
        difference,
        significance=significance,
        # One value among many may be certain where the whole is not: it must not be ranked below noise.
        significant=is_certain(significance, rules) or any(is_share_finding(row.shares, rules) for row in values),
        values=values,
        order=None if order is None else msgspec.structs.replace(order, significance=significance),
    )


def _untested(difference: AttributeDifference) -> AttributeDifference:
    order = difference.order
    return msgspec.structs.replace(
        difference,
        significance=None,
        values=tuple(_with_significance(row, None) for row in difference.values),
        order=None if order is None else msgspec.structs.replace(order, significance=None),
    )


def _with_significance(row: ValueDifference, significance: Significance | None) -> ValueDifference:
    return msgspec.structs.replace(row, shares=msgspec.structs.replace(row.shares, significance=significance))


def _findings(difference: AttributeDifference, rules: ComparisonRules) -> Iterable[Finding]:
    attribute, order = difference.attribute, difference.order
    if order is not None and is_order_finding(order, rules):
        yield Finding(attribute, order_sentence(attribute, order), order=order)
    for row in difference.values:
        if is_share_finding(row.shares, rules):
            yield Finding(attribute, value_sentence(attribute, row.value, row.shares), value=row)


def _follows_from_outcome(finding: Finding, chosen: Container[AttributeKind]) -> bool:
    """Whether it says that requests which were chosen for how they ended have a cause of that, or the others none.

    Which cause it is explains something and is told.
    """
    is_absence = finding.value is not None and finding.value.value is None
    return is_absence and finding.attribute.kind in _CAUSES_OF_OUTCOMES and AttributeKind.OUTCOME in chosen


def _rank(difference: AttributeDifference) -> tuple[bool, float, float, int, str, str]:
    """Certain ones first, the largest first; of equals the less likely, then that with fewer values, then by name."""
    p = 1.0 if difference.significance is None else difference.significance.p
    attribute = difference.attribute
    return not difference.significant, -difference.effect, p, difference.distinct, attribute.kind, attribute.key


def _finding_rank(finding: Finding) -> tuple[float, bool, str, str, str]:
    """The largest first, of equals the one that A has more of: A is what the reader asks about."""
    value = "" if finding.value is None else repr(finding.value.value)
    return _descending(finding.effect), finding.effect < 0, finding.attribute.kind, finding.attribute.key, value


def _value_rank(row: ValueDifference) -> tuple[float, bool, str]:
    # repr keeps True, 1 and "1" apart
    return _descending(row.shares.difference), row.shares.difference < 0, repr(row.value)


def _descending(effect: float) -> float:
    # rounded, because 0.2 - 0.08 is a little more than 0.12 and must not go before it
    return -round(abs(effect), 9)


def _check(sets: TraceSets, counts: Sequence[CategoricalCounts | NumericCounts]) -> None:
    if min(sets.n_a, sets.n_b, sets.overlap) < 0 or sets.overlap > min(sets.n_a, sets.n_b):
        raise ValueError(f"{sets.overlap} traces in both sets of {sets.n_a} and {sets.n_b}")
    seen = set()
    for each in counts:
        name = label_of(each.attribute)
        if (each.attribute.kind, each.attribute.key) in seen:
            raise ValueError(f"{name} is given twice")
        seen.add((each.attribute.kind, each.attribute.key))
        pairs = [(each.absent_a, each.absent_b)]
        if isinstance(each, NumericCounts):
            pairs.append((sum(row.count_a for row in each.buckets), sum(row.count_b for row in each.buckets)))
            known = [repr(row.bucket_ms) for row in each.buckets]
        else:
            pairs += [(each.other_a, each.other_b), *((value.count_a, value.count_b) for value in each.values)]
            known = [repr(value.value) for value in each.values]
        if len(set(known)) < len(known):
            raise ValueError(f"a value of {name} is given twice")
        for count_a, count_b in pairs:
            if not (0 <= count_a <= sets.n_a and 0 <= count_b <= sets.n_b):
                raise ValueError(f"{name} is counted in {count_a} and {count_b} traces of {sets.n_a} and {sets.n_b}")
