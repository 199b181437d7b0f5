"""Charging requests to the buckets of their tables: what is admitted, what is left for later, what it cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from raylens.lab.dynamodb.capacity import item_bytes, read_units, write_units
from raylens.lab.dynamodb.switches import Tables
from raylens.lab.dynamodb.wire import READS, WRITES, table_name_of, tables_of


class Admission(msgspec.Struct, frozen=True):
    """What may go on. `body` None: nothing, the request is throttled. `left` is what a batch must send again."""

    body: dict[str, Any] | None
    left: dict[str, Any] = {}


def admit(tables: Tables, operation: str, body: dict[str, Any]) -> Admission:
    """Take what a request needs from the buckets of its tables.

    Writes are paid before: size of the item, or of key and values for an update, whose result is not known here.
    Reads are let in while the bucket is above zero and paid by `charge_read`. A batch goes on with what fits.
    """
    if operation in ("BatchWriteItem", "BatchGetItem"):
        return _admit_batch(tables, operation, body)
    if operation in READS:
        open_ = all((bucket := tables.reads(name)) is None or bucket.level() > 0 for name in tables_of(operation, body))
        return Admission(body if open_ else None)
    if operation in WRITES:
        needed = _write_needs(operation, body)
        buckets = {name: tables.writes(name) for name in needed}
        if all(bucket is None or bucket.level() >= needed[name] for name, bucket in buckets.items()):
            for name, bucket in buckets.items():
                if bucket is not None:
                    bucket.charge(needed[name])
            return Admission(body)
        # One write larger than all the bucket can hold passes when the bucket is full, as `take` decides.
        if len(buckets) == 1:
            ((name, bucket),) = buckets.items()
            if bucket is not None and bucket.take(needed[name]):
                return Admission(body)
        return Admission(None)
    return Admission(body)


def charge_read(tables: Tables, operation: str, body: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Pay for a read that was done. Filtered-out items count as large as the average of those returned."""
    consistent = body.get("ConsistentRead") is True
    if operation == "GetItem":
        _charge(
            tables, tables_of(operation, body), read_units(item_bytes(answer.get("Item") or {}), consistent=consistent)
        )
    elif operation in ("Query", "Scan"):
        size = sum(map(item_bytes, answer.get("Items") or ()))
        count, scanned = answer.get("Count") or 0, answer.get("ScannedCount") or 0
        scale = scanned / count if count else 1.0
        _charge(tables, tables_of(operation, body), read_units(round(size * scale), consistent=consistent))
    elif operation == "BatchGetItem":
        for name, items in (answer.get("Responses") or {}).items():
            asked = (body.get("RequestItems") or {}).get(name) or {}
            units = sum(read_units(item_bytes(item), consistent=asked.get("ConsistentRead") is True) for item in items)
            _charge(tables, (table_name_of(name),), units)
    elif operation == "TransactGetItems":
        for asked, got in zip(body.get("TransactItems") or (), answer.get("Responses") or (), strict=False):
            units = read_units(item_bytes(got.get("Item") or {}), transactional=True)
            _charge(tables, tables_of("TransactGetItems", {"TransactItems": [asked]}), units)


def needs_answer(tables: Tables, operation: str, body: Mapping[str, Any]) -> bool:
    """Whether the answer must be looked at to charge for it."""
    return operation in READS and any(tables.reads(name) is not None for name in tables_of(operation, body))


def _charge(tables: Tables, names: tuple[str, ...], units: float) -> None:
    for name in names:
        if (bucket := tables.reads(name)) is not None:
            bucket.charge(units)


def _write_needs(operation: str, body: Mapping[str, Any]) -> dict[str, int]:
    if operation != "TransactWriteItems":
        return {table_name_of(body.get("TableName", "")): write_units(_written_bytes(body))}
    needs: dict[str, int] = {}
    for item in body.get("TransactItems") or ():
        for action in item.values():
            name = table_name_of(action.get("TableName", ""))
            needs[name] = needs.get(name, 0) + write_units(_written_bytes(action), transactional=True)
    return needs


def _written_bytes(body: Mapping[str, Any]) -> int:
    return sum(item_bytes(body.get(part) or {}) for part in ("Item", "Key", "ExpressionAttributeValues"))


def _admit_batch(tables: Tables, operation: str, body: dict[str, Any]) -> Admission:
    admitted: dict[str, Any] = {}
    left: dict[str, Any] = {}
    for name, asked in (body.get("RequestItems") or {}).items():
        table = table_name_of(name)
        if operation == "BatchGetItem":
            bucket = tables.reads(table)
            (admitted if bucket is None or bucket.level() > 0 else left)[name] = asked
            continue
        writes = tables.writes(table)
        for request, units in _batch_writes(asked):
            target = admitted if writes is None or writes.take(units) else left
            target.setdefault(name, []).append(request)
    if left and not admitted:
        return Admission(None)
    return Admission({**body, "RequestItems": admitted} if left else body, left)


def _batch_writes(requests: Any) -> Iterator[tuple[Any, int]]:
    for request in requests if isinstance(requests, list) else ():
        put = (request.get("PutRequest") or {}).get("Item") or {}
        delete = (request.get("DeleteRequest") or {}).get("Key") or {}
        yield request, write_units(item_bytes({**put, **delete}))
