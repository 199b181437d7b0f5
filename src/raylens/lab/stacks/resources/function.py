"""AWS::Lambda::Function and AWS::Lambda::Permission."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import msgspec

from raylens.lab.spec import FunctionSpec, Permission
from raylens.lab.stacks.errors import ResourceFailed
from raylens.lab.stacks.model import ResourceRecord
from raylens.lab.stacks.naming import lower_id, physical_name
from raylens.lab.stacks.platform import NewResource, Platform
from raylens.lab.stacks.properties import mapping, matched, optional_text, text, texts, whole
from raylens.lab.stacks.resources.code import unpack_code

_TRACING_MODES = ("Active", "PassThrough")
_NAME = r"[a-zA-Z0-9_-]{1,64}"


class FunctionHandler:
    """Copies the code into the lab's folder and deploys the function on the host."""

    async def create(self, platform: Platform, new: NewResource) -> ResourceRecord:
        spec = _spec(platform, new)
        if any(each.name == spec.name for each in platform.host.specs()):
            raise ResourceFailed(f"Function {spec.name} already exists")
        await asyncio.to_thread(unpack_code, new.properties.get("Code"), new.base_dir, spec.code_dir)
        try:
            await platform.host.deploy(spec)
        except BaseException:
            shutil.rmtree(spec.code_dir, ignore_errors=True)
            raise
        return new.made(spec.name, attributes={"Arn": spec.arn}, arn=spec.arn, state=_state_of_spec(spec))

    async def delete(self, platform: Platform, record: ResourceRecord) -> None:
        await platform.host.remove(record.physical_id)
        shutil.rmtree(_spec_of_state(platform, record).code_dir, ignore_errors=True)

    async def restore(self, platform: Platform, record: ResourceRecord) -> None:
        await platform.host.deploy(_spec_of_state(platform, record))


class PermissionHandler:
    """Adds one permission to a function that is deployed."""

    async def create(self, platform: Platform, new: NewResource) -> ResourceRecord:
        text(new.properties, "Action")
        name = text(new.properties, "FunctionName").rpartition(":")[2]
        permission = Permission(text(new.properties, "Principal"), optional_text(new.properties, "SourceArn"))
        if not any(each.name == name for each in platform.host.specs()):
            raise ResourceFailed(f"Function not found: {name}; there are: {_names(platform)}")
        await _grant(platform, name, permission)
        statement_id = physical_name(new.stack_name, new.logical_id, 100)
        state = {"function": name, "permission": msgspec.to_builtins(permission)}
        return new.made(statement_id, attributes={"Id": statement_id}, state=state)

    async def delete(self, platform: Platform, record: ResourceRecord) -> None:
        permission = msgspec.convert(record.state["permission"], Permission)
        for spec in platform.host.specs():
            if spec.name == record.state["function"] and permission in spec.permissions:
                kept = list(spec.permissions)
                kept.remove(permission)
                await platform.host.deploy(msgspec.structs.replace(spec, permissions=tuple(kept)))

    async def restore(self, platform: Platform, record: ResourceRecord) -> None:
        await _grant(platform, record.state["function"], msgspec.convert(record.state["permission"], Permission))


async def _grant(platform: Platform, name: str, permission: Permission) -> None:
    for spec in platform.host.specs():
        if spec.name == name:
            await platform.host.deploy(msgspec.structs.replace(spec, permissions=(*spec.permissions, permission)))


def _spec(platform: Platform, new: NewResource) -> FunctionSpec:
    properties = new.properties
    if properties.get("PackageType", "Zip") != "Zip":
        raise ResourceFailed(f"PackageType is {properties['PackageType']}; the lab runs no container images, only Zip")
    name = matched(properties, "FunctionName", _NAME, physical_name(new.stack_name, new.logical_id, 64))
    tracing = text(mapping(properties, "TracingConfig"), "Mode", "PassThrough")
    if tracing not in _TRACING_MODES:
        raise ResourceFailed(f"TracingConfig.Mode is {tracing}; expected one of: {', '.join(_TRACING_MODES)}")
    runtime = text(properties, "Runtime", "python3.12")
    if not runtime.startswith("python"):
        raise ResourceFailed(f"Runtime is {runtime}; the lab runs Python functions only, e.g. python3.12")
    handler = matched(properties, "Handler", r"[^\s.][^\s]*\.[^\s.]+")
    if isinstance(code := properties.get("Code"), dict) and "ZipFile" in code and not handler.startswith("index."):
        raise ResourceFailed(f"Handler is {handler}; code given as ZipFile is index.py, so expected index.<function>")
    reserved = properties.get("ReservedConcurrentExecutions")
    return FunctionSpec(
        name=name,
        arn=f"arn:aws:lambda:{platform.region}:{platform.account_id}:function:{name}",
        handler=handler,
        code_dir=platform.data_dir / "code" / f"{name}-{lower_id(8)}",
        runtime=runtime,
        timeout_s=float(whole(properties, "Timeout", 3, 1, 900)),
        memory_mb=whole(properties, "MemorySize", 128, 128, 10_240),
        environment=texts(mapping(properties, "Environment"), "Variables"),
        tracing=tracing,
        reserved_concurrency=None
        if reserved is None
        else whole(properties, "ReservedConcurrentExecutions", 0, 0, 1000),
        tags=dict(new.tags),
    )


def _state_of_spec(spec: FunctionSpec) -> dict[str, Any]:
    """The spec as JSON; the folder by its name alone, so that a lab's data may be moved."""
    fields = {name: getattr(spec, name) for name in spec.__struct_fields__}
    return {**fields, "code_dir": spec.code_dir.name, "permissions": []}


def _spec_of_state(platform: Platform, record: ResourceRecord) -> FunctionSpec:
    code_dir: Path = platform.data_dir / "code" / record.state["code_dir"]
    return FunctionSpec(**{**record.state, "code_dir": code_dir, "permissions": ()})


def _names(platform: Platform) -> str:
    return ", ".join(each.name for each in platform.host.specs()) or "none"
