"""Why something is suspected, in one sentence of numbers that were measured."""

from __future__ import annotations

import msgspec

from raylens.insights.wording import duration_text, percent_text
from raylens.model.figures import Entity
from raylens.model.insight import Signal

_FAILED_AS = {Signal.FAULT: "a fault", Signal.ERROR: "an error", Signal.THROTTLE: "a throttle"}
# Parts below a hundredth are not worth telling.
_LEAST_SHARE = 0.01


class Symptom(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured of one suspect, per request; None where it is not known.

    `share` is how much of what `noticed` lost began here. `cut_short` are requests that ended before they called
    `not_called`. `traced_s` is by how much its own time grew in `traces` traces, `strayed` how many requests of them
    went another way than usual. `began` is what it began to call.
    """

    entity: Entity
    signal: Signal
    seconds: float | None = None
    usual_seconds: float | None = None
    requests: float = 0.0
    failed: float = 0.0
    usual_share: float = 0.0
    has_callees: bool = False
    is_passed_on: bool = False
    noticed: Entity | None = None
    share: float | None = None
    cut_short: float = 0.0
    not_called: Entity | None = None
    traces: int = 0
    traced_s: float = 0.0
    strayed: float = 0.0
    began: Entity | None = None


def sentence_of(symptom: Symptom) -> str:
    """The sentence. It says what was observed, then whether callees show it, then how much that explains."""
    first = _slower(symptom) if symptom.signal is Signal.LATENCY else _failing(symptom)
    callees = _callees(symptom)
    told = f"{first}, and {callees}" if first and callees else first or f"{symptom.entity.label} differs from before"
    return "; ".join(part for part in (told, _traced(symptom), _explained(symptom)) if part) + "."


def _slower(symptom: Symptom) -> str:
    if symptom.seconds is None or symptom.usual_seconds is None or symptom.seconds <= symptom.usual_seconds:
        return ""
    times = f"{duration_text(symptom.seconds)} instead of {duration_text(symptom.usual_seconds)}"
    if symptom.entity.source is None:
        return f"{symptom.entity.label} answered in {times}"
    return f"Calls from {symptom.entity.source.label} to {symptom.entity.service.label} took {times}"


def _failing(symptom: Symptom) -> str:
    who = f"Calls from {symptom.entity.source.label} to {symptom.entity.service.label}" if symptom.entity.source else ""
    label = who or symptom.entity.label
    if symptom.began is not None:
        return f"{label} began to call {symptom.began.label}, which it had not called before"
    if symptom.failed > 0 and symptom.requests > 0:
        now, usual = percent_text(symptom.failed / symptom.requests), percent_text(symptom.usual_share)
        verb = "ended" if who else "answered"
        what = _FAILED_AS[symptom.signal]
        return f"{label} {verb} {now} of {symptom.requests:,.0f} requests with {what} instead of {usual}"
    if symptom.cut_short >= 1 and symptom.not_called is not None:
        # a callee is told by its node, however its calls were counted
        callee = symptom.not_called.service.label
        return f"{label} ended about {symptom.cut_short:,.0f} requests before the usual call to {callee}"
    return ""


def _callees(symptom: Symptom) -> str:
    is_slow = symptom.signal is Signal.LATENCY
    if symptom.is_passed_on or symptom.began is not None:
        return ""
    if symptom.entity.source is not None:
        service = symptom.entity.service.label
        return f"{service} itself does not show it" if symptom.seconds is not None or symptom.failed else ""
    if not symptom.has_callees or (symptom.seconds is None and not symptom.failed):
        return ""
    return "nothing it calls is slower" if is_slow else "nothing it calls fails more"


def _traced(symptom: Symptom) -> str:
    if not symptom.traces:
        return ""
    if symptom.strayed >= 1:
        return f"in {symptom.traces:,} traces about {symptom.strayed:,.0f} of its requests went another way than before"
    if symptom.traced_s / symptom.traces >= 1e-3:
        grown = duration_text(symptom.traced_s / symptom.traces)
        whose = "its own time" if symptom.entity.source is None else "the time between the two"
        return f"over {symptom.traces:,} traces {whose} grew by {grown} a trace"
    return ""


def _explained(symptom: Symptom) -> str:
    if symptom.noticed is None or symptom.share is None or symptom.share < _LEAST_SHARE:
        return ""
    if symptom.noticed == symptom.entity:
        return ""
    what, was = ("the time", "was") if symptom.signal is Signal.LATENCY else ("the requests", "were")
    where = "here" if symptom.entity.source is None else "between the two"
    part = "nearly all" if symptom.share >= 0.995 else percent_text(symptom.share)
    return f"{part} of {what} {symptom.noticed.service.name} lost {was} lost {where}"
