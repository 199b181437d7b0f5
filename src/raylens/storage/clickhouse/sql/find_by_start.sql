-- Which traces started in a range, newest first? Relies on spans (minute, trace_id, id).
-- `margin_minute` reaches back so that a trace which began before the range is not taken for one that began in it.
SELECT trace_id, min(start_ns) AS at_ns
FROM spans
WHERE minute BETWEEN {margin_minute:UInt32} AND {last_minute:UInt32}
GROUP BY trace_id
HAVING at_ns >= {start_ns:Int64} AND at_ns < {end_ns:Int64}
  AND (at_ns, trace_id) < ({before_ns:Int64}, toFixedString(unhex({before_id:String}), 16))
ORDER BY at_ns DESC, trace_id DESC
LIMIT {limit:UInt32}
