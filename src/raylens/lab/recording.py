"""Real requests through a running lab, recorded with a fault off and then on."""

from __future__ import annotations

import secrets
import statistics
from collections.abc import Callable, Iterable

from raylens.errors import InvalidRequest
from raylens.lab.control.fault_targets import usual_target
from raylens.lab.faults import DEFAULT_AMOUNTS, Fault, FaultSwitch
from raylens.lab.history import Recording
from raylens.lab.recorder import Recorder
from raylens.lab.replay import RecordedTrace, recorded_trace
from raylens.lab.segments import Document
from raylens.lab.server import Lab
from raylens.lab.traffic import SentRequest, TrafficPlan, send_traffic

_COLD_START = "Initialization"
# Rounds with the fault off and on in turn, so that what else keeps the machine busy meets both alike: a reading took
# 36 ms on average in one second and 100 ms in another, with nothing wrong.
_ROUNDS = 3
# Of one round, one request after another: several at once would wait for each other, and start further sandboxes, cold
# ones. Each user has few reservations, so that reading them takes as long at the end as at the beginning.
_HEALTHY = {"create": 20, "read": 20, "invalid": 4}
_FAULTY = {"create": 7, "read": 7, "invalid": 2}
_WARM_UP = {"create": 1, "read": 1}
_USERS = 30
# These keep a request for seconds, most of which nobody works: some may go side by side.
_SIDE_BY_SIDE = {(Fault.THROTTLING, "create"), (Fault.THROTTLING, "read"), (Fault.TIMEOUT, "create")}
_AT_ONCE, _RATE_PER_S = 5, 10.0
_LAST_WORDS_S = 5.0
_HICCUP = 3
_EXTRA_WANTED, _EXTRA_WAIT_S = 5, 15.0
# SDKs try a throttled call ten times: with half of the calls refused nearly all requests succeed, late.
_AMOUNTS = {Fault.THROTTLING: 0.95}
Tell = Callable[[str], None]


async def record_requests(lab: Lab, recorder: Recorder, url: str, fault: Fault | None, tell: Tell) -> Recording:
    """Send requests to the stage at `url`, whose documents reach `recorder`, and keep what came of them.

    The fault acts on its usual target, and is off again afterwards. Requests that met a cold start are left out, there
    would be far too many of them. Raises InvalidRequest when some kind of request was not recorded at all.
    """
    users = _users()
    healthy: list[SentRequest] = []
    faulty: list[SentRequest] = []
    extra: list[str] = []
    switch = None if fault is None else _usual_switch(lab, fault)
    for number in range(_ROUNDS):
        # a function that was deployed anew starts cold
        await _send(url, _WARM_UP, users)
        healthy += await _send(url, _HEALTHY, users)
        if switch is not None:
            sent, more = await _with_fault(lab, recorder, url, users, switch)
            faulty += sent
            extra += more
            tell(f"round {number + 1} of {_ROUNDS}: {switch.fault} of {switch.target} was off and on")
    recording = Recording(
        {kind: without_hiccups(traces) for kind, traces in (await _whole(recorder, healthy)).items()},
        await _whole(recorder, faulty),
        _warm([recorder.documents(trace_id) for trace_id in extra]) if extra else (),
        switch.amount or 0.0 if switch is not None and extra else 0.0,
    )
    tell(f"{len(healthy)} requests with the fault off, {len(faulty) + len(extra)} with it on")
    return recording


def _usual_switch(lab: Lab, fault: Fault) -> FaultSwitch:
    target = usual_target(fault, lab.deployer.stacks(), lab.host.specs())
    return FaultSwitch(fault=fault, target=target, amount=_AMOUNTS.get(fault, DEFAULT_AMOUNTS.get(fault)))


async def _with_fault(
    lab: Lab, recorder: Recorder, url: str, users: tuple[str, ...], switch: FaultSwitch
) -> tuple[list[SentRequest], tuple[str, ...]]:
    """What was sent while the fault was on, and the traces of what the fault itself sent."""
    known = set(recorder.trace_ids())
    await lab.faults.turn_on(switch.fault, switch.target, switch.amount)
    try:
        warming = await _send(url, _WARM_UP, users, switch.fault)
        sent = await _send(url, _FAULTY, users, switch.fault)
        if switch.fault is not Fault.INVALID_INPUT:
            return sent, ()
        known |= _ids(warming) | _ids(sent)
        return sent, await recorder.wait_for_more(known, _EXTRA_WANTED, _EXTRA_WAIT_S)
    finally:
        await lab.faults.turn_off(switch.fault, switch.target)


async def _send(
    url: str, counts: dict[str, int], users: tuple[str, ...], fault: Fault | None = None
) -> list[SentRequest]:
    sent: list[SentRequest] = []
    for kind, count in counts.items():
        rate_per_s = _RATE_PER_S if (fault, kind) in _SIDE_BY_SIDE else None
        plan = TrafficPlan(
            create_count=count if kind == "create" else 0,
            read_count=count if kind == "read" else 0,
            invalid_count=count if kind == "invalid" else 0,
            rate_per_s=rate_per_s,
            max_concurrency=_AT_ONCE,
            users=users,
            sampled=True,
        )
        sent += await send_traffic(url, plan)
    return sent


def _users() -> tuple[str, ...]:
    """Users that no earlier recording knew."""
    run = secrets.token_hex(3)
    return tuple(f"user-{run}-{number}" for number in range(_USERS))


async def _whole(recorder: Recorder, sent: Iterable[SentRequest]) -> dict[str, tuple[RecordedTrace, ...]]:
    """By kind, the recorded traces of these requests that met no cold start; where all did, those."""
    traced = {each.trace_id: each.kind for each in sent if each.trace_id is not None}
    await recorder.wait_whole(list(traced), _LAST_WORDS_S)
    found: dict[str, list[tuple[Document, ...]]] = {}
    for trace_id, kind in traced.items():
        if documents := recorder.documents(trace_id):
            found.setdefault(kind, []).append(documents)
    missing = set(traced.values()) - set(found)
    if missing:
        raise InvalidRequest(f"no request of the kind {', '.join(sorted(missing))} was traced to its end")
    return {kind: _warm(traces) for kind, traces in found.items()}


def _warm(traces: list[tuple[Document, ...]]) -> tuple[RecordedTrace, ...]:
    warm = [documents for documents in traces if not any(map(_starts_cold, documents))]
    return tuple(recorded_trace(documents) for documents in warm or traces)


def _starts_cold(document: Document) -> bool:
    return any(each.get("name") == _COLD_START for each in document.get("subsegments") or ())


def without_hiccups(traces: tuple[RecordedTrace, ...]) -> tuple[RecordedTrace, ...]:
    """The traces that took at most three times as long as the median.

    The others waited for what else this machine had to do. Each is told some hundred times in a history, now and then
    two of them within a minute, and would be found to be an incident.
    """
    median_s = statistics.median(trace.length_s for trace in traces)
    return tuple(trace for trace in traces if trace.length_s <= _HICCUP * median_s)


def _ids(sent: Iterable[SentRequest]) -> set[str]:
    return {each.trace_id for each in sent if each.trace_id is not None}
