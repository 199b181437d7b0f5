-- Which rows of the trace index count for these traces? Relies on traces (minute, trace_id).
SELECT minute, trace_id, max(generation), argMax(deleted, generation)
FROM traces
WHERE minute IN {minutes:Array(UInt32)}
  AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))
GROUP BY minute, trace_id
