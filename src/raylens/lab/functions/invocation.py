"""One invocation from the Invoke call to its segments and log lines."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime

import msgspec

from raylens.lab.functions.documents import Ids, Phase, function_document, service_document
from raylens.lab.functions.pool import SandboxPool
from raylens.lab.functions.runtime_api import Event, Outcome
from raylens.lab.functions.sandbox import Finished, Sandbox
from raylens.lab.functions.settings import HostSettings
from raylens.lab.segments import SegmentSender
from raylens.lab.spec import FunctionSpec
from raylens.lab.trace_header import TraceHeader, new_segment_id


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """An Invoke call with its sampling decision made. `traced`: the host records segments for it."""

    spec: FunctionSpec
    payload: bytes
    header: TraceHeader
    traced: bool
    started_ns: int
    ids: Ids


def new_call(spec: FunctionSpec, payload: bytes, header: TraceHeader, sampled: bool) -> Call:
    """A call under `header`, whose root is set, decided as `sampled`.

    The runtime always gets all three fields: with one missing the X-Ray SDK crashes user code, or files its
    subsegments under the previous invocation's trace. An Active function's SDK extends the Invocation subsegment; a
    PassThrough one's extends the caller's.
    """
    if header.root is None:
        raise ValueError("a call needs a trace id")
    traced = sampled and spec.tracing == "Active"
    ids = Ids(
        trace=header.root,
        parent=header.parent,
        request=str(uuid.uuid4()),
        service=new_segment_id(),
        function=new_segment_id(),
        invocation=new_segment_id(),
    )
    parent = ids.invocation if traced else header.parent or new_segment_id()
    return Call(
        spec=spec,
        payload=payload,
        header=header.below(parent, sampled),
        traced=traced,
        started_ns=time.time_ns(),
        ids=ids,
    )


def record_throttle(call: Call, sender: SegmentSender) -> None:
    """A call refused for concurrency has a service segment only: no sandbox saw it."""
    if call.traced:
        sender.send(service_document(call.spec, call.ids, Phase(call.started_ns, time.time_ns(), True), 429))


async def run_call(call: Call, settings: HostSettings, pool: SandboxPool, sender: SegmentSender) -> Outcome:
    """Run the call in a sandbox of `pool`, file its log lines, send its segments; what the function answered.

    An initialisation that fails is tried once more within the call, as Lambda does, before the call fails.
    Raises ConcurrencyExceeded.
    """
    outcome = await _attempt(call, settings, pool, sender, is_last=False)
    if outcome is None:
        outcome = await _attempt(call, settings, pool, sender, is_last=True)
    assert outcome is not None  # the last attempt always has one
    return outcome


async def _attempt(
    call: Call, settings: HostSettings, pool: SandboxPool, sender: SegmentSender, *, is_last: bool
) -> Outcome | None:
    """One try in one sandbox; None when its initialisation failed and another try is left."""
    attempt_ns = time.time_ns()
    sandbox, is_new = await pool.lend(call.header.root)
    usable = False
    try:
        initialization: Phase | None = None
        if is_new:
            ready = await sandbox.initialise(settings.init_limit_s)
            if isinstance(ready, Outcome):
                if not is_last:
                    return None
                _record_failed_init(call, settings, sandbox, sender, attempt_ns, ready)
                return ready
            initialization = Phase(sandbox.spawned_ns, ready)
        sandbox.last_trace_id = call.header.root
        function_start_ns = time.time_ns()
        sandbox.output.request_id = call.ids.request
        sandbox.output.platform_line(f"START RequestId: {call.ids.request} Version: $LATEST")
        finished = await sandbox.invoke(_event(call, function_start_ns), call.spec.timeout_s)
        usable = finished.next_asked_ns is not None
        _record(call, settings, sandbox, sender, function_start_ns, initialization, finished)
        return finished.outcome
    finally:
        sandbox.output.request_id = None
        pool.take_back(sandbox, usable)


def _event(call: Call, start_ns: int) -> Event:
    deadline_ns = start_ns + round(call.spec.timeout_s * 1_000_000_000)
    return Event(
        request_id=call.ids.request,
        payload=call.payload,
        deadline_ms=deadline_ns // 1_000_000,
        function_arn=call.spec.arn,
        trace_header=str(call.header),
    )


def _record(
    call: Call,
    settings: HostSettings,
    sandbox: Sandbox,
    sender: SegmentSender,
    function_start_ns: int,
    initialization: Phase | None,
    finished: Finished,
) -> None:
    outcome, failed = finished.outcome, finished.outcome.error_type is not None
    function_end_ns = time.time_ns()
    _log_end(call, sandbox, finished, initialization)
    if not call.traced:
        return
    next_asked_ns = finished.next_asked_ns
    sender.send(
        function_document(
            call.spec,
            call.ids,
            settings.account_id,
            Phase(function_start_ns, function_end_ns, failed),
            initialization=initialization,
            invocation=Phase(finished.handed_ns, outcome.at_ns, failed),
            overhead=Phase(outcome.at_ns, next_asked_ns) if next_asked_ns is not None else None,
            cause=outcome.cause,
        )
    )
    sender.send(service_document(call.spec, call.ids, Phase(call.started_ns, time.time_ns(), failed), 200))


def _record_failed_init(
    call: Call, settings: HostSettings, sandbox: Sandbox, sender: SegmentSender, start_ns: int, outcome: Outcome
) -> None:
    end_ns = time.time_ns()
    sandbox.output.request_id = call.ids.request
    sandbox.output.platform_line(f"START RequestId: {call.ids.request} Version: $LATEST")
    finished = Finished(outcome=outcome, handed_ns=start_ns, next_asked_ns=None, peak_memory_mb=None)
    _log_end(call, sandbox, finished, None)
    if not call.traced:
        return
    sender.send(
        function_document(
            call.spec,
            call.ids,
            settings.account_id,
            Phase(start_ns, end_ns, True),
            initialization=Phase(sandbox.spawned_ns, outcome.at_ns, True),
            invocation=None,
            overhead=None,
            cause=outcome.cause,
        )
    )
    sender.send(service_document(call.spec, call.ids, Phase(call.started_ns, time.time_ns(), True), 200))


def _log_end(call: Call, sandbox: Sandbox, finished: Finished, initialization: Phase | None) -> None:
    request_id, output = call.ids.request, sandbox.output
    if finished.timed_out:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        output.platform_line(f"{now}Z {request_id} Task timed out after {call.spec.timeout_s:.2f} seconds")
    elif finished.outcome.error_type == "Runtime.ExitError":
        message = msgspec.json.decode(finished.outcome.payload)["errorMessage"]
        output.platform_line(f"{message}\nRuntime.ExitError")
    output.platform_line(f"END RequestId: {request_id}")
    duration_ms = (finished.outcome.at_ns - finished.handed_ns) / 1_000_000
    fields = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {duration_ms:.2f} ms",
        f"Billed Duration: {int(-(-duration_ms // 1))} ms",
        f"Memory Size: {call.spec.memory_mb} MB",
    ]
    if finished.peak_memory_mb is not None:
        fields.append(f"Max Memory Used: {min(finished.peak_memory_mb, call.spec.memory_mb)} MB")
    if initialization is not None:
        fields.append(f"Init Duration: {(initialization.end_ns - initialization.start_ns) / 1_000_000:.2f} ms")
    report = "\t".join(fields)
    if call.traced:
        report += f"\nXRAY TraceId: {call.ids.trace}\tSegmentId: {call.ids.function}\tSampled: true"
    output.platform_line(report)
