from __future__ import annotations

from pathlib import Path

import pytest

from raylens.errors import ConfigError
from raylens.lab.dynamodb.compaction import compact
from raylens.lab.dynamodb.journal import Change, Journal

CREATE = Change("CreateTable", {"TableName": "t", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]})


def put(key: str, note: str = "") -> Change:
    return Change("PutItem", {"TableName": "t", "Item": {"id": {"S": key}, "note": {"S": note}}})


def delete(key: str) -> Change:
    return Change("DeleteItem", {"TableName": "t", "Key": {"id": {"S": key}}})


def update(key: str) -> Change:
    return Change("UpdateItem", {"TableName": "t", "Key": {"id": {"S": key}}, "UpdateExpression": "REMOVE note"})


def journal_with(path: Path, changes: list[Change]) -> Path:
    journal = Journal(path / "j")
    for change in changes:
        journal.append(change)
    journal.close()
    return path / "j"


def test_changes_are_read_back_in_order(tmp_path: Path) -> None:
    path = journal_with(tmp_path, [CREATE, put("강남"), delete("강남")])
    assert Journal(path).load() == [CREATE, put("강남"), delete("강남")]


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_a_torn_last_line_is_dropped(tmp_path: Path, cut: int) -> None:
    path = journal_with(tmp_path, [CREATE, put("a"), put("b")])
    path.write_bytes(path.read_bytes()[:-cut])
    assert Journal(path).load() == [CREATE, put("a")]


def test_damage_before_the_end_is_refused_with_its_line(tmp_path: Path) -> None:
    path = journal_with(tmp_path, [CREATE, put("a"), put("b")])
    path.write_bytes(path.read_bytes().replace(b'"a"', b'"x"'))
    with pytest.raises(ConfigError, match="line 2: damaged"):
        Journal(path).load()


def test_compaction_keeps_the_last_put_of_each_item_and_its_updates() -> None:
    changes = [CREATE, put("a", "1"), update("a"), put("a", "2"), update("a"), put("b"), delete("b")]
    assert compact(changes) == [CREATE, put("a", "2"), update("a")]


def test_compaction_forgets_a_deleted_table() -> None:
    assert compact([CREATE, put("a"), Change("DeleteTable", {"TableName": "t"})]) == []


def test_compaction_drops_conditions_that_held_when_the_put_was_made() -> None:
    conditional = Change("PutItem", {**put("a").body, "ConditionExpression": "attribute_not_exists(id)"})
    assert compact([CREATE, conditional]) == [CREATE, put("a")]


def test_compaction_takes_batches_and_transactions_apart() -> None:
    batch = Change("BatchWriteItem", {"RequestItems": {"t": [{"PutRequest": {"Item": put("a").body["Item"]}}]}})
    transaction = Change(
        "TransactWriteItems", {"TransactItems": [{"Delete": delete("a").body}, {"Put": put("b").body}]}
    )
    assert compact([CREATE, batch, transaction]) == [CREATE, put("b")]


def test_compaction_leaves_partiql_journals_alone() -> None:
    changes = [CREATE, put("a"), Change("ExecuteStatement", {"Statement": "DELETE FROM t WHERE id='a'"})]
    assert compact(changes) == changes
