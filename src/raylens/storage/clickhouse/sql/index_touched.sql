-- Of which traces was something stored in a stretch of seconds, and which stretch of time do those spans take?
-- Relies on the index by_storage. What is in progress goes on at least until it was received.
SELECT first_minute, last_minute, count() AS traces, sum(touched_spans) AS touched_spans
FROM
(
    SELECT
        toUInt32(min(minute)) AS first_minute,
        toUInt32(max(intDiv(if(in_progress, bitAnd(version, 9223372036854775807)::Int64, greatest(start_ns, last_end_ns)), 60000000000))) AS last_minute,
        count() AS touched_spans
    FROM spans
    WHERE stored_at BETWEEN fromUnixTimestamp({since_s:UInt32}) AND fromUnixTimestamp({until_s:UInt32})
    GROUP BY trace_id
)
GROUP BY first_minute, last_minute
ORDER BY first_minute, last_minute
