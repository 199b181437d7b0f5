-- Who called whom in a range, as the caller saw it, in traces that satisfy a condition?
-- Relies on traces (minute, trace_id) and the index by_last_minute.
-- One row per edge, class and histogram bucket; folding is the caller's.
SELECT
    {minute_of(at_ns)} AS minute, source_name, source_type, name, type, inferred, outcome,
    {bucket(response)} AS response_ms,
    count() AS requests, sum(response) AS response_ns, min(at_ns) AS first_ns, max(at_ns + response) AS last_ns
FROM
(
    SELECT
        start_ns + offset + call_offset AS at_ns, source_name, source_type, name, type, inferred, outcome,
        response + call_excess AS response
    FROM
    (
        SELECT start_ns, node.source, node.source_name, node.source_type, node.name, node.type, node.inferred,
               node.call_in_progress, node.call_outcome, node.offset_ns, node.call_offset_ns, node.response_ns,
               node.call_excess_ns
        FROM traces FINAL
        WHERE minute <= {last_minute:UInt32} AND last_minute >= {first_minute:UInt32} AND {condition}
    )
    ARRAY JOIN
        node.source AS source, node.source_name AS source_name, node.source_type AS source_type, node.name AS name,
        node.type AS type, node.inferred AS inferred, node.call_in_progress AS running, node.call_outcome AS outcome,
        node.offset_ns AS offset, node.call_offset_ns AS call_offset, node.response_ns AS response,
        node.call_excess_ns AS call_excess
    WHERE source != 0 AND NOT running
)
WHERE {of_these_minutes(at_ns)}
GROUP BY ALL
