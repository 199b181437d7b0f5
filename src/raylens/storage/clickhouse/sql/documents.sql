-- Which documents make up these traces? Relies on documents (trace_id, document_id).
-- The running size bounds what leaves the store; a trace's first document always does.
SELECT trace_id, document_id, version, start_ns, last_start_ns, document, total
FROM
(
    SELECT
        trace_id, document_id, version, start_ns, last_start_ns, document,
        count() OVER (PARTITION BY trace_id) AS total,
        sum(length(document)) OVER (PARTITION BY trace_id ORDER BY start_ns, document_id) - length(document) AS before_it
    FROM documents FINAL
    WHERE trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))
)
WHERE before_it <= {limit_bytes:UInt64}
ORDER BY trace_id, start_ns, document_id
