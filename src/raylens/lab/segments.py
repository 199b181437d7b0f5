"""Sending segment documents as any client of X-Ray does: one JSON document a datagram, to the daemon's address."""

from __future__ import annotations

import copy
import logging
import socket
from typing import Any

import msgspec

from raylens.errors import ConfigError

_log = logging.getLogger(__name__)
_ENVELOPE = b'{"format":"json","version":1}\n'
# A datagram on IPv4 ends at 65,507 bytes; what is larger is refused by the kernel and lost.
MAX_DOCUMENT_BYTES = 60_000
_KEPT_FRAMES = 20
_KEPT_MESSAGE_CHARS = 2_000

Document = dict[str, Any]


class SegmentSender:
    """Sends documents to `daemon_address` (`host:port`) over UDP: at most once, never blocking, never raising.

    What cannot be sent is counted in `dropped_count` and logged.
    """

    def __init__(self, daemon_address: str) -> None:
        self._address = parse_address(daemon_address)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self.dropped_count = 0

    def send(self, document: Document) -> None:
        """Send one segment document, its `cause` cropped when it would not fit a datagram."""
        try:
            self._socket.sendto(_ENVELOPE + encode_document(document), self._address)
        except OSError as error:
            self.dropped_count += 1
            _log.warning("segment %s was not sent: %s", document.get("id"), error)

    def close(self) -> None:
        """Give the socket back; later sends are dropped."""
        self._socket.close()


def parse_address(text: str) -> tuple[str, int]:
    """Host and port of `host:port`. Raises ConfigError when it is anything else."""
    host, separator, port = text.rpartition(":")
    if not separator or not host or not port.isdigit() or not 0 < int(port) < 65_536:
        raise ConfigError(f"daemon address {text!r}: expected host:port, for example 127.0.0.1:2000")
    return host, int(port)


def encode_document(document: Document) -> bytes:
    """The document as JSON of at most 60,000 bytes.

    Too large, it loses in turn: the middle of every stack (`truncated` says how many frames), the ends of messages,
    the whole `cause`. The rest of a lab document is bounded by the sizes of names and URLs.
    """
    encoded = msgspec.json.encode(document)
    for crop in (_crop_stacks, _crop_messages, _drop_cause):
        if len(encoded) <= MAX_DOCUMENT_BYTES:
            break
        document = crop(copy.deepcopy(document))
        encoded = msgspec.json.encode(document)
    return encoded


def milliseconds_down(ns: int) -> float:
    """Epoch seconds cut to milliseconds: what gateways and the Lambda front end record as a start."""
    return ns // 1_000_000 / 1_000


def milliseconds_up(ns: int) -> float:
    """Epoch seconds raised to the next millisecond, for ends: so a parent's time still holds its children's."""
    return -(-ns // 1_000_000) / 1_000


def microseconds(ns: int) -> float:
    """Epoch seconds rounded to microseconds: what the sandbox records."""
    return round(ns / 1_000) / 1_000_000


def _exceptions(document: Document) -> list[Document]:
    cause = document.get("cause")
    found = cause.get("exceptions") if isinstance(cause, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _crop_stacks(document: Document) -> Document:
    for exception in _exceptions(document):
        stack = exception.get("stack")
        if isinstance(stack, list) and len(stack) > _KEPT_FRAMES:
            half = _KEPT_FRAMES // 2
            exception["truncated"] = len(stack) - _KEPT_FRAMES
            exception["stack"] = stack[:half] + stack[-half:]
    cause = document.get("cause")
    if isinstance(cause, dict) and isinstance(cause.get("paths"), list):
        cause["paths"] = cause["paths"][:_KEPT_FRAMES]
    return document


def _crop_messages(document: Document) -> Document:
    for exception in _exceptions(document):
        message = exception.get("message")
        if isinstance(message, str) and len(message) > _KEPT_MESSAGE_CHARS:
            exception["message"] = message[:_KEPT_MESSAGE_CHARS]
    return document


def _drop_cause(document: Document) -> Document:
    document.pop("cause", None)
    return document
