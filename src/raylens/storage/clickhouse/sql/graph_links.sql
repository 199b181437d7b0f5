-- Who received messages in a range, from where and how old, in traces that satisfy a condition?
-- Relies on traces (minute, trace_id) and the index by_last_minute.
-- One row per link, class and histogram buckets; folding is the caller's.
SELECT
    {minute_of(at_ns)} AS minute, source_name, source_type, name, type, outcome,
    {bucket(response)} AS response_ms, {bucket(age)} AS age_ms,
    count() AS requests, sum(response) AS response_ns, min(at_ns) AS first_ns, max(at_ns + response) AS last_ns
FROM
(
    SELECT
        start_ns + offset AS at_ns, source_name, source_type, node.name[place] AS name, node.type[place] AS type, outcome,
        response, age
    FROM
    (
        SELECT start_ns, node.name, node.type, link.node, link.source_name, link.source_type, link.outcome,
               link.offset_ns, link.response_ns, link.age_ns
        FROM traces FINAL
        WHERE minute <= {last_minute:UInt32} AND last_minute >= {first_minute:UInt32} AND notEmpty(link.node)
          AND {condition}
    )
    ARRAY JOIN
        link.node AS place, link.source_name AS source_name, link.source_type AS source_type, link.outcome AS outcome,
        link.offset_ns AS offset, link.response_ns AS response, link.age_ns AS age
)
WHERE {of_these_minutes(at_ns)}
GROUP BY ALL
