from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raylens.errors import InvalidRequest
from raylens.model.group import MAX_VERSIONS, ExpressionVersion, Group, check_group_name
from raylens.model.time import TimeRange


def group(*versions: tuple[str | None, int], name: str = "slow") -> Group:
    return Group(name=name, unique_id="ID", versions=tuple(ExpressionVersion(*version) for version in versions))


def test_arn_ends_with_name_and_unique_id_and_for_default_with_its_name() -> None:
    assert group(("ok", 0)).arn("eu-west-1", "123456789012") == "arn:aws:xray:eu-west-1:123456789012:group/slow/ID"
    assert group((None, 0), name="Default").arn("r", "a") == "arn:aws:xray:r:a:group/Default"


def test_the_first_expression_decides_about_what_came_before_it() -> None:
    assert group(("fault", 500)).versions_between(0, 100) == (("fault", 0, 100),)


def test_each_later_expression_decides_about_what_arrives_from_then_on() -> None:
    updated = group(("ok", 100), ("error", 200), ("fault", 300))

    assert updated.versions_between(0, 1000) == (("ok", 0, 200), ("error", 200, 300), ("fault", 300, 1000))
    assert updated.versions_between(200, 300) == (("error", 200, 300),)
    assert updated.versions_between(199, 301) == (("ok", 199, 200), ("error", 200, 300), ("fault", 300, 301))
    assert updated.versions_between(400, 500) == (("fault", 400, 500),)
    assert updated.versions_between(300, 300) == updated.versions_between(9, 5) == ()


def test_a_version_replaced_in_the_same_moment_decides_about_nothing() -> None:
    assert group(("ok", 1), ("error", 5), ("fault", 5)).versions_between(0, 9) == (("ok", 0, 5), ("fault", 5, 9))


@pytest.mark.parametrize(
    ("start_ns", "end_ns", "old"), [(0, 100, True), (0, 101, True), (99, 101, True), (100, 200, False)]
)
def test_old_versions_are_contained_when_another_expression_than_that_in_force_decides(
    start_ns: int, end_ns: int, old: bool
) -> None:
    assert group(("ok", 0), ("fault", 100)).contains_old_versions(TimeRange(start_ns, end_ns)) is old


def test_a_group_that_never_changed_contains_no_old_versions() -> None:
    assert not group(("ok", 100)).contains_old_versions(TimeRange(0, 50))


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=5), st.integers(-60, 60), st.integers(1, 120))
def test_every_moment_of_a_range_has_one_expression(steps: list[int], start_ns: int, length_ns: int) -> None:
    changing = group(("0", steps[0]))
    for number, now_ns in enumerate(steps[1:], 1):
        changing = changing.with_expression(str(number), now_ns, -100)
    end_ns = start_ns + length_ns

    found = changing.versions_between(start_ns, end_ns)

    assert [v.from_ns for v in found] == [start_ns, *(v.until_ns for v in found[:-1])]
    assert found[-1].until_ns == end_ns
    assert all(v.from_ns < v.until_ns for v in found)


def test_the_expression_in_force_is_not_written_again() -> None:
    slow = group(("ok", 0))

    assert slow.with_expression("ok", 10, 0) is slow
    assert slow.with_expression("fault", 10, 0).with_expression("ok", 20, 0).expression == "ok"


def test_a_clock_that_was_set_back_keeps_the_order_of_versions() -> None:
    assert group(("ok", 100)).with_expression("fault", 50, 0).versions == (
        ExpressionVersion("ok", 100),
        ExpressionVersion("fault", 100),
    )


def test_versions_of_which_nothing_is_stored_are_forgotten() -> None:
    old = group(("a", 0), ("b", 100), ("c", 200))

    assert [v.expression for v in old.with_expression("d", 300, 99).versions] == ["a", "b", "c", "d"]
    assert [v.expression for v in old.with_expression("d", 300, 100).versions] == ["b", "c", "d"]
    assert [v.expression for v in old.with_expression("d", 300, 400).versions] == ["d"]


def test_of_too_many_versions_the_oldest_are_forgotten() -> None:
    changing = group(("0", 0))
    for number in range(1, MAX_VERSIONS + 10):
        changing = changing.with_expression(str(number), number, -1)

    assert [v.expression for v in changing.versions] == [str(number) for number in range(10, MAX_VERSIONS + 10)]


@pytest.mark.parametrize("name", ["a", "A-1", "-", "x" * 32, "default", "0"])
def test_letters_digits_and_dashes_name_a_group(name: str) -> None:
    check_group_name(name)


@pytest.mark.parametrize(
    "name", ["", "x" * 33, "a b", "a_b", "a/b", "a\n", "é", "그룹", "٣", "\x00", "a.b", "x" * 10_000, "\U0001f600"]
)
def test_any_other_name_is_refused_in_a_short_message(name: str) -> None:
    with pytest.raises(InvalidRequest, match="1 to 32 letters, digits and dashes were expected") as refused:
        check_group_name(name)
    assert len(str(refused.value)) < 600 and str(refused.value).isascii()


def test_default_is_reserved() -> None:
    with pytest.raises(InvalidRequest, match="Default is reserved"):
        check_group_name("Default")
