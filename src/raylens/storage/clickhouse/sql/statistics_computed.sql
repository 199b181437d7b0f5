-- What do the computed minutes say of the selected nodes or edges? Relies on graph_minutes (minute, generation, ...).
SELECT minute, outcome, response_ms AS ms, sum(requests) AS counted, sum(response_ns) AS total_ns
FROM graph_minutes
WHERE minute BETWEEN {first_minute:UInt32} AND {last_minute:UInt32}
  AND minute NOT IN {left_out:Array(UInt32)}
  AND (minute, generation) IN
  (
      SELECT minute, max(generation)
      FROM graph_generations
      WHERE minute BETWEEN {first_minute:UInt32} AND {last_minute:UInt32}
      GROUP BY minute
  )
  AND NOT in_progress AND NOT is_link AND {selected}
GROUP BY minute, outcome, response_ms
