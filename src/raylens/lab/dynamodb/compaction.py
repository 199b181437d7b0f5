"""Fewer changes with the same end: what a later change made moot is left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from raylens.lab.dynamodb.journal import Change, split_change
from raylens.lab.dynamodb.wire import STATEMENTS, table_name_of, tables_of


class _Table:
    def __init__(self, created: Change) -> None:
        schema = created.body.get("KeySchema") or ()
        self.key_names = tuple(str(part.get("AttributeName")) for part in schema)
        self.changes = [created]
        self.items: dict[bytes, list[Change]] = {}

    def key(self, attributes: dict[str, Any]) -> bytes:
        return msgspec.json.encode([attributes.get(name) for name in self.key_names])


def compact(changes: Iterable[Change]) -> list[Change]:
    """The changes that still matter, in an order that may be replayed.

    A put or delete makes earlier changes of its item moot, a deleted table all of its own. Updates of one item are all
    kept. Puts lose their conditions, which held when they were made but need not hold without what came before.
    With a PartiQL statement among them nothing is left out: what it changed cannot be seen from outside.
    """
    listed = list(changes)
    if any(change.op in STATEMENTS for change in listed):
        return listed
    tables: dict[str, _Table] = {}
    for change in (single for each in listed for single in split_change(each)):
        _apply(tables, change)
    return [
        change
        for table in tables.values()
        for change in (*table.changes, *(each for item in table.items.values() for each in item))
    ]


def _apply(tables: dict[str, _Table], change: Change) -> None:
    name = next(iter(tables_of(change.op, change.body)), "")
    if change.op == "CreateTable":
        tables[name] = _Table(change)
        return
    table = tables.get(name)
    if table is None:
        return
    if change.op == "DeleteTable":
        del tables[name]
    elif change.op == "PutItem":
        item = change.body["Item"]
        key = table.key(item)
        table.items.pop(key, None)
        table.items[key] = [Change("PutItem", {"TableName": table_name_of(name), "Item": item})]
    elif change.op == "DeleteItem":
        table.items.pop(table.key(change.body["Key"]), None)
    elif change.op == "UpdateItem":
        table.items.setdefault(table.key(change.body["Key"]), []).append(change)
    else:
        table.changes.append(change)
