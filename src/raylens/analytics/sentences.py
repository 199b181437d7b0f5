"""Findings in plain English, one sentence each, numbers always with the counts behind them."""

from __future__ import annotations

import msgspec

from raylens.analytics.comparison import OrderDifference, PathChange, ShareDifference
from raylens.analytics.rules import ComparisonRules
from raylens.model.segment import AnnotationValue
from raylens.model.trace_sets import Attribute, AttributeKind, TraceSets

NOUNS: dict[AttributeKind, str] = {
    AttributeKind.URL: "URL",
    AttributeKind.METHOD: "method",
    AttributeKind.STATUS: "status",
    AttributeKind.USER: "user",
    AttributeKind.USER_AGENT: "user agent",
    AttributeKind.CLIENT_IP: "client IP",
    AttributeKind.SERVICE: "service",
    AttributeKind.ENTRY_POINT: "entry point",
    AttributeKind.OUTCOME: "outcome",
    AttributeKind.RESPONSE_TIME_ROOT_CAUSE: "response time root cause",
    AttributeKind.FAULT_ROOT_CAUSE: "fault root cause",
    AttributeKind.ERROR_ROOT_CAUSE: "error root cause",
    AttributeKind.AVAILABILITY_ZONE: "availability zone",
    AttributeKind.INSTANCE: "instance",
    AttributeKind.RESOURCE_ARN: "resource ARN",
    AttributeKind.RESPONSE_TIME: "response time",
    AttributeKind.DURATION: "duration",
}
# Free text, which may be empty or end in a space: quotes show where it begins and ends.
_QUOTED = frozenset({AttributeKind.ANNOTATION, AttributeKind.USER, AttributeKind.USER_AGENT})
# From here on "times as often" says more than the difference: 1.1 times reads as nothing, 9 points do not.
_TELLING_RATIO = 1.5
_TELLING_PER_TRACE = 1.5


def label_of(attribute: Attribute) -> str:
    """What people call it: an annotation by its key, all else by its noun."""
    return attribute.key if attribute.kind is AttributeKind.ANNOTATION else NOUNS[attribute.kind]


def value_sentence(attribute: Attribute, value: AnnotationValue | None, shares: ShareDifference) -> str:
    """Such as `restaurantName is "" in 96 % of A (48 of 50) but 4 % of B (2 of 50): 24 times as often.`"""
    label = label_of(attribute)
    if value is None:
        condition = f"The trace has no {label}"
    elif attribute.kind is AttributeKind.SERVICE:
        condition = f"The trace passes through {value}"
    else:
        # An annotation key is spelled as it was sent.
        subject = label if attribute.kind is AttributeKind.ANNOTATION else label[0].upper() + label[1:]
        condition = f"{subject} is {_value_text(attribute, value)}"
    return f"{condition} {shares_text(shares)}."


def shares_text(shares: ShareDifference) -> str:
    """Such as `in 96 % of A (48 of 50) but 4 % of B (2 of 50): 24 times as often`."""
    in_a = f"in {share_text(shares.count_a, shares.n_a)} of A ({shares.count_a:,} of {shares.n_a:,})"
    in_b = f"{share_text(shares.count_b, shares.n_b)} of B ({shares.count_b:,} of {shares.n_b:,})"
    return f"{in_a} but {in_b}: {_comparison_text(shares)}"


def _comparison_text(shares: ShareDifference) -> str:
    if not shares.count_b:
        return "only in A"
    if not shares.count_a:
        return "only in B"
    more, less = max(shares.share_a, shares.share_b), min(shares.share_a, shares.share_b)
    of_b = " in B" if shares.difference < 0 else ""
    if more / less < _TELLING_RATIO:
        return f"{_short(100 * (more - less))} percentage points more often{of_b}"
    return f"{_short(more / less)} times as often{of_b}"


def order_sentence(attribute: Attribute, order: OrderDifference) -> str:
    """Such as `The response time is longer in A: median 3.2 s against 120 ms in B; ...`"""
    word = "longer" if order.cliffs_delta > 0 else "shorter"
    return f"The {label_of(attribute)} is {word} in A: {_order_text(order)}."


