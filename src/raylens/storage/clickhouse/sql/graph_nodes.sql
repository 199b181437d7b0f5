-- Which services reported in a range, how did they answer and which were entry points?
-- Relies on spans (minute, trace_id, id). A segment enters the application when it names no parent, or one that never
-- arrived. One row per node, class and histogram bucket; folding is the caller's.
SELECT
    {minute_of(s.start_ns)} AS minute,
    s.name AS name, s.origin AS origin, p.id = 0 AS root, s.in_progress AS in_progress, s.outcome AS outcome,
    {bucket(s.end_ns - s.start_ns)} AS response_ms,
    {bucket(s.last_end_ns - s.start_ns)} AS duration_ms,
    count() AS requests, sum(if(s.in_progress, 0, s.end_ns - s.start_ns)) AS response_ns,
    min(s.start_ns) AS first_ns, max(greatest(s.end_ns, s.start_ns)) AS last_ns
FROM
(
    SELECT trace_id, id
    FROM spans
    WHERE minute BETWEEN {margin_minute:UInt32} AND {last_margin_minute:UInt32} AND {of_these_traces}
) AS p
RIGHT ANY JOIN
(
    SELECT trace_id, parent_id, name, origin, start_ns, end_ns, last_end_ns, in_progress, outcome
    FROM spans FINAL
    WHERE minute BETWEEN {first_minute:UInt32} AND {last_minute:UInt32} AND is_segment
      AND start_ns >= {start_ns:Int64} AND start_ns < {end_ns:Int64}
) AS s ON p.trace_id = s.trace_id AND p.id = s.parent_id
GROUP BY ALL
