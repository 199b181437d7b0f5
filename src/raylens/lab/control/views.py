"""The lab's values as the control API shows them: plain JSON, times in ISO 8601 UTC."""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, datetime
from typing import Any

import msgspec

from raylens.lab.function_logs import LogEvent
from raylens.lab.spec import FunctionSpec
from raylens.lab.stacks import Stack, StackEvent, TaggedResource, local_value

_MAX_SOURCE_BYTES = 1_000_000


def stack_view(stack: Stack, gateway_url: str) -> dict[str, Any]:
    """A stack without its events; `local_value` of an output is what works on this machine."""
    return {
        "name": stack.name,
        "id": stack.id,
        "status": stack.status,
        "reason": stack.reason,
        "description": stack.description,
        "created": _time(stack.created_ns),
        "parameters": stack.parameters,
        "tags": stack.tags,
        "capabilities": list(stack.capabilities),
        "resources": [
            {
                "logical_id": record.logical_id,
                "type": record.type,
                "physical_id": record.physical_id,
                "arn": record.arn,
                "tags": record.tags,
            }
            for record in stack.resources
        ],
        "outputs": [
            {
                "key": output.key,
                "value": output.value,
                "local_value": local_value(output.value, gateway_url),
                "description": output.description,
            }
            for output in stack.outputs
        ],
    }


def event_view(event: StackEvent) -> dict[str, Any]:
    """One event of a stack."""
    return {
        "index": event.index,
        "time": _time(event.time_ns),
        "logical_id": event.logical_id,
        "physical_id": event.physical_id,
        "type": event.type,
        "status": event.status,
        "reason": event.reason,
    }


def resource_view(resource: TaggedResource) -> dict[str, Any]:
    """One hit of a tag search."""
    view = msgspec.to_builtins(resource)
    assert isinstance(view, dict)
    return view


def function_view(spec: FunctionSpec) -> dict[str, Any]:
    """A function's configuration."""
    return {
        "name": spec.name,
        "arn": spec.arn,
        "handler": spec.handler,
        "runtime": spec.runtime,
        "timeout_s": spec.timeout_s,
        "memory_mb": spec.memory_mb,
        "tracing": spec.tracing,
        "environment": spec.environment,
        "reserved_concurrency": spec.reserved_concurrency,
        "permissions": [msgspec.to_builtins(each) for each in spec.permissions],
        "tags": spec.tags,
        "log_group": f"/aws/lambda/{spec.name}",
    }


def source_view(spec: FunctionSpec) -> dict[str, str]:
    """A function's deployed Python files, by name within its folder."""
    files: dict[str, str] = {}
    for path in sorted(spec.code_dir.rglob("*.py")):
        if path.stat().st_size <= _MAX_SOURCE_BYTES:
            files[path.relative_to(spec.code_dir).as_posix()] = path.read_text(encoding="utf-8", errors="replace")
    return files


def log_view(event: LogEvent) -> dict[str, Any]:
    """One line of a function's log."""
    return {
        "time": _time(event.time_ms * 1_000_000),
        "stream": event.stream,
        "request_id": event.request_id,
        "message": event.message,
    }


def log_group_view(name: str, functions: Container[str]) -> dict[str, Any]:
    """A log group; `exists` says whether its function does."""
    function = name.rpartition("/")[2]
    return {"name": name, "function": function, "exists": function in functions}


def _time(time_ns: int) -> str:
    return datetime.fromtimestamp(time_ns / 1e9, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
