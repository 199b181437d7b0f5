-- In which traces did a segment end in a range, latest end first? Relies on spans (minute, trace_id, id):
-- a segment that ended in the range started at most `margin` before it.
SELECT trace_id, max(end_ns) AS at_ns
FROM spans
WHERE minute BETWEEN {margin_minute:UInt32} AND {last_minute:UInt32}
  AND is_segment AND end_ns >= {start_ns:Int64} AND end_ns < {end_ns:Int64}
GROUP BY trace_id
HAVING (at_ns, trace_id) < ({before_ns:Int64}, toFixedString(unhex({before_id:String}), 16))
ORDER BY at_ns DESC, trace_id DESC
LIMIT {limit:UInt32}
