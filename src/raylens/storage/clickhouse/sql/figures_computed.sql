-- How did every node and every edge do minute by minute, by the computed minutes?
-- Relies on graph_minutes (minute, generation, ...). The calls to an inferred node are its requests as well.
-- quantilesExactWeighted takes the first value that ceil(level * requests) of the requests reach.
SELECT minute, as_edge, if(as_edge, graph_minutes.source_name, '') AS source_name,
       if(as_edge, graph_minutes.source_type, '') AS source_type, name, type, {figures}
FROM graph_minutes
ARRAY JOIN multiIf(NOT is_edge, [false], flag, [false, true], [true]) AS as_edge
WHERE minute BETWEEN {first_minute:UInt32} AND {last_minute:UInt32}
  AND minute NOT IN {left_out:Array(UInt32)}
  AND (minute, generation) IN
  (
      SELECT minute, max(generation)
      FROM graph_generations
      WHERE minute BETWEEN {first_minute:UInt32} AND {last_minute:UInt32}
      GROUP BY minute
  )
  AND NOT in_progress AND NOT is_link
GROUP BY minute, as_edge, source_name, source_type, name, type
