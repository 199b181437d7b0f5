-- Which spans make up these traces? Relies on spans (minute, trace_id, id) and, over long ranges, on the index by_trace.
SELECT {columns}
FROM spans FINAL
WHERE minute BETWEEN {first_minute:UInt32} AND {last_minute:UInt32} AND {these_minutes}
  AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))
