"""The Lambda host: deployed functions, and the Invoke API over them."""

from __future__ import annotations

import asyncio
import random
from fnmatch import fnmatchcase

import msgspec

from raylens.clock import Clock, SystemClock
from raylens.errors import InvalidRequest
from raylens.lab.functions.invocation import Call, new_call, record_throttle, run_call
from raylens.lab.functions.pool import ConcurrencyExceeded, SandboxPool
from raylens.lab.functions.sandbox import Sandbox
from raylens.lab.functions.settings import HostSettings
from raylens.lab.sampling_reservoir import LocalReservoir
from raylens.lab.segments import SegmentSender
from raylens.lab.spec import FunctionSpec
from raylens.lab.trace_header import TraceHeader, new_trace_id

_GATEWAY_PRINCIPAL = "apigateway.amazonaws.com"
MAX_PAYLOAD_BYTES = 6 * 1024 * 1024


class InvokeResult(msgspec.Struct, frozen=True, kw_only=True):
    """The Invoke API's answer.

    `status` is 200 whenever the function was run, even when it failed: then `function_error` is `Unhandled` and the
    payload describes the error. 403, 404, 413, 429 and 500 are the API's own refusals; nothing ran.
    """

    status: int
    payload: bytes
    request_id: str
    function_error: str | None = None


