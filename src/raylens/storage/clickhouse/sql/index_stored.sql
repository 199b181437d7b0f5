-- How much was stored in each second since one, and was it the same when last looked at? Relies on the index by_storage.
SELECT toUnixTimestamp(stored_at) AS second, count(), sum(cityHash64(trace_id, id, version)) AS fingerprint
FROM spans
WHERE stored_at >= fromUnixTimestamp({since_s:UInt32})
GROUP BY second
ORDER BY second
