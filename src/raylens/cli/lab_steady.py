"""Steady traffic of the lab as hours of history with one incident in it, and the insight that comes of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from raylens.cli.api_client import ApiClient
from raylens.cli.insight_answers import Insight, InsightList, WholeInsight
from raylens.cli.lab_process import print_doors, run_lab, write_ready
from raylens.cli.lab_quicktable import deployed_quicktable
from raylens.cli.lab_terminal import GREEN, YELLOW, fail, out, told
from raylens.cli.read import print_lines, told_plainly, view_of_terminal
from raylens.cli.render_insights import entity_words, insight_text
from raylens.cli.terminal_text import instant_text, plain, seconds_from_span
from raylens.cli.words import type_label
from raylens.errors import InvalidRequest

if TYPE_CHECKING:
    from raylens.lab.faults import Fault
    from raylens.lab.history import HistoryPlan, Recording
    from raylens.lab.server import Lab
    from raylens.lab.settings import LabSettings

_GROUP = "Default"
# A day is as far as a group's first look back goes, and enough of any pattern.
_LONGEST_HISTORY_S = 86_400
_LEAST_HEALTHY_S = 1_800
_PATIENCE_S, _POLL_S, _TELL_S = 240.0, 1.0, 15.0
# An incident may be noticed a little late, and may leave traces: figures are those of whole minutes.
_SLACK_S = 180.0
_PROGRESS_STEP = 4_000
# Where the trouble arises: what the watch should name. An invalid reservation is refused by the function, which works
# as it should, and it is the stage that answers 400: either may be named.
_FUNCTION, _STAGE, _TABLE = "AWS::Lambda::Function", "AWS::ApiGateway::Stage", "AWS::DynamoDB::Table"
_CULPRITS = {"slow-query": (_TABLE,), "throttling": (_TABLE,), "invalid-input": (_FUNCTION, _STAGE)}
_OTHER_CULPRITS = (_FUNCTION,)


class SteadyTraffic(msgspec.Struct, frozen=True):
    """What the user asked for."""

    fault_name: str | None
    history: str
    fault_minutes: int
    recovery_minutes: int
    per_minute: float
    endpoint: str


def run_steady(
    settings: LabSettings, parameters: dict[str, str], wanted: SteadyTraffic, ready_file: Path | None, *, is_once: bool
) -> None:
    """Record, send the history, and wait for the insight; or without `is_once`, go on with real requests."""
    with told(), told_plainly():
        fault = _fault(wanted.fault_name)
        history_s = _history_s(wanted, has_fault=fault is not None)
        with ApiClient(wanted.endpoint) as client:
            _turn_insights_on(client)
            recording = _record(settings, parameters, fault)
            plan, traces = _send_history(recording, wanted, history_s, fault)
            facts = {"history": _history_facts(plan, recording, traces)}
            _show_where_to_look(client.endpoint)
            if is_once:
                found = None if fault is None else _await_insight(client, plan, fault)
                write_ready(ready_file, {**facts, "insight": None if found is None else found.id})
                raise typer.Exit(0 if fault is None or found is not None else 1)
        _go_on(settings, parameters, wanted, ready_file, facts)


def covers(insight: Insight, plan: HistoryPlan) -> bool:
    """Whether an insight is about the whole incident of a history.

    While the history arrives, one may be found to be over that is not: what comes next is not there yet.
    """
    ends_s = plan.fault_end_s if insight.end is None else insight.end
    return abs(insight.start - plan.fault_start_s) <= _SLACK_S and abs(ends_s - plan.fault_end_s) <= _SLACK_S


def _fault(name: str | None) -> Fault | None:
    from raylens.lab.control.fault_targets import fault_named

    return None if name is None else fault_named(name)


def _history_s(wanted: SteadyTraffic, *, has_fault: bool) -> int:
    """Seconds of the history. Raises InvalidRequest when it leaves too little before the fault to learn from."""
    try:
        history_s = seconds_from_span(wanted.history)
    except ValueError as error:
        raise InvalidRequest(f"--history: {error}") from error
    needed_s = (wanted.fault_minutes + wanted.recovery_minutes) * 60 * has_fault + _LEAST_HEALTHY_S
    if not needed_s <= history_s <= _LONGEST_HISTORY_S:
        raise InvalidRequest(
            f"--history is {wanted.history}; expected {-(-needed_s // 60)}m to {_LONGEST_HISTORY_S // 3600}h"
        )
    return history_s


def _turn_insights_on(client: ApiClient) -> None:
    client.update_group({"GroupName": _GROUP, "InsightsConfiguration": {"InsightsEnabled": True}})
    _say(f"insights are on for the group {_GROUP} of {client.endpoint}")


def _record(settings: LabSettings, parameters: dict[str, str], fault: Fault | None) -> Recording:
    """Run the lab with a recorder in the daemon's place: what is recorded reaches raylens as history only."""
    from raylens.lab.recorder import Recorder
    from raylens.lab.recording import record_requests

    recorder = Recorder()
    recordings: list[Recording] = []
    recorded = msgspec.structs.replace(settings, daemon_address=recorder.address, sample_all=True)

    async def visit(lab: Lab, _: asyncio.Event) -> int:
        stack = await deployed_quicktable(lab, parameters)
        if stack.status != "CREATE_COMPLETE":
            return 1
        await recorder.start()
        try:
            url = lab.outputs(stack)["ApiGatewayInvokeUrl"]
            recordings.append(await record_requests(lab, recorder, url, fault, lambda text: _say(f"recorded {text}")))
        finally:
            recorder.close()
        return 0

    try:
        run_lab(recorded, visit)
    finally:
        recorder.close()
    if not recordings:  # Ctrl-C
        raise typer.Exit(130)
    return recordings[0]


