-- How did every node and every edge do minute by minute, in traces that satisfy a condition?
-- Relies on traces (minute, trace_id) and the index by_last_minute. Each request is taken as the node's and, where it
-- has a caller, once more as the caller saw it.
SELECT toUInt32(intDiv(at_ns, 60000000000)) AS minute, as_edge, source_name, source_type, name, type, {figures}
FROM
(
    SELECT
        start_ns + offset + if(as_edge, call_offset, 0) AS at_ns, as_edge,
        if(as_edge, own_source_name, '') AS source_name, if(as_edge, own_source_type, '') AS source_type, name, type,
        if(as_edge, call_outcome, own_outcome) AS outcome,
        response + if(as_edge, call_excess, 0) AS response_ns, {bucket(response_ns)} AS response_ms, 1 AS requests
    FROM
    (
        SELECT
            start_ns, name, type, source, own_source_name, own_source_type, own_in_progress, own_outcome, running,
            call_outcome, offset, call_offset, response, call_excess
        FROM
        (
            SELECT start_ns, node.source, node.source_name, node.source_type, node.name, node.type, node.in_progress,
                   node.outcome, node.call_in_progress, node.call_outcome, node.offset_ns, node.call_offset_ns,
                   node.response_ns, node.call_excess_ns
            FROM traces FINAL
            WHERE minute <= {last_minute:UInt32} AND last_minute >= {first_minute:UInt32} AND {condition}
        )
        ARRAY JOIN
            node.source AS source, node.source_name AS own_source_name, node.source_type AS own_source_type,
            node.name AS name, node.type AS type, node.in_progress AS own_in_progress, node.outcome AS own_outcome,
            node.call_in_progress AS running, node.call_outcome AS call_outcome, node.offset_ns AS offset,
            node.call_offset_ns AS call_offset, node.response_ns AS response, node.call_excess_ns AS call_excess
    )
    ARRAY JOIN [false, true] AS as_edge
    WHERE if(as_edge, source != 0 AND NOT running, NOT own_in_progress)
)
WHERE {of_these_minutes(at_ns)}
GROUP BY minute, as_edge, source_name, source_type, name, type
