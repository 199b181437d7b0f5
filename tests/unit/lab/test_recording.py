from __future__ import annotations

from raylens.lab.recording import without_hiccups
from raylens.lab.replay import RecordedTrace


def test_requests_that_waited_for_the_machine_are_left_out_and_mild_variation_stays() -> None:
    lengths_s = (0.020, 0.021, 0.025, 0.030, 0.055, 0.4)
    traces = tuple(RecordedTrace(0.0, length_s, (), ()) for length_s in lengths_s)
    assert [each.length_s for each in without_hiccups(traces)] == [0.020, 0.021, 0.025, 0.030, 0.055]


def test_the_only_trace_is_kept() -> None:
    traces = (RecordedTrace(0.0, 9.0, (), ()),)
    assert without_hiccups(traces) == traces