def path_sentence(
    path: str,
    change: PathChange,
    presence: ShareDifference,
    time: OrderDifference | None,
    per_trace: tuple[float, float] | None,
) -> str:
    """Such as `stage > fn (AWS::Lambda) is new: in 20 % of A (10 of 50) but none of B (0 of 50).`"""
    if time is not None and change in (PathChange.LONGER, PathChange.SHORTER):
        return f"{path} holds the response {change} in A: {_order_text(time)}."
    text = shares_text(presence)
    if change in (PathChange.NEW, PathChange.MISSING):
        return f"{path} is {change}: {text.rpartition(':')[0]}."
    word = "more frequent" if change is PathChange.MORE_FREQUENT else "rarer"
    repeated = ""
    if per_trace is not None and max(per_trace) / min(per_trace) >= _TELLING_PER_TRACE:
        repeated = f", and where it is, {_short(per_trace[0])} times per trace against {_short(per_trace[1])} in B"
    return f"{path} is {word}: {text}{repeated}."


def _order_text(order: OrderDifference) -> str:
    middle = "median", duration_text(order.median_a_ns), duration_text(order.median_b_ns)
    if middle[1] == middle[2]:
        middle = "mean", duration_text(order.mean_a_ns), duration_text(order.mean_b_ns)
    above = order.superiority if order.cliffs_delta > 0 else 1 - order.superiority
    slower, other = ("A", "B") if order.cliffs_delta > 0 else ("B", "A")
    return (
        f"{middle[0]} {middle[1]} against {middle[2]} in B; of two traces, "
        f"that of {slower} takes longer than that of {other} in {_percent_text(above)} of all pairs"
    )


def too_few_sentence(sets: TraceSets, rules: ComparisonRules) -> str:
    """What was seen and what is needed."""
    return (
        f"Too few traces to tell: A has {sets.n_a:,} and B has {sets.n_b:,}, and each needs at least "
        f"{rules.min_traces:,}."
    )


def no_difference_sentence(sets: TraceSets, tests: int, rules: ComparisonRules) -> str:
    """That nothing stood out, and against what."""
    between = f"between A ({_traces_text(sets.n_a)}) and B ({_traces_text(sets.n_b)})"
    if not tests:
        return f"Nothing to compare {between}: no value is shared by enough of them, and not by all."
    return (
        f"No difference found {between}: of {tests:,} comparisons none stands out at a false-discovery rate of "
        f"{_short(100 * rules.false_discovery_rate)} %."
    )


def different_sentence(sets: TraceSets, findings: int, largest: str) -> str:
    """How much was found, and the first of it."""
    count = "One difference" if findings == 1 else f"{findings:,} differences, the largest first,"
    return f"{count} between A ({_traces_text(sets.n_a)}) and B ({_traces_text(sets.n_b)}): {largest}"


def overlap_note(sets: TraceSets) -> str:
    """That traces are in both sets, and what follows."""
    if sets.overlap >= sets.n_a and sets.overlap >= sets.n_b:
        return f"A and B are the same {_traces_text(sets.n_a)}."
    shared = f"{_traces_text(sets.overlap)} {'is' if sets.overlap == 1 else 'are'} in both sets"
    for name, size in (("A", sets.n_a), ("B", sets.n_b)):
        if sets.overlap >= size:
            shared = f"All of {name} ({_traces_text(size)}) is also in the other set"
    return f"{shared}: differences look smaller than they are, and the tests find less than they could."


def share_text(count: int, total: int) -> str:
    """Such as `96 %`; `all` and `none` only when it is so."""
    if not count:
        return "none"
    return "all" if count == total else _percent_text(count / total)


def duration_text(duration_ns: int) -> str:
    """Three digits, in milliseconds below a second."""
    ms = duration_ns / 1e6
    return f"{ms:.3g} ms" if ms < 999.5 else f"{_three_digits(ms / 1000)} s"


def _three_digits(number: float) -> str:
    return f"{number:,.0f}" if number >= 99.95 else f"{number:.3g}"


def _percent_text(share: float) -> str:
    percent = 100 * share
    if 1 <= percent <= 99:
        return f"{percent:.0f} %"
    if 0 < percent < 0.1:
        return "under 0.1 %"
    if 99.9 < percent < 100:
        return "over 99.9 %"
    return f"{percent:.1f} %" if percent % 100 else f"{percent:.0f} %"


def _short(number: float) -> str:
    """Whole from ten on, with one digit after the point below where it is not 0."""
    return f"{number:,.0f}" if number >= 9.95 else f"{number:.1f}".removesuffix(".0")


def _traces_text(count: int) -> str:
    return "1 trace" if count == 1 else f"{count:,} traces"


def _value_text(attribute: Attribute, value: AnnotationValue) -> str:
    if isinstance(value, str) and attribute.kind not in _QUOTED:
        return value
    # every number is a double here; 502 is no 502.0 to the reader
    whole = isinstance(value, float) and value.is_integer()
    return msgspec.json.encode(int(value) if whole else value).decode()
