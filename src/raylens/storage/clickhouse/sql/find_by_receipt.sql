-- Of which traces did something arrive in a range, newest receipt first? Relies on the partition by day of receipt.
SELECT trace_id, max(bitAnd(version, 9223372036854775807))::Int64 AS at_ns
FROM spans
WHERE received_at BETWEEN fromUnixTimestamp({first_s:UInt32}) AND fromUnixTimestamp({last_s:UInt32})
  AND bitAnd(version, 9223372036854775807) >= {start_ns:Int64} AND bitAnd(version, 9223372036854775807) < {end_ns:Int64}
GROUP BY trace_id
HAVING (at_ns, trace_id) < ({before_ns:Int64}, toFixedString(unhex({before_id:String}), 16))
ORDER BY at_ns DESC, trace_id DESC
LIMIT {limit:UInt32}
