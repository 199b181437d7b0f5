"""One route of the API below /api/v1/."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

PREFIX = "/api/v1/"


class Question(msgspec.Struct, frozen=True):
    """One route. A POST or PUT takes `request` as its JSON body; of other methods its members are in the query.

    Members named in the path are read from there, whatever the method.
    """

    name: str
    method: str
    path: str
    request: type[msgspec.Struct]
    answer: type[msgspec.Struct]
    handler: Callable[..., Awaitable[Any]]

    @property
    def has_body(self) -> bool:
        return self.method in ("POST", "PUT")
