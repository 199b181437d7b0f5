from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from raylens.clock import ManualClock
from raylens.errors import InvalidRequest, Overloaded
from raylens.groups import Groups, InsightsChange
from raylens.groups.groups import MAX_EXPRESSION_LENGTH, MAX_GROUPS
from raylens.model.group import ExpressionVersion, Group
from raylens.model.tag import Tag
from raylens.storage.interface import RecordStore
from tests.unit.groups.records import RecordsInMemory

NOW_NS = 1_700_000_000_000_000_000
DEFAULT_ARN = "arn:aws:xray:us-east-1:123456789012:group/Default"


def refuse_broken(expression: str) -> object:
    """Stands for the parser of filter expressions."""
    if "broken" in expression:
        raise InvalidRequest("Error Location: line 1, position 1 : Invalid input symbol: 'bro'")
    return None


@pytest.fixture
def records() -> RecordsInMemory:
    return RecordsInMemory()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW_NS)


Open = Callable[[], Groups]


@pytest.fixture
def another(records: RecordStore, clock: ManualClock) -> Open:
    """Opens the groups in one more process."""
    return lambda: Groups(records, clock, "us-east-1", "123456789012", refuse_broken, 30, sleep=lambda _: None)


@pytest.fixture
def groups(another: Open) -> Groups:
    return another()


def names(groups: Groups) -> list[str]:
    return [group.name for group in groups.list_all()]


def test_default_is_there_before_anything_is_stored(groups: Groups) -> None:
    [default] = groups.list_all()

    assert default == groups.get("Default") == groups.get(arn=DEFAULT_ARN)
    assert (default.expression, default.insights_enabled, default.notifications_enabled) == (None, False, False)


def test_a_new_group_is_found_by_name_and_by_arn(groups: Groups) -> None:
    made = groups.create("slow", "responsetime > 2", InsightsChange(True, True), [Tag("team", "a")])

    assert made == groups.get("slow") == groups.get(arn=made.arn("us-east-1", "123456789012"))
    assert made == Group(
        name="slow", unique_id=made.unique_id, versions=(ExpressionVersion("responsetime > 2", NOW_NS),),
        insights_enabled=True, notifications_enabled=True, created_ns=NOW_NS, updated_ns=NOW_NS,
        tags=(Tag("team", "a"),),
    )  # fmt: skip


def test_default_comes_first_and_the_others_by_name(groups: Groups) -> None:
    for name in ("b", "A", "a", "E"):
        groups.create(name)

    assert names(groups) == ["Default", "A", "E", "a", "b"]


@pytest.mark.parametrize(
    "how", [{"name": "other"}, {"name": "SLOW"}, {"arn": "slow"}, {"arn": DEFAULT_ARN + "x"}, {"name": ""}]
)
def test_an_unknown_group_is_not_found(how: dict[str, str], groups: Groups) -> None:
    groups.create("slow")

    for operation in (groups.get, groups.update, groups.delete):
        with pytest.raises(InvalidRequest, match=r"^Group not found$"):
            operation(**how)


def test_an_arn_of_another_account_is_not_found(groups: Groups) -> None:
    made = groups.create("slow")

    with pytest.raises(InvalidRequest, match=r"^Group not found$"):
        groups.get(arn=made.arn("us-east-1", "000000000000"))


def test_name_and_arn_may_both_be_given_for_one_group_only(groups: Groups) -> None:
    arn = groups.create("slow").arn("us-east-1", "123456789012")

    assert groups.get("slow", arn).name == "slow"
    with pytest.raises(InvalidRequest, match="mean different groups"):
        groups.get("Default", arn)
    with pytest.raises(InvalidRequest, match="GroupName or GroupARN is required"):
        groups.get()


def test_a_name_is_taken_once_and_free_after_deletion_with_another_arn(groups: Groups) -> None:
    first = groups.create("slow", "ok")
    with pytest.raises(InvalidRequest, match="Group slow already exists"):
        groups.create("slow", "fault")
    groups.delete("slow")
    second = groups.create("slow", "fault")

    assert second.unique_id != first.unique_id
    assert second.versions == (ExpressionVersion("fault", NOW_NS),)


def test_a_name_taken_by_a_faster_process_is_refused(groups: Groups, records: RecordsInMemory, another: Open) -> None:
    records.before_write = lambda: another().create("slow", "ok")

    with pytest.raises(InvalidRequest, match="already exists"):
        groups.create("slow", "fault")

    assert groups.get("slow").expression == "ok"


def test_of_eight_threads_that_create_a_group_one_succeeds(groups: Groups) -> None:
    def attempt(number: int) -> bool:
        try:
            groups.create("slow", f"user = {number}")
        except InvalidRequest:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1


def test_the_26th_group_is_refused_and_default_does_not_count(groups: Groups) -> None:
    groups.update("Default", insights=InsightsChange(enabled=True))
    for number in range(MAX_GROUPS):
        groups.create(f"g{number}")

    with pytest.raises(InvalidRequest, match="there are 25 groups already"):
        groups.create("one-more")
    with pytest.raises(InvalidRequest, match="already exists"):
        groups.create("g0")
    groups.delete("g7")
    groups.create("one-more")


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("broken", "Error Location: line 1, position 1"),
        ("", "FilterExpression is empty"),
        (" \n", "FilterExpression is empty"),
        ("x" * (MAX_EXPRESSION_LENGTH + 1), "FilterExpression has 10001 characters, at most 10000 are accepted"),
    ],
    ids=range(4),
)
def test_an_expression_that_cannot_be_is_refused(expression: str, words: str, groups: Groups) -> None:
    kept = groups.create("slow", "ok")

    with pytest.raises(InvalidRequest, match=words):
        groups.create("new", expression)
    with pytest.raises(InvalidRequest, match=words):
        groups.update("slow", expression=expression)

    assert groups.list_all()[1:] == (kept,)


