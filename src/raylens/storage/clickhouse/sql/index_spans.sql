-- Which spans make up the traces that were touched and begin in a range of minutes? Relies on spans (minute, trace_id, id).
SELECT {columns}
FROM spans FINAL
WHERE minute BETWEEN {first_minute:UInt32} AND {last_minute:UInt32} AND trace_id IN
(
    SELECT trace_id
    FROM spans
    WHERE stored_at BETWEEN fromUnixTimestamp({since_s:UInt32}) AND fromUnixTimestamp({until_s:UInt32})
      AND minute <= {last_minute:UInt32} AND cityHash64(trace_id) % {shares:UInt32} = {share:UInt32}
    GROUP BY trace_id
    HAVING min(minute) BETWEEN {from_minute:UInt32} AND {to_minute:UInt32}
)
