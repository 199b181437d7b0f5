"""Where in the table of spans the spans of given traces lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from raylens.storage.clickhouse.session import Session
from raylens.storage.clickhouse.sql import read_sql

# Minutes that a statement is given one by one; the traces of a page lie in fewer.
_MAX_MINUTES = 5_000


class Places(msgspec.Struct, frozen=True):
    """The statement that reads the spans of some traces, and its parameters; `first` and `last` are their minutes."""

    first: int
    last: int
    sql: str
    parameters: dict[str, Any]


def places_of(session: Session, trace_ids: Sequence[str], columns: Sequence[str]) -> Places | None:
    """How to read `columns` of the spans of these traces (ids in hex); None when nothing is stored of them.

    The minutes are named one by one: traces that were found by a search lie far apart, and all between them would be
    looked through.
    """
    stretches = session.query(read_sql("trace_minutes"), {"trace_ids": trace_ids})
    if not stretches:
        return None
    first, last = min(row[0] for row in stretches), max(row[1] for row in stretches)
    parameters: dict[str, Any] = {"trace_ids": trace_ids, "first_minute": first, "last_minute": last}
    minutes: set[int] = set()
    for begin, end in stretches:
        if len(minutes) + end - begin > _MAX_MINUTES:
            minutes = set()
            break
        minutes.update(range(begin, end + 1))
    these = "minute IN {minutes:Array(UInt32)}" if minutes else "true"
    if minutes:
        parameters["minutes"] = sorted(minutes)
    sql = read_sql("spans").replace("{columns}", ", ".join(columns)).replace("{these_minutes}", these)
    return Places(first, last, sql, parameters)
