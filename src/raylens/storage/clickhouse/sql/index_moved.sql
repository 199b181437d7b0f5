-- Which of the traces that were worked out just now have a row at another minute? Relies on traces (minute, trace_id).
SELECT old.minute, old.trace_id
FROM (SELECT minute, trace_id, generation FROM traces FINAL WHERE minute BETWEEN {first_minute:UInt32} AND {last_minute:UInt32}) AS old
INNER JOIN
(
    SELECT minute, trace_id, generation
    FROM traces
    WHERE minute BETWEEN {first_minute:UInt32} AND {last_minute:UInt32} AND generation = {generation:UInt64}
) AS new ON old.trace_id = new.trace_id
WHERE old.minute != new.minute AND old.generation < new.generation
