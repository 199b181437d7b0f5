"""The stacks of a lab as they are at this moment: every change of one is kept and told in its events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from raylens.clock import Clock
from raylens.lab.stacks.errors import StackError
from raylens.lab.stacks.model import STACK_TYPE, ResourceRecord, Stack, StackEvent
from raylens.lab.stacks.store import StackStore


class StackProgress:
    """Current stacks by name. Deleted ones stay readable until the lab ends, or their name is used again."""

    def __init__(self, store: StackStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._stacks: dict[str, Stack] = {}

    def load(self) -> None:
        """Take up what an earlier lab kept."""
        self._stacks = self._store.load()

    def all(self) -> tuple[Stack, ...]:
        """The stacks that are not deleted, oldest first."""
        return tuple(stack for stack in self._stacks.values() if stack.status != "DELETE_COMPLETE")

    def find(self, name: str) -> Stack | None:
        """A stack, deleted ones included."""
        return self._stacks.get(name)

    def get(self, name: str) -> Stack:
        """A stack, deleted ones included. Raises StackError naming those there are."""
        stack = self._stacks.get(name)
        if stack is None:
            known = ", ".join(each.name for each in self.all()) or "none"
            raise StackError(f"Stack with id {name} does not exist; there are: {known}")
        return stack

    def records(self) -> tuple[ResourceRecord, ...]:
        """Every resource of every stack."""
        return tuple(record for stack in self.all() for record in stack.resources)

    def begin(self, stack: Stack) -> None:
        """Note a new stack."""
        self._stacks.pop(stack.name, None)
        self._keep(stack)
        self.tell_stack(stack.name, stack.status, "User Initiated")

    def tell_stack(self, name: str, status: str, reason: str = "", **changes: Any) -> None:
        """The stack itself reached `status`; `changes` are further fields to replace."""
        stack = self.get(name)
        event = self._event(stack, stack.name, stack.id, STACK_TYPE, status, reason)
        self._keep(
            msgspec.structs.replace(stack, status=status, reason=reason, events=(*stack.events, event), **changes)
        )

    def tell(self, name: str, logical_id: str, physical_id: str, kind: str, status: str, reason: str = "") -> None:
        """A resource reached `status`."""
        stack = self.get(name)
        event = self._event(stack, logical_id, physical_id, kind, status, reason)
        self._keep(msgspec.structs.replace(stack, events=(*stack.events, event)))

    def add(self, name: str, record: ResourceRecord) -> None:
        """A resource exists now."""
        stack = self.get(name)
        self._keep(msgspec.structs.replace(stack, resources=(*stack.resources, record)))
        self.tell(name, record.logical_id, record.physical_id, record.type, "CREATE_COMPLETE")

    def drop(self, name: str, record: ResourceRecord, status: str) -> None:
        """A resource is gone, or left alone by its deletion policy."""
        stack = self.get(name)
        kept = tuple(each for each in stack.resources if each.logical_id != record.logical_id)
        self._keep(msgspec.structs.replace(stack, resources=kept))
        self.tell(name, record.logical_id, record.physical_id, record.type, status)

    def settle_deleted(self, name: str) -> None:
        """All of a stack is gone: it stays readable here and leaves the disk."""
        self.tell_stack(name, "DELETE_COMPLETE", outputs=())
        self._store.remove(name)

    def unsettled(self) -> Iterator[Stack]:
        """Stacks that an earlier lab left in the middle of something."""
        return (stack for stack in tuple(self._stacks.values()) if not stack.settled)

    def _keep(self, stack: Stack) -> None:
        self._store.save(stack)
        self._stacks[stack.name] = stack

    def _event(
        self, stack: Stack, logical_id: str, physical_id: str, kind: str, status: str, reason: str
    ) -> StackEvent:
        return StackEvent(
            index=len(stack.events),
            time_ns=self._clock.now_ns(),
            logical_id=logical_id,
            physical_id=physical_id,
            type=kind,
            status=status,
            reason=reason,
        )
