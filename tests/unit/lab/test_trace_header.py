from __future__ import annotations

import pytest

from raylens.lab.trace_header import TraceHeader, new_trace_id, parse_trace_header

ROOT = "1-5759e988-bd862e3fe1be46a994272793"


def test_all_fields_are_read_in_any_order_and_case_of_key() -> None:
    header = parse_trace_header(f"sampled=1; PARENT=53995c3f42cd8ad8;Root={ROOT}")
    assert header == TraceHeader(root=ROOT, parent="53995c3f42cd8ad8", sampled=True)


@pytest.mark.parametrize(("text", "sampled"), [("1", True), ("0", False), ("?", None), ("yes", None)])
def test_only_0_and_1_are_decisions(text: str, sampled: bool | None) -> None:
    assert parse_trace_header(f"Root={ROOT};Sampled={text}").sampled is sampled


def test_a_load_balancers_self_is_dropped_and_other_fields_are_kept() -> None:
    header = parse_trace_header(f"Self=1-67891234-12456789abcdef012345678;Root={ROOT};Lineage=a87bd80c:1|68fd508a:5")
    assert str(header) == f"Root={ROOT};Lineage=a87bd80c:1|68fd508a:5"


@pytest.mark.parametrize("root", ["", "1-5759e988", "2-5759e988-bd862e3fe1be46a994272793", ROOT + "0", f"{ROOT}\n"])
def test_a_header_without_a_valid_root_keeps_only_its_decision(root: str) -> None:
    parsed = parse_trace_header(f"Root={root};Parent=53995c3f42cd8ad8;Sampled=0;Lineage=a")
    assert parsed.sampled is False
    assert parsed.parent is None or parsed.root == ROOT  # surrounding white space is no part of a value


@pytest.mark.parametrize("text", [None, "", ";;;", "=", "Root", "x" * 2000])
def test_what_is_no_header_is_an_empty_one(text: str | None) -> None:
    assert parse_trace_header(text) == TraceHeader()


def test_a_parent_that_is_no_segment_id_is_dropped() -> None:
    assert parse_trace_header(f"Root={ROOT};Parent=zzz").parent is None


def test_extras_are_bounded() -> None:
    header = parse_trace_header(f"Root={ROOT};a={'1' * 200};b={'2' * 200}")
    assert [key for key, _ in header.extra] == ["a"]


def test_the_next_hop_gets_the_same_trace_and_its_own_parent() -> None:
    header = parse_trace_header(f"Root={ROOT};Parent=53995c3f42cd8ad8;Sampled=?;Lineage=a:1")
    assert str(header.below("00000000000000f1", True)) == f"Root={ROOT};Parent=00000000000000f1;Sampled=1;Lineage=a:1"


def test_a_new_trace_id_carries_its_second() -> None:
    assert new_trace_id(0x65CDE7A8 * 1_000_000_000).startswith("1-65cde7a8-")
