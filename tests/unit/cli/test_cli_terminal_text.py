"""Text that is safe to print and fits."""

from __future__ import annotations

import json
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from raylens.cli.terminal_text import (
    cut_end,
    cut_middle,
    duration_text,
    instant_text,
    json_text,
    plain,
    request_text,
    seconds_from_span,
    share_text,
    zone_text,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("강남 맛집 [bold]x[/]", "강남 맛집 [bold]x[/]"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\u202egpj.exe", "a\\u202egpj.exe"),
        ("zero\u200bwidth\x9b2J", "zero\\u200bwidth\\x9b2J"),
        ("two\nlines\t", "two\\nlines\\t"),
    ],
)
def test_characters_that_a_terminal_acts_on_are_written_as_escapes(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text(), st.integers(0, 40))
def test_cut_text_fits_its_cells(text: str, cells: int) -> None:
    safe = plain(text)
    assert cell_len(cut_end(safe, cells)) <= cells
    assert cell_len(cut_middle(safe, cells)) <= cells


@given(st.text())
def test_json_to_print_holds_no_control_character_and_parses_back(text: str) -> None:
    printed = json_text({"text": text})
    assert json.loads(printed) == {"text": text}
    assert "\x1b" not in printed and "\x9b" not in printed and "\u202e" not in printed


@pytest.mark.parametrize(
    ("duration_ns", "shown"),
    [
        (0, "0 ms"),
        (28_000, "28 µs"),
        (999_499, "999 µs"),
        (999_600, "1.00 ms"),
        (9_996_000, "10.0 ms"),
        (21_682_000, "21.7 ms"),
        (830_818_000, "831 ms"),
        (3_837_000_000, "3.84 s"),
        (125_000_000_000, "2m 5s"),
        (7_260_000_000_000, "2h 1m"),
        (-2_000_000, "-2.00 ms"),
    ],
)
def test_durations_have_three_figures_and_a_fitting_unit(duration_ns: int, shown: str) -> None:
    assert duration_text(duration_ns) == shown


def test_a_share_that_is_not_nothing_is_not_shown_as_nothing() -> None:
    assert [share_text(part, 10_000) for part in (0, 1, 833, 9_999, 10_000)] == [
        "0 %",
        "<0.1 %",
        "8.3 %",
        "99.9 %",
        "100 %",
    ]


def test_instants_are_shown_in_the_zone_with_its_name() -> None:
    seoul = timezone(timedelta(hours=9), "KST")
    instant_ns = 1_707_993_000_211_000_000
    assert f"{instant_text(instant_ns, seoul)} {zone_text(instant_ns, seoul)}" == "2024-02-15 19:30:00.211 KST +09:00"
    assert zone_text(instant_ns, UTC) == "UTC +00:00"
    assert zone_text(instant_ns, timezone(timedelta(hours=-3, minutes=-30))) == "-03:30"


def test_the_host_of_a_url_goes_first_when_a_line_is_too_narrow() -> None:
    assert request_text("GET", "https://example.com/prod/x", 40) == "GET https://example.com/prod/x"
    assert request_text("GET", "https://example.com/prod/x", 20) == "GET /prod/x"


def test_look_back_spans_are_read_in_four_units() -> None:
    assert [seconds_from_span(text) for text in ("90s", "15m", "1h", "2d")] == [90, 900, 3600, 172_800]


@pytest.mark.parametrize("text", ["", "1", "h", "-1h", "1.5h", "0m", "1w", "１h"])
def test_other_look_back_spans_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="such as 15m"):
        seconds_from_span(text)
