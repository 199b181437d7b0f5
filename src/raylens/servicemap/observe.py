"""What a trace says about nodes and edges: the meaning of the service graph in plain Python.

GetTraceGraph is computed here; the SQL that computes GetServiceGraph is tested against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from raylens.model.graph_builder import GraphBuilder, Seen
from raylens.model.service import ServiceGraph, histogram_bucket_ms
from raylens.model.span import Span
from raylens.model.time import TimeRange
from raylens.model.trace import Trace, calls_of, node_of, service_id_of
from raylens.servicemap.links import receives_of, sent_by


def graph_of_traces(
    traces: Iterable[Trace], window: TimeRange | None = None, senders: Iterable[Trace] = ()
) -> ServiceGraph:
    """The service graph of these traces; with `window`, of their requests that started in it.

    Nodes count their own segments, edges the caller's record, so that one call may show different times on the two
    (X-Ray developer guide, concepts). A segment below another segment or below local work is its own record.

    A message that one trace sent and another received is a link from the node it was sent to to the node that received
    it. Links lead from traces of `senders` too, of which nothing else is counted; one that leads from a trace which is
    in neither is left out.
    """
    graph = GraphBuilder()
    shown = list(traces)
    by_id = {trace.trace_id: trace for trace in (*senders, *shown)}
    for trace in shown:
        _observe(trace, graph, window)
        _observe_links(trace, graph, window, by_id)
    return graph.build()


def _observe(trace: Trace, graph: GraphBuilder, window: TimeRange | None) -> None:
    for segment in trace.segments:
        if _inside(segment, window):
            graph.add_reporting(service_id_of(segment), segment.id not in trace.parent, _seen(segment))
    for call in calls_of(trace):
        if not call.record.in_progress and _inside(call.record, window):
            inferred = not call.target.is_segment
            graph.add_call(service_id_of(call.source), node_of(call.target), inferred, _seen_by_caller(call.record))


def _observe_links(trace: Trace, graph: GraphBuilder, window: TimeRange | None, senders: Mapping[bytes, Trace]) -> None:
    """What the trace received from others: the receives count, and how long after the sending they began."""
    for receive in receives_of(trace):
        span = receive.span
        sent = sent_by(receive.link, senders) if _inside(span, window) else None
        if sent is not None:
            source, sent_ns = sent
            age_ms = histogram_bucket_ms(span.start_ns - sent_ns)
            graph.add_link(source, service_id_of(receive.owner), _seen_by_caller(span), age_ms)


def _inside(span: Span, window: TimeRange | None) -> bool:
    return window is None or window.contains(span.start_ns)


def _seen_by_caller(record: Span) -> Seen:
    """A caller waits for the answer and knows of no tail behind it."""
    seen = _seen(record)
    return msgspec.structs.replace(seen, duration_ms=seen.response_ms)


def _seen(span: Span) -> Seen:
    response_ns = 0 if span.in_progress else span.end_ns - span.start_ns
    duration_ns = span.last_end_ns - span.start_ns if span.is_segment else response_ns
    return Seen(
        None if span.in_progress else span.outcome,
        1,
        response_ns,
        histogram_bucket_ms(response_ns),
        histogram_bucket_ms(duration_ns),
        span.start_ns,
        max(span.end_ns, span.start_ns),
    )
