"""Bodies and query strings of the control API, decoded and checked."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec
from starlette.requests import Request

from raylens.errors import InvalidRequest, MalformedBody
from raylens.lab.stacks import StackRequest

_Body = TypeVar("_Body")


class CreateStack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of POST /stacks: the template as text, or the path of its file on this machine."""

    name: str
    template: str | None = None
    template_path: str | None = None
    parameters: dict[str, str] = {}
    tags: dict[str, str] = {}
    capabilities: tuple[str, ...] = ()

    def to_request(self) -> StackRequest:
        """With the template read. Raises InvalidRequest when it is missing, given twice or unreadable."""
        if (self.template is None) == (self.template_path is None):
            raise InvalidRequest("expected either template (text) or template_path (a file on this machine)")
        template, base_dir = self.template or "", None
        if self.template_path is not None:
            path = Path(self.template_path)
            if not path.is_absolute():
                raise InvalidRequest(f"template_path is {self.template_path}; expected an absolute path")
            try:
                template, base_dir = path.read_text(encoding="utf-8"), str(path.parent)
            except (OSError, UnicodeDecodeError) as error:
                raise InvalidRequest(f"template_path: {error}") from error
        return StackRequest(
            name=self.name,
            template=template,
            base_dir=base_dir,
            parameters=self.parameters,
            tags=self.tags,
            capabilities=self.capabilities,
        )


class SetFault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of PUT /faults. `target` None: what the fault is usually shown on, or every target when turning off."""

    fault: str
    on: bool = True
    target: str | None = None
    amount: float | None = None


async def decode_body(request: Request, kind: type[_Body]) -> _Body:
    """The body as `kind`. Raises MalformedBody, saying which field does not fit."""
    # A page of some website can send forms and plain text to loopback, but no JSON without asking first.
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise MalformedBody("expected a body of Content-Type application/json")
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except msgspec.DecodeError as error:
        raise MalformedBody(f"body: {error}") from error


def whole_number(request: Request, name: str, default: int) -> int:
    """A whole number of the query string. Raises InvalidRequest."""
    text = request.query_params.get(name, str(default))
    try:
        return int(text)
    except ValueError:
        raise InvalidRequest(f"{name}={text}; expected a whole number") from None


def tag_filter(request: Request) -> tuple[str, str | None]:
    """`tag=Week=13-2` as key and value, `tag=Week` as key and None. Raises InvalidRequest."""
    key, equals, value = request.query_params.get("tag", "").partition("=")
    if not key:
        raise InvalidRequest("expected tag=KEY or tag=KEY=VALUE, e.g. tag=Week=13-2")
    return key, value if equals else None
