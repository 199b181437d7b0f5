"""Trace sets for the terminal: at a glance, divided by an attribute, and compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec
from rich.console import Console
from rich.text import Text

from raylens.cli.analytics_answers import (
    Activity,
    AttributeDifference,
    ComparedSet,
    Comparison,
    Finding,
    Grouping,
    HistogramBucket,
    Overview,
    Value,
)
from raylens.cli.render_table import table_text
from raylens.cli.render_trace import View
from raylens.cli.terminal_text import NS_PER_MS, cut_end, duration_text, plain, share_text
from raylens.cli.words import OUTCOME_STYLES

_INDENT = "  "
_HEIGHTS = "▁▂▃▄▅▆▇█"
_LENGTHS = "▏▎▍▌▋▊▉█"
_BAR_CELLS = 30
_NONE = "(none)"
# Texts that a reader would take for another kind of value
_MISLEADING = re.compile(r"|\s.*|.*\s|true|false|\(none\)|\".*|[-+]?[0-9.]+(e[-+]?[0-9]+)?", re.DOTALL | re.IGNORECASE)
_EVERY_TRACE = "every trace"


def set_text(filter_text: str, group: str | None, view: View) -> list[Text]:
    """What is looked at, in words."""
    return wrapped_text(f"of  {_set_words(filter_text, group)}", view)


def overview_text(overview: Overview, view: View) -> list[Text]:
    """Counts by outcome, response times and activity."""
    total = overview.traces
    lines = [_outcome_line(overview), Text()]
    times = overview.response_time
    if times.percentiles is not None:
        named = [(f"p{name}", getattr(times.percentiles, f"p{name}_ms")) for name in (50, 90, 95, 99)]
        average = overview.average_response_time_ms
        facts = [] if average is None else [("average", average)]
        words = "  ".join(f"{name} {_ms_text(ms)}" for name, ms in (*facts, *named))
        lines += [Text("Response time", style="bold"), Text(_INDENT + words)]
        lines += _histogram_lines(times.histogram)
    else:
        lines.append(Text(f"No response times: none of the {total:,} traces is finished."))
    return [*lines, Text(), *_activity_lines(overview, view.width_cells)]


def telling_text(differences: Sequence[AttributeDifference], what: str, limit: int, view: View) -> list[Text]:
    """The groupings in which a part of the set, called `what`, is spread most unevenly, as small tables."""
    lines: list[Text] = []
    for each in differences:
        rows = [
            (
                value_text(each.attribute.kind, value.value),
                f"{value.shares.count_a + value.shares.count_b:,}",
                f"{value.shares.count_a:,}",
                share_text(value.shares.count_a, value.shares.count_a + value.shares.count_b),
            )
            for value in each.values
            if value.shares.count_a + value.shares.count_b
        ]
        heads = (plain(each.attribute.name), "Traces", what.capitalize(), "Share")
        more = [Text(_INDENT + f"and {len(rows) - limit:,} more", style="dim")] if len(rows) > limit else []
        lines += [Text(), *_table(heads, rows[:limit], view), *more]
    return lines


def grouping_text(grouping: Grouping, limit: int, view: View) -> list[Text]:
    """A table of values: how many traces have each, how many of them failed, and how long they took."""
    rows = []
    for row in grouping.rows[:limit]:
        failed = row.error + row.throttle + row.fault
        average = "" if row.average_response_time_ms is None else _ms_text(row.average_response_time_ms)
        rows.append(
            (
                value_text(grouping.attribute.kind, row.value),
                f"{row.traces:,}",
                share_text(row.traces, grouping.traces),
                share_text(failed, row.traces),
                average,
            )
        )
    lines = _table((plain(grouping.attribute.name), "Traces", "Share", "Failed", "Average"), rows, view)
    left_out = grouping.left_out + sum(row.value is not None for row in grouping.rows[limit:])
    return [*lines, *_left_out_line(left_out)]


def side_by_side_text(difference: AttributeDifference, limit: int, view: View) -> list[Text]:
    """A table of values in both sets, with the difference of their shares in percentage points."""
    rows = [
        (
            value_text(difference.attribute.kind, each.value),
            f"{each.shares.count_a:,}",
            f"{each.shares.count_b:,}",
            share_text(each.shares.share_a, 1),
            share_text(each.shares.share_b, 1),
            _points_text(each.shares.difference),
        )
        for each in difference.values[:limit]
    ]
    lines = _table((plain(difference.attribute.name), "A", "B", "Share of A", "Share of B", "Points"), rows, view)
    left_out = difference.distinct - sum(each.value is not None for each in difference.values[:limit])
    certain = [] if difference.significant else [Text(), Text("This can be chance.", style="dim")]
    return [*lines, *_left_out_line(left_out), *certain]


def sets_text(comparison: Comparison, view: View) -> list[Text]:
    """What A and B are and how many traces they have."""
    return [_set_line("A", comparison.a, view), _set_line("B", comparison.b, view)]


def comparison_text(comparison: Comparison, limit: int, view: View) -> list[Text]:
    """The findings as sentences, the largest first, then those along call paths, and what one must know of them."""
    if comparison.state != "different":
        lines = wrapped_text(comparison.summary, view)
    else:
        lines = [
            *_finding_lines("Differences", comparison.findings, limit, view),
            *_finding_lines("Along the call paths", comparison.path_findings, limit, view),
        ][1:]
        if comparison.path_findings:
            sampled = f"{comparison.a.sampled:,} traces of A and {comparison.b.sampled:,} of B"
            lines += [Text(), *wrapped_text(f"Times of call paths were measured on {sampled}.", view, style="dim")]
    for note in comparison.notes:
        lines += [Text(), *wrapped_text(note, view, style="dim")]
    if comparison.defining and comparison.state != "too_few":
        names = ", ".join(plain(each.attribute.name) for each in comparison.defining)
        lines += [Text(), *wrapped_text(f"Left out, because the filters choose by them: {names}.", view, style="dim")]
    return lines


def value_text(kind: str, value: Value) -> str:
    """A value as a table shows it: texts that look like another kind of value in quotes, 3.0 as 3."""
    if value is None:
        return _NONE
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, str):
        quoted = kind == "annotation" and _MISLEADING.fullmatch(value)
        return msgspec.json.encode(value).decode() if quoted or not value else value
    return msgspec.json.encode(value).decode()


def _set_words(filter_text: str, group: str | None) -> str:
    words = filter_text or _EVERY_TRACE
    return words if group is None else f"{words} in the group {group}"


def _outcome_line(overview: Overview) -> Text:
    line = Text(_traces_text(overview.traces), style="bold")
    for name, style in (*OUTCOME_STYLES.items(), ("unfinished", "dim")):
        count = getattr(overview.outcomes, name)
        if count or name == "ok":
            line.append("  ").append(f"{name} {count:,} ({share_text(count, overview.traces)})", style=style)
    return line


def _histogram_lines(histogram: Sequence[HistogramBucket]) -> list[Text]:
    """Counts by classes of 1, 2 and 5, from the first to the last that is not empty."""
    edges = [0, *(step * 10**power for power in range(9) for step in (1, 2, 5))]
    counts = [sum(each.traces for each in histogram if low <= each.bucket_ms < high) for low, high in pairwise(edges)]
    used = [number for number, count in enumerate(counts) if count]
    if not used:
        return []
    most = max(counts)
    lines = []
    for number in range(used[0], used[-1] + 1):
        label = f"{_ms_text(edges[number])} to {_ms_text(edges[number + 1])}"
        line = Text(f"{_INDENT}{label:>19}  ", style="dim")
        line.append(_bar(counts[number], most, _BAR_CELLS), style="cyan")
        lines.append(line.append(f"  {counts[number]:,}", style="default"))
    return lines


def _activity_lines(overview: Overview, width_cells: int) -> list[Text]:
    activity = overview.activity
    columns, column_s = _columns(activity, overview.of.start, overview.of.end, width_cells - len(_INDENT))
    title = Text("Activity  ", style="bold").append(f"{_span_text(column_s)} a column", style="dim")
    lines = [title, Text(_INDENT + spark_text([traces for traces, _ in columns]), style="cyan")]
    if any(failed for _, failed in columns):
        lines += [Text("  failed", style="dim"), Text(_INDENT + spark_text([f for _, f in columns]), style="red")]
    return lines


def _columns(activity: Activity, start: float, end: float, cells: int) -> tuple[list[tuple[int, int]], int]:
    """(traces, failed) of each column, several buckets to a column where they do not fit."""
    first = int(start // activity.bucket_s)
    count = max(-int(-end // activity.bucket_s) - first, 1)
    each = -(-count // max(cells, 1))
    columns = [(0, 0)] * -(-count // each)
    for bucket in activity.buckets:
        at = (round(bucket.start / activity.bucket_s) - first) // each
        if 0 <= at < len(columns):
            traces, failed = columns[at]
            columns[at] = traces + bucket.traces, failed + bucket.failed
    return columns, each * activity.bucket_s


def spark_text(counts: Sequence[int], most: int | None = None) -> str:
    """One bar for each count, as high as its share of `most`, the largest of them by default; a dot for nothing."""
    most = most or max(counts, default=0)
    return "".join(_HEIGHTS[-(-count * len(_HEIGHTS) // most) - 1] if count else "·" for count in counts)


def _bar(count: int, most: int, cells: int) -> str:
    eighths = max(round(count * cells * 8 / most), 1) if count else 0
    return "█" * (eighths // 8) + (_LENGTHS[eighths % 8 - 1] if eighths % 8 else "")


def _finding_lines(title: str, findings: Sequence[Finding], limit: int, view: View) -> list[Text]:
    if not findings:
        return []
    lines = [Text(), Text(title, style="bold")]
    told = _as_often(findings)
    for number, (finding, others) in enumerate(told[:limit], 1):
        first, *more = wrapped_text(finding.sentence, view, indent=4)
        lines += [Text(f"{number:>2}  ").append_text(first[4:]), *more]
        if others:
            # what holds in as many traces may well be said of the same ones
            conditions = "; ".join(_condition(other.sentence) for other in others)
            lines += wrapped_text(f"As often: {conditions}.", view, indent=4, style="dim")
    if len(told) > limit:
        lines.append(Text(f"    and {len(told) - limit:,} more, shown with --limit", style="dim"))
    return lines


def _as_often(findings: Sequence[Finding]) -> list[tuple[Finding, list[Finding]]]:
    """The findings in their order, below each those that hold in exactly as many traces of both sets."""
    told: list[tuple[Finding, list[Finding]]] = []
    of_counts: dict[tuple[int, int], list[Finding]] = {}
    for finding in findings:
        counts = None
        if finding.value is not None:
            counts = finding.value.shares.count_a, finding.value.shares.count_b
        if counts is not None and counts in of_counts:
            of_counts[counts].append(finding)
            continue
        others: list[Finding] = []
        told.append((finding, others))
        if counts is not None:
            of_counts[counts] = others
    return told


def _condition(sentence: str) -> str:
    """What is said to hold, without how often."""
    return re.split(r" in (?:[^ ]+ %|all|none|(?:under|over) [^ ]+ %) of A \(", sentence)[0]


def _set_line(name: str, side: ComparedSet, view: View) -> Text:
    count = _traces_text(side.traces)
    words = plain(_set_words(side.of.filter, side.of.group))
    line = Text(f"{name}  ", style="bold").append(cut_end(words, view.width_cells - len(count) - 5), style="default")
    return line.append(f"  {count}", style="dim")


def _left_out_line(left_out: int) -> list[Text]:
    if left_out <= 0:
        return []
    words = "1 value is not listed" if left_out == 1 else f"{left_out:,} values are not listed"
    return [Text(f"{words}, more with --limit", style="dim")]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], view: View) -> list[Text]:
    return table_text(heads, list(rows), view.width_cells)


def wrapped_text(text: str, view: View, *, indent: int = 0, style: str = "") -> list[Text]:
    """`text` in as many lines as it needs, counted in cells: Hangul takes two of them."""
    console = Console(width=view.width_cells, color_system=None)
    lines = Text(plain(text)).wrap(console, view.width_cells - indent)
    return [Text(" " * indent + line.plain.rstrip(), style=style) for line in lines]


def _traces_text(count: int) -> str:
    return "1 trace" if count == 1 else f"{count:,} traces"


def _ms_text(ms: float) -> str:
    return duration_text(round(ms * NS_PER_MS))


def _points_text(difference: float) -> str:
    points = 100 * difference
    return f"{points:+.1f}" if round(points, 1) else "0"


def _span_text(span_s: int) -> str:
    for unit, length_s in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if span_s % length_s == 0:
            return f"{span_s // length_s} {unit}"
    return f"{span_s} s"
