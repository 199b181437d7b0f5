"""Insights for the terminal: a list, and one with its cause, impact, timeline and traces."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from raylens.cli.insight_answers import Entity, Impact, Insight, InsightList, Suspect, Watch, WholeInsight
from raylens.cli.render_analytics import spark_text, wrapped_text
from raylens.cli.render_trace import View
from raylens.cli.terminal_text import NS_PER_S, duration_text, instant_text, plain, share_text, zone_text
from raylens.cli.words import OUTCOME_STYLES, type_label

CATEGORY_WORDS = {"response_time": "response time", "error_rate": "error rate", "throttling": "throttling"}
_SIGNAL_WORDS = {"latency": "response time", "fault": "faults", "error": "errors", "throttle": "throttles"}
_LABEL_CELLS = 12


def list_text(found: InsightList, now_s: float, view: View) -> list[Text]:
    """Two or three lines for each insight: when and what, who, and how to see more."""
    lines: list[Text] = []
    for insight in found.insights:
        lines += [*_entry(insight, now_s, view), Text()]
    left_out = found.total - len(found.insights)
    if left_out > 0:
        lines.append(Text(f"{left_out:,} more, shown with --limit", style="dim"))
    else:
        lines.pop()
    return lines


def nothing_text(found: InsightList, last: str, view: View) -> list[Text]:
    """That there are no insights, and for each group why that is."""
    lines = [Text(f"No insights in the last {plain(last)}.")]
    return [*lines, *watches_text(found.watches, view)]


def watches_text(watches: Sequence[Watch], view: View) -> list[Text]:
    """How each group is watched, in the server's words."""
    lines: list[Text] = []
    for watch in watches:
        lines += wrapped_text(f"{plain(watch.group)}: {watch.sentence}", view, indent=2, style="dim")
    return lines


def insight_text(whole: WholeInsight, now_s: float, view: View) -> list[Text]:
    """Everything about one insight."""
    insight = whole.insight
    lines = [*_title(insight, view), Text(), *wrapped_text(insight.summary, view), Text()]
    lines += [_fact("Categories", _categories(insight)), _fact("When", _when(insight, now_s, view))]
    lines += [_fact("Detected", _instant(insight.detected, view)), _fact("Group", insight.group)]
    lines += [_fact("Clients", "").append_text(_impact(insight.client_impact))]
    lines += [_fact("Root cause", "").append_text(_impact(insight.root_cause_impact))]
    lines += [*_suspect_lines(whole.suspects, view), *_impact_lines(whole, view)]
    events = [f"{_instant(event.at, view)}  {plain(event.summary)}" for event in whole.events]
    lines += _section("What happened", events, view)
    lines += _section("What sets its traces (A) apart from those before (B)", whole.findings, view)
    exemplars = [f"{each.trace_id}  {plain(each.why)}" for each in whole.exemplars]
    return [*lines, *_section("Traces that show it", exemplars, view)]


def _entry(insight: Insight, now_s: float, view: View) -> list[Text]:
    first = _state(insight).append("  ").append(_categories(insight), style="bold default")
    lines = [first, Text(f"  {_when(insight, now_s, view)}"), *wrapped_text(insight.summary, view, indent=2)]
    return [*lines, Text("  ").append_text(_impact(insight.client_impact)), Text(f"  {plain(insight.id)}", style="dim")]


def _title(insight: Insight, view: View) -> list[Text]:
    line = Text("Insight ", style="bold").append(plain(insight.id), style="default").append("  ")
    line.append_text(_state(insight))
    return [line, *wrapped_text(f"Root cause: {entity_words(insight.root_cause.entity)}", view, style="bold")]


def entity_words(entity: Entity) -> str:
    """A node as `Reservations (DynamoDB table)`, an edge as `caller -> callee`."""
    words = plain(entity.service.name)
    if entity.service.type:
        words += f" ({plain(type_label(entity.service.type))})"
    return words if entity.source is None else f"{plain(entity.source.name)} -> {words}"


def _state(insight: Insight) -> Text:
    return Text("● active", style="bold red") if insight.is_active else Text("○ closed", style="dim")


def _categories(insight: Insight) -> str:
    return ", ".join(CATEGORY_WORDS.get(each, plain(each)) for each in insight.categories)


def _when(insight: Insight, now_s: float, view: View) -> str:
    length_s = max((now_s if insight.end is None else insight.end) - insight.start, 0)
    start = _instant(insight.start, view)[:-3]
    end = "now" if insight.end is None else _instant(insight.end, view)[:-3]
    # of the same day the time says enough
    end = end[11:] if end[:11] == start[:11] else end
    zone = zone_text(_ns(insight.start), view.zone)
    return f"{start} to {end} {zone}, {duration_text(round(length_s) * NS_PER_S)}"


def _impact(impact: Impact) -> Text:
    """Shares by outcome, those that are not zero."""
    line = Text(f"{impact.requests:,} requests")
    for name, style in OUTCOME_STYLES.items():
        count = getattr(impact, name)
        if count or name == "ok":
            line.append("  ").append(f"{name} {share_text(count, impact.requests)}", style=style)
    return line


def _suspect_lines(suspects: Sequence[Suspect], view: View) -> list[Text]:
    lines = [Text(), Text("Suspects", style="bold")]
    for number, suspect in enumerate(suspects, 1):
        signal = _SIGNAL_WORDS.get(suspect.signal, plain(suspect.signal))
        first, *more = wrapped_text(f"{entity_words(suspect.entity)}: {signal}", view, indent=4)
        lines += [Text(f"{number:>2}  ").append_text(first[4:]), *more]
        sentence = f"{suspect.sentence} Score {suspect.score:.2f}."
        lines += wrapped_text(sentence, view, indent=4, style="dim")
    return lines


def _impact_lines(whole: WholeInsight, view: View) -> list[Text]:
    """What clients got, minute by minute, from some minutes before the incident on."""
    if not whole.impact:
        return []
    lines = [Text(), Text("What clients got", style="bold").append("  one mark a minute", style="dim")]
    first, last = whole.impact[0].start, whole.impact[-1].start
    at = {round((minute.start - first) / 60): minute for minute in whole.impact}
    minutes = [at.get(number) for number in range(round((last - first) / 60) + 1)]
    minutes = minutes[-(view.width_cells - _LABEL_CELLS) :]
    counts = {name: [0 if minute is None else getattr(minute, name) for minute in minutes] for name in OUTCOME_STYLES}
    most = max(max(each, default=0) for each in counts.values())
    for name, style in OUTCOME_STYLES.items():
        if any(counts[name]):
            lines.append(Text(f"  {name:<{_LABEL_CELLS - 2}}").append(spark_text(counts[name], most), style=style))
    return lines


def _section(title: str, entries: Sequence[str], view: View) -> list[Text]:
    if not entries:
        return []
    lines = [Text(), Text(title, style="bold")]
    for entry in entries:
        lines += wrapped_text(entry, view, indent=2)
    return lines


def _fact(name: str, value: str) -> Text:
    return Text(f"{name:<{_LABEL_CELLS}}", style="dim").append(plain(value), style="default")


def _instant(at_s: float, view: View) -> str:
    """To the second: insights know minutes."""
    return instant_text(_ns(at_s), view.zone)[:-4]


def _ns(at_s: float) -> int:
    return round(at_s * NS_PER_S)
