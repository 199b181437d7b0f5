"""Assembles segments into traces, compiles what BatchGetTraces returns, summarises what GetTraceSummaries returns."""

from raylens.traces.assemble import assemble_trace, assemble_traces
from raylens.traces.compile import CompiledTrace, compile_trace
from raylens.traces.facts import facts_of_trace
from raylens.traces.summarize import summarize_trace

__all__ = ["CompiledTrace", "assemble_trace", "assemble_traces", "compile_trace", "facts_of_trace", "summarize_trace"]
