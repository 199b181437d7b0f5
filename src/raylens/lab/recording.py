"""Real requests through a running lab, recorded with a fault off and then on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from raylens.errors import InvalidRequest
from raylens.lab.control.fault_targets import usual_target
from raylens.lab.faults import Fault, FaultSwitch
from raylens.lab.history import Recording
from raylens.lab.recorder import Recorder
from raylens.lab.replay import RecordedTrace, recorded_trace
from raylens.lab.segments import Document
from raylens.lab.server import Lab
from raylens.lab.traffic import SentRequest, TrafficPlan, send_traffic

_COLD_START = "Initialization"
# One sandbox of each function does it all: several at once would start cold while others are measured.
_HEALTHY = TrafficPlan(create_count=60, read_count=60, invalid_count=10, sampled=True)
# Failing requests may take seconds each, so that some go side by side.
_FAULTY = TrafficPlan(create_count=20, read_count=20, invalid_count=4, sampled=True, rate_per_s=8, max_concurrency=4)
_WARM_UP = TrafficPlan(create_count=2, read_count=2, invalid_count=1, sampled=True)
_LAST_WORDS_S = 5.0
_EXTRA_WANTED, _EXTRA_WAIT_S = 10, 20.0
# SDKs try a throttled call ten times: with half of the calls refused nearly all requests succeed, late.
_AMOUNTS = {Fault.THROTTLING: 0.95}
Tell = Callable[[str], None]


async def record_requests(lab: Lab, recorder: Recorder, url: str, fault: Fault | None, tell: Tell) -> Recording:
    """Send requests to the stage at `url`, whose documents reach `recorder`, and keep what came of them.

    The fault acts on its usual target, and is off again afterwards. Requests that met a cold start are left out, there
    would be far too many of them. Raises InvalidRequest when some kind of request was not recorded at all.
    """
    await send_traffic(url, _WARM_UP)
    healthy = await _recorded(recorder, url, _HEALTHY)
    tell(f"{_count(healthy)} requests with the fault off")
    if fault is None:
        return Recording(healthy, {})
    target = usual_target(fault, lab.deployer.stacks(), lab.host.specs())
    before = set(recorder.trace_ids())
    switch = await lab.faults.turn_on(fault, target, _AMOUNTS.get(fault))
    try:
        own: set[str] = set()
        if fault is not Fault.INVALID_INPUT:
            own |= _ids(await send_traffic(url, _WARM_UP))
        sent = await send_traffic(url, _FAULTY)
        own |= _ids(sent)
        faulty = await _whole(recorder, sent)
        extra = await _extra(recorder, before | own) if fault is Fault.INVALID_INPUT else ()
    finally:
        await lab.faults.turn_off(fault, target)
    tell(f"{_count(faulty) + len(extra)} requests with the fault on: {fault} of {target}")
    return Recording(healthy, faulty, extra, _extra_per_s(switch) if extra else 0.0)


async def _recorded(recorder: Recorder, url: str, plan: TrafficPlan) -> dict[str, tuple[RecordedTrace, ...]]:
    return await _whole(recorder, await send_traffic(url, plan))


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


async def _extra(recorder: Recorder, known: set[str]) -> tuple[RecordedTrace, ...]:
    """Requests that the fault itself sends, as the invalid ones of a restaurant."""
    found = await recorder.wait_for_more(known, _EXTRA_WANTED, _EXTRA_WAIT_S)
    if not found:
        raise InvalidRequest("the fault sent no request that was traced to its end")
    return _warm([recorder.documents(trace_id) for trace_id in found])


def _extra_per_s(switch: FaultSwitch) -> float:
    return switch.amount or 0.0


def _ids(sent: Iterable[SentRequest]) -> set[str]:
    return {each.trace_id for each in sent if each.trace_id is not None}


def _count(recorded: dict[str, tuple[RecordedTrace, ...]]) -> int:
    return sum(map(len, recorded.values()))
