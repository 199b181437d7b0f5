"""Tables of names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raylens.cli.render_table import table_text

_HEADS = ("Type", "Name", "Stack")
_ROWS = [
    ("AWS::DynamoDB::Table", "Reservations", "week13-2-quicktable-xray-lab-stack"),
    (
        "AWS::Lambda::Function",
        "CreateReservation-week13-2-quicktable-xray-lab-stack-4c984ebc",
        "week13-2-quicktable-xray-lab-stack",
    ),
]


def _drawn(width_cells: int) -> list[str]:
    return [line.plain for line in table_text(_HEADS, _ROWS, width_cells, name=1)]


def test_a_table_that_fits_has_a_line_for_each_row() -> None:
    assert _drawn(120) == [
        "Type                   Name                                                           Stack",
        f"AWS::DynamoDB::Table   Reservations{' ' * 51}week13-2-quicktable-xray-lab-stack",
        "AWS::Lambda::Function  CreateReservation-week13-2-quicktable-xray-lab-stack-4c984ebc  "
        "week13-2-quicktable-xray-lab-stack",
    ]


@pytest.mark.parametrize("width_cells", [20, 80, 119])
def test_a_table_that_does_not_fit_gives_names_lines_of_their_own(width_cells: int) -> None:
    assert _drawn(width_cells) == [
        "Name",
        "  Type                   Stack",
        "Reservations",
        "  AWS::DynamoDB::Table   week13-2-quicktable-xray-lab-stack",
        "CreateReservation-week13-2-quicktable-xray-lab-stack-4c984ebc",
        "  AWS::Lambda::Function  week13-2-quicktable-xray-lab-stack",
    ]


@given(
    st.lists(st.tuples(*[st.text("ab-강", max_size=90)] * 3), min_size=1, max_size=5),
    st.integers(1, 200),
    st.integers(0, 2),
)
def test_no_cell_is_ever_broken(rows: list[tuple[str, str, str]], width_cells: int, name: int) -> None:
    lines = [line.plain for line in table_text(_HEADS, rows, width_cells, name=name)]
    for row in rows:
        assert all(any(cell in line for line in lines) for cell in row)
    assert all(line == line.rstrip() for line in lines)


def test_names_cannot_steer_the_terminal() -> None:
    assert "\\x1b[2J" in table_text(("Name",), [("\x1b[2J",)], 80)[1].plain
