"""Assembles segments into traces, compiles what BatchGetTraces returns, summarises what GetTraceSummaries returns.

Says also where the time of a response went (`critical_path`), and what searches can ask of a trace (`facts_of_trace`).
"""

from raylens.traces.assemble import assemble_trace, assemble_traces
from raylens.traces.call_paths import call_paths, held_by_path
from raylens.traces.compile import CompiledTrace, compile_trace
from raylens.traces.critical_path import (
    CriticalPath,
    StepKind,
    critical_path,
    exclusive_time_by_service,
    forest_of_trace,
    makes_ready,
)
from raylens.traces.facts import facts_of_trace
from raylens.traces.summarize import summarize_trace, summarize_without_causes

__all__ = [
    "CompiledTrace",
    "CriticalPath",
    "StepKind",
    "assemble_trace",
    "assemble_traces",
    "call_paths",
    "compile_trace",
    "critical_path",
    "exclusive_time_by_service",
    "facts_of_trace",
    "forest_of_trace",
    "held_by_path",
    "makes_ready",
    "summarize_trace",
    "summarize_without_causes",
]
