-- In which minutes do traces lie of which something was received in a range of time?
-- Relies on the index by_receipt, and on spans (minute, trace_id, id) for the minutes.
SELECT DISTINCT minute
FROM spans
WHERE minute BETWEEN {first_minute:UInt32} AND {last_minute:UInt32}
  AND trace_id IN
  (
      SELECT DISTINCT trace_id
      FROM spans
      WHERE received_at > fromUnixTimestamp({since_s:UInt32}) AND received_at <= fromUnixTimestamp({until_s:UInt32})
  )
ORDER BY minute
