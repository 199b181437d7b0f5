"""Method, path, request shape and handler of everything that is no operation of the X-Ray API, in one table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from raylens.api.extension import requests
from raylens.api.extension.service_graph import get_filtered_service_graph
from raylens.api.extension.trace_counts import get_group_trace_counts

Handler = Callable[..., Awaitable[dict[str, Any]]]


class Extension(msgspec.Struct, frozen=True):
    """One path. A POST sends a body, a GET parameters in its address; `{name}` of the path is a member as well."""

    method: str
    path: str
    request: type[msgspec.Struct]
    handler: Handler

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


EXTENSIONS = (
    Extension("POST", "/api/v1/service-graph", requests.FilteredServiceGraph, get_filtered_service_graph),
    Extension("GET", "/api/v1/groups/{name}/trace-counts", requests.GroupTraceCounts, get_group_trace_counts),
)