class LambdaHost:
    """Runs functions, each under the official runtime client in processes of its own.

    A first call starts a process (a real cold start), later ones reuse it. Records AWS::Lambda and
    AWS::Lambda::Function segments of sampled calls to functions whose tracing is Active. All methods belong to one
    event loop. The sandboxes end with the host, also when it is killed.
    """

    def __init__(self, settings: HostSettings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._sender = SegmentSender(settings.daemon_address)
        self._deployed: dict[str, tuple[FunctionSpec, SandboxPool]] = {}
        self._retired: set[SandboxPool] = set()
        self._running: set[asyncio.Task[InvokeResult]] = set()
        # Lambda's own sampling when nobody decided before it: one request a second, then 5 %; not configurable.
        self._reservoir = LocalReservoir(size_per_s=1, fixed_rate=0.05, random=random.random)

    async def deploy(self, spec: FunctionSpec) -> None:
        """Make a function callable; one of the same name is replaced, its running invocations end undisturbed.

        Raises InvalidRequest for a specification that cannot be run.
        """
        _check(spec)
        await self.remove(spec.name)
        limit = spec.reserved_concurrency
        pool = SandboxPool(
            lambda: Sandbox.spawn(self._settings, spec),
            self._settings.unreserved_concurrency if limit is None else limit,
            self._settings.idle_reap_s,
        )
        self._deployed[spec.name] = (spec, pool)

    async def remove(self, name: str) -> None:
        """Take a function away; its log group stays. Removing an unknown one does nothing."""
        found = self._deployed.pop(name, None)
        if found is not None:
            found[1].retire()
            self._retired = {pool for pool in self._retired if not pool.is_empty} | {found[1]}

    def specs(self) -> tuple[FunctionSpec, ...]:
        """What is deployed, by name."""
        return tuple(spec for _, (spec, _) in sorted(self._deployed.items()))

    async def invoke(
        self,
        function_arn_or_name: str,
        payload: bytes,
        header: TraceHeader | None = None,
        source_arn: str | None = None,
    ) -> InvokeResult:
        """Call a function and wait for its end; if the caller stops waiting, the function goes on.

        Args:
            header: the caller's trace context. Its decision is obeyed; without one, an Active function samples.
            source_arn: the API method that calls, checked against the function's permissions for API Gateway; None
                is the account's owner, who may call anything.
        """
        task = asyncio.get_running_loop().create_task(
            self._invoke(function_arn_or_name, payload, header or TraceHeader(), source_arn)
        )
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """End every sandbox, busy ones too, and return when all are gone."""
        pools = [pool for _, pool in self._deployed.values()] + list(self._retired)
        self._deployed.clear()
        await asyncio.gather(*(pool.close() for pool in pools))
        await asyncio.gather(*self._running, return_exceptions=True)
        await asyncio.gather(*(pool.close() for pool in pools))
        self._sender.close()

    async def _invoke(self, function: str, payload: bytes, header: TraceHeader, source_arn: str | None) -> InvokeResult:
        found = self._find(function)
        if found is None:
            return _refusal(404, "ResourceNotFoundException", f"Function not found: {function}")
        spec, pool = found
        if source_arn is not None and not _may_invoke(spec, source_arn):
            message = f"{_GATEWAY_PRINCIPAL} is not authorized to perform: lambda:InvokeFunction on {spec.arn}"
            return _refusal(403, "AccessDeniedException", message)
        if len(payload) > MAX_PAYLOAD_BYTES:
            message = f"Request must be smaller than {MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation"
            return _refusal(413, "RequestTooLargeException", message)
        call = new_call(spec, payload, *self._decide(spec, header))
        try:
            outcome = await run_call(call, self._settings, pool, self._sender)
        except ConcurrencyExceeded:
            record_throttle(call, self._sender)
            return _throttled(call)
        except OSError as error:
            return _refusal(500, "ServiceException", f"no sandbox could be started: {error}")
        return InvokeResult(
            status=200,
            payload=outcome.payload,
            request_id=call.ids.request,
            function_error=None if outcome.error_type is None else "Unhandled",
        )

    def _find(self, function: str) -> tuple[FunctionSpec, SandboxPool] | None:
        if function.startswith("arn:"):
            # arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]
            parts = function.split(":")
            function = parts[6] if len(parts) > 6 else ""
        return self._deployed.get(function)

    def _decide(self, spec: FunctionSpec, header: TraceHeader) -> tuple[TraceHeader, bool]:
        now_ns = self._clock.now_ns()
        sampled = header.sampled
        if sampled is None:
            sampled = spec.tracing == "Active" and self._reservoir.sample(now_ns)
        if header.root is None:
            header = TraceHeader(root=new_trace_id(now_ns), extra=header.extra)
        return header, sampled


def _check(spec: FunctionSpec) -> None:
    name = f"function {spec.name}"
    if spec.tracing not in ("Active", "PassThrough"):
        raise InvalidRequest(f"{name}: tracing mode {spec.tracing!r}, expected Active or PassThrough")
    if not spec.runtime.startswith("python"):
        raise InvalidRequest(f"{name}: runtime {spec.runtime!r}, expected a Python runtime such as python3.12")
    if not 0 < spec.timeout_s <= 900:
        raise InvalidRequest(f"{name}: time-out {spec.timeout_s} s, expected more than 0 and at most 900")
    if not 128 <= spec.memory_mb <= 10_240:
        raise InvalidRequest(f"{name}: memory size {spec.memory_mb} MB, expected 128 to 10240")
    if spec.reserved_concurrency is not None and spec.reserved_concurrency < 0:
        raise InvalidRequest(f"{name}: reserved concurrency {spec.reserved_concurrency}, expected 0 or more")
    if not spec.code_dir.is_dir():
        raise InvalidRequest(f"{name}: code folder {spec.code_dir} does not exist")
    for variable, value in spec.environment.items():
        if not variable or "=" in variable or "\0" in variable + value:
            raise InvalidRequest(f"{name}: environment variable {variable!r} cannot be set")


def _may_invoke(spec: FunctionSpec, source_arn: str) -> bool:
    # `[` is fnmatch's and no wildcard of an ARN; escaping it leaves `*` and `?`.
    return any(
        permission.principal in (_GATEWAY_PRINCIPAL, "*")
        and (permission.source_arn is None or fnmatchcase(source_arn, permission.source_arn.replace("[", "[[]")))
        for permission in spec.permissions
    )


def _throttled(call: Call) -> InvokeResult:
    body = {
        "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded"
        if call.spec.reserved_concurrency is not None
        else "ConcurrentInvocationLimitExceeded",
        "Type": "User",
        "message": "Rate Exceeded.",
    }
    return InvokeResult(status=429, payload=msgspec.json.encode(body), request_id=call.ids.request)


def _refusal(status: int, error_type: str, message: str) -> InvokeResult:
    body = msgspec.json.encode({"Type": "User" if status < 500 else "Service", "Code": error_type, "message": message})
    return InvokeResult(status=status, payload=body, request_id="")
