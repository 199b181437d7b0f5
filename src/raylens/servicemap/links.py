"""What links between traces mean: which messages a trace received, and to which node they had been sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from raylens.model.service import ServiceId
from raylens.model.span import MAX_TRACE_LINKS, Link, Span
from raylens.model.trace import Trace, remote_id_of, service_id_of


class Receive(msgspec.Struct, frozen=True):
    """One message as it was received: by which span, below which segment, and what sent it."""

    span: Span
    owner: Span
    link: Link


def linked_trace_ids(traces: Iterable[Trace]) -> set[bytes]:
    """The traces that these received messages from."""
    return {receive.link.trace_id for trace in traces for receive in receives_of(trace)}


def receives_of(trace: Trace) -> Iterator[Receive]:
    """The messages of a trace, in the order of its spans; each counts once for a segment.

    A span that is in progress, or has no segment above it, received nothing yet. Beyond `MAX_TRACE_LINKS` none count
    (the limit is X-Ray's, which ones it keeps is inferred).
    """
    taken: set[tuple[int, Link]] = set()
    for span in trace.spans:
        owner = trace.owner.get(span.id)
        if owner is None or span.in_progress:
            continue
        for link in span.links:
            if len(taken) < MAX_TRACE_LINKS and (owner.id, link) not in taken:
                taken.add((owner.id, link))
                yield Receive(span, owner, link)


def sent_by(link: Link, traces: Mapping[bytes, Trace]) -> tuple[ServiceId, int] | None:
    """The node that the linked span sent to, and the end of the sending; None while it is unfinished or not there.

    A call reaches the node that answered it, of several the first, or the node that is inferred for it: the queue or
    the topic. Anything else stands for the segment that it belongs to: a function whose result goes to a destination
    (inferred; X-Ray says "the SQS node").
    """
    trace = traces.get(link.trace_id)
    span = None if trace is None else next((span for span in trace.spans if span.id == link.span_id), None)
    if trace is None or span is None or span.in_progress:
        return None
    node: ServiceId | None = None
    if not span.is_segment and span.remote_type:
        if callees := trace.callees.get(span.id):
            node = service_id_of(callees[0])
        elif trace.is_inferred_call(span) and span.id in trace.owner:
            node = remote_id_of(span)
    elif span.id in trace.owner:
        node = service_id_of(trace.owner[span.id])
    return None if node is None else (node, span.end_ns)
