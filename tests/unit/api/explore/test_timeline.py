"""What a timeline says of traces that are not as they should be; tests/protocol has the ordinary ones."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given

from raylens.api.explore.shapes import OutcomeName, SpanFlag, TimelineAnswer
from raylens.api.explore.timeline import timeline_of
from raylens.traces import assemble_trace
from tests.strategies import UNHURRIED, traces
from tests.xray_documents import independent, segment, spans_of, subsegment, trace_of


def drawn(*documents: dict[str, Any]) -> TimelineAnswer:
    return timeline_of(trace_of(list(documents)))


def flags(answer: TimelineAnswer) -> dict[str, int]:
    return {answer.names[name]: flag for name, flag in zip(answer.spans.name, answer.spans.flags, strict=True)}


def test_what_has_not_ended_has_no_duration_and_no_path() -> None:
    answer = drawn(segment("web", 0, None, number=1, subsegments=[subsegment("done", 1, 2, number=2)]))
    assert (answer.outcome, answer.response_time_ms, answer.path) == (OutcomeName.UNFINISHED, None, ())
    assert answer.spans.duration_us == (-1, 1_000_000)
    assert answer.length_us == 2_000_000
    assert flags(answer) == {"web": SpanFlag.SEGMENT | SpanFlag.IN_PROGRESS, "done": 0}


def test_what_ended_before_it_began_is_drawn_with_no_length() -> None:
    # What is taken in now has such ends moved to the start; a store may hold others.
    trace = trace_of([segment("web", 0, 2, number=1, subsegments=[subsegment("back", 1.5, 1.6, number=2)])])
    web, back = trace.spans
    back = msgspec.structs.replace(back, end_ns=back.start_ns - 1)
    answer = timeline_of(assemble_trace([web, back]))
    assert answer.spans.duration_us == (2_000_000, 0)
    assert flags(answer)["back"] == SpanFlag.NEGATIVE


def test_what_began_before_its_parent_is_skewed_and_counts_into_the_length() -> None:
    answer = drawn(segment("web", 1, 2, number=1, subsegments=[subsegment("early", 0.5, 3, number=2)]))
    assert answer.spans.offset_us == (500_000, 0)
    assert answer.length_us == 2_500_000
    assert flags(answer) == {"web": SpanFlag.SEGMENT, "early": SpanFlag.SKEWED}


def test_a_span_whose_parent_never_came_stands_alone_and_is_an_orphan() -> None:
    answer = drawn(segment("web", 0, 1, number=1), independent("lost", 0.5, 0.7, number=2, parent=99))
    assert answer.spans.parent == (-1, -1)
    assert flags(answer)["lost"] == SpanFlag.ORPHAN
    assert answer.spans.service == (0, -1)


def test_parents_in_a_circle_are_all_drawn_once() -> None:
    answer = drawn(*(independent(f"n{n}", n / 10, 1, number=n, parent=n % 3 + 1) for n in (1, 2, 3)))
    assert len(answer.spans.id) == 3
    assert [bool(flag & SpanFlag.ORPHAN) for flag in answer.spans.flags].count(True) == 1


@pytest.mark.parametrize(
    ("members", "flag"),
    [
        ({"error": True}, SpanFlag.ERROR),
        ({"error": True, "throttle": True}, SpanFlag.THROTTLE),
        ({"fault": True, "error": True}, SpanFlag.FAULT),
    ],
)
def test_one_flag_says_how_a_span_ended(members: dict[str, Any], flag: int) -> None:
    assert flags(drawn(segment("web", 0, 1, number=1, **members))) == {"web": SpanFlag.SEGMENT | flag}


def test_a_deep_chain_is_drawn() -> None:
    chain = [independent("n", n / 1e5, 1, number=n, parent=n - 1) for n in range(2, 5_000)]
    answer = drawn(segment("web", 0, 1, number=1), *chain)
    assert answer.spans.depth == tuple(range(4_999))


@given(documents=traces())
@UNHURRIED
def test_every_span_of_any_trace_is_drawn_once_below_one_that_came_before(documents: list[dict[str, Any]]) -> None:
    answer = timeline_of(trace_of(documents))
    spans = answer.spans
    assert sorted(spans.id) == sorted({f"{span.id:016x}" for span in spans_of(documents)})
    columns = msgspec.to_builtins(spans)
    assert {len(column) for column in columns.values()} == {len(spans.id)}
    for place, parent in enumerate(spans.parent):
        assert parent < place
        assert spans.depth[place] == (0 if parent < 0 else spans.depth[parent] + 1)
        assert 0 <= spans.offset_us[place] <= answer.length_us
        assert spans.offset_us[place] + max(0, spans.duration_us[place]) <= answer.length_us
    if answer.response_time_ms is not None:
        assert sum(spans.held_us) == pytest.approx(max(0, answer.response_time_ms) * 1000, abs=len(spans.id))
