-- How many spans lie in each minute of a range? Relies on spans (minute, trace_id, id): only the key is read.
SELECT minute, count()
FROM spans
WHERE minute BETWEEN {margin_minute:UInt32} AND {last_margin_minute:UInt32}
GROUP BY minute
ORDER BY minute
