"""Fault switches: failures shown on purpose, each acting where that failure arises in real life.

    slow-query      the table answers late                       DynamoDB endpoint
    throttling      a share of the table's calls is refused      DynamoDB endpoint
    invalid-input   one restaurant sends bad reservations        traffic
    crash           the handler raises                           function, by LAB_FAULT
    timeout         the handler does not come back               function, by LAB_FAULT
    out-of-memory   the handler allocates without end            function, by LAB_FAULT

LAB_FAULT is an environment variable that the function is deployed again with, so switching one is a new deployment:
the next call is a cold start. A block at the top of the lab's functions, marked as such, reads it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

import msgspec

from raylens.errors import InvalidRequest
from raylens.lab.spec import FunctionSpec
from raylens.lab.traffic import send_invalid_stream

ENVIRONMENT_VARIABLE = "LAB_FAULT"


class Fault(StrEnum):
    """What can go wrong on request."""

    SLOW_QUERY = "slow-query"
    THROTTLING = "throttling"
    INVALID_INPUT = "invalid-input"
    CRASH = "crash"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out-of-memory"


class FaultSwitch(msgspec.Struct, frozen=True, kw_only=True):
    """One switch that is on.

    `target` is a table for slow-query and throttling, a restaurant for invalid-input, a function's name for the
    others. `amount` is the added seconds of a query, the share (0 to 1) of throttled calls, the bad requests a
    second; the others have none.
    """

    fault: Fault
    target: str
    amount: float | None = None


DEFAULT_AMOUNTS = {Fault.SLOW_QUERY: 0.5, Fault.THROTTLING: 0.5, Fault.INVALID_INPUT: 2.0}


class TableFaults(Protocol):
    """What the DynamoDB endpoint can be told. 0 turns each off."""

    def set_added_latency(self, table: str, operation: str, seconds: float) -> None:
        """Answer `operation` on `table` later by `seconds`."""

    def set_throttle_share(self, table: str, share: float) -> None:
        """Refuse this share of the calls on `table` for exceeded throughput."""


class Functions(Protocol):
    """Where functions are deployed; `LambdaHost` is one."""

    def specs(self) -> tuple[FunctionSpec, ...]: ...

    async def deploy(self, spec: FunctionSpec) -> None: ...


class FaultSwitches:
    """Turns faults on and off. `invoke_url` gives the stage that invalid input is sent to."""

    def __init__(self, functions: Functions, tables: TableFaults, invoke_url: Callable[[], str]) -> None:
        self._functions = functions
        self._tables = tables
        self._invoke_url = invoke_url
        self._active: dict[tuple[Fault, str], FaultSwitch] = {}
        self._streams: dict[str, asyncio.Task[None]] = {}

    def active(self) -> tuple[FaultSwitch, ...]:
        """The switches that are on, by fault and target."""
        return tuple(switch for _, switch in sorted(self._active.items()))

    async def turn_on(self, fault: Fault, target: str, amount: float | None = None) -> FaultSwitch:
        """Turn one on; on again with another amount changes it. A function has one fault at a time.

        Raises InvalidRequest for an unknown function or an amount out of range.
        """
        switch = FaultSwitch(fault=fault, target=target, amount=_checked_amount(fault, amount))
        match fault:
            case Fault.SLOW_QUERY:
                self._tables.set_added_latency(target, "Query", switch.amount or 0.0)
            case Fault.THROTTLING:
                self._tables.set_throttle_share(target, switch.amount or 0.0)
            case Fault.INVALID_INPUT:
                await self._stop_stream(target)
                stream = send_invalid_stream(self._invoke_url(), target, switch.amount or 1.0)
                self._streams[target] = asyncio.get_running_loop().create_task(stream)
            case _:
                await self._redeploy(target, fault)
                self._forget_function(target)
        self._active[fault, target] = switch
        return switch

    async def turn_off(self, fault: Fault, target: str) -> None:
        """Turn one off; nothing happens when it is not on."""
        if self._active.pop((fault, target), None) is None:
            return
        match fault:
            case Fault.SLOW_QUERY:
                self._tables.set_added_latency(target, "Query", 0.0)
            case Fault.THROTTLING:
                self._tables.set_throttle_share(target, 0.0)
            case Fault.INVALID_INPUT:
                await self._stop_stream(target)
            case _:
                if any(spec.name == target for spec in self._functions.specs()):
                    await self._redeploy(target, None)

    async def turn_all_off(self) -> None:
        """Turn every switch off."""
        for switch in self.active():
            await self.turn_off(switch.fault, switch.target)

    async def _redeploy(self, function: str, fault: Fault | None) -> None:
        spec = next((spec for spec in self._functions.specs() if spec.name == function), None)
        if spec is None:
            names = ", ".join(each.name for each in self._functions.specs()) or "none"
            raise InvalidRequest(f"no function {function!r} is deployed; deployed are: {names}")
        environment = {name: value for name, value in spec.environment.items() if name != ENVIRONMENT_VARIABLE}
        if fault is not None:
            environment[ENVIRONMENT_VARIABLE] = fault.value
        await self._functions.deploy(msgspec.structs.replace(spec, environment=environment))

    def _forget_function(self, function: str) -> None:
        for fault in (Fault.CRASH, Fault.TIMEOUT, Fault.OUT_OF_MEMORY):
            self._active.pop((fault, function), None)

    async def _stop_stream(self, restaurant: str) -> None:
        task = self._streams.pop(restaurant, None)
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


def _checked_amount(fault: Fault, amount: float | None) -> float | None:
    if fault not in DEFAULT_AMOUNTS:
        if amount is not None:
            raise InvalidRequest(f"{fault} takes no amount, {amount} was given")
        return None
    value = DEFAULT_AMOUNTS[fault] if amount is None else amount
    most = {Fault.SLOW_QUERY: 60.0, Fault.THROTTLING: 1.0, Fault.INVALID_INPUT: 100.0}[fault]
    if not 0 < value <= most:
        raise InvalidRequest(f"{fault}: amount {value}, expected more than 0 and at most {most:g}")
    return value
