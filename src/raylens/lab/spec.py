"""What a deployed stack asks of the gateway and the Lambda host; the only values that pass between them."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Permission(msgspec.Struct, frozen=True):
    """Who may invoke a function: `AWS::Lambda::Permission`. `source_arn` may hold `*`; None allows any source."""

    principal: str
    source_arn: str | None = None


class FunctionSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One Lambda function as deployed. `tracing` is `Active` or `PassThrough`."""

    name: str
    arn: str
    handler: str
    code_dir: Path
    runtime: str = "python3.12"
    timeout_s: float = 3.0
    memory_mb: int = 128
    environment: dict[str, str] = {}
    tracing: str = "PassThrough"
    permissions: tuple[Permission, ...] = ()
    reserved_concurrency: int | None = None
    tags: dict[str, str] = {}


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One method of one API resource. `function_arn` is None for a MOCK integration."""

    resource_id: str
    path: str
    method: str
    function_arn: str | None


class StageSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One deployed stage of a REST API. Throttle limits are requests per second and burst; None means unlimited."""

    api_id: str
    api_name: str
    stage_name: str
    deployment_id: str
    region: str
    account_id: str
    routes: tuple[Route, ...]
    tracing_enabled: bool = False
    variables: dict[str, str] = {}
    throttle_rate_per_s: float | None = None
    throttle_burst: int | None = None
    tags: dict[str, str] = {}
