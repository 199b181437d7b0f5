-- Which traces received from traces of which something was stored in a stretch of seconds, those left out of which
-- something was stored themselves? Relies on trace_links (sender, receiver) and the index by_storage.
WITH touched AS
(
    SELECT DISTINCT trace_id
    FROM spans
    WHERE stored_at BETWEEN fromUnixTimestamp({since_s:UInt32}) AND fromUnixTimestamp({until_s:UInt32})
)
SELECT DISTINCT receiver
FROM trace_links
WHERE sender IN (SELECT trace_id FROM touched) AND receiver NOT IN (SELECT trace_id FROM touched)
ORDER BY receiver
