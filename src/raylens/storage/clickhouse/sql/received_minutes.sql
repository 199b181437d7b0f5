-- Which minutes do the spans received in a range of time lie in? Relies on the index by_receipt.
SELECT min(minute), max(minute), count()
FROM spans
WHERE received_at > fromUnixTimestamp({since_s:UInt32}) AND received_at <= fromUnixTimestamp({until_s:UInt32})
