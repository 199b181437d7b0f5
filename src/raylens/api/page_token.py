"""Page tokens: where the next page goes on, and the question it belongs to."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any, TypeVar

import msgspec

from raylens.errors import InvalidRequest

P = TypeVar("P")
_DIGEST_BYTES = 9
_SHOWN_LENGTH = 60


def write_token(place: msgspec.Struct, question: tuple[Any, ...]) -> str:
    """A token for `place` that only `question` accepts. Both must be made of plain values."""
    body = msgspec.msgpack.encode(place)
    return base64.urlsafe_b64encode(_digest(body, question) + body).decode()


def read_token(token: str, place: type[P], question: tuple[Any, ...]) -> P:
    """The place that `write_token` was given for this question.

    The digest is no secret: it tells mistakes from tokens, and who computes it gets a page of the same question.
    Raises: InvalidRequest for anything else that a caller may send.
    """
    try:
        content = base64.b64decode(token, altchars=b"-_", validate=True)
        digest, body = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        read = msgspec.msgpack.decode(body, type=place)
    except (binascii.Error, msgspec.DecodeError, ValueError, RecursionError):
        raise InvalidRequest(f"Invalid token {token[:_SHOWN_LENGTH]}") from None
    if digest != _digest(body, question):
        raise InvalidRequest("Invalid token: it belongs to another question, send every other member as before")
    return read


def _digest(body: bytes, question: tuple[Any, ...]) -> bytes:
    return hashlib.blake2b(msgspec.msgpack.encode((body, question)), digest_size=_DIGEST_BYTES).digest()