def test_an_update_leaves_what_is_not_given(groups: Groups, clock: ManualClock) -> None:
    made = groups.create("slow", "ok", InsightsChange(enabled=True), [Tag("team", "a")])
    clock.advance(10)

    changed = groups.update("slow", expression="fault")

    assert changed == groups.get("slow")
    assert changed.versions == (*made.versions, ExpressionVersion("fault", NOW_NS + 10_000_000_000))
    assert (changed.insights_enabled, changed.tags, changed.created_ns) == (True, made.tags, made.created_ns)
    assert groups.update("slow", insights=InsightsChange(notifications=True)).versions == changed.versions


def test_an_update_that_changes_nothing_writes_nothing(groups: Groups, records: RecordsInMemory) -> None:
    made = groups.create("slow", "ok")

    assert groups.update("slow", expression="ok", insights=InsightsChange(False, False)) == made
    stored = records.record("group", "slow")
    assert stored is not None and stored.version == 1


def test_an_update_of_another_process_is_not_lost(groups: Groups, records: RecordsInMemory, another: Open) -> None:
    groups.create("slow", "ok")
    records.before_write = lambda: another().update("slow", insights=InsightsChange(enabled=True))

    changed = groups.update("slow", expression="fault")

    assert (changed.expression, changed.insights_enabled) == ("fault", True)


def test_a_group_that_others_keep_changing_is_given_up_after_some_attempts(
    groups: Groups, records: RecordsInMemory
) -> None:
    groups.create("slow", "ok")
    records.is_always_late = True

    with pytest.raises(Overloaded, match="try again"):
        groups.update("slow", expression="fault")
    with pytest.raises(Overloaded, match="try again"):
        groups.delete("slow")


def test_insights_of_default_may_be_changed_and_nothing_else(groups: Groups) -> None:
    assert groups.update("Default", insights=InsightsChange(True, True)).notifications_enabled
    assert names(groups) == ["Default"]

    with pytest.raises(InvalidRequest, match="FilterExpression cannot be set"):
        groups.update("Default", expression="ok")
    with pytest.raises(InvalidRequest, match="Default cannot be deleted"):
        groups.delete(arn=DEFAULT_ARN)
    with pytest.raises(InvalidRequest, match="reserved"):
        groups.create("Default")


def test_there_are_no_notifications_without_insights(groups: Groups) -> None:
    with pytest.raises(InvalidRequest, match="InsightsEnabled must be true as well"):
        groups.create("slow", "ok", InsightsChange(notifications=True))
    groups.create("slow", "ok", InsightsChange(True, True))

    off = groups.update("slow", insights=InsightsChange(enabled=False))

    assert (off.insights_enabled, off.notifications_enabled) == (False, False)
    with pytest.raises(InvalidRequest, match="InsightsEnabled must be true as well"):
        groups.update("slow", insights=InsightsChange(notifications=True))


def test_reading_many_times_a_second_reads_the_store_once(
    groups: Groups, records: RecordsInMemory, clock: ManualClock
) -> None:
    for _ in range(100):
        groups.get("Default")
        clock.advance(0.009)
    assert records.readings == 1

    clock.advance(0.2)
    groups.get("Default")
    assert records.readings == 2


def test_own_changes_are_seen_at_once_and_those_of_others_after_a_second(
    groups: Groups, another: Open, clock: ManualClock
) -> None:
    other = another()
    assert names(other) == names(groups) == ["Default"]

    groups.create("slow")
    assert names(groups) == ["Default", "slow"]
    assert names(other) == ["Default"]
    clock.advance(1)
    assert names(other) == ["Default", "slow"]

    groups.delete("slow")
    assert names(groups) == ["Default"]


def test_a_clock_that_was_set_back_does_not_keep_old_groups(groups: Groups, another: Open, clock: ManualClock) -> None:
    assert names(groups) == ["Default"]
    another().create("slow")

    clock.advance(-3600)

    assert names(groups) == ["Default", "slow"]


def test_the_expression_of_a_group_is_found_by_name_and_arn(groups: Groups) -> None:
    arn = groups.create("a", 'group.name = "b"').arn("us-east-1", "123456789012")
    groups.create("b", 'group.name = "a"')
    groups.create("all")

    assert groups.expression_of("name", "a") == groups.expression_of("arn", arn) == 'group.name = "b"'
    assert groups.expression_of("name", "b") == 'group.name = "a"'
    # every trace belongs to these, which is what an empty expression says
    assert groups.expression_of("name", "all") == groups.expression_of("arn", DEFAULT_ARN) == ""
    assert groups.expression_of("name", arn) is groups.expression_of("arn", "a") is None


def test_expressions_older_than_what_is_kept_are_forgotten(groups: Groups, clock: ManualClock) -> None:
    groups.create("slow", "ok")
    groups.update("slow", expression="error")
    clock.advance(40 * 86_400)

    assert [v.expression for v in groups.update("slow", expression="fault").versions] == ["error", "fault"]


def test_the_stored_form_stays_readable(groups: Groups, records: RecordsInMemory) -> None:
    made = groups.create("slow", "ok", InsightsChange(enabled=True), [Tag("team", "a")])

    stored = records.record("group", "slow")

    assert stored is not None
    # a renamed member would be lost from the groups that people have
    assert json.loads(stored.body) == {
        "name": "slow", "unique_id": made.unique_id, "versions": [{"expression": "ok", "valid_from_ns": NOW_NS}],
        "insights_enabled": True, "notifications_enabled": False, "created_ns": NOW_NS, "updated_ns": NOW_NS,
        "tags": [{"key": "team", "value": "a"}],
    }  # fmt: skip