def _send_history(
    recording: Recording, wanted: SteadyTraffic, history_s: int, fault: Fault | None
) -> tuple[HistoryPlan, int]:
    """Send it; when it was, and how many requests."""
    from raylens.lab.history import history_documents, plan_history
    from raylens.lab.put_segments import SegmentUploader

    fault_s, recovery_s = (0, 0) if fault is None else (wanted.fault_minutes * 60, wanted.recovery_minutes * 60)
    plan = plan_history(time.time(), history_s, fault_s, recovery_s, wanted.per_minute)
    traces = 0

    def documents() -> Iterator[str]:
        nonlocal traces
        for of_trace in history_documents(plan, recording, Random()):
            traces += 1
            if traces % _PROGRESS_STEP == 0:
                _say(f"sent {traces:,} requests")
            yield from of_trace

    async def send() -> int:
        uploader = SegmentUploader(wanted.endpoint)
        try:
            return await uploader.upload(documents())
        finally:
            await uploader.close()

    started_s = time.monotonic()
    count = asyncio.run(send())
    _say(
        f"[{YELLOW}]replayed[/] {traces:,} requests ({count:,} documents) as history with a simulated clock, made of "
        f"{recording.count:,} recorded requests, in {time.monotonic() - started_s:.0f} s"
    )
    _say(f"  history  {_clock(plan.start_s)} to {_clock(plan.end_s)}")
    if fault is not None:
        _say(f"  {fault}  {_clock(plan.fault_start_s)} to {_clock(plan.fault_end_s)}")
    return plan, traces


def _show_where_to_look(endpoint: str) -> None:
    out().print(f"\n  {endpoint}/console/insights\n  raylens insights\n", highlight=False, soft_wrap=True)


def _await_insight(client: ApiClient, plan: HistoryPlan, fault: Fault) -> Insight | None:
    """The closed insight of the incident, shown; None, and said why, when none came in time or it names another."""
    deadline_s = time.monotonic() + _PATIENCE_S
    told_s, said = 0.0, ""
    while time.monotonic() < deadline_s:
        body = {"start": plan.fault_start_s - 2 * _SLACK_S, "end": time.time() + 1, "group": _GROUP}
        found = msgspec.convert(client.ask("insights", body), InsightList)
        insight = next((each for each in found.insights if covers(each, plan)), None)
        if insight is not None and not insight.is_active:
            return _judged(client, insight, fault)
        words = _waiting_words(insight, found)
        if words != said or time.monotonic() - told_s > _TELL_S:
            _say(f"waiting: {escape(plain(words))}")
            told_s, said = time.monotonic(), words
        time.sleep(_POLL_S)
    fail(InvalidRequest(f"no insight covers the fault and is closed after {_PATIENCE_S:g} s"))
    return None


def _waiting_words(insight: Insight | None, found: InsightList) -> str:
    if insight is not None:
        return f"an insight is active, root cause {entity_words(insight.root_cause.entity)}"
    return next((watch.sentence for watch in found.watches if watch.group == _GROUP), "no insight yet")


def _judged(client: ApiClient, insight: Insight, fault: Fault) -> Insight | None:
    view = view_of_terminal(None)
    whole = msgspec.convert(client.insight(insight.id), WholeInsight)
    print_lines(Console(), [Text(), *insight_text(whole, time.time(), view), Text()])
    expected = _CULPRITS.get(fault.value, _OTHER_CULPRITS)
    service = insight.root_cause.entity.service
    if service.type not in expected:
        kinds = " or ".join(type_label(each) for each in expected)
        fail(InvalidRequest(f"the insight names {plain(service.name)}; {fault} should be found at the {kinds}"))
        return None
    _say(f"[{GREEN}]as it should be[/]: {fault} is found at {escape(entity_words(insight.root_cause.entity))}")
    return insight


def _go_on(
    settings: LabSettings,
    parameters: dict[str, str],
    wanted: SteadyTraffic,
    ready_file: Path | None,
    facts: dict[str, Any],
) -> None:
    """Run the lab as always, with real requests at the same rate, until it is stopped."""
    from raylens.lab.steady import send_steadily

    async def visit(lab: Lab, stopped: asyncio.Event) -> int:
        print_doors(lab)
        stack = await deployed_quicktable(lab, parameters)
        if stack.status != "CREATE_COMPLETE":
            return 1
        url = lab.outputs(stack)["ApiGatewayInvokeUrl"]
        sending = asyncio.create_task(send_steadily(url, wanted.per_minute, Random()))
        write_ready(ready_file, {**lab.addresses(), "outputs": lab.outputs(stack), **facts})
        _say(f"sending {wanted.per_minute:g} real requests a minute until Ctrl-C")
        try:
            await stopped.wait()
        finally:
            sending.cancel()
        return 0

    run_lab(settings, visit)


def _history_facts(plan: HistoryPlan, recording: Recording, traces: int) -> dict[str, Any]:
    times = {name: getattr(plan, name) for name in ("start_s", "fault_start_s", "fault_end_s", "end_s")}
    return {**times, "requests": traces, "recorded": recording.count}


def _clock(at_s: float) -> str:
    return instant_text(round(at_s * 1_000_000_000), None)[:-7]


def _say(text: str) -> None:
    out().print(text, highlight=False, soft_wrap=True)
