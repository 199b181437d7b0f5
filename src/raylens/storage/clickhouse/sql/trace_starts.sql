-- When did each of these traces begin? Relies on documents (trace_id, document_id).
SELECT trace_id, min(start_ns)
FROM documents
WHERE trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))
GROUP BY trace_id
