"""A small client of raylens' public HTTP API: unsigned rest-json calls, paging, and errors a person can act on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from raylens.errors import RaylensError

DEFAULT_ENDPOINT = "http://127.0.0.1:2080"
MAX_TRACES_PER_CALL = 5  # of BatchGetTraces and GetTraceGraph
_TIMEOUT_S = 30.0


class ApiError(RaylensError):
    """A call that brought no answer to use. The message says what happened and, when known, what to do."""


class ServerNotReached(ApiError):
    """Nobody answered at the endpoint."""


class AwsError(ApiError):
    """The server refused the call with an AWS error code, or one of its own.

    `expected` is what could have stood at the place in a filter expression that the message names, `member` which of
    several expressions it is; empty where there is one.
    """

    def __init__(
        self, operation: str, code: str, message: str, expected: tuple[str, ...] = (), member: str = ""
    ) -> None:
        super().__init__(f"{operation} was refused: {code}: {message}" if message else f"{operation} failed: {code}")
        self.code = code
        self.expected = expected
        self.member = member


class ApiClient:
    """Calls one endpoint. Answers are the API's own JSON objects, pages of one question joined into one."""

    def __init__(self, endpoint: str = DEFAULT_ENDPOINT, *, timeout_s: float = _TIMEOUT_S) -> None:
        """Open no connection yet. `endpoint` is a base URL such as `http://127.0.0.1:2080`.

        Raises: ApiError when it is not an HTTP URL.
        """
        self.endpoint = endpoint.rstrip("/")
        if not self.endpoint.startswith(("http://", "https://")):
            raise ApiError(f"the endpoint {endpoint!r} is not a URL: expected something like {DEFAULT_ENDPOINT}")
        # Proxy variables of the environment are meant for the internet, not for a server on this machine.
        self._http = httpx.Client(timeout=timeout_s, trust_env=False)

    def __enter__(self) -> ApiClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def service_graph(
        self, start_s: float, end_s: float, *, filter_text: str | None = None, group: str | None = None
    ) -> dict[str, Any]:
        """The service graph of a time range (epoch seconds, end excluded), all pages in one answer.

        Of the traces that satisfy the expression and belong to the group, a name or an ARN. An expression needs
        raylens: no operation of the X-Ray API takes one.
        """
        if filter_text is not None:
            body = {"start": start_s, "end": end_s, "filter": filter_text, "group": group}
            return self._call("/api/v1/service-graph", body)
        members = {"StartTime": start_s, "EndTime": end_s, **group_members(group)}
        return self._all_pages("/ServiceGraph", members, "Services", None)

    def trace_graph(self, trace_ids: Sequence[str]) -> dict[str, Any]:
        """The service graph of at most five traces."""
        return self._all_pages("/TraceGraph", {"TraceIds": list(trace_ids)}, "Services", None)

    def trace_summaries(
        self, start_s: float, end_s: float, *, limit: int, filter_text: str | None = None, group: str | None = None
    ) -> dict[str, Any]:
        """The newest `limit` traces of a time range; `NextToken` stays in the answer when there are more.

        Restricted as by `service_graph`; a group needs raylens. `TracesProcessedCount` is that of all pages.
        """
        members = {"StartTime": start_s, "EndTime": end_s, **group_members(group)}
        if filter_text is not None:
            members["FilterExpression"] = filter_text
        return self._all_pages("/TraceSummaries", members, "TraceSummaries", limit)

    def traces(self, trace_ids: Iterable[str]) -> dict[str, Any]:
        """The documents of any number of traces, asked for five at a time. Unknown ids are not an error."""
        ids = list(trace_ids)
        joined: dict[str, Any] = {"Traces": [], "UnprocessedTraceIds": []}
        for first in range(0, len(ids), MAX_TRACES_PER_CALL):
            answer = self._call("/Traces", {"TraceIds": ids[first : first + MAX_TRACES_PER_CALL]})
            for key in joined:
                joined[key].extend(answer.get(key) or ())
        return joined

    def groups(self) -> dict[str, Any]:
        """All groups."""
        return self._all_pages("/Groups", {}, "Groups", None)

    def create_group(self, members: dict[str, Any]) -> dict[str, Any]:
        """Make a group of the members of a CreateGroup request."""
        return self._call("/CreateGroup", members)

    def update_group(self, members: dict[str, Any]) -> dict[str, Any]:
        """Change a group by the members of an UpdateGroup request."""
        return self._call("/UpdateGroup", members)

    def delete_group(self, members: dict[str, Any]) -> dict[str, Any]:
        """Remove the group that the members of a DeleteGroup request name."""
        return self._call("/DeleteGroup", members)

    def ask(self, question: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to a question of the analytics API, such as `compare`; needs raylens."""
        return self._call(f"/api/v1/{question}", body)

    def insight(self, insight_id: str) -> dict[str, Any]:
        """Everything about one insight; needs raylens."""
        return self._call(f"/api/v1/insights/{quote(insight_id, safe='')}", None)

    def _all_pages(self, path: str, body: dict[str, Any], listed: str, limit: int | None) -> dict[str, Any]:
        answer = self._call(path, body)
        joined = {**answer, listed: list(answer.get(listed) or ())}
        seen_tokens: set[str] = set()
        while (token := joined.get("NextToken")) and (limit is None or len(joined[listed]) < limit):
            if token in seen_tokens:
                raise ApiError(f"{path}: the server gave the same NextToken twice")
            seen_tokens.add(token)
            page = self._call(path, {**body, "NextToken": token})
            joined[listed].extend(page.get(listed) or ())
            joined["NextToken"] = page.get("NextToken")
            if "TracesProcessedCount" in page:
                joined["TracesProcessedCount"] = joined.get("TracesProcessedCount", 0) + page["TracesProcessedCount"]
        if not joined.get("NextToken"):
            joined.pop("NextToken", None)
        if limit is not None:
            del joined[listed][limit:]
        return joined

    def _call(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        """The answer to a POST, or without a body to a GET."""
        try:
            response = self._http.request("GET" if body is None else "POST", self.endpoint + path, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise ServerNotReached(
                f"no raylens server answers at {self.endpoint} ({error}). "
                "Start one with `raylens serve`, try everything with `raylens demo`, "
                "or name another with --endpoint URL."
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ApiError(f"{self.endpoint}{path}: {error or type(error).__name__}") from error
        if response.status_code != 200:
            raise _error_from_response(path.removeprefix("/"), response)
        answer = _json_object(response.content)
        if answer is None:
            raise ApiError(f"{self.endpoint}{path} answered 200 but no JSON object: is it a raylens server?")
        return answer


def group_members(group: str | None) -> dict[str, Any]:
    """The members that name a group in a request: it is told by its beginning whether it is a name or an ARN."""
    if group is None:
        return {}
    return {"GroupARN" if group.startswith("arn:") else "GroupName": group}


def _error_from_response(operation: str, response: httpx.Response) -> ApiError:
    body = _json_object(response.content) or {}
    if isinstance(body.get("error"), dict):
        return _own_error(operation, body["error"])
    code = response.headers.get("x-amzn-errortype") or body.get("code") or body.get("Code") or body.get("__type")
    if not isinstance(code, str):
        return ApiError(f"{operation}: HTTP {response.status_code} from {response.url}: is it a raylens server?")
    message = body.get("Message") or body.get("message") or ""
    # A namespace may stand before `#` and a documentation address after `:`.
    expected = body.get("Expected")
    words = tuple(str(word) for word in expected) if isinstance(expected, list) else ()
    return AwsError(operation, code.split(":")[0].rsplit("#", 1)[-1], str(message), words)


def _own_error(operation: str, error: dict[str, Any]) -> ApiError:
    expected = error.get("expected")
    words = tuple(str(word) for word in expected) if isinstance(expected, list) else ()
    member = error.get("member")
    return AwsError(
        operation.removeprefix("api/v1/"),
        str(error.get("code")),
        str(error.get("message") or ""),
        words,
        member if isinstance(member, str) else "",
    )


def _json_object(content: bytes) -> dict[str, Any] | None:
    try:
        value = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
