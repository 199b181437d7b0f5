-- Who called whom in a range, as the caller saw it? Relies on spans (minute, trace_id, id).
-- `climb` walks from a span whose document names no segment up through its parents to one whose document does; copies
-- of one span agree on all that is read there, so it needs no FINAL. Every named subquery is used once, because each
-- use would run it again. One row per edge, class and histogram bucket; folding is the caller's.
WITH RECURSIVE
    climb AS
    (
        SELECT trace_id, id, parent_id AS at, '' AS owner_name, '' AS owner_type, 0 AS hops
        FROM spans
        WHERE minute BETWEEN {margin_minute:UInt32} AND {last_margin_minute:UInt32} AND {of_these_traces} AND owner_name = ''
          AND
          (
              remote_type != ''
              OR (trace_id, id) IN
              (
                  SELECT trace_id, parent_id
                  FROM spans
                  WHERE minute BETWEEN {margin_minute:UInt32} AND {last_margin_minute:UInt32} AND {of_these_traces}
                    AND is_segment AND parent_id != 0
              )
          )
        UNION ALL
        SELECT climb.trace_id, climb.id, parent.parent_id, parent.owner_name, parent.owner_type, climb.hops + 1
        FROM
        (
            SELECT trace_id, id, parent_id, owner_name, owner_type
            FROM spans
            WHERE minute BETWEEN {margin_minute:UInt32} AND {last_margin_minute:UInt32} AND {of_these_traces}
        ) AS parent
        -- one parent for each, however many copies of it are stored: with all of them, copies of spans that are each
        -- other's parents would multiply at every step
        RIGHT ANY JOIN (SELECT * FROM climb WHERE owner_name = '' AND hops < {max_hops:UInt32}) AS climb
            ON parent.trace_id = climb.trace_id AND parent.id = climb.at
        WHERE parent.id != 0
    ),
    owners AS
    (
        SELECT trace_id, id, any(owner_name) AS name, any(owner_type) AS type
        FROM climb WHERE owner_name != '' GROUP BY trace_id, id
    ),
    segments AS
    (
        SELECT trace_id, id, parent_id, name, origin, start_ns, end_ns, in_progress, outcome
        FROM spans FINAL
        WHERE minute BETWEEN {margin_minute:UInt32} AND {last_margin_minute:UInt32} AND {of_these_traces} AND is_segment AND parent_id != 0
    ),
    callers AS
    (
        SELECT trace_id, id, parent_id, owner_name, owner_type, remote_name, remote_type, traced, start_ns, end_ns,
               in_progress, outcome, namespace = 'aws' AND http_status = 0 AND outcome = 0 AS unanswered
        FROM spans FINAL
        WHERE minute BETWEEN {margin_minute:UInt32} AND {last_margin_minute:UInt32} AND {of_these_traces}
    ),
    faults AS
    (
        SELECT trace_id, id
        FROM spans FINAL
        WHERE minute BETWEEN {margin_minute:UInt32} AND {last_margin_minute:UInt32} AND {of_these_traces} AND outcome = 3
    ),
    -- a span that calls out or has a segment below it, once for each such segment; `answer` is 0 where there is none
    calls AS
    (
        SELECT
            c.trace_id AS trace_id, c.id AS id, c.owner_name AS owner_name, c.owner_type AS owner_type,
            c.remote_type != '' AS is_call, s.id AS answer,
            if(answer = 0, c.remote_name, s.name) AS target_name,
            if(answer = 0, c.remote_type, s.origin) AS target_type,
            c.traced AS traced,
            -- an AWS call that got no answer of any kind below a fault is a fault (traces.assemble says why)
            answer = 0 AND c.unanswered AND (c.trace_id, c.parent_id) IN faults AS unreached,
            -- a call is what its caller recorded; any other child is its own record
            multiIf(unreached, 3, is_call, c.outcome, s.outcome) AS outcome,
            if(is_call, c.start_ns, s.start_ns) AS start_ns,
            if(is_call, c.end_ns, s.end_ns) AS end_ns,
            if(is_call, c.in_progress, s.in_progress) AS in_progress
        FROM callers AS c
        LEFT JOIN segments AS s ON c.trace_id = s.trace_id AND c.id = s.parent_id
        WHERE s.id != 0 OR (c.remote_type != '' AND NOT c.traced)
    )
SELECT
    {minute_of(start_ns)} AS minute,
    if(c.owner_name != '', c.owner_name, o.name) AS source_name,
    if(c.owner_name != '', c.owner_type, o.type) AS source_type,
    target_name, target_type, answer = 0 AS inferred, outcome,
    {bucket(end_ns - start_ns)} AS response_ms,
    count() AS requests, sum(end_ns - start_ns) AS response_ns, min(start_ns) AS first_ns, max(end_ns) AS last_ns
FROM
(
    SELECT *
    FROM calls
    WHERE NOT in_progress AND start_ns >= {start_ns:Int64} AND start_ns < {end_ns:Int64}
    -- several answers of one service to one call are one call
    LIMIT 1 BY trace_id, id, if(is_call, 0, answer), target_name, target_type
) AS c
LEFT ANY JOIN owners AS o ON c.trace_id = o.trace_id AND c.id = o.id
WHERE source_name != ''
GROUP BY ALL
