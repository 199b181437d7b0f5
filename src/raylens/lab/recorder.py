"""Takes the segments of a lab in the daemon's place and keeps them, so that they can be looked at and sent again."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import msgspec

from raylens.lab.segments import Document

_STAGE, _SERVICE, _FUNCTION = "AWS::ApiGateway::Stage", "AWS::Lambda", "AWS::Lambda::Function"
_POLL_S = 0.05


class Recorder:
    """Has a free UDP port of loopback. Use it from one event loop: `start`, then `close`."""

    def __init__(self) -> None:
        self._documents: dict[str, dict[str, Document]] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", 0))
        self._transport: asyncio.DatagramTransport | None = None

    @property
    def address(self) -> str:
        """`host:port`, as a daemon's address is given."""
        host, port = self._socket.getsockname()
        return f"{host}:{port}"

    async def start(self) -> None:
        """Take what arrives, until `close`, which MUST follow in the same loop."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: _Receiver(self), sock=self._socket)

    def close(self) -> None:
        """Give the port back; what was recorded stays. Closing it again is harmless."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None
        self._socket.close()

    def keep(self, datagram: bytes) -> None:
        """Keep the document of a datagram; of several copies the last, and none that is in progress."""
        try:
            document = msgspec.json.decode(datagram.partition(b"\n")[2])
        except msgspec.DecodeError:
            return
        if isinstance(document, dict) and not document.get("in_progress"):
            self._documents.setdefault(str(document.get("trace_id")), {})[str(document.get("id"))] = document

    def documents(self, trace_id: str) -> tuple[Document, ...]:
        """What was recorded of a trace, in order of arrival; empty when it is not whole.

        A trace through the lab is whole once its stage, the Lambda service and the function were heard of; the function
        is the last to send.
        """
        documents = tuple(self._documents.get(trace_id, {}).values())
        origins = {document.get("origin") for document in documents}
        return documents if {_STAGE, _SERVICE, _FUNCTION} <= origins else ()

    def trace_ids(self) -> tuple[str, ...]:
        """The whole traces, in order of arrival."""
        return tuple(trace_id for trace_id in self._documents if self.documents(trace_id))

    async def wait_whole(self, trace_ids: list[str], timeout_s: float) -> None:
        """Return once all these traces are whole, or after `timeout_s`."""
        loop = asyncio.get_running_loop()
        deadline_s = loop.time() + timeout_s
        while loop.time() < deadline_s and not all(self.documents(each) for each in trace_ids):
            await asyncio.sleep(_POLL_S)

    async def wait_for_more(self, known: set[str], count: int, timeout_s: float) -> tuple[str, ...]:
        """The whole traces besides the `known`, once there are `count`, or after `timeout_s` those there are."""
        loop = asyncio.get_running_loop()
        deadline_s = loop.time() + timeout_s
        while True:
            found = tuple(each for each in self.trace_ids() if each not in known)
            if len(found) >= count or loop.time() >= deadline_s:
                return found
            await asyncio.sleep(_POLL_S)


class _Receiver(asyncio.DatagramProtocol):
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def datagram_received(self, data: bytes, _: Any) -> None:
        self._recorder.keep(data)
