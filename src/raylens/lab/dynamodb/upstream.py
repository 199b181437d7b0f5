"""The DynamoDB endpoint behind the proxy: requests passed on, and calls of the lab's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from raylens.lab.dynamodb.wire import CONTENT_TYPE, Answer, unreachable

_NOT_PASSED_ON = frozenset(("host", "content-length", "connection", "accept-encoding", "transfer-encoding", "expect"))
_NOT_PASSED_BACK = frozenset(
    ("content-length", "content-encoding", "connection", "transfer-encoding", "date", "server")
)


class Upstream:
    """One endpoint, spoken to over kept-alive connections."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        # No proxy settings from the environment: the endpoint is on this machine, or named on purpose.
        self._client = httpx.AsyncClient(base_url=self.base_url, timeout=httpx.Timeout(70.0), trust_env=False)

    async def send(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Pass one request on. An endpoint that does not answer is a 503, which SDKs retry."""
        passed = {name: value for name, value in headers.items() if name.lower() not in _NOT_PASSED_ON}
        passed["accept-encoding"] = "identity"  # the checksum is over the bytes as sent
        try:
            answer = await self._client.post("/", headers=passed, content=body)
        except httpx.HTTPError as error:
            return unreachable(f"{self.base_url} does not answer: {type(error).__name__} {error}")
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in _NOT_PASSED_BACK}
        return Answer(answer.status_code, kept, answer.content)

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()


def request_headers(operation: str, region: str) -> dict[str, str]:
    """Headers of a call of the lab's own. No endpoint for one machine checks the signature; all read the region."""
    credential = f"lab/20240101/{region}/dynamodb/aws4_request"
    return {
        "content-type": CONTENT_TYPE,
        "x-amz-target": f"DynamoDB_20120810.{operation}",
        "x-amz-date": "20240101T000000Z",
        "authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0",
    }


def encode_body(body: Mapping[str, Any]) -> bytes:
    """A request's body."""
    return msgspec.json.encode(body)
