"""Talking to a running lab's control API."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx

from raylens.errors import CallerError

_POLL_S = 0.1


class LabNotRunning(CallerError):
    """No lab answers there."""


class LabRefused(CallerError):
    """The lab answered with an error; `code` is the lab's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class LabClient:
    """The control API at `url`; close it, or use it in `with`."""

    def __init__(self, url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._url = url
        self._client = httpx.Client(base_url=url, timeout=60.0, trust_env=False, transport=transport)

    def __enter__(self) -> LabClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        """GET; None parameters are left out. Raises LabNotRunning or LabRefused, as the others do."""
        return self._call("GET", path, params={key: each for key, each in parameters.items() if each is not None})

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST with a JSON body."""
        return self._call("POST", path, json=body)

    def put(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """PUT with a JSON body."""
        return self._call("PUT", path, json=body)

    def delete(self, path: str) -> dict[str, Any]:
        """DELETE."""
        return self._call("DELETE", path)

    def follow_events(self, stack_name: str, after: int = -1) -> Iterator[dict[str, Any]]:
        """The events of a stack as they come, until nothing is going on with it any more."""
        path = f"/stacks/{quote(stack_name, safe='')}/events"
        while True:
            answer = self.get(path, after=after)
            for event in answer["events"]:
                after = event["index"]
                yield event
            if answer["settled"]:
                return
            time.sleep(_POLL_S)

    def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        try:
            answer = self._client.request(method, path, **options)
        except httpx.TransportError as error:
            raise LabNotRunning(
                f"no lab answers at {self._url} ({error}); start one with `raylens lab serve` or "
                "`raylens lab quicktable`, or say where it is with --lab URL"
            ) from error
        try:
            document = answer.json()
        except ValueError:
            document = {}
        if not isinstance(document, dict):
            document = {}
        if answer.status_code >= 400:
            message = document.get("message", f"{method} {path} answered {answer.status_code}: {answer.text[:200]}")
            raise LabRefused(str(document.get("code", answer.status_code)), str(message))
        return document
