"""The control API of a lab on this machine, as the server speaks it: a public protocol, nothing of the lab's code."""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from raylens.errors import InvalidRequest, LabNotRunning, NotFound

T = TypeVar("T")
# It answers on loopback and from memory. Turning a fault on may have to wait for a function to end.
_TIMEOUT = httpx.Timeout(15.0, connect=1.0)
_LOOK_TIMEOUT = httpx.Timeout(1.0)
_MESSAGE_LENGTH = 500


class LabError(msgspec.Struct, frozen=True):
    """How the lab says that something cannot be done."""

    code: str = ""
    message: str = ""


class LabDoor:
    """One lab, running or not; nothing is connected before it is asked. Use it on the event loop."""

    def __init__(self, url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """`url` is that of the control API; empty where no lab is expected."""
        self._url = url.removesuffix("/")
        # Neither proxies of the environment nor redirects: whatever the lab says, nobody else is asked.
        self._client = httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False, follow_redirects=False, transport=transport)

    async def is_open(self) -> bool:
        """Whether a lab answers."""
        if not self._url:
            return False
        try:
            answer = await self._client.get(self._url + "/healthz", timeout=_LOOK_TIMEOUT)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200

    async def ask(
        self,
        shape: type[T],
        method: str,
        *path: str,
        parameters: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
    ) -> T:
        """The answer to one call, as its shape. `path` are the parts of the path as they are, to be encoded here.

        Raises: NotFound and InvalidRequest in the lab's words, LabNotRunning when none answers, or something else does.
        """
        if not self._url:
            raise LabNotRunning("this server expects no lab: lab_url is empty")
        if any(part in ("", ".", "..") for part in path):
            raise NotFound(f"the lab has nothing called '{path[-1]}'")
        url = self._url + "".join("/" + quote(part, safe="") for part in path)
        try:
            answer = await self._client.request(method, url, params=parameters, json=body)
        except httpx.HTTPError as error:
            raise self._not_running(type(error).__name__) from error
        if 400 <= answer.status_code < 500:
            raise _refusal(answer)
        if not answer.is_success:
            raise self._not_running(f"it answered {answer.status_code}")
        try:
            return msgspec.json.decode(answer.content, type=shape)
        except msgspec.DecodeError as error:
            raise self._not_running(f"its answer cannot be read: {error}") from error

    async def close(self) -> None:
        """Close what is connected."""
        await self._client.aclose()

    def _not_running(self, why: str) -> LabNotRunning:
        return LabNotRunning(
            f"no lab answers at {self._url} ({why}); start one with `raylens lab quicktable`, or say where it is with "
            "--lab-url"
        )


def _refusal(answer: httpx.Response) -> InvalidRequest:
    try:
        told = msgspec.json.decode(answer.content, type=LabError)
    except msgspec.DecodeError:
        told = LabError()
    message = (told.message or f"the lab answered {answer.status_code}")[:_MESSAGE_LENGTH]
    return NotFound(message) if answer.status_code == 404 else InvalidRequest(message)
