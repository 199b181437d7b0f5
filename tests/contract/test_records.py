"""RecordStore: a version of a record is written once, whoever tries, and stays until it is deleted."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from raylens.storage.clickhouse.store import ClickHouseStore
from raylens.storage.interface import Record


def test_a_record_is_created_replaced_and_deleted(store: ClickHouseStore) -> None:
    assert store.record("group", "a") is None

    first = store.put_record("group", "a", "1", 0)
    assert first == Record("group", "a", 1, "1") == store.record("group", "a")
    second = store.put_record("group", "a", "2", 1)
    assert second == Record("group", "a", 2, "2") == store.record("group", "a")

    assert store.delete_record("group", "a", 2)
    assert store.record("group", "a") is None
    assert store.records("group") == ()


def test_a_write_after_another_version_than_the_newest_changes_nothing(store: ClickHouseStore) -> None:
    store.put_record("group", "a", "1", 0)
    kept = store.put_record("group", "a", "2", 1)

    assert [store.put_record("group", "a", "x", after) for after in (0, 1, 3)] == [None] * 3
    assert [store.delete_record("group", "a", after) for after in (0, 1, 3)] == [False] * 3
    assert store.record("group", "a") == kept


def test_a_record_that_is_not_there_can_only_be_created(store: ClickHouseStore) -> None:
    assert store.put_record("group", "a", "x", 1) is None
    assert not store.delete_record("group", "a", 1)
    assert store.record("group", "a") is None


def test_versions_go_on_after_a_deletion(store: ClickHouseStore) -> None:
    store.put_record("group", "a", "1", 0)
    store.delete_record("group", "a", 1)

    assert store.put_record("group", "a", "again", 1) is None
    assert store.put_record("group", "a", "again", 0) == Record("group", "a", 3, "again")


def test_records_of_a_kind_come_by_key_without_those_of_others(store: ClickHouseStore) -> None:
    for kind, key in (("group", "b"), ("group", "B"), ("rule", "c"), ("group", "a"), ("group", "gone")):
        store.put_record(kind, key, kind + key, 0)
    store.delete_record("group", "gone", 1)
    store.put_record("group", "a", "newer", 1)

    assert [(r.key, r.version, r.body) for r in store.records("group")] == [
        ("B", 1, "groupB"), ("a", 2, "newer"), ("b", 1, "groupb"),
    ]  # fmt: skip
    assert store.records("alarm") == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\\N",
        "\x00 \x01 \t\r\n \\ ' \" ` {kind:String} %s %(kind)s ; -- /* #",
        "é 한글 \U0001f600 \ufeff \u2028",
        "x" * 1_000_000,
        "'); DROP TABLE records; --",
    ],
    ids=range(6),
)
def test_any_text_is_kept_as_it_is(text: str, store: ClickHouseStore) -> None:
    key = text[:100]
    written = store.put_record("group", key, text, 0)

    assert written is not None
    assert store.record("group", key) == written == Record("group", key, 1, text)
    assert store.records("group") == (written,)


def test_of_several_who_create_a_record_at_once_one_succeeds(store: ClickHouseStore) -> None:
    for key in ("a", "b", "c"):
        made = _at_once(8, lambda number, key=key: store.put_record("group", key, str(number), 0))  # type: ignore[misc]

        [winner] = [record for record in made if record is not None]
        assert store.record("group", key) == winner


def test_no_update_is_lost_when_several_count_in_one_record(store: ClickHouseStore) -> None:
    store.put_record("counter", "a", "[]", 0)

    def count(number: int) -> None:
        for step in range(5):
            while True:
                seen = store.record("counter", "a")
                assert seen is not None
                body = json.dumps([*json.loads(seen.body), [number, step]])
                if store.put_record("counter", "a", body, seen.version):
                    break

    _at_once(5, count)

    last = store.record("counter", "a")
    assert last is not None
    assert last.version == 26
    assert sorted(json.loads(last.body)) == [[number, step] for number in range(5) for step in range(5)]


def test_a_record_is_the_same_after_its_versions_are_merged(store: ClickHouseStore) -> None:
    for version in range(20):
        assert store.put_record("group", "a", str(version), version)
    store._session.command("OPTIMIZE TABLE records FINAL")

    assert store.record("group", "a") == Record("group", "a", 20, "19")
    assert store.put_record("group", "a", "late", 19) is None
    assert store._session.query("SELECT count() FROM records") == [(16,)]


def test_a_token_whose_row_was_lost_with_its_server_does_not_block_the_record(store: ClickHouseStore) -> None:
    store.put_record("group", "a", "1", 0)
    store._insert("group", "a", 2, "2", "a writer that died")
    # drops the row and, unlike a truncation, leaves the token
    store._session.command("ALTER TABLE records DELETE WHERE version = 2 SETTINGS mutations_sync = 1")

    written = store.put_record("group", "a", "3", 1)

    assert written == store.record("group", "a")
    assert written is not None and written.body == "3"


def _at_once(threads: int, work: Callable[[int], Record | None]) -> list[Record | None]:
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, range(threads)))
