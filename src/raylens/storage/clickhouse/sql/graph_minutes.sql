-- What do the computed minutes of a range say? Relies on graph_minutes (minute, generation, ...). A generation is
-- written once, so that there are no copies to look for.
SELECT
    is_edge, is_link, source_name, source_type, name, type, flag, in_progress, outcome, response_ms, duration_ms, age_ms,
    sum(requests), sum(response_ns), min(first_ns), max(last_ns)
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
GROUP BY ALL
