-- Which rows of a set come first in an order, older copies of traces among them? Relies on traces (minute, trace_id) and the
-- index by_last_minute. Without FINAL, which would read every column of the condition for every trace of the range.
SELECT minute, trace_id, generation, start_ns, response_ns
FROM traces
WHERE minute <= {last_minute:UInt32} AND last_minute >= {first_minute:UInt32} AND NOT deleted
  AND start_ns >= {start_ns:Int64} AND start_ns < {end_ns:Int64}
  AND {after} AND {condition}
ORDER BY {order}
LIMIT {limit:UInt32}
