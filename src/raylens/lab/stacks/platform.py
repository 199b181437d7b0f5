"""What resources are made on: the parts of the lab, as far as stacks need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from raylens.lab.spec import FunctionSpec, StageSpec
from raylens.lab.stacks.model import ResourceRecord
from raylens.lab.template import Value


class FunctionHost(Protocol):
    """Runs functions."""

    async def deploy(self, spec: FunctionSpec) -> None:
        """Make `spec` invocable; one of the same name is replaced."""

    async def remove(self, name: str) -> None:
        """End a function; one that is not there is no error."""

    def specs(self) -> tuple[FunctionSpec, ...]:
        """The functions there are."""


class RestGateway(Protocol):
    """Serves stages of REST APIs."""

    @property
    def base_url(self) -> str:
        """Stages are at `<base_url>/_api/<api id>/<stage>`."""

    async def deploy(self, spec: StageSpec) -> None:
        """Serve `spec`; a stage of the same API and name is replaced."""

    async def remove(self, api_id: str, stage_name: str) -> None:
        """Stop serving a stage; one that is not there is no error."""


class TableAnswer(Protocol):
    """An answer of DynamoDB."""

    @property
    def status(self) -> int:
        """HTTP status."""

    def document(self) -> dict[str, Any]:
        """The JSON body."""


class TableService(Protocol):
    """Speaks DynamoDB."""

    async def call(self, operation: str, body: Mapping[str, Any]) -> TableAnswer:
        """One call, e.g. `CreateTable`."""


@dataclass(frozen=True, kw_only=True)
class Platform:
    """Where and on what a lab makes its resources. `data_dir` takes the code of functions."""

    region: str
    account_id: str
    data_dir: Path
    host: FunctionHost
    gateway: RestGateway
    dynamodb: TableService


@dataclass(frozen=True, kw_only=True)
class NewResource:
    """One resource to create: its properties resolved, its tags merged. `existing` is all there is in every stack."""

    stack_name: str
    logical_id: str
    type: str
    properties: Mapping[str, Value]
    tags: Mapping[str, str] = field(default_factory=dict)
    base_dir: Path | None = None
    existing: Sequence[ResourceRecord] = ()

    def made(
        self,
        physical_id: str,
        *,
        attributes: Mapping[str, str] | None = None,
        arn: str | None = None,
        state: Mapping[str, Any] | None = None,
    ) -> ResourceRecord:
        """The record of this resource once created."""
        return ResourceRecord(
            logical_id=self.logical_id,
            type=self.type,
            physical_id=physical_id,
            attributes=dict(attributes or {}),
            arn=arn,
            tags=dict(self.tags),
            state=dict(state or {}),
        )

    def find(self, kind: str, physical_id: str) -> ResourceRecord | None:
        """The existing resource of that type and id."""
        return next((each for each in self.existing if each.type == kind and each.physical_id == physical_id), None)


class ResourceHandler(Protocol):
    """Makes resources of one type."""

    async def create(self, platform: Platform, new: NewResource) -> ResourceRecord:
        """Create it whole or not at all. Raises ResourceFailed with the reason."""

    async def delete(self, platform: Platform, record: ResourceRecord) -> None:
        """Delete it; what is gone already is no error. Raises ResourceFailed."""

    async def restore(self, platform: Platform, record: ResourceRecord) -> None:
        """Bring back what a restart of the lab lost."""
