"""What traces of an incident show, beside those of normal times."""

from __future__ import annotations

import msgspec


class TraceEvidence(msgspec.Struct, frozen=True):
    """Nothing yet."""
