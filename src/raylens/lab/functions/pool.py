"""The sandboxes of one function: started when none is idle, ended when unused, never more than it may have."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from raylens.lab.functions.sandbox import Sandbox

Spawn = Callable[[], Awaitable[Sandbox]]


class ConcurrencyExceeded(Exception):
    """Every sandbox the function may have is at work."""


class SandboxPool:
    """Lends sandboxes, the most recently used first, so that the others age.

    A sandbox is not lent twice in a row to one trace: the X-Ray SDK compares only trace ids between invocations and
    would keep the earlier one's parent.
    """

    def __init__(self, spawn: Spawn, max_sandboxes: int, idle_reap_s: float) -> None:
        self._spawn = spawn
        self._max_sandboxes = max_sandboxes
        self._idle_reap_s = idle_reap_s
        self._idle: list[tuple[Sandbox, float]] = []
        self._lent_count = 0
        self._lent: set[Sandbox] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._reaper: asyncio.TimerHandle | None = None
        self._closed = False
        self._shut = False

    async def lend(self, trace_id: str | None) -> tuple[Sandbox, bool]:
        """A sandbox, and whether it is new (not initialised yet). Give it back with `take_back`.

        Raises ConcurrencyExceeded; OSError when no process can be started.
        """
        if self._lent_count >= self._max_sandboxes:
            raise ConcurrencyExceeded
        self._lent_count += 1
        try:
            for position in range(len(self._idle) - 1, -1, -1):
                sandbox, _ = self._idle[position]
                if not sandbox.is_alive:
                    del self._idle[position]
                    self._end(sandbox)
                elif trace_id is None or sandbox.last_trace_id != trace_id:
                    del self._idle[position]
                    self._lent.add(sandbox)
                    return sandbox, False
            if len(self._idle) + self._lent_count > self._max_sandboxes:
                self._end(self._idle.pop(0)[0])
            sandbox = await self._spawn()
            if self._shut:
                self._end(sandbox)
                raise OSError("the host is closing")
            self._lent.add(sandbox)
            return sandbox, True
        except BaseException:
            self._lent_count -= 1
            raise

    def take_back(self, sandbox: Sandbox, usable: bool) -> None:
        """Keep a lent sandbox for the next invocation, or end it when it is not `usable`."""
        self._lent_count -= 1
        self._lent.discard(sandbox)
        if not usable or self._closed or not sandbox.is_alive:
            self._end(sandbox)
            return
        self._idle.append((sandbox, time.monotonic()))
        self._plan_reaping()

    def retire(self) -> None:
        """End the idle sandboxes now and each busy one after its invocation: the function was replaced or removed."""
        self._closed = True
        if self._reaper is not None:
            self._reaper.cancel()
        for sandbox, _ in self._idle:
            self._end(sandbox)
        self._idle.clear()

    @property
    def is_empty(self) -> bool:
        """Whether no sandbox is left, lent or ending."""
        return not (self._idle or self._lent_count or self._ending)

    async def close(self) -> None:
        """End every sandbox, the busy ones too, and return when they are gone."""
        self._shut = True
        self.retire()
        for sandbox in tuple(self._lent):
            self._end(sandbox)
        while self._ending:
            await asyncio.gather(*self._ending, return_exceptions=True)

    def _end(self, sandbox: Sandbox) -> None:
        task = asyncio.get_running_loop().create_task(sandbox.end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _plan_reaping(self) -> None:
        if self._reaper is None and self._idle:
            due_s = self._idle[0][1] + self._idle_reap_s - time.monotonic()
            self._reaper = asyncio.get_running_loop().call_later(max(0.0, due_s), self._reap)

    def _reap(self) -> None:
        self._reaper = None
        oldest_kept = time.monotonic() - self._idle_reap_s
        while self._idle and self._idle[0][1] <= oldest_kept:
            self._end(self._idle.pop(0)[0])
        self._plan_reaping()
