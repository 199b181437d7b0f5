"""Trace and span ids: one value inside, two spellings outside.

Inside a trace id is 16 bytes and a (sub)segment id is an integer of 64 bits. X-Ray spells a trace id
`1-5759e988-bd862e3fe1be46a994272793`, W3C and OpenTelemetry spell the same 16 bytes as 32 hex digits.
Upper-case hex is accepted and comes back lower-case.
"""

from __future__ import annotations


def parse_trace_id(text: str) -> bytes | None:
    """The 16 bytes of a trace id in either spelling; None when `text` is neither.

    The time part is not checked: an id derived from a W3C id carries no time
    (X-Ray API reference, PutTraceSegments).
    """
    if len(text) == 35:
        if text[0] != "1" or text[1] != "-" or text[10] != "-":
            return None
        text = text[2:10] + text[11:]
    elif len(text) != 32:
        return None
    try:
        value = bytes.fromhex(text)
    except ValueError:
        return None
    # fromhex skips white space, so only the length proves that all 32 characters were digits
    return value if len(value) == 16 else None


def format_trace_id(trace_id: bytes) -> str:
    """X-Ray's spelling: `1-` + 8 hex digits + `-` + 24 hex digits."""
    text = trace_id.hex()
    return f"1-{text[:8]}-{text[8:]}"


def parse_span_id(text: str) -> int | None:
    """The integer of a 16-digit segment or subsegment id; None when malformed or all zero."""
    if len(text) != 16:
        return None
    try:
        value = bytes.fromhex(text)
    except ValueError:
        return None
    return int.from_bytes(value, "big") or None if len(value) == 8 else None


def format_span_id(span_id: int) -> str:
    """16 lower-case hex digits."""
    return f"{span_id:016x}"
