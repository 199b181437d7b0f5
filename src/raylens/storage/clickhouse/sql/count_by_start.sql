-- How many traces started in a range? Relies on traces (minute, trace_id) and the index by_last_minute.
SELECT count()
FROM traces FINAL
WHERE minute <= {last_minute:UInt32} AND last_minute >= {first_minute:UInt32}
  AND start_ns >= {start_ns:Int64} AND start_ns < {end_ns:Int64}
