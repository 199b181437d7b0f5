-- Which services reported in a range, how did they answer and which were entry points?
-- Relies on spans (minute, trace_id, id). One row per node, class and histogram bucket; folding is the caller's.
WITH
    segments AS
    (
        SELECT trace_id, parent_id, name, origin, start_ns, end_ns, last_end_ns, in_progress, outcome
        FROM spans FINAL
        WHERE minute BETWEEN {first_minute:UInt32} AND {last_minute:UInt32} AND is_segment
          AND start_ns >= {start_ns:Int64} AND start_ns < {end_ns:Int64}
    ),
    known_parents AS
    (
        SELECT trace_id, id
        FROM spans
        WHERE minute BETWEEN {margin_minute:UInt32} AND {last_margin_minute:UInt32}
          AND (trace_id, id) IN (SELECT trace_id, parent_id FROM segments WHERE parent_id != 0)
        GROUP BY trace_id, id
    )
SELECT
    name, origin,
    (trace_id, parent_id) NOT IN known_parents AS root,
    in_progress, outcome,
    {bucket(end_ns - start_ns)} AS response_ms,
    {bucket(last_end_ns - start_ns)} AS duration_ms,
    count(), sum(if(in_progress, 0, end_ns - start_ns)), min(start_ns), max(greatest(end_ns, start_ns))
FROM segments
GROUP BY ALL
