"""Requests of raylens' own API: bodies, or the parameters of an address, whose values then are texts."""

from __future__ import annotations

import msgspec

from raylens.api.protocol.rest_json import Timestamp


class FilteredServiceGraph(msgspec.Struct):
    """`group` is a name or an ARN."""

    start: Timestamp | None = None
    end: Timestamp | None = None
    filter: str | None = None
    group: str | None = None


class GroupTraceCounts(msgspec.Struct):
    """`name` stands in the path."""

    name: str
    start: Timestamp | None = None
    end: Timestamp | None = None
