-- Who called whom in a range, as the caller saw it? Relies on spans (minute, trace_id, id).
-- `owners` walks from an independent subsegment up through other independent ones to the segment it belongs to; copies
-- of one span agree on all that is read there, so it needs no FINAL. One row per edge, class and histogram bucket.
WITH RECURSIVE
    segments AS
    (
        SELECT trace_id, id, parent_id, name, origin, start_ns, end_ns, in_progress, outcome
        FROM spans FINAL
        WHERE minute BETWEEN {margin_minute:UInt32} AND {last_margin_minute:UInt32} AND is_segment AND parent_id != 0
    ),
    callers AS
    (
        SELECT trace_id, id, parent_id, document_id, owner_name, owner_type, remote_name, remote_type, traced,
               start_ns, end_ns, in_progress, outcome, namespace = 'aws' AND http_status = 0 AND outcome = 0 AS unanswered
        FROM spans FINAL
        WHERE minute BETWEEN {margin_minute:UInt32} AND {last_margin_minute:UInt32}
          AND (remote_type != '' OR (trace_id, id) IN (SELECT trace_id, parent_id FROM segments))
    ),
    faults AS
    (
        SELECT trace_id, id
        FROM spans FINAL
        WHERE minute BETWEEN {margin_minute:UInt32} AND {last_margin_minute:UInt32} AND outcome = 3
    ),
    climb AS
    (
        SELECT trace_id, document_id, document_parent_id AS at, '' AS owner_name, '' AS owner_type, 0 AS hops
        FROM
        (
            SELECT DISTINCT trace_id, document_id, document_parent_id
            FROM spans
            WHERE minute BETWEEN {margin_minute:UInt32} AND {last_margin_minute:UInt32} AND document_parent_id != 0
              AND (remote_type != '' OR (trace_id, id) IN (SELECT trace_id, parent_id FROM segments))
        )
        UNION ALL
        SELECT climb.trace_id, climb.document_id, parent.document_parent_id,
               parent.owner_name, parent.owner_type, climb.hops + 1
        FROM
        (
            SELECT trace_id, id, document_parent_id, owner_name, owner_type
            FROM spans
            WHERE minute BETWEEN {margin_minute:UInt32} AND {last_margin_minute:UInt32}
        ) AS parent
        INNER JOIN climb ON parent.trace_id = climb.trace_id AND parent.id = climb.at
        WHERE climb.owner_name = '' AND climb.hops < {max_hops:UInt32}
    ),
    owners AS
    (
        SELECT trace_id, document_id, any(owner_name) AS name, any(owner_type) AS type
        FROM climb WHERE owner_name != '' GROUP BY trace_id, document_id
    ),
    owned AS
    (
        SELECT c.*, if(c.owner_name != '', c.owner_name, o.name) AS source_name,
               if(c.owner_name != '', c.owner_type, o.type) AS source_type
        FROM callers AS c
        LEFT ANY JOIN owners AS o ON c.trace_id = o.trace_id AND c.document_id = o.document_id
    )
SELECT
    source_name, source_type, target_name, target_type, inferred, outcome,
    {bucket(end_ns - start_ns)} AS response_ms,
    count(), sum(end_ns - start_ns), min(start_ns), max(end_ns)
FROM
(
    -- calls answered by a segment of the callee: the caller's record; other children: the child's own
    SELECT
        o.source_name AS source_name, o.source_type AS source_type,
        s.name AS target_name, s.origin AS target_type, false AS inferred,
        o.remote_type != '' AS is_call,
        if(is_call, o.outcome, s.outcome) AS outcome,
        if(is_call, o.start_ns, s.start_ns) AS start_ns,
        if(is_call, o.end_ns, s.end_ns) AS end_ns,
        if(is_call, o.in_progress, s.in_progress) AS in_progress
    FROM segments AS s
    INNER JOIN owned AS o ON s.trace_id = o.trace_id AND s.parent_id = o.id
    ORDER BY s.id
    LIMIT 1 BY o.trace_id, o.id, if(is_call, 0, s.id), s.name, s.origin
    UNION ALL
    -- calls nobody answered: the inferred node; without any answer below a fault it is a fault (traces.assemble)
    SELECT source_name, source_type, remote_name, remote_type, true, true,
           if(unanswered AND (trace_id, parent_id) IN faults, 3, outcome) AS outcome, start_ns, end_ns, in_progress
    FROM owned
    WHERE remote_type != '' AND NOT traced AND (trace_id, id) NOT IN (SELECT trace_id, parent_id FROM segments)
)
WHERE NOT in_progress AND source_name != '' AND start_ns >= {start_ns:Int64} AND start_ns < {end_ns:Int64}
GROUP BY ALL
