"""What a Lambda host is told once, when it is built."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from raylens.lab.function_logs import LogEvent


class LogSink(Protocol):
    """Where function output goes; `FunctionLogs` is one."""

    def append(self, function: str, event: LogEvent) -> None:
        """Keep one event of one function. MUST NOT block for long: it is called from the event loop."""


@dataclass(frozen=True, kw_only=True)
class HostSettings:
    """Settings of a `LambdaHost`.

    Args:
        daemon_address: `host:port` of the daemon that takes segments; functions get it as AWS_XRAY_DAEMON_ADDRESS.
        scratch_dir: the host's own folder; each sandbox gets a temporary folder in it that ends with the sandbox.
        log_sink: takes every line of the functions and the platform.
        dynamodb_url: endpoint handed to functions as AWS_ENDPOINT_URL_DYNAMODB; a callable is asked at each cold
            start, None leaves the variable out.
        environment: further variables of every function; a function's own win.
        idle_reap_s: a sandbox unused for so long is ended.
        init_limit_s: a runtime that has not asked for its first event by then failed to initialise.
        unreserved_concurrency: sandboxes at once of a function without reserved concurrency; beyond it, 429. Lambda's
            own default is 1,000 an account, too many Python processes for one machine.
        pure_client: run the Runtime API client written in Python; None uses it only where awslambdaric's compiled
            one is absent (macOS).
        limits_by_exec: Linux ties a sandbox to the host by a death signal, other systems by a pipe that the sandbox
            watches; None chooses by platform.
    """

    region: str
    account_id: str
    daemon_address: str
    scratch_dir: Path
    log_sink: LogSink
    dynamodb_url: str | Callable[[], str] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    idle_reap_s: float = 300.0
    init_limit_s: float = 10.0
    unreserved_concurrency: int = 10
    python: str = sys.executable
    pure_client: bool | None = None
    limits_by_exec: bool | None = None
