-- In which minutes do traces lie that were worked out after a generation? Relies on the partition by day of indexing.
SELECT DISTINCT minute
FROM
(
    SELECT arrayJoin(range(minute, greatest(minute, last_minute) + 1)) AS minute
    FROM traces
    WHERE indexed_at >= fromUnixTimestamp({since_s:UInt32})
      AND minute <= {last_minute:UInt32} AND greatest(minute, last_minute) >= {first_minute:UInt32}
)
WHERE minute BETWEEN {first_minute:UInt32} AND {last_minute:UInt32}
ORDER BY minute
