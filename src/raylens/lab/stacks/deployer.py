"""Stacks: created resource by resource, rolled back when one fails, deleted in reverse, brought back on restart."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import msgspec

from raylens.clock import Clock, SystemClock
from raylens.errors import RaylensError
from raylens.lab.stacks.errors import StackError, StackExists
from raylens.lab.stacks.model import STACK_TYPE, ResourceRecord, Stack, StackRequest, TaggedResource
from raylens.lab.stacks.outputs import resolve_outputs
from raylens.lab.stacks.plan import Plan, plan_stack
from raylens.lab.stacks.platform import NewResource, Platform
from raylens.lab.stacks.progress import StackProgress
from raylens.lab.stacks.resources import HANDLERS
from raylens.lab.stacks.store import StackStore
from raylens.lab.stacks.tags import resource_tags
from raylens.lab.template import RESOURCE_TYPES, Created, ResourceDef, Scope, Value, resolve_value

_log = logging.getLogger(__name__)


class Deployer:
    """The stacks of one lab. Use it from one event loop; work on stacks runs in tasks of its own, one stack a task."""

    def __init__(self, platform: Platform, *, clock: Clock | None = None) -> None:
        self._platform = platform
        self._clock = clock or SystemClock()
        self._progress = StackProgress(StackStore(platform.data_dir / "stacks"), self._clock)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def restore(self) -> None:
        """Bring back what an earlier lab had deployed; what it had not finished is rolled back or deleted."""
        self._progress.load()
        unsettled = tuple(self._progress.unsettled())
        for stack in self._progress.all():
            for record in stack.resources:
                await self._restore(stack, record)
        for stack in unsettled:
            deleting = stack.status == "DELETE_IN_PROGRESS"
            await (self._delete(stack.name) if deleting else self._roll_back(stack.name, "The lab was stopped."))

    def create(self, request: StackRequest) -> Stack:
        """Check `request` and begin to create the stack; `wait` for its end. Raises StackError or TemplateError."""
        known = self._progress.find(request.name)
        if known is not None and known.status != "DELETE_COMPLETE":
            raise StackExists(f"Stack [{request.name}] already exists")
        platform = self._platform
        stack_id = f"arn:aws:cloudformation:{platform.region}:{platform.account_id}:stack/{request.name}/{uuid4()}"
        plan = plan_stack(request, stack_id, platform)
        stack = Stack(
            name=request.name,
            id=stack_id,
            status="CREATE_IN_PROGRESS",
            description=plan.template.description,
            template=request.template,
            base_dir=request.base_dir,
            parameters=plan.parameters,
            tags=dict(request.tags),
            capabilities=request.capabilities,
            created_ns=self._clock.now_ns(),
        )
        self._progress.begin(stack)
        self._tasks[request.name] = asyncio.create_task(self._create(request.name, plan))
        return self._progress.get(request.name)

    def delete(self, name: str) -> Stack:
        """Begin to delete a stack; `wait` for its end. Raises StackError for an unknown or a busy one."""
        stack = self._progress.get(name)
        if stack.status == "DELETE_COMPLETE":
            raise StackError(f"Stack with id {name} does not exist; it was deleted")
        if not stack.settled:
            raise StackError(f"Stack {name} is in {stack.status} and cannot be deleted now; wait until it has ended")
        self._progress.tell_stack(name, "DELETE_IN_PROGRESS", "User Initiated")
        self._tasks[name] = asyncio.create_task(self._delete(name))
        return self._progress.get(name)

    async def wait(self, name: str) -> Stack:
        """The stack once nothing is going on with it."""
        if task := self._tasks.get(name):
            await asyncio.shield(task)
        return self._progress.get(name)

    def stacks(self) -> tuple[Stack, ...]:
        """Every stack that is not deleted, oldest first."""
        return self._progress.all()

    def stack(self, name: str) -> Stack:
        """One stack, just deleted ones included. Raises StackError."""
        return self._progress.get(name)

    def tagged(self, key: str, value: str | None = None) -> tuple[TaggedResource, ...]:
        """Every stack and resource with the tag `key`, and `value` unless that is None; by type and ARN."""
        hits = [hit for stack in self.stacks() for hit in _tagged(stack) if _has_tag(hit.tags, key, value)]
        return tuple(sorted(hits, key=lambda hit: (hit.type, hit.arn)))

    async def close(self) -> None:
        """Let work that has begun come to its end."""
        await asyncio.gather(*self._tasks.values())

    async def _create(self, name: str, plan: Plan) -> None:
        created: dict[str, Created] = {}
        for resource in plan.order:
            self._progress.tell(name, resource.logical_id, "", resource.type, "CREATE_IN_PROGRESS")
            try:
                record = await self._create_resource(name, resource, replace(plan, scope=_seeing(plan, created)))
            except Exception as error:  # whatever a resource raises, what exists already must be rolled back
                reason = _reason(error)
                self._progress.tell(name, resource.logical_id, "", resource.type, "CREATE_FAILED", reason)
                await self._roll_back(
                    name, f"The following resource(s) failed to create: [{resource.logical_id}]. {reason}"
                )
                return
            self._progress.add(name, record)
            created[resource.logical_id] = Created(record.physical_id, record.attributes)
        try:
            outputs = resolve_outputs(plan.template, _seeing(plan, created))
        except RaylensError as error:
            await self._roll_back(name, str(error))
            return
        self._progress.tell_stack(name, "CREATE_COMPLETE", outputs=outputs)

    async def _create_resource(self, name: str, resource: ResourceDef, plan: Plan) -> ResourceRecord:
        stack = self._progress.get(name)
        place = f"Resources.{resource.logical_id}.Properties"
        resolved: Value = resolve_value(resource.properties, plan.scope, place)
        properties = resolved if isinstance(resolved, dict) else {}
        tags = resource_tags(
            stack.tags,
            properties.get("Tags"),
            stack_name=stack.name,
            stack_id=stack.id,
            logical_id=resource.logical_id,
        )
        new = NewResource(
            stack_name=stack.name,
            logical_id=resource.logical_id,
            type=resource.type,
            properties=properties,
            tags=tags,
            base_dir=Path(stack.base_dir) if stack.base_dir else None,
            existing=self._progress.records(),
        )
        record = await HANDLERS[resource.type].create(self._platform, new)
        return msgspec.structs.replace(record, retain=resource.retain)

    async def _roll_back(self, name: str, reason: str) -> None:
        self._progress.tell_stack(name, "ROLLBACK_IN_PROGRESS", reason)
        failed = await self._delete_resources(name, retaining=False)
        if failed:
            self._progress.tell_stack(name, "ROLLBACK_FAILED", f"could not be deleted: [{', '.join(failed)}]")
        else:
            self._progress.tell_stack(name, "ROLLBACK_COMPLETE", reason)

    async def _delete(self, name: str) -> None:
        failed = await self._delete_resources(name, retaining=True)
        if failed:
            reason = f"The following resource(s) failed to delete: [{', '.join(failed)}]."
            self._progress.tell_stack(name, "DELETE_FAILED", reason)
        else:
            self._progress.settle_deleted(name)

    async def _delete_resources(self, name: str, *, retaining: bool) -> list[str]:
        """Delete in reverse of creation; the logical ids of those that would not go."""
        failed: list[str] = []
        for record in reversed(self._progress.get(name).resources):
            if record.retain and retaining:
                self._progress.drop(name, record, "DELETE_SKIPPED")
                continue
            self._progress.tell(name, record.logical_id, record.physical_id, record.type, "DELETE_IN_PROGRESS")
            try:
                await HANDLERS[record.type].delete(self._platform, record)
            except Exception as error:  # the others must still be deleted
                reason = _reason(error)
                self._progress.tell(name, record.logical_id, record.physical_id, record.type, "DELETE_FAILED", reason)
                failed.append(record.logical_id)
            else:
                self._progress.drop(name, record, "DELETE_COMPLETE")
        return failed

    async def _restore(self, stack: Stack, record: ResourceRecord) -> None:
        try:
            await HANDLERS[record.type].restore(self._platform, record)
        except Exception as error:  # one resource that does not come back must not keep the lab from starting
            _log.warning("%s of stack %s did not come back: %s", record.logical_id, stack.name, _reason(error))


def _seeing(plan: Plan, created: dict[str, Created]) -> Scope:
    return replace(plan.scope, resources=created)


def _reason(error: Exception) -> str:
    if not isinstance(error, RaylensError):
        _log.error("a resource failed in an unforeseen way", exc_info=error)
        return f"Internal failure: {type(error).__name__}: {error}"
    return str(error)


def _has_tag(tags: dict[str, str], key: str, value: str | None) -> bool:
    return key in tags and value in (None, tags[key])


def _tagged(stack: Stack) -> list[TaggedResource]:
    whole = TaggedResource(
        arn=stack.id,
        type=STACK_TYPE,
        stack_name=stack.name,
        logical_id=stack.name,
        physical_id=stack.id,
        tags=stack.tags,
    )
    parts = [
        TaggedResource(
            arn=record.arn,
            type=record.type,
            stack_name=stack.name,
            logical_id=record.logical_id,
            physical_id=record.physical_id,
            tags=record.tags,
        )
        for record in stack.resources
        if record.arn is not None and RESOURCE_TYPES[record.type].taggable
    ]
    return [whole, *parts]
