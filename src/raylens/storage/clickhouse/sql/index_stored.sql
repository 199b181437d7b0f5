-- How much was stored in each second since one? Relies on the index by_storage.
SELECT toUnixTimestamp(stored_at) AS second, count()
FROM spans
WHERE stored_at >= fromUnixTimestamp({since_s:UInt32})
GROUP BY second
ORDER BY second
