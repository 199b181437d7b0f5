"""The `X-Amzn-Trace-Id` header: reading what a client sent, writing what the next hop needs."""

from __future__ import annotations

import os
import re

import msgspec

_ROOT = re.compile(r"1-[0-9a-fA-F]{8}-[0-9a-fA-F]{24}")
_SEGMENT_ID = re.compile(r"[0-9a-fA-F]{16}")
_MAX_HEADER_CHARS = 1024
_MAX_EXTRA_CHARS = 256


class TraceHeader(msgspec.Struct, frozen=True, kw_only=True):
    """One trace header. `sampled` is None while nobody has decided (absent or `?`).

    `root` is None when the sender gave none that is valid; `parent` is the caller's open segment or subsegment.
    `extra` holds fields that are carried on unread, `Lineage` for one, in the order they came.
    """

    root: str | None = None
    parent: str | None = None
    sampled: bool | None = None
    extra: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        parts = [("Root", self.root), ("Parent", self.parent)]
        if self.sampled is not None:
            parts.append(("Sampled", "1" if self.sampled else "0"))
        return ";".join(f"{key}={value}" for key, value in (*parts, *self.extra) if value is not None)

    def below(self, parent: str | None, sampled: bool | None) -> TraceHeader:
        """The header for the next hop: same trace and extras, `parent` the id that the next hop hangs under."""
        return TraceHeader(root=self.root, parent=parent, sampled=sampled, extra=self.extra)


def parse_trace_header(text: str | None) -> TraceHeader:
    """The header in `text`; an empty one when it is missing, oversized or has no valid `Root`.

    Keys are matched without regard to case, order is free, `Self` (a load balancer's) is dropped. A `Parent` that is
    no segment id is dropped too, and so is what exceeds 256 characters of extras. A header without a valid `Root`
    keeps only its decision: with no trace to continue, its parent would point nowhere.
    """
    if not text or len(text) > _MAX_HEADER_CHARS:
        return TraceHeader()
    root = parent = None
    sampled: bool | None = None
    extra: list[tuple[str, str]] = []
    extra_chars = 0
    for part in text.split(";"):
        key, separator, value = part.strip().partition("=")
        match key.lower():
            case "root":
                root = value.lower() if _ROOT.fullmatch(value) else None
            case "parent":
                parent = value.lower() if _SEGMENT_ID.fullmatch(value) else None
            case "sampled":
                sampled = {"1": True, "0": False}.get(value)
            case "self" | "":
                continue
            case _ if separator:
                extra_chars += len(part)
                if extra_chars <= _MAX_EXTRA_CHARS and part.isprintable() and part.isascii():
                    extra.append((key, value))
    if root is None:
        return TraceHeader(sampled=sampled)
    return TraceHeader(root=root, parent=parent, sampled=sampled, extra=tuple(extra))


def new_trace_id(now_ns: int) -> str:
    """A fresh trace id that carries the second of `now_ns`."""
    return f"1-{now_ns // 1_000_000_000:08x}-{os.urandom(12).hex()}"


def new_segment_id() -> str:
    """A fresh segment or subsegment id: 16 hex digits."""
    return os.urandom(8).hex()
