-- How did the selected calls go, as their callers saw them, minute by minute, in traces that satisfy a condition?
-- Relies on traces (minute, trace_id) and the index by_last_minute.
SELECT intDiv(at_ns, 60000000000) AS minute, outcome, {bucket(response)} AS ms, count() AS counted,
       sum(response) AS total_ns
FROM
(
    SELECT start_ns + offset + call_offset AS at_ns, outcome, response + call_excess AS response
    FROM
    (
        SELECT start_ns, node.source, node.source_name, node.source_type, node.name, node.type, node.call_in_progress,
               node.call_outcome, node.offset_ns, node.call_offset_ns, node.response_ns, node.call_excess_ns
        FROM traces FINAL
        WHERE minute <= {last_minute:UInt32} AND last_minute >= {first_minute:UInt32} AND {condition}
    )
    ARRAY JOIN
        node.source AS source, node.source_name AS source_name, node.source_type AS source_type, node.name AS name,
        node.type AS type, node.call_in_progress AS running, node.call_outcome AS outcome, node.offset_ns AS offset,
        node.call_offset_ns AS call_offset, node.response_ns AS response, node.call_excess_ns AS call_excess
    WHERE source != 0 AND NOT running AND {selected}
)
WHERE minute IN {minutes:Array(UInt32)}
GROUP BY ALL
