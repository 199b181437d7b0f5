"""A list of traces for the terminal, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from raylens.cli.api_answers import SummaryHttp, TraceSummary
from raylens.cli.render_trace import View
from raylens.cli.span_documents import instant_ns
from raylens.cli.terminal_text import NS_PER_S, cut_middle, duration_text, instant_text, pad, plain, request_text
from raylens.cli.words import OUTCOME_STYLES, outcome_of

_TIME_CELLS = 23
_OUTCOME_CELLS = 12
_DURATION_CELLS = 8
_ID_CELLS = 35
_ONE_LINE_CELLS = 110  # from here on an id, which must stay whole to be copied, fits beside the rest


def list_text(summaries: Sequence[TraceSummary], view: View) -> list[Text]:
    """The newest first: one line for each trace, or two where the line is too narrow for the id."""
    newest_first = sorted(summaries, key=lambda summary: -(summary.start_time or 0))
    return [line for summary in newest_first for line in _summary_lines(summary, view)]


def _summary_lines(summary: TraceSummary, view: View) -> list[Text]:
    is_one_line = view.width_cells >= _ONE_LINE_CELLS
    trace_id = Text(plain(summary.id), style="cyan")
    start_ns = instant_ns(summary.start_time)
    start = "" if start_ns is None else instant_text(start_ns, view.zone)
    line = Text(pad(start, _TIME_CELLS) + "  ")
    outcome = outcome_of(error=summary.has_error, throttle=summary.has_throttle, fault=summary.has_fault)
    http = summary.http or SummaryHttp()
    words = outcome if http.status is None else f"{outcome} {http.status}"
    line.append(pad(words, _OUTCOME_CELLS + 1), style=OUTCOME_STYLES[outcome])
    seconds = summary.response_time if summary.response_time is not None else summary.duration
    lasted = "open" if seconds is None else duration_text(round(seconds * NS_PER_S))
    line.append(lasted.rjust(_DURATION_CELLS) + "  ")
    room = max(view.width_cells - line.cell_len - (_ID_CELLS + 2 if is_one_line else 0), 8)
    note = " (in progress)" if summary.is_partial else ""
    path = _path(http.url) if http.url else None
    entry = summary.entry_point.name if summary.entry_point and summary.entry_point.name else ""
    name_room = max(room - len(note), 8)
    what = request_text(http.method, path, name_room) or cut_middle(plain(entry), name_room)
    line.append(pad(what + note, room))
    if is_one_line:
        return [line.append("  ").append_text(trace_id)]
    line.rstrip()
    return [line, Text("  ").append_text(trace_id)]


def _path(url: str) -> str:
    """The part of a URL behind the host: the host is the same in a whole list."""
    rest = url.split("://", 1)[-1]
    return "/" + rest.split("/", 1)[1] if "/" in rest else url
