-- In which minutes do requests lie of traces that were worked out in a stretch of time? Relies on the index by_indexing.
SELECT DISTINCT minute
FROM
(
    SELECT arrayJoin(arrayDistinct(arrayConcat(
        [toInt64(traces.minute)],
        arrayMap(offset -> intDiv(start_ns + offset, 60000000000), node.offset_ns),
        arrayMap((offset, call) -> intDiv(start_ns + offset + call, 60000000000), node.offset_ns, node.call_offset_ns),
        link_minutes
    ))) AS minute
    FROM traces
    WHERE indexed_at >= fromUnixTimestamp({since_s:UInt32}) AND indexed_at < fromUnixTimestamp({until_s:UInt32})
      AND traces.minute <= {last_minute:UInt32} AND greatest(traces.minute, last_minute) >= {first_minute:UInt32}
)
WHERE minute BETWEEN {first_minute:UInt32} AND {last_minute:UInt32}
ORDER BY minute
