-- In which traces that satisfy a condition did a segment end in a range, latest end first?
-- Relies on traces (minute, trace_id) and, for the beginning of the range, on the index by_last_minute.
SELECT
    trace_id,
    arrayMax(arrayMap(
        (offset, response, made_up, running) -> if(
            NOT made_up AND NOT running
            AND start_ns + offset + response >= {start_ns:Int64} AND start_ns + offset + response < {end_ns:Int64},
            start_ns + offset + response, -1),
        node.offset_ns, node.response_ns, node.inferred, node.in_progress)) AS at_ns
FROM traces FINAL
WHERE minute <= {last_minute:UInt32} AND last_minute >= {first_minute:UInt32} AND notEmpty(node.name)
  AND at_ns >= {start_ns:Int64}
  AND (at_ns, trace_id) < ({before_ns:Int64}, toFixedString(unhex({before_id:String}), 16))
  AND {condition}
ORDER BY at_ns DESC, trace_id DESC
LIMIT {limit:UInt32}
