-- Of which traces that satisfy a condition did something arrive in a range, newest receipt first?
-- Relies on the index by_storage: what was received was stored at that time or later.
SELECT trace_id, max(bitAnd(version, 9223372036854775807))::Int64 AS at_ns
FROM spans
WHERE stored_at >= fromUnixTimestamp({first_s:UInt32})
  AND bitAnd(version, 9223372036854775807) >= {start_ns:Int64} AND bitAnd(version, 9223372036854775807) < {end_ns:Int64}
  AND {those_traces}
GROUP BY trace_id
HAVING (at_ns, trace_id) < ({before_ns:Int64}, toFixedString(unhex({before_id:String}), 16))
ORDER BY at_ns DESC, trace_id DESC
LIMIT {limit:UInt32}
