"""One execution environment: a child process under the runtime client, one invocation at a time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from raylens.lab.functions.environment import sandbox_environment
from raylens.lab.functions.memory import LOOK_INTERVAL_S, address_space_ceiling_bytes, peak_memory_mb
from raylens.lab.functions.output import SandboxOutput, new_stream_name
from raylens.lab.functions.runtime_api import Event, Outcome, RuntimeApi, cause_without_stack
from raylens.lab.functions.settings import HostSettings
from raylens.lab.spec import FunctionSpec

_LAUNCHER = Path(__file__).parent / "launcher.py"
_NEXT_LIMIT_S = 2.0
_SIGNAL_WORDS = {
    signal.SIGKILL: "killed",
    signal.SIGSEGV: "segmentation fault",
    signal.SIGABRT: "aborted",
    signal.SIGTERM: "terminated",
    signal.SIGINT: "interrupt",
    signal.SIGBUS: "bus error",
}


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """How one invocation ended. Times in epoch ns.

    `next_asked_ns` is None when the sandbox ended instead of asking for more; it cannot be used again then.
    """

    outcome: Outcome
    handed_ns: int
    next_asked_ns: int | None
    peak_memory_mb: int | None
    timed_out: bool = False


class Sandbox:
    """Built by `spawn`. `initialise` once, `invoke` any number of times, `end` in any state."""

    def __init__(
        self,
        spec: FunctionSpec,
        api: RuntimeApi,
        output: SandboxOutput,
        process: asyncio.subprocess.Process,
        life_fd: int,
        temporary_dir: Path,
        spawned_ns: int,
    ) -> None:
        self.spec = spec
        self.output = output
        self.spawned_ns = spawned_ns
        self.last_trace_id: str | None = None
        self._api = api
        self._process = process
        self._life_fd = life_fd
        self._temporary_dir = temporary_dir
        self._exited = asyncio.get_running_loop().create_task(process.wait())
        self._ended = False
        self._peak_mb: int | None = None

    @classmethod
    async def spawn(cls, settings: HostSettings, spec: FunctionSpec) -> Sandbox:
        """Start the process; its initialisation goes on meanwhile. Raises OSError when no process can be started."""
        spawned_ns = time.time_ns()
        stream = new_stream_name(spawned_ns)
        settings.scratch_dir.mkdir(parents=True, exist_ok=True)
        temporary_dir = Path(tempfile.mkdtemp(prefix="sandbox-", dir=settings.scratch_dir))
        api = RuntimeApi()
        await api.start()
        output = SandboxOutput(spec.name, stream, settings.log_sink)
        life_read_fd, life_fd = os.pipe()
        by_exec = sys.platform == "linux" if settings.limits_by_exec is None else settings.limits_by_exec
        try:
            process = await asyncio.create_subprocess_exec(
                *(settings.python, "-I", "-S", str(_LAUNCHER), "exec" if by_exec else "watch"),
                *(str(os.getpid()), str(life_read_fd), str(address_space_ceiling_bytes(spec.memory_mb))),
                *(settings.python, spec.handler),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output.write_fd,
                stderr=output.write_fd,
                cwd=spec.code_dir,
                env=sandbox_environment(
                    settings, spec, runtime_api=api.address, log_stream=stream, temporary_dir=temporary_dir
                ),
                pass_fds=(life_read_fd,),
                start_new_session=True,  # what the function starts ends with it; a terminal's Ctrl-C spares both
            )
        except BaseException:
            os.close(life_fd)
            output.close()
            await api.close()
            shutil.rmtree(temporary_dir, ignore_errors=True)
            raise
        finally:
            os.close(life_read_fd)
        output.child_has_it()
        return cls(spec, api, output, process, life_fd, temporary_dir, spawned_ns)

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs, as far as the host has heard."""
        return not self._ended and not self._exited.done()

    async def initialise(self, limit_s: float) -> Outcome | int:
        """Wait for the runtime's first `next`: its time in ns, or how the initialisation failed.

        The outcome of a failure has an `error_type`; the sandbox is of no use then.
        """
        await self._wait((self._api.asked, self._api.init_failed, self._exited), limit_s)
        if self._api.asked.done():
            return self._api.asked.result()
        if self._api.init_failed.done():
            return self._api.init_failed.result()
        if self._exited.done():
            return _exit_outcome(None, self._exited.result())
        if self._over_memory():
            return _exit_outcome(None, -signal.SIGKILL)
        return _outcome("Sandbox.Timedout", f"Error: Init timed out after {limit_s:.2f} seconds")

    async def invoke(self, event: Event, deadline_s: float) -> Finished:
        """Hand over one event and wait for its end: an answer, an exit, too much memory or the deadline.

        Returns when the runtime has asked for its next event, so that everything the function sent while it ran
        was sent before.
        """
        self.output.request_id = event.request_id
        handed_ns = time.time_ns()
        try:
            self._api.give(event)
            await self._wait((self._api.answered, self._exited), deadline_s)
            timed_out = False
            if self._over_memory():
                await self._kill()
                outcome = _exit_outcome(event.request_id, -signal.SIGKILL)
            elif self._api.answered.done():
                outcome = self._api.answered.result()
                # The runtime asks for more within a millisecond; one that does not is broken, and ended.
                await self._wait((self._api.asked, self._exited), _NEXT_LIMIT_S)
            elif self._exited.done():
                outcome = _exit_outcome(event.request_id, self._exited.result())
            else:
                timed_out = True
                await self._kill()
                outcome = _outcome(
                    "Sandbox.Timedout",
                    f"RequestId: {event.request_id} Error: Task timed out after {deadline_s:.2f} seconds",
                )
            usable = self._api.asked.done() and self.is_alive
            return Finished(
                outcome=outcome,
                handed_ns=handed_ns,
                next_asked_ns=self._api.asked.result() if usable else None,
                peak_memory_mb=self._peak_mb,
                timed_out=timed_out,
            )
        finally:
            self.output.drain()

    async def end(self) -> None:
        """Kill the process and give everything back. Safe to call twice."""
        if self._ended:
            return
        self._ended = True
        await self._kill()
        os.close(self._life_fd)
        await self._api.close()
        self.output.close()
        shutil.rmtree(self._temporary_dir, ignore_errors=True)

    async def _wait(self, futures: Iterable[asyncio.Future[Any]], limit_s: float) -> None:
        # Until one is done, the limit has passed, or memory is exceeded.
        until = time.monotonic() + limit_s
        while True:
            rest_s = until - time.monotonic()
            if rest_s <= 0:
                return
            done, _ = await asyncio.wait(
                futures, timeout=min(LOOK_INTERVAL_S, rest_s), return_when=asyncio.FIRST_COMPLETED
            )
            if self._over_memory() or done:
                return

    def _over_memory(self) -> bool:
        peak = peak_memory_mb(self._process.pid)
        if peak is not None:
            self._peak_mb = peak
        return self._peak_mb is not None and self._peak_mb > self.spec.memory_mb

    async def _kill(self) -> None:
        # The group, so that what the function started goes too. The leader is not reaped before `wait` returns, so
        # its id cannot belong to another group meanwhile.
        if not self._exited.done():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        await self._exited


def _exit_outcome(request_id: str | None, return_code: int) -> Outcome:
    prefix = f"RequestId: {request_id} " if request_id else ""
    if return_code == 0:
        reason = "Runtime exited without providing a reason"
    elif return_code > 0:
        reason = f"Runtime exited with error: exit status {return_code}"
    else:
        reason = f"Runtime exited with error: signal: {_signal_word(-return_code)}"
    return _outcome("Runtime.ExitError", f"{prefix}Error: {reason}")


def _signal_word(number: int) -> str:
    try:
        return _SIGNAL_WORDS.get(signal.Signals(number), str(number))
    except ValueError:
        return str(number)


def _outcome(error_type: str, message: str) -> Outcome:
    """An end that the runtime could not report itself."""
    payload = msgspec.json.encode({"errorType": error_type, "errorMessage": message})
    cause = cause_without_stack(error_type, message)
    return Outcome(payload=payload, at_ns=time.time_ns(), error_type=error_type, cause=cause)
