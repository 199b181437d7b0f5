"""Assembles segments into traces, compiles what BatchGetTraces returns, summarises what GetTraceSummaries returns.

Says also where the time of a response went (`critical_path`), and what searches can ask of a trace (`facts_of_trace`).
"""

from raylens.traces.assemble import assemble_trace, assemble_traces
from raylens.traces.call_paths import call_paths, held_by_path
from raylens.traces.compile import CompiledTrace, compile_trace
from raylens.traces.critical_path import CriticalPath, StepKind, critical_path, exclusive_time_by_service
from raylens.traces.facts import facts_of_trace
from raylens.traces.summarize import summarize_trace

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
    "held_by_path",
    "summarize_trace",
]
