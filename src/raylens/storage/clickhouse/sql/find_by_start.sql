-- Which traces started in a range and satisfy a condition, newest first? Relies on traces (minute, trace_id) and the index by_last_minute.
SELECT trace_id, start_ns
FROM traces FINAL
WHERE minute <= {last_minute:UInt32} AND last_minute >= {first_minute:UInt32}
  AND start_ns >= {start_ns:Int64} AND start_ns < {end_ns:Int64}
  AND (start_ns, trace_id) < ({before_ns:Int64}, toFixedString(unhex({before_id:String}), 16))
  AND {condition}
ORDER BY start_ns DESC, trace_id DESC
LIMIT {limit:UInt32}
