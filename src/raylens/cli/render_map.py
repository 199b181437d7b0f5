"""The service map in the terminal: who calls whom as a tree, with figures beside every node and call."""

from __future__ import annotations

from rich.text import Text

from raylens.cli.render_trace import View
from raylens.cli.service_tree import Figures, Graph, Node, Step, walk
from raylens.cli.terminal_text import cut_end, cut_middle, duration_text, plain, share_text
from raylens.cli.words import OUTCOME_STYLES, Outcome, outcome_of, type_label

_MAX_INDENT_LEVELS = 8
_SHARE_BAR_CELLS = 20
_FIGURES_INDENT = "  "


def map_text(graph: Graph, view: View) -> list[Text]:
    """The lines of the map, without a title. Each node is drawn once; met again, it is named and referred to."""
    lines: list[Text] = []
    for number, step in enumerate(walk(graph)):
        if not step.is_last_of and number:
            lines.append(Text())
        lines.append(_node_line(step, view))
        if not step.is_repeated and step.node.figures is not None:
            lines += _figure_lines(step, step.node.figures, view)
        if not step.is_repeated and (step.has_calls or not all(step.is_last_of)):
            lines.append(_rails(step, has_below=step.has_calls))
    for line in lines:
        line.rstrip()
    return lines


def _node_line(step: Step, view: View) -> Text:
    line = Text(style="")
    if step.is_last_of:
        line.append_text(_lead(step.is_last_of[:-1]))
        arrow = "┄▷ " if step.call is not None and step.call.is_link else "─▶ "
        line.append(("└" if step.is_last_of[-1] else "├") + arrow, style="dim")
    call = _call_text(step)
    room = view.width_cells - line.cell_len - (len(call) + 2 if call else 0)
    node = step.node
    note = "(drawn above)" if step.is_repeated else _type_text(node)
    name = "Client" if node.is_client else plain(node.name) or "(no name)"
    name_room = max(room - len(note) - 1, min(room, 16)) if note else room
    line.append(cut_middle(name, name_room), style=_name_style(node))
    left = view.width_cells - line.cell_len - (len(call) + 2 if call else 0) - 1
    if note and left >= 4:
        line.append(" ").append(cut_end(note, left), style="dim")
    if call:
        line.append(" " * max(view.width_cells - line.cell_len - len(call), 1)).append(call, style="dim")
    return line


def _type_text(node: Node) -> str:
    return "" if node.is_client else plain(type_label(node.type))


def _name_style(node: Node) -> str:
    """Bold, in the colour of the worst that happened there."""
    figures = node.figures
    if figures is None:
        return "bold"
    worst = outcome_of(error=figures.error > 0, throttle=figures.throttle > 0, fault=figures.fault > 0)
    return f"bold {OUTCOME_STYLES[worst]}"


def _call_text(step: Step) -> str:
    if step.call is None or step.call.figures is None:
        return ""
    figures = step.call.figures
    word = "event" if step.call.is_link else "call"
    count = f"{figures.total:,} {word}{'' if figures.total == 1 else 's'}"
    if not step.call.is_link:
        return f"{count}, avg {duration_text(figures.average_ns)}"
    age_ns = step.call.age_p50_ns
    return f"link, {count}" if age_ns is None else f"link, {count}, age p50 {duration_text(age_ns)}"


def _figure_lines(step: Step, figures: Figures, view: View) -> list[Text]:
    """Count, bar, shares of outcomes and response times: on one line where they fit, on up to three where not.

    The bar is never left out: it is what a reader finds first.
    """
    lead = _lead(step.is_last_of)
    lead.append("│" if step.has_calls else " ", style="dim").append(_FIGURES_INDENT)
    requests = Text(f"{figures.total:,} request{'' if figures.total == 1 else 's'} ")
    bar = _share_bar(figures, min(_SHARE_BAR_CELLS, max(view.width_cells // 8, 8)))
    shares = Text()
    for outcome, count in _outcomes(figures):
        if count or outcome == "ok":
            shares.append(f"  {outcome} {share_text(count, figures.total)}", style=OUTCOME_STYLES[outcome])
    times = Text(f"avg {duration_text(figures.average_ns)}")
    for name, value_ns in (("p50", step.node.p50_ns), ("p95", step.node.p95_ns)):
        if value_ns is not None:
            times.append(f" · {name} {duration_text(value_ns)}")
    counted = Text.assemble(lead, requests, bar)
    shared = counted + shares
    if shared.cell_len + 3 + times.cell_len <= view.width_cells:
        return [_spread(shared, times, view)]
    if shared.cell_len <= view.width_cells:
        lines = [shared, Text.assemble(lead, times)]
    elif counted.cell_len + 3 + times.cell_len <= view.width_cells:
        lines = [_spread(counted, times, view), Text.assemble(lead, shares[2:])]
    else:
        lines = [counted, Text.assemble(lead, shares[2:]), Text.assemble(lead, times)]
    for line in lines:
        line.truncate(view.width_cells, overflow="ellipsis")
    return lines


def _spread(left: Text, right: Text, view: View) -> Text:
    return left.copy().append(" " * (view.width_cells - left.cell_len - right.cell_len)).append_text(right)


def _outcomes(figures: Figures) -> tuple[tuple[Outcome, int], ...]:
    return (
        ("ok", figures.ok),
        ("error", figures.error),
        ("throttle", figures.throttle),
        ("fault", figures.fault),
    )


def _share_bar(figures: Figures, cells: int) -> Text:
    """One cell at least for every outcome that happened; without colour the shapes tell them apart."""
    shapes: dict[Outcome, str] = {"ok": "━", "error": "▒", "throttle": "▓", "fault": "█"}
    widths: dict[Outcome, int] = (
        {outcome: max(count * cells // figures.total, 1) if count else 0 for outcome, count in _outcomes(figures)}
        if figures.total
        else {}
    )
    if widths:
        largest = max(widths, key=lambda outcome: widths[outcome])
        widths[largest] = max(widths[largest] + cells - sum(widths.values()), 0)
    bar = Text()
    for outcome, width in widths.items():
        bar.append(shapes[outcome] * width, style=OUTCOME_STYLES[outcome])
    return bar


def _rails(step: Step, *, has_below: bool) -> Text:
    return _lead(step.is_last_of).append("│" if has_below else "", style="dim")


def _lead(is_last_of: tuple[bool, ...]) -> Text:
    """The vertical lines of the levels above; the outermost are left out when a chain grows too long to draw."""
    shown = is_last_of[-_MAX_INDENT_LEVELS:]
    return Text("".join("   " if is_last else "│  " for is_last in shown), style="dim")
