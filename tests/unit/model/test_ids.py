from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raylens.model.ids import format_span_id, format_trace_id, parse_span_id, parse_trace_id

XRAY = "1-5759e988-bd862e3fe1be46a994272793"
W3C = "5759e988bd862e3fe1be46a994272793"


@pytest.mark.parametrize("text", [XRAY, W3C, XRAY.upper(), W3C.upper()])
def test_both_spellings_in_either_case_are_one_trace_id(text: str) -> None:
    assert parse_trace_id(text) == bytes.fromhex(W3C)


@pytest.mark.parametrize(
    "text",
    [
        "",
        XRAY[:-1],
        XRAY + "0",
        W3C[:-1],
        W3C + "0",
        "2" + XRAY[1:],
        XRAY.replace("-", ":"),
        XRAY.replace("-", "", 1) + "0",
        W3C[:-1] + "g",
        # bytes.fromhex skips white space between bytes
        "5759e988 d862e3fe1be46a994272793",
        "5759e988  d862e3fe1be46a99427279",
        "1-5759e988-bd862e3fe1be46a9942727  ",
        "1-  59e988-bd862e3fe1be46a994272793",
        "\t" + W3C[:-2] + "\n",
        # other scripts' digits
        "１" * 32,
        "\ud800" * 32,
    ],
)
def test_anything_else_is_no_trace_id(text: str) -> None:
    assert parse_trace_id(text) is None


def test_the_time_in_a_trace_id_may_be_any(text: str = "1-00000000-" + "0" * 24) -> None:
    """Also none at all: X-Ray checks no time, and what it says of an id of zeros is not known (inferred)."""
    assert parse_trace_id(text) == bytes(16)


@given(st.binary(min_size=16, max_size=16))
def test_a_trace_id_survives_both_spellings(trace_id: bytes) -> None:
    assert parse_trace_id(format_trace_id(trace_id)) == parse_trace_id(trace_id.hex()) == trace_id


@pytest.mark.parametrize("text", ["53995c3f42cd8ad8", "53995C3F42CD8AD8"])
def test_a_span_id_is_sixteen_hex_digits_in_either_case(text: str) -> None:
    assert parse_span_id(text) == 0x53995C3F42CD8AD8


@pytest.mark.parametrize(
    "text",
    ["", "53995c3f42cd8ad", "53995c3f42cd8ad80", "53995c3f42cd8adg", "53995c3f  cd8ad8", " 3995c3f42cd8ad ", "0" * 16],
)
def test_anything_else_and_zero_is_no_span_id(text: str) -> None:
    assert parse_span_id(text) is None


@given(st.integers(1, 2**64 - 1))
def test_a_span_id_survives_its_spelling(span_id: int) -> None:
    assert parse_span_id(format_span_id(span_id)) == span_id
