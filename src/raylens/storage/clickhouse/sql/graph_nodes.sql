-- Which services reported in a range, how did they answer and which were entry points, in traces that satisfy a
-- condition? Relies on traces (minute, trace_id) and the index by_last_minute.
-- One row per node, class and histogram bucket; folding is the caller's.
SELECT
    {minute_of(at_ns)} AS minute, name, type, root, in_progress, outcome,
    {bucket(response)} AS response_ms, {bucket(response + tail)} AS duration_ms,
    count() AS requests, sum(response) AS response_ns, min(at_ns) AS first_ns, max(at_ns + response) AS last_ns
FROM
(
    SELECT
        start_ns + offset AS at_ns, name, type, root, in_progress, outcome, response, tail
    FROM
    (
        SELECT start_ns, node.name, node.type, node.root, node.in_progress, node.outcome, node.offset_ns,
               node.response_ns, node.tail_ns, node.inferred
        FROM traces FINAL
        WHERE minute <= {last_minute:UInt32} AND last_minute >= {first_minute:UInt32} AND {condition}
    )
    ARRAY JOIN
        node.name AS name, node.type AS type, node.root AS root, node.in_progress AS in_progress,
        node.outcome AS outcome, node.offset_ns AS offset, node.response_ns AS response, node.tail_ns AS tail,
        node.inferred AS inferred
    WHERE NOT inferred
)
WHERE {of_these_minutes(at_ns)}
GROUP BY ALL
