"""Rows of the trace index back to the facts they stand for, to be compared with the plain projection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from raylens.model.facts import AnnotationFact, Call, Observation, TraceFacts
from raylens.model.service import ServiceId
from raylens.model.span import Span
from raylens.storage.clickhouse.rows import arrow_from_spans
from raylens.traceindex import cause_from_text, index_rows, links_in, sends_in, with_coverages

_OF_NODE = (
    "account_id", "inferred", "root", "in_progress", "outcome", "response_ns", "http_status", "http_method", "http_url",
    "http_user_agent", "http_client_ip", "user", "resource_arn", "instance_id", "availability_zone",
)  # fmt: skip


def index_row_of(spans: Sequence[Span]) -> dict[str, Any]:
    """The one index row of the spans of one trace."""
    return rows_of(spans)[spans[0].trace_id]


def span_table(spans: Sequence[Span]) -> Any:
    """The spans as the store hands them to the index."""
    table = arrow_from_spans(spans, 0)
    ends = [span.end_ns for span in spans]
    columns = {name: table.column(name) for name in table.column_names if name not in ("duration_ns", "tail_ns")}
    columns["end_ns"] = pa.chunked_array([pa.array(ends, pa.int64())])
    columns["last_end_ns"] = pa.chunked_array([pa.array([span.last_end_ns for span in spans], pa.int64())])
    # left out when no span has links; the store fills them in
    for name, type_ in (("link_trace_ids", pa.binary(16)), ("link_ids", pa.uint64())):
        columns.setdefault(name, pa.chunked_array([pa.array([[]] * len(spans), pa.list_(type_))]))
    return pa.table(columns)


def rows_of(spans: Sequence[Span], senders: Sequence[Span] = ()) -> dict[bytes, dict[str, Any]]:
    """The index rows of the traces that `spans` make up, by id; links lead to traces of `senders`."""
    table = span_table(spans)
    wanted = {link for _, link in links_in(table)}
    rows = index_rows(table, 1, sends_in(span_table(senders), wanted) if senders else {})
    return {row["trace_id"]: row for row in rows.to_pylist()}


def facts_of_row(row: dict[str, Any]) -> TraceFacts:
    """What an index row says, in the words of `traces.facts_of_trace`."""
    count = len(row["node.name"])

    def node(position: int) -> dict[str, Any]:
        return {name[5:]: values[position] for name, values in row.items() if name.startswith("node.")}

    nodes = [node(position) for position in range(count)]
    observations = tuple(
        Observation(
            node=ServiceId(n["name"], n["type"]),
            start_ns=row["start_ns"] + n["offset_ns"],
            duration_ns=n["response_ns"] + n["tail_ns"],
            **{name: n[name] for name in _OF_NODE},
        )
        for n in nodes
    )
    calls = tuple(
        Call(
            source=n["source"] - 1,
            target=position,
            in_progress=n["call_in_progress"],
            outcome=n["call_outcome"],
            start_ns=row["start_ns"] + n["offset_ns"] + n["call_offset_ns"],
            response_ns=n["response_ns"] + n["call_excess_ns"],
            http_status=n["call_http_status"],
        )
        for position, n in enumerate(nodes)
        if n["source"]
    )
    annotations = tuple(
        AnnotationFact(key, value, place - 1)
        for kind in ("text", "number", "flag")
        for key, value, place in zip(row[f"{kind}.key"], row[f"{kind}.value"], row[f"{kind}.node"], strict=True)
    )
    times = (with_coverages(cause_from_text(row["time_cause"]), row["coverages"]),) if row["time_cause"] else ()
    return TraceFacts(
        trace_id=row["trace_id"],
        start_ns=row["start_ns"],
        response_ns=None if row["response_ns"] < 0 else row["response_ns"],
        duration_ns=None if row["duration_ns"] < 0 else row["duration_ns"],
        root=None,
        partial=row["partial"],
        observations=observations,
        calls=calls,
        annotations=annotations,
        fault_root_causes=tuple(cause_from_text(text) for text in row["fault_causes"]),
        error_root_causes=tuple(cause_from_text(text) for text in row["error_causes"]),
        response_time_root_causes=times,
    )
