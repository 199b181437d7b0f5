"""PutTraceSegments: documents sent over HTTP, where the answer says that they are stored."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import httpx

from raylens.errors import ConfigError, InvalidRequest

# Of one call. Source: X-Ray API reference, PutTraceSegments; raylens takes as many.
_MAX_DOCUMENTS = 50
_CALLS_AT_ONCE = 4
_TIMEOUT_S = 60.0
_ATTEMPTS = 8
_PAUSE_S = 0.25
_OVERLOADED = frozenset({429, 503})
_Item = TypeVar("_Item")


class SegmentUploader:
    """Sends documents to the X-Ray API at `endpoint`, some calls side by side."""

    def __init__(self, endpoint: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            base_url=endpoint.rstrip("/"), timeout=_TIMEOUT_S, trust_env=False, transport=transport
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def upload(self, documents: Iterable[str]) -> int:
        """Send all documents; how many there were, once all are stored.

        Calls begin in the order of the documents, and overlap. Raises ConfigError when nobody answers as the X-Ray API
        does, InvalidRequest when a document was not taken.
        """
        sent = 0
        for calls in _batched(_batched(documents, _MAX_DOCUMENTS), _CALLS_AT_ONCE):
            await asyncio.gather(*(self._put(call) for call in calls))
            sent += sum(map(len, calls))
        return sent

    async def _put(self, documents: tuple[str, ...]) -> None:
        response = await self._answer({"TraceSegmentDocuments": documents})
        refused = response.json().get("UnprocessedTraceSegments") or ()
        if refused:
            first = refused[0]
            raise InvalidRequest(
                f"{len(refused)} of {len(documents)} documents were not taken: "
                f"{first.get('ErrorCode')}: {first.get('Message')}"
            )

    async def _answer(self, body: dict[str, Any]) -> httpx.Response:
        for attempt in range(_ATTEMPTS):
            try:
                response = await self._client.post("/TraceSegments", json=body)
            except httpx.HTTPError as error:
                raise ConfigError(f"no raylens server answers at {self._client.base_url} ({error})") from error
            if response.status_code not in _OVERLOADED:
                break
            await asyncio.sleep(_PAUSE_S * 2**attempt)
        if response.status_code != 200:
            raise ConfigError(f"PutTraceSegments was refused: HTTP {response.status_code}: {response.text[:200]}")
        return response


def _batched(items: Iterable[_Item], size: int) -> Iterator[tuple[_Item, ...]]:
    """`itertools.batched`, which Python has from 3.12 on."""
    rest = iter(items)
    while batch := tuple(islice(rest, size)):
        yield batch
