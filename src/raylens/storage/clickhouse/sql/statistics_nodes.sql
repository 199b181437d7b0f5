-- How did the selected nodes answer, minute by minute, in traces that satisfy a condition?
-- Relies on traces (minute, trace_id) and the index by_last_minute. An inferred node's figures are its callers'.
SELECT intDiv(at_ns, 60000000000) AS minute, outcome, {bucket(response)} AS ms, count() AS counted,
       sum(response) AS total_ns
FROM
(
    SELECT start_ns + offset AS at_ns, outcome, response
    FROM
    (
        SELECT start_ns, node.name, node.type, node.root, node.in_progress, node.outcome, node.offset_ns, node.response_ns
        FROM traces FINAL
        WHERE minute <= {last_minute:UInt32} AND last_minute >= {first_minute:UInt32} AND {condition}
    )
    ARRAY JOIN
        node.name AS name, node.type AS type, node.root AS root, node.in_progress AS in_progress,
        node.outcome AS outcome, node.offset_ns AS offset, node.response_ns AS response
    WHERE NOT in_progress AND {selected}
)
WHERE minute IN {minutes:Array(UInt32)}
GROUP BY ALL
