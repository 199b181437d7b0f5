"""One route of the API below /api/v1/."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

PREFIX = "/api/v1/"
_PATH_MEMBER = re.compile(r"\{(\w+)\}")


class Question(msgspec.Struct, frozen=True):
    """One route. A POST or PUT takes `request` as its JSON body; of other methods its members are in the query.

    Members named in the path are read from there, whatever the method. What changes something takes only bodies that
    are said to be JSON: a page of some website can send forms here, but no JSON without asking first.
    """

    name: str
    method: str
    path: str
    request: type[msgspec.Struct]
    answer: type[msgspec.Struct]
    handler: Callable[..., Awaitable[Any]]
    is_change: bool = False

    @property
    def has_body(self) -> bool:
        return self.method in ("POST", "PUT")

    @property
    def path_members(self) -> tuple[str, ...]:
        """The members that the path names, in its order."""
        return tuple(_PATH_MEMBER.findall(self.path))
